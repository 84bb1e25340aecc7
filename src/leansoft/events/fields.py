"""The fields of an event that two calendars agree on, and the shape of each value.

A value is plain JSON, so that it can be compared, stored as a base or an intent, and shown in the
history without translation:

| field              | value                                                                     |
|--------------------|---------------------------------------------------------------------------|
| subject            | text                                                                      |
| body               | plain text                                                                |
| location           | text                                                                      |
| when               | `{"start", "end", "zone", "all_day"}`; timed: UTC instants with `Z` and an |
|                    | IANA zone or null when unknown; all-day: dates, end exclusive, zone null.  |
|                    | A series: the same of its first slot, and `"rrule"`, an RFC 5545 value     |
| importance …       | the enum's text                                                           |
| attendees          | `[{"email", "name", "type"}]`, without the organizer                      |
| online_meeting     | bool                                                                      |
| online_meeting_url | text or null                                                              |
| tally              | `{email: response}` of attendees whose own mailbox is not connected        |
| proposals          | `{email: {"start", "end"}}` of attendees who propose a new time: UTC       |
|                    | instants with `Z`                                                         |
| show_as            | the enum's text                                                           |
| reminder           | minutes before the start, or "off"                                        |
| categories         | list of names                                                             |
| response           | the enum's text                                                           |
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, TypeAlias

Value: TypeAlias = Any
"""JSON: text, number, bool, null, list or dict; its shape is the field's."""


class Field(StrEnum):
    SUBJECT = "subject"
    BODY = "body"
    LOCATION = "location"
    WHEN = "when"
    IMPORTANCE = "importance"
    SENSITIVITY = "sensitivity"
    ATTENDEES = "attendees"
    ONLINE_MEETING = "online_meeting"
    ONLINE_MEETING_URL = "online_meeting_url"
    TALLY = "tally"
    PROPOSALS = "proposals"
    SHOW_AS = "show_as"
    REMINDER = "reminder"
    CATEGORIES = "categories"
    RESPONSE = "response"


Values: TypeAlias = Mapping[Field, Value]

AS_SERIES: Final = "\ue000as the series"
"""The value of a field that is not different on one date of a series. It begins with a character
that Unicode gives to nobody, so that no subject or place is mistaken for it."""

DATED = frozenset(Field) - {Field.ONLINE_MEETING, Field.ONLINE_MEETING_URL}
"""What one date of a series can have of its own."""

PERSONAL = frozenset({Field.SHOW_AS, Field.REMINDER, Field.CATEGORIES, Field.RESPONSE})
"""Live on each person's own copy; everything else is shared by all who take part."""

SHARED = frozenset(Field) - PERSONAL

READ_ONLY = frozenset({Field.ONLINE_MEETING_URL, Field.TALLY, Field.PROPOSALS})
"""Outlook alone decides these: they come in and are never written."""

CREATE_ONLY = frozenset({Field.ONLINE_MEETING})
"""Asked for once, with the create: Graph ignores later changes (event.md §10)."""


class ShowAs(StrEnum):
    FREE = "free"
    TENTATIVE = "tentative"
    BUSY = "busy"
    OOF = "oof"
    WORKING_ELSEWHERE = "working_elsewhere"
    UNKNOWN = "unknown"


class Sensitivity(StrEnum):
    NORMAL = "normal"
    PERSONAL = "personal"
    PRIVATE = "private"
    CONFIDENTIAL = "confidential"


HIDDEN = frozenset({Sensitivity.PRIVATE, Sensitivity.CONFIDENTIAL})
"""Shown to people outside the event as a busy block only."""


class Importance(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class AttendeeType(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    RESOURCE = "resource"


class Response(StrEnum):
    NONE = "none"
    ORGANIZER = "organizer"
    TENTATIVELY_ACCEPTED = "tentatively_accepted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_RESPONDED = "not_responded"


UNANSWERED = frozenset({Response.NONE, Response.NOT_RESPONDED})
"""Graph uses both words for a person who has not answered (event.md §5)."""


class Role(StrEnum):
    """What a mailbox's copy of an event is good for."""

    ORGANIZER = "organizer"
    """The home of the shared fields: read and written."""
    WITNESS = "witness"
    """An attendee's copy that stands in for an organizer out of reach: shared fields are read."""
    ATTENDEE = "attendee"
    """Only the person's own fields live here."""


def plain(values: Values) -> dict[str, Value]:
    """Values as JSON keeps them: in a journal, an intent, an override."""
    return {str(field): value for field, value in values.items()}


def typed(values: Mapping[str, Value]) -> dict[Field, Value]:
    """The same, read back."""
    return {Field(name): value for name, value in values.items()}
