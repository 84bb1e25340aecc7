"""Lets Microsoft tell of changes, so that they arrive at once; without it the poll finds them.

One subscription per mailbox. It is made after the first round, because Microsoft calls our web
server before it answers; renewed half way through its life; made anew when it turns out to be gone;
and removed when the mailbox is disconnected. None of that can fail a round: what goes wrong is
logged and tried again later. Every instant here is by Microsoft's clock, which ends subscriptions.
"""

import hashlib
import ipaddress
import logging
import secrets
from datetime import datetime, timedelta
from typing import assert_never
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.query import QuerySet

from leansoft.connections.calendar import open_subscriptions, subscriptions_with
from leansoft.connections.models import Mailbox, Subscription
from leansoft.connections.tokens import access_token, fresh_access_token
from leansoft.graph.errors import Conflict, GraphError, NotFound, TransientError
from leansoft.graph.notifications import Lifecycle
from leansoft.graph.subscriptions import RemoteSubscription, Subscriptions
from leansoft.sync.moved import in_doubt

logger = logging.getLogger(__name__)

LIFE = timedelta(minutes=10_000)
"""Microsoft takes 10,070 minutes, a little less than it documents (notifications.md §1)."""
FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=6)
INTERNAL = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test")


def notification_url() -> str:
    return f"{settings.BASE_URL}/outlook/notifications"


def can_be_told() -> bool:
    """Whether Microsoft reaches this server: at a public https address, or from this machine."""
    base, graph = urlsplit(settings.BASE_URL), urlsplit(settings.MICROSOFT_GRAPH_URL)
    if graph.scheme == "http" and graph.hostname in {"localhost", "127.0.0.1", "::1"}:
        return True
    return base.scheme == "https" and _is_public(base.hostname or "")


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(INTERNAL)


def is_told(mailbox: Mailbox, moment: datetime) -> bool:
    """Whether changes in this mailbox are announced. Asks the database unless it was asked."""
    subscription: Subscription | None = getattr(mailbox, "subscription", None)
    return subscription is not None and subscription.is_live(theirs=mailbox.theirs(moment))


def due_mailboxes(moment: datetime) -> QuerySet[Mailbox]:
    """Those that lack a subscription, or whose own is to be renewed; none when it is no use."""
    if not can_be_told() or in_doubt() is not None:
        return Mailbox.objects.none()
    skew = ExpressionWrapper(
        F("clock_skew_seconds") * Value(timedelta(seconds=1)), output_field=DurationField()
    )
    theirs = ExpressionWrapper(Value(moment) - skew, output_field=DateTimeField())
    due = Q(subscription__isnull=True) | Q(subscription__due_at__isnull=True)
    late = Q(subscription__due_at__lte=theirs)
    moved = ~Q(subscription__remote_id="") & ~Q(subscription__url=notification_url())
    read_once = Mailbox.objects.filter(status=Mailbox.Status.CONNECTED, last_sync_at__isnull=False)
    return read_once.filter(due | late | moved).order_by("pk")


def keep_subscribed(mailbox: Mailbox, *, now: datetime) -> bool:
    """Renews the subscription of this mailbox or makes one. True when a new one was made.

    What changed before a new one was made is announced by nobody: the caller looks.
    """
    row = _claim(mailbox)
    if row is None:
        return False
    theirs = mailbox.theirs(now)
    try:
        if row.remote_id and row.url == notification_url() and _renew(row, mailbox, theirs):
            return False
        return _make(row, mailbox, theirs)
    except GraphError as error:
        logger.warning("No notifications for mailbox %s: %s (%s)", mailbox.pk, error, error.code)
        _try_later(row, error, theirs)
        return False


@transaction.atomic
def _claim(mailbox: Mailbox) -> Subscription | None:
    """The row of a mailbox that is still connected; disconnecting takes it away for good."""
    connected = Mailbox.objects.select_for_update(no_key=True).filter(
        pk=mailbox.pk, status=Mailbox.Status.CONNECTED
    )
    if not connected.exists():
        return None
    return Subscription.objects.get_or_create(mailbox=mailbox)[0]


def _renew(row: Subscription, mailbox: Mailbox, theirs: datetime) -> bool:
    """False when it is no longer there. A fresh token stands behind it longest (§5)."""
    fresh_access_token(mailbox)
    try:
        renewed = open_subscriptions(mailbox).renew(row.remote_id, expires_at=theirs + LIFE)
    except NotFound:
        return False
    _note(row, renewed, theirs)
    return True


def _make(row: Subscription, mailbox: Mailbox, theirs: datetime) -> bool:
    client, secret = open_subscriptions(mailbox), secrets.token_urlsafe(32)
    made = _create(client, row, secret, theirs + LIFE)
    if _note(row, made, theirs, url=notification_url(), secret_digest=digest(secret)):
        return True
    # Disconnected meanwhile: nobody else will remove it.
    client.delete(made.id)
    return False


def _create(
    client: Subscriptions, row: Subscription, secret: str, expires_at: datetime
) -> RemoteSubscription:
    """One that is in the way is replaced when it is ours, as after a lost answer or a move.

    The same application may serve another Leansoft, whose subscription stays as it is.
    """
    url = notification_url()
    try:
        return client.create(url=url, client_state=secret, expires_at=expires_at)
    except Conflict:
        for other in client.list_own():
            if other.url == url or other.id == row.remote_id:
                _delete(client, other.id)
        return client.create(url=url, client_state=secret, expires_at=expires_at)


def _delete(client: Subscriptions, remote_id: str) -> None:
    try:
        client.delete(remote_id)
    except NotFound:
        return


def _note(row: Subscription, remote: RemoteSubscription, theirs: datetime, **facts: str) -> bool:
    """False when the row is gone, because the mailbox was disconnected."""
    found = Subscription.objects.filter(pk=row.pk).update(
        remote_id=remote.id,
        expires_at=remote.expires_at,
        due_at=theirs + (remote.expires_at - theirs) / 2,
        failures=0,
        **facts,
    )
    return found > 0


def _try_later(row: Subscription, error: GraphError, theirs: datetime) -> None:
    wait = min(FIRST_RETRY * 2 ** min(row.failures, 20), LAST_RETRY)
    if isinstance(error, TransientError) and error.retry_after:
        wait = max(wait, timedelta(seconds=error.retry_after))
    Subscription.objects.filter(pk=row.pk).update(due_at=theirs + wait, failures=F("failures") + 1)


def doubt(mailbox: Mailbox) -> None:
    """Something speaks against it: it is renewed at once, which shows whether it is there."""
    Subscription.objects.filter(mailbox=mailbox).exclude(remote_id="").update(due_at=None)


def heed(mailbox_id: int, remote_id: str, lifecycle: Lifecycle) -> None:
    """Notes what Microsoft says of this very subscription; a late word on another is nothing."""
    row = Subscription.objects.filter(mailbox=mailbox_id, remote_id=remote_id)
    match lifecycle:
        case Lifecycle.REAUTHORIZATION_REQUIRED:
            row.update(due_at=None)
        case Lifecycle.SUBSCRIPTION_REMOVED:
            row.update(remote_id="", expires_at=None, due_at=None)
        case Lifecycle.MISSED:
            Mailbox.objects.filter(pk=mailbox_id, subscription__in=row).update(listed_at=None)
        case _:
            assert_never(lifecycle)


def token_to_leave_with(mailbox: Mailbox) -> str | None:
    """What `leave` needs, from before the mailbox forgets its tokens; None: nothing to remove."""
    if not Subscription.objects.filter(mailbox=mailbox).exclude(remote_id="").exists():
        return None
    try:
        return access_token(mailbox)
    except GraphError as error:
        logger.warning("The subscription of mailbox %s stays behind: %s", mailbox.pk, error)
        return None


def leave(mailbox: Mailbox, token: str | None) -> None:
    """Ends the subscription of a mailbox that was disconnected, once that is committed."""
    row = Subscription.objects.filter(mailbox=mailbox).first()
    if row is None:
        return
    row.delete()
    if token and row.remote_id:
        transaction.on_commit(lambda: _remove(token, row.remote_id))


def _remove(token: str, remote_id: str) -> None:
    try:
        subscriptions_with(token).delete(remote_id)
    except GraphError as error:
        # It ends by itself within a week; until then its posts are dropped.
        logger.warning("Subscription %s stays behind: %s", remote_id, error)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
