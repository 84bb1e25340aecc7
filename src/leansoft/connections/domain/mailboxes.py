"""The row of a connected mailbox: made, taken up again, given up."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from leansoft.accounts.domain.users import find_users
from leansoft.accounts.models import Address, User
from leansoft.calendars.models import Participant
from leansoft.connections.domain import failures
from leansoft.connections.models import Mailbox
from leansoft.connections.tokens import forget_tokens, keep_tokens
from leansoft.graph.identity import TokenAnswer

Status = Mailbox.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What a sign-in has proved: `addresses` are this person's. `account`, the mailbox's name, may
    be none of them: it is what the mailbox says of itself."""

    tenant_id: str
    object_id: str
    account: str
    addresses: list[str]
    tokens: TokenAnswer

    def is_of(self, mailbox: Mailbox) -> bool:
        return (mailbox.tenant_id, mailbox.object_id) == (self.tenant_id, self.object_id)


class AnotherAccount(Exception):
    """Events are kept the same with the account that is connected, and this is another one."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.account)
        self.connection = connection


@transaction.atomic
def keep_connection(user: User, connection: Connection) -> Mailbox:
    """The user's mailbox with this connection. Raises `ConnectFailed`, `AnotherAccount`.

    A mailbox that is new, or comes back after a disconnect, waits for the choices of its first
    sync; one that only needed a new sign-in goes on where it was.
    """
    # Two tabs that finish at once do so one after the other.
    User.objects.select_for_update().get(pk=user.pk)
    check_free(user, connection)
    mailbox = Mailbox.objects.select_for_update(no_key=True).filter(user=user).first()
    if mailbox is None:
        mailbox = Mailbox(user=user)
    elif not connection.is_of(mailbox):
        _change_account(mailbox, connection)
    elif mailbox.status == Status.DISCONNECTED:
        _start_over(mailbox)
    elif mailbox.status in {Status.NEEDS_RECONNECT, Status.ERROR}:
        mailbox.status = Status.CONNECTED if mailbox.started_at else Status.CHOOSING
        mailbox.reason, mailbox.blocked_until = "", None
    mailbox.tenant_id, mailbox.object_id = connection.tenant_id, connection.object_id
    mailbox.account, mailbox.loss_told_at = connection.account, None
    keep_tokens(mailbox, connection.tokens)
    try:
        with transaction.atomic():
            mailbox.save()
    except IntegrityError as error:
        raise failures.taken_by("a colleague", connection.account) from error
    _learn_addresses(user, connection.addresses)
    return mailbox


def forget_mailbox(mailbox: Mailbox) -> None:
    row = Mailbox.objects.select_for_update(no_key=True).get(pk=mailbox.pk)
    forget_tokens(row)
    row.status, row.reason, row.order = Status.DISCONNECTED, "", None
    row.save()
    mailbox.refresh_from_db()


def check_free(user: User, connection: Connection) -> None:
    """One account, one person; and nobody takes over a colleague's address.

    Raises `ConnectFailed`.
    """
    others = Mailbox.objects.exclude(user=user).select_related("user")
    other = others.filter(tenant_id=connection.tenant_id, object_id=connection.object_id).first()
    if other is not None:
        raise failures.taken_by(str(other.user), connection.account)
    for address, owner in find_users([connection.account, *connection.addresses]).items():
        if owner != user:
            raise failures.taken_by(str(owner), address)


def _change_account(mailbox: Mailbox, connection: Connection) -> None:
    """Links name events of one account only. What was merely looked at is nothing to ask about."""
    if mailbox.links.filter(base__isnull=False).exists():
        raise AnotherAccount(connection)
    mailbox.links.all().delete()
    _start_over(mailbox)


def _start_over(mailbox: Mailbox) -> None:
    mailbox.status, mailbox.reason = Status.CHOOSING, ""
    mailbox.existing = mailbox.invitations = mailbox.delta_link = ""
    for name in ["started_at", "window_end_at", "listed_at", "last_sync_at", "blocked_until"]:
        setattr(mailbox, name, None)


def _learn_addresses(user: User, addresses: list[str]) -> None:
    """From now on the person is known by these, also on events that named them already."""
    for address in addresses:
        if address != user.email:
            Address.objects.get_or_create(email=address, defaults={"user": user})
    Participant.objects.filter(email__in=addresses, user=None).update(user=user)
