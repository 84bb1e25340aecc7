"""Who sees what of an event."""

from leansoft.accounts.models import User
from leansoft.calendars.models import Event, Participant
from leansoft.events.fields import HIDDEN


def part_of(event: Event, user: User) -> Participant | None:
    """The user's part in the event, also when they took themselves off."""
    return next((p for p in event.participants.all() if p.user_id == user.pk), None)


def sees_content(event: Event, user: User) -> bool:
    """Those who take part see everything. Others see what the organizer shares, and nothing of a
    private or confidential event; being an administrator makes no difference."""
    if part_of(event, user) is not None:
        return True
    if event.sensitivity in HIDDEN:
        return False
    owner = event.organizer.user
    return owner is not None and owner.sharing == User.Sharing.DETAILS
