"""Whether a round may go on: its owner can pause or disconnect at any moment."""

from leansoft.connections.models import Mailbox


class Stopped(Exception):
    """The owner paused or disconnected the mailbox, or connected it anew."""


def check_going_on(mailbox: Mailbox) -> None:
    """Raises `Stopped` unless this very connection is still to be kept in sync."""
    current = Mailbox.objects.filter(
        pk=mailbox.pk, status=Mailbox.Status.CONNECTED, started_at=mailbox.started_at
    )
    if not current.exists():
        raise Stopped(f"Mailbox {mailbox.pk} is no longer to be synced.")
