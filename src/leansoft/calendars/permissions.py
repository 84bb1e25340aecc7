"""Who sees what of an event."""

from leansoft.accounts.models import User
from leansoft.calendars.models import Event, Participant
from leansoft.events.fields import HIDDEN


def part_of(event: Event, user: User) -> Participant | None:
    """The user's part in the event, also when they took themselves off.

    A guest has a part in single dates only (`occurrences.event_on`), none in the series.
    """
    people = event.participants.all()
    return next((p for p in people if p.user_id == user.pk and not p.is_guest), None)


def on_calendars(event: Event) -> list[Participant]:
    """The users who have the event on their calendar."""
    people = event.participants.all()
    return [p for p in people if p.user_id and p.removed_at is None and not p.is_guest]


def sees_content(event: Event, user: User) -> bool:
    """Those who take part see everything. Others see what the organizer shares, and nothing of a
    private or confidential event; being an administrator makes no difference."""
    if part_of(event, user) is not None:
        return True
    if event.sensitivity in HIDDEN:
        return False
    owner = event.organizer.user
    return owner is not None and owner.sharing == User.Sharing.DETAILS
