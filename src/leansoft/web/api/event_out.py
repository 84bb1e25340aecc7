"""How the API shows an event to this caller: in full, or as a busy block."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from ninja import Schema

from leansoft.accounts.models import User
from leansoft.calendars.models import Event, Participant
from leansoft.calendars.occurrences import Occurrence, original_start
from leansoft.calendars.overrides import overrides_of
from leansoft.calendars.permissions import on_calendars, part_of, sees_content
from leansoft.calendars.values import when_value
from leansoft.events.fields import HIDDEN
from leansoft.events.recurrence import describe
from leansoft.kit.html import harmless
from leansoft.kit.zones import zone
from leansoft.sync.show.status import event_states

LOCKED = (
    "This event lives in its organizer's Outlook, which is not connected here. Change it there; "
    "Leansoft will show the change."
)
UNKNOWN = {"state": "not_connected", "reason": None}


class PersonOut(Schema):
    email: str | None
    name: str


class Proposed(Schema):
    start: str
    end: str


class AttendeeOut(PersonOut):
    type: str
    response: str
    proposed: Proposed | None
    """A new time that came with the answer, by the event's clock; only the organizer sees it."""


class OutlookState(Schema):
    state: str
    reason: str | None


class EventOut(Schema):
    id: UUID
    ical_uid: str | None
    subject: str
    description: str
    description_html: str | None
    """The description as it looks in Outlook, harmless to show; null where it is only text."""
    location: str
    start: str
    end: str
    time_zone: str
    all_day: bool
    rrule: str | None
    recurrence_text: str | None
    """The rule in words."""
    excluded: list[str]
    changed: list[str]
    """Original starts of the dates that differ from the series."""
    original_start: str | None
    attendees: list[AttendeeOut]
    organizer: PersonOut | None
    show_as: str
    sensitivity: str
    importance: str
    reminder_minutes: int | None
    categories: list[str]
    online_meeting: bool
    online_meeting_url: str | None
    archived: bool
    version: int
    updated_at: datetime
    outlook: OutlookState
    access: str
    """`organizer`, `attendee`, `details` (shown by a colleague who shares) or `busy`."""
    locked: str | None
    """Why the content cannot be changed here, or null."""
    user_ids: list[int]
    """Colleagues on whose calendars the event is."""
    my_response: str | None


class EventList(Schema):
    items: list[EventOut]
    count: int


def show_events(events: Iterable[Event], caller: User) -> list[dict[str, Any]]:
    """Needs `participants__user` prefetched; asks for the states of all events at once."""
    listed = list(events)
    states = event_states(listed, caller)
    return [_show(event, caller, states.get(event.pk, UNKNOWN)) for event in listed]


def show_occurrences(found: Iterable[Occurrence], caller: User) -> list[dict[str, Any]]:
    """Dates of series, and single events, in the order given."""
    listed = list(found)
    states = event_states({o.series.pk: o.series for o in listed}.values(), caller)
    # Dates on which nothing differs share what they show.
    shared: dict[int, dict[str, Any]] = {}
    for one in listed:
        if id(one.event) not in shared:
            shared[id(one.event)] = _show_one(one, caller, states.get(one.series.pk, UNKNOWN))
    return [_at_its_time(one, shared[id(one.event)]) for one in listed]


def _show_one(one: Occurrence, caller: User, state: dict[str, Any]) -> dict[str, Any]:
    shown = _show(one.event, caller, state)
    if one.day is not None and shown["access"] != "busy":
        shown |= _repetition(one.series)
    return shown


def _at_its_time(one: Occurrence, shown: dict[str, Any]) -> dict[str, Any]:
    if one.original_start is None:
        return shown
    return {
        **shown,
        "start": _wall(one.event, one.starts_at),
        "end": _wall(one.event, one.ends_at),
        "original_start": _wall_text(one.original_start),
    }


def _repetition(event: Event) -> dict[str, str | None]:
    text = describe(when_value(event)) if event.is_series else None
    return {"rrule": event.rrule or None, "recurrence_text": text}


def show_event(event: Event, caller: User) -> dict[str, Any]:
    return show_events([event], caller)[0]


def _show(event: Event, caller: User, state: dict[str, Any]) -> dict[str, Any]:
    if not sees_content(event, caller):
        return _busy_block(event, caller)
    mine = part_of(event, caller)
    organizes = mine is not None and mine.is_organizer
    shown = _frame(event, caller, own=mine or event.organizer)
    shown |= {
        "ical_uid": event.ical_uids[-1] if event.ical_uids else None,
        "subject": event.subject,
        "description": event.description,
        "description_html": _html(event),
        "location": event.location,
        "attendees": [
            _attendee(p, proposed=_proposed(event, p, caller) if organizes else None)
            for p in event.attendees
            if mine or not _hides(p)
        ],
        "organizer": {"email": event.organizer.email, "name": event.organizer.name},
        "sensitivity": (mine and mine.sensitivity) or event.sensitivity,
        "importance": event.importance,
        "online_meeting": event.online_meeting,
        "online_meeting_url": event.online_meeting_url,
        "outlook": state,
        "access": _access(mine),
        "locked": LOCKED if event.locked else None,
        "changed": _starts(event, sorted(overrides_of(event).keys() - set(event.excluded))),
    }
    if mine is not None:
        shown["reminder_minutes"] = mine.reminder_minutes if mine.reminder_on else None
        shown["categories"] = mine.categories or []
        shown["my_response"] = mine.response
    else:
        shown["user_ids"] = [p.user_id for p in on_calendars(event) if not _hides(p)]
    return shown


def _busy_block(event: Event, caller: User) -> dict[str, Any]:
    """When somebody has no time, and nothing of why."""
    colleague = next(iter(on_calendars(event)), event.organizer)
    return _frame(event, caller, own=colleague)


def _frame(event: Event, caller: User, *, own: Participant) -> dict[str, Any]:
    """What everybody may know, with everything else empty."""
    return {
        "id": event.pk,
        "ical_uid": None,
        "subject": "",
        "description": "",
        "description_html": None,
        "location": "",
        "start": _wall(event, event.starts_at),
        "end": _wall(event, event.ends_at),
        "time_zone": _zone_shown(event, caller),
        "all_day": event.all_day,
        **_repetition(event),
        "excluded": excluded_texts(event),
        "changed": [],
        "original_start": None,
        "attendees": [],
        "organizer": None,
        "show_as": own.show_as or "busy",
        # One word for all of them: which events are private is private too.
        "sensitivity": "private",
        "importance": "normal",
        "reminder_minutes": None,
        "categories": [],
        "online_meeting": False,
        "online_meeting_url": None,
        "archived": event.is_archived or (own.user_id == caller.pk and own.removed_at is not None),
        "version": event.version,
        "updated_at": event.updated_at,
        "outlook": UNKNOWN,
        "access": "busy",
        "locked": None,
        "user_ids": [person.user_id for person in on_calendars(event)],
        "my_response": None,
    }


def excluded_texts(event: Event) -> list[str]:
    """The original starts of the dates that were taken out."""
    return _starts(event, event.excluded)


def _starts(event: Event, days: Iterable[date]) -> list[str]:
    return [_wall_text(original_start(event, day)) for day in days]


def _access(mine: Participant | None) -> str:
    if mine is None:
        return "details"
    return "organizer" if mine.is_organizer else "attendee"


def _hides(person: Participant) -> bool:
    """A private mark on one's own copy hides one's part from everybody outside the meeting."""
    return person.sensitivity in HIDDEN


def _html(event: Event) -> str | None:
    if not event.description or not event.description_html:
        return None
    return harmless(event.description_html) or None


def _proposed(event: Event, person: Participant, caller: User) -> dict[str, str] | None:
    """By the clock on which the event is shown; null when the event is at that time already."""
    if person.proposed is None:
        return None
    start, end = (datetime.fromisoformat(person.proposed[edge]) for edge in ("start", "end"))
    if (start, end) == (event.starts_at, event.ends_at):
        return None
    clock = zone(_zone_shown(event, caller))
    first, last = (moment.astimezone(clock).replace(tzinfo=None) for moment in (start, end))
    if event.all_day and first.time() == last.time() == time.min and first < last:
        return {"start": _wall_text(first.date()), "end": _wall_text(last.date())}
    return {"start": _wall_text(first), "end": _wall_text(last)}


def _zone_shown(event: Event, caller: User) -> str:
    return caller.time_zone if event.all_day else event.time_zone or "UTC"


def _attendee(person: Participant, *, proposed: dict[str, str] | None) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "type": person.type,
        "response": person.response,
        "proposed": proposed,
    }


def _wall(event: Event, moment: datetime) -> str:
    return _wall_text(event.wall(moment))


def _wall_text(wall: datetime | date) -> str:
    if not isinstance(wall, datetime):
        return wall.isoformat()
    return wall.isoformat(timespec="seconds" if wall.second else "minutes")
