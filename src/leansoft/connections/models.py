"""The registered application and the mailboxes connected through it."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models

from leansoft.accounts.models import User
from leansoft.kit.encryption import Sealer


def sealer() -> Sealer:
    return Sealer(settings.SECRET_KEY)


class Integration(models.Model):
    """The one application registered with Microsoft. There is one row, `Integration.current()`."""

    class Cloud(models.TextChoices):
        GLOBAL = "global", "Microsoft 365, worldwide (also GCC)"
        US_GOVERNMENT = "us_government", "US Government (GCC High)"
        US_DEFENSE = "us_defense", "US Department of Defense"
        CHINA = "china", "China (21Vianet)"

    enabled = models.BooleanField(default=False)
    client_id = models.CharField(max_length=100, blank=True)
    client_secret_sealed = models.BinaryField(null=True)
    tenant = models.CharField(max_length=100, default="common")
    cloud = models.CharField(max_length=20, choices=Cloud.choices, default=Cloud.GLOBAL)
    secret_expires_on = models.DateField(null=True, blank=True)
    # What Microsoft last said about the application itself; empty when all is well. Set and
    # cleared by the token requests: it stops every mailbox and wipes nobody's token.
    fault = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.client_id or "not configured"

    @classmethod
    def current(cls) -> Self:
        return cls.objects.get_or_create(pk=1)[0]

    @property
    def is_configured(self) -> bool:
        return bool(self.enabled and self.client_id and self.client_secret_sealed)

    @property
    def client_secret(self) -> str:
        """Raises `SealBroken` when the secret key changed."""
        return sealer().open(bytes(self.client_secret_sealed or b""))

    def set_client_secret(self, secret: str) -> None:
        self.client_secret_sealed = sealer().seal(secret)


class Installation(models.Model):
    """What tells this database from its copies and from its own past; see `leansoft.sync.moved`.

    There is one row, `Installation.current()`.
    """

    class Doubt(models.TextChoices):
        MOVED = "moved", "Leansoft has another address than before."
        RESTORED = "restored", "The database is older than what was seen of it: it was restored."
        UNKNOWN = "unknown", "This database comes from elsewhere: it was moved here, or is a copy."

    # Made by the database, so that a copy has it too and nothing else ever does.
    key = models.UUIDField(db_default=RandomUUID(), editable=False)
    # Where the servers that use this database are reached; empty until one of them says so.
    base_url = models.TextField(blank=True)
    # Only ever rises. The folders of the servers that use the database remember how far.
    beats = models.PositiveBigIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    # Why nothing is synced until an administrator confirms.
    doubt = models.CharField(max_length=10, choices=Doubt.choices, blank=True)

    def __str__(self) -> str:
        return f"{self.key} at {self.base_url or 'an unknown address'}"

    @classmethod
    def current(cls) -> Self:
        row = cls.objects.filter(pk=1).first()
        if row is not None:
            return row
        cls.objects.get_or_create(pk=1)
        # The key was made by the database.
        return cls.objects.get(pk=1)


class Mailbox(models.Model):
    """A user's connection to their Outlook calendar."""

    class Status(models.TextChoices):
        CHOOSING = "choosing", "Connected; the first sync waits for its choices"
        CONNECTED = "connected", "Kept in sync"
        PAUSED = "paused", "Paused by its owner"
        NEEDS_RECONNECT = "needs_reconnect", "The owner has to sign in at Microsoft again"
        ERROR = "error", "Something that trying again does not mend"
        DISCONNECTED = "disconnected", "No longer connected; links are kept for a return"

    LIVE: ClassVar[set[str]] = {Status.CHOOSING, Status.CONNECTED}
    """Statuses in which the mailbox may be read."""
    HOME: ClassVar[set[str]] = {
        Status.CONNECTED, Status.PAUSED, Status.NEEDS_RECONNECT, Status.ERROR,
    }  # fmt: skip
    """An expired token or a pause moves nobody's home."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="mailbox")
    # Microsoft's account key (identity.md §7): one user each.
    tenant_id = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    account = models.EmailField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.CHOOSING)
    # Why the mailbox is not simply connected, for its owner.
    reason = models.TextField(blank=True)
    refresh_token_sealed = models.BinaryField(null=True)
    access_token_sealed = models.BinaryField(null=True)
    access_token_expires_at = models.DateTimeField(null=True)
    # The first sync's choices, set by /outlook/start.
    existing = models.CharField(max_length=12, blank=True)
    invitations = models.CharField(max_length=8, blank=True)
    # What its owner wants done with the whole mailbox first; see `sync.leave.orders`.
    order = models.JSONField(null=True)
    started_at = models.DateTimeField(null=True)
    # Where the next delta round begins, and the window that is baked into the link.
    delta_link = models.TextField(blank=True)
    window_end_at = models.DateTimeField(null=True)
    # When the whole calendar was last listed; null means the next sync lists it.
    listed_at = models.DateTimeField(null=True)
    last_sync_at = models.DateTimeField(null=True)
    next_sync_at = models.DateTimeField(null=True)
    # Microsoft asked not to be called before this instant (Retry-After).
    blocked_until = models.DateTimeField(null=True)
    # Rounds that failed in a row.
    failures = models.PositiveSmallIntegerField(default=0)
    # Requests of the last minutes, {end of the minute as ISO text: count}; see `budget`.
    spent = models.JSONField(default=dict)
    # When its owner last had the calendar open.
    looked_at = models.DateTimeField(null=True)
    # When ids and etags of the whole calendar are next compared.
    next_audit_at = models.DateTimeField(null=True)
    # How far this clock runs ahead of Microsoft's, in seconds, from the `Date` header.
    clock_skew_seconds = models.FloatField(default=0.0)
    connected_at = models.DateTimeField(auto_now_add=True)
    # When the owner was mailed that a new sign-in is needed; null until then, and once it is done.
    loss_told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "mailboxes"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "object_id"], name="mailbox_one_user_per_account"
            )
        ]

    def __str__(self) -> str:
        return self.account

    def theirs(self, moment: datetime) -> datetime:
        """What Microsoft's clock shows at this moment."""
        return moment - timedelta(seconds=self.clock_skew_seconds)


class ExpiryNotice(models.Model):
    """What one administrator knows of one warning that the client secret will expire."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="expiry_notices")
    expires_on = models.DateField()
    # How many days were left when the warning was due; 0 after the expiry.
    stage = models.PositiveSmallIntegerField()
    mailed_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "expires_on", "stage"], name="expiry_notice_once_per_stage"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage} days before {self.expires_on} for {self.user_id}"


class Subscription(models.Model):
    """Microsoft's promise to tell of a mailbox's changes, or the attempts to get one.

    Its instants are by Microsoft's clock, which decides when it ends.
    """

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="subscription")
    # Empty while there is none.
    remote_id = models.TextField(blank=True)
    # Where its notifications go; after a move of Leansoft that is no longer here.
    url = models.TextField(blank=True)
    # The secret that comes back with every notification is only ever compared.
    secret_digest = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True)
    # When to renew it, or to try again to get one; null means now.
    due_at = models.DateTimeField(null=True)
    # Attempts that failed in a row.
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["remote_id"], name="subscription_by_remote_id")]

    def __str__(self) -> str:
        return f"{self.remote_id or 'none'} of {self.mailbox_id}"

    def is_live(self, *, theirs: datetime) -> bool:
        """`theirs`: what Microsoft's clock shows."""
        return bool(self.remote_id and self.expires_at and self.expires_at > theirs)
