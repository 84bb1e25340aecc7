"""What its owner can do to a connection: pause, resume, disconnect."""

from leansoft.accounts.models import User
from leansoft.calendars.domain.errors import NotAllowed
from leansoft.calendars.models import Event
from leansoft.connections.domain import connect
from leansoft.connections.models import Mailbox
from leansoft.sync import subscriptions
from leansoft.sync.homes import leave_homes
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


def disconnect(mailbox: Mailbox) -> None:
    """Forgets the tokens and keeps both calendars as they are.

    Links stay, so that a return finds its own events again. Where the content of a meeting lived
    in this mailbox, it stays as it is until another home is found.
    """
    token = subscriptions.token_to_leave_with(mailbox)
    connect.disconnect(mailbox)
    subscriptions.leave(mailbox, token)
    leave_homes(mailbox)


def check_can_answer(event: Event, user: User, *, comment: str = "") -> None:
    """A meeting that lives in Outlook is answered there, unless this user's mailbox is read here.

    Only Outlook carries a comment to the organizer. Raises `NotAllowed`.
    """
    if Mailbox.objects.filter(user=user, status__in=Mailbox.HOME).exists():
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
