"""The caller's mailbox, in the condition that a page or the API needs it in."""

from leansoft.accounts.models import User
from leansoft.connections.models import Mailbox
from leansoft.sync.moved import in_doubt, sentence

CONNECT = "Outlook is not connected: press Outlook on the calendar and sign in at Microsoft."
IN_THE_WAY = {
    Mailbox.Status.PAUSED: "The sync is paused: resume it first.",
    Mailbox.Status.NEEDS_RECONNECT: "Microsoft asks for a new sign-in: press Outlook on the "
    "calendar.",
    Mailbox.Status.ERROR: "The connection is broken: sign in at Microsoft again.",
}


class NotNow(Exception):
    """The mailbox is not in a condition for that; the message says what to do."""


def present_mailbox(user: User) -> Mailbox:
    """Raises `NotNow` when there is none, or no longer."""
    mailbox = Mailbox.objects.filter(user=user).exclude(status=Mailbox.Status.DISCONNECTED).first()
    if mailbox is None:
        raise NotNow(CONNECT)
    return mailbox


def mailbox_to_preview(user: User) -> Mailbox:
    """Raises `NotNow`."""
    return _unhindered(present_mailbox(user))


def mailbox_to_choose(user: User) -> Mailbox:
    """For the start of the first sync. Raises `NotNow`."""
    mailbox = present_mailbox(user)
    if mailbox.status == Mailbox.Status.CONNECTED:
        raise NotNow("The first sync has been started already: its choices cannot be made again.")
    return _unhindered(mailbox)


def mailbox_to_sync(user: User) -> Mailbox:
    """Raises `NotNow`."""
    mailbox = present_mailbox(user)
    if mailbox.status == Mailbox.Status.CHOOSING:
        raise NotNow("The first sync waits for its choices: make them on /outlook/start.")
    return _unhindered(mailbox)


def mailbox_to_order(user: User) -> Mailbox:
    """To start over, or to leave with events taken out: a pause is no hindrance.

    Raises `NotNow`.
    """
    mailbox = certain_mailbox(user)
    if mailbox.status == Mailbox.Status.CHOOSING:
        raise NotNow("The first sync has not been started yet, so there is nothing to take back.")
    return mailbox if mailbox.status == Mailbox.Status.PAUSED else _unhindered(mailbox)


def certain_mailbox(user: User) -> Mailbox:
    """One that this database may answer for. Raises `NotNow`."""
    mailbox = present_mailbox(user)
    doubt = in_doubt()
    if doubt is not None:
        raise NotNow(sentence(doubt))
    return mailbox


def _unhindered(mailbox: Mailbox) -> Mailbox:
    doubt = in_doubt()
    if doubt is not None:
        raise NotNow(sentence(doubt))
    hindrance = IN_THE_WAY.get(Mailbox.Status(mailbox.status))
    if hindrance:
        raise NotNow(hindrance)
    return mailbox
