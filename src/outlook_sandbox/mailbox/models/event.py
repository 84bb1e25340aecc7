"""What a mailbox stores of an event.

`content` holds the properties that the owner may write, normalised, in Graph's own names and
JSON shapes: an exception of a series is then the master's content overlaid with its own.
"""

from datetime import date, datetime
from typing import Any

import msgspec

from outlook_sandbox.http import Json

DEFAULTS: Json = {
    "subject": "",
    "body": "",
    "categories": [],
    "importance": "normal",
    "sensitivity": "normal",
    "showAs": "busy",
    "isAllDay": False,
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
    "responseRequested": True,
    "allowNewTimeProposals": True,
    "hideAttendees": False,
    "isOnlineMeeting": False,
    "onlineMeetingProvider": "unknown",
    "locations": [],
    "recurrence": None,
}
"""Defaults of event.md §1; `body` is the stored HTML, `location` derives from `locations`."""

OWN_FIELDS = frozenset({"categories", "showAs", "isReminderOn", "reminderMinutesBeforeStart"})
"""Per mailbox: they never travel with a meeting."""

WHEN_FIELDS = frozenset({"start", "end", "isAllDay", "recurrence"})


class Attendee(msgspec.Struct, kw_only=True):
    address: str
    """Empty for somebody who is only named (switch `attendees_need_address`)."""
    name: str
    type: str = "required"
    response: str = "none"
    responded_at: datetime | None = None
    proposed: Json | None = None

    @property
    def key(self) -> str:
        return self.address.casefold() or self.name


class Person(msgspec.Struct, kw_only=True):
    address: str
    name: str

    @property
    def key(self) -> str:
        return self.address.casefold()


class Override(msgspec.Struct, kw_only=True):
    """One changed occurrence of a series: only what differs from the master."""

    content: Json
    created_at: datetime
    modified_at: datetime
    attendees: list[Attendee] | None = None
    response: str | None = None
    responded_at: datetime | None = None
    is_cancelled: bool = False
    extended: dict[str, Any] = {}


class Event(msgspec.Struct, kw_only=True):
    """A single event or the master of a series."""

    id: str
    immutable_id: str
    calendar_id: str
    uid: str
    """The iCalUId with the date bytes zeroed."""
    content: Json
    created_at: datetime
    modified_at: datetime
    organizer: Person
    is_organizer: bool = True
    attendees: list[Attendee] = []
    response: str = "organizer"
    responded_at: datetime | None = None
    is_cancelled: bool = False
    transaction_id: str | None = None
    stored_zones: tuple[str, str] = ("UTC", "UTC")
    single_of: str | None = None
    """For a single occurrence that came by itself: its date in the organizer's series."""
    overrides: dict[str, Override] = {}
    """By the ISO date of the original slot in the series' zone."""
    deleted_dates: list[str] = []
    extended: dict[str, Any] = {}
    """Single-value extended properties by id."""
    extensions: dict[str, Json] = {}
    """Open extensions by name."""
    attachments: list[Json] = []
    online_meeting: Json | None = None
    reminder_at: datetime | None = None
    """Snoozed until then."""
    reminder_dismissed: bool = False
    change_key: str = ""
    seq: int = 0
    """Position in the mailbox's log of changes."""
    span: tuple[float, float] | None = None
    """Start and end of a single event as seconds, so that views can pass over it quickly."""

    @property
    def is_series(self) -> bool:
        return self.content.get("recurrence") is not None

    @property
    def etag(self) -> str:
        return f'W/"{self.change_key}"'

    @property
    def ical_uid(self) -> str:
        if self.single_of is None:
            return self.uid
        return dated_uid(self.uid, date.fromisoformat(self.single_of))


def copied(event: Event) -> Event:
    """A deep copy, made the way a state is saved and loaded: far faster than `copy.deepcopy`."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(event), type=Event)


def dated_uid(uid: str, day: date) -> str:
    """An occurrence's iCalUId: bytes 16 to 19 hold its date (event.md §7)."""
    return f"{uid[:32]}{day.year:04X}{day.month:02X}{day.day:02X}{uid[40:]}"
