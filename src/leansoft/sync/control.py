"""What its owner can do to a connection: pause, resume, disconnect."""

from django.db import transaction

from leansoft.accounts.models import User
from leansoft.calendars.domain.errors import NotAllowed
from leansoft.calendars.models import Channel, Event
from leansoft.connections.models import Mailbox
from leansoft.sync.leave import orders
from leansoft.sync.leave.orders import Next, Order
from leansoft.sync.leave.removal import Existing
from leansoft.sync.models import SyncRun
from leansoft.sync.tasks import sync_mailbox_later


def pause(mailbox: Mailbox) -> None:
    """Changes wait on both sides until `resume`."""
    Mailbox.objects.filter(pk=mailbox.pk, status=Mailbox.Status.CONNECTED).update(
        status=Mailbox.Status.PAUSED, reason="You paused the sync."
    )


def resume(mailbox: Mailbox) -> SyncRun | None:
    resumed = Mailbox.objects.filter(pk=mailbox.pk, status=Mailbox.Status.PAUSED).update(
        status=Mailbox.Status.CONNECTED, reason=""
    )
    mailbox.refresh_from_db()
    return sync_mailbox_later(mailbox, SyncRun.Cause.MANUAL) if resumed else None


def disconnect(mailbox: Mailbox, *, existing: Existing = Existing.LEAVE) -> SyncRun | None:
    """At once when both calendars stay as they are; else a run takes the events out first."""
    if existing is Existing.LEAVE:
        orders.disconnect(mailbox)
        return None
    return _order(mailbox, Order(existing=existing), SyncRun.Cause.DISCONNECT)


def start_over(mailbox: Mailbox, *, existing: Existing, following: Next) -> SyncRun:
    """Forgets what both sides agreed on, and lets them meet again."""
    return _order(mailbox, Order(existing=existing, next=following), SyncRun.Cause.RESET)


@transaction.atomic
def _order(mailbox: Mailbox, order: Order, cause: SyncRun.Cause) -> SyncRun:
    Mailbox.objects.filter(pk=mailbox.pk).update(order=order.written())
    resumable = Mailbox.objects.filter(pk=mailbox.pk, status=Mailbox.Status.PAUSED)
    resumable.update(status=Mailbox.Status.CONNECTED, reason="")
    mailbox.refresh_from_db()
    run = sync_mailbox_later(mailbox, cause)
    # A round that waited already carries it out: it is known by this from now on.
    SyncRun.objects.filter(pk=run.pk).update(cause=cause)
    run.refresh_from_db()
    return run


def check_can_answer(event: Event, user: User, *, comment: str = "") -> None:
    """A meeting that lives in Outlook is answered there, unless this user's mailbox is read here.

    Only Outlook carries a comment to the organizer. Raises `NotAllowed`.
    """
    if Mailbox.objects.filter(user=user, status__in=Mailbox.HOME).exists():
        if comment and event.participants.filter(user=user, channel=Channel.NONE).exists():
            raise NotAllowed(
                "Your comment would reach nobody, because Outlook does not know that you take "
                "part: answer without a comment."
            )
        return
    if event.ical_uids:
        raise NotAllowed(
            "Outlook has sent you the invitation: answer it there, or connect your Outlook here "
            "first."
        )
    if comment:
        raise NotAllowed(
            "Your comment would reach nobody, because your Outlook is not connected: connect it, "
            "or answer without a comment."
        )
