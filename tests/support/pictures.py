"""What people see of their events on both sides, and whether an undo brought it back."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from leansoft.accounts.models import User
from leansoft.calendars.models import Event, Participant
from leansoft.sync.models import EventLink

ABSENT: dict[str, Any] = {}
EXCUSES = ("It ", "Invited", "Its dates follow", "Its dates are")
"""Beginnings of sentences about more than one field."""
HARMLESS = ("Outlook has sent", "Outlook may have sent", "In Outlook it is a new event", "Answers")
"""What a list may say without a difference in what is looked at here."""

Key: TypeAlias = UUID | tuple[UUID, date | None]
"""An event, or a date of it."""
Picture: TypeAlias = Mapping[Key, dict[str, Any]]


def picture_here(user: User) -> Picture:
    events = Event.objects.filter(participants__user=user)
    return {event.pk: seen_here(event, user) for event in events}


def picture_there(user: User, copies: list[dict[str, Any]]) -> Picture:
    """By the event here; what came in later was not there."""
    shown = {copy["id"]: seen_there(copy) for copy in copies}
    links = EventLink.objects.filter(mailbox__user=user, event__isnull=False, remote_id__in=shown)
    return {link.event_id: shown[str(link.remote_id)] for link in links if link.event_id}


def seen_here(event: Event, user: User) -> dict[str, Any]:
    mine = event.participants.get(user=user)
    if event.is_archived or mine.removed_at is not None:
        return ABSENT
    return facts_here(event, mine, event.starts_at)


def facts_here(event: Event, mine: Participant, starts_at: datetime) -> dict[str, Any]:
    return {
        "subject": event.subject,
        "place": event.location,
        "description": event.description,
        "importance": event.importance,
        "time": starts_at.isoformat(),
        "people": sorted(person.email or "" for person in event.attendees),
        "availability": mine.show_as,
        "categories": mine.categories,
        "reminder": mine.reminder_minutes if mine.reminder_on else "off",
    }


def seen_there(copy: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": copy["subject"],
        "place": copy["location"]["displayName"],
        "description": copy["bodyPreview"],
        "importance": copy["importance"],
        "time": copy["start"]["dateTime"],
        "people": sorted(one["emailAddress"]["address"] for one in copy["attendees"]),
        "availability": copy["showAs"],
        "categories": copy["categories"],
        "reminder": copy["reminderMinutesBeforeStart"] if copy["isReminderOn"] else "off",
    }


def surprises(
    before: Picture, after: Picture, then: Picture, now: Picture, said: list[dict[str, Any]]
) -> Iterator[str]:
    """One side before the run and after it, before the undo and now."""
    for key in after.keys() | then.keys() | now.keys():
        old, new = before.get(key, ABSENT), after.get(key, ABSENT)
        last, shown = then.get(key, ABSENT), now.get(key, ABSENT)
        reasons = [reason for reason in _said_of(key, said) if not reason.startswith(HARMLESS)]
        if bool(old) != bool(new) and bool(new) == bool(last):
            # The run made it come or go.
            if bool(shown) != bool(old) and not reasons:
                yield f"{key}: {new} should be {'there' if old else 'gone'}"
        elif old and new and last and shown:
            for name in old:
                excused = any(name in r or r.startswith(EXCUSES) for r in reasons)
                excused |= _follows(key, name, before, now)
                written = old[name] != new[name] and new[name] == last[name]
                if written and shown[name] != old[name] and not excused:
                    yield f"{key}: {name} is {shown[name]}, was {old[name]} before {new[name]}"


def _follows(key: Key, name: str, before: Picture, now: Picture) -> bool:
    """Whether a date was as its series, and is: where the pictures show the series, too."""
    if not isinstance(key, tuple):
        return False
    series = key[0], None
    return all(
        name in (one := side.get(series, ABSENT)) and side[key][name] == one[name]
        for side in (before, now)
    )


def _said_of(key: Key, said: list[dict[str, Any]]) -> Iterator[str]:
    """Of a date also what is said of its whole series."""
    event, day = key if isinstance(key, tuple) else (key, None)
    prefix = f"On {day:%-d %B %Y}: " if day is not None else ""
    for reason in (one["reason"] for one in said if one["event"] == str(event)):
        if not reason.startswith("On ") or not isinstance(key, tuple):
            yield reason
        elif prefix and reason.startswith(prefix):
            yield reason.removeprefix(prefix)
