"""What a request says about an event, checked and turned into values.

The API speaks wall times in `time_zone`; a value holds instants (`leansoft.events.fields`).
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints, model_validator

from leansoft.accounts.domain.users import find_users
from leansoft.accounts.models import User
from leansoft.calendars.domain.when import kept_rule, moved
from leansoft.calendars.models import Event
from leansoft.calendars.values import when_value
from leansoft.contacts.models import Contact
from leansoft.events import fields
from leansoft.events.fields import Value
from leansoft.events.slots import instant_text
from leansoft.kit.zones import is_iana
from leansoft.web.api.problems import Problem
from leansoft.web.api.texts import Line, Text, storable

ShowAs = Literal["free", "tentative", "busy", "oof", "working_elsewhere"]
Sensitivity = Literal["normal", "personal", "private", "confidential"]
Importance = Literal["low", "normal", "high"]
AttendeeType = Literal["required", "optional", "resource"]
Minutes = Annotated[int, Field(ge=0, le=100_000)]
Category = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), storable
]

WALL = "Write a time as the clock shows it, without offset: 2026-12-01T09:00."
NAMELESS = (
    "Outlook keeps this series in a time zone of its own that has no name, so that its times are "
    "not known well enough to be changed here: change them in Outlook."
)
DATE = "Write a date, since the event lasts all day: 2026-12-01."


class Person(Schema):
    model_config = ConfigDict(extra="forbid")

    email: Line | None = None
    name: Line = ""
    type: AttendeeType = "required"
    # Both are shown by GET; accepted so that a list can be sent back as it came, and not obeyed.
    response: str | None = None
    proposed: dict[str, str] | None = None

    @model_validator(mode="after")
    def has_a_name_or_address(self) -> Self:
        self.email = (self.email or "").strip().casefold() or None
        self.name = self.name.strip()
        if self.email is None and not self.name:
            raise ValueError("Give an e-mail address, or at least a name.")
        if self.email is not None:
            try:
                validate_email(self.email)
            except DjangoValidationError as error:
                raise ValueError(f"'{self.email}' is not an e-mail address.") from error
        return self


class EventChange(Schema):
    """Every field is optional; one that is left out keeps its value."""

    model_config = ConfigDict(extra="forbid")

    subject: Line = ""
    description: Text = ""
    location: Annotated[str, StringConstraints(max_length=500), storable] = ""
    start: str = ""
    end: str = ""
    time_zone: str = ""
    all_day: bool = False
    rrule: (
        Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), storable] | None
    ) = None
    excluded: Annotated[list[str], Field(max_length=1000)] = []
    attendees: Annotated[list[Person], Field(max_length=500)] = []
    show_as: ShowAs = "busy"
    sensitivity: Sensitivity = "normal"
    importance: Importance = "normal"
    reminder_minutes: Minutes | None = None
    categories: Annotated[list[Category], Field(max_length=25)] = []
    online_meeting: bool = False


class NewEvent(EventChange):
    start: str
    end: str


PLAIN = {
    "subject": fields.Field.SUBJECT,
    "description": fields.Field.BODY,
    "location": fields.Field.LOCATION,
    "show_as": fields.Field.SHOW_AS,
    "sensitivity": fields.Field.SENSITIVITY,
    "importance": fields.Field.IMPORTANCE,
    "categories": fields.Field.CATEGORIES,
    "online_meeting": fields.Field.ONLINE_MEETING,
}


def values_of(
    change: EventChange, *, event: Event | None, caller: User, series: Value | None = None
) -> dict[fields.Field, Value]:
    """The values that the request sets; `event` is what it changes. Raises `Problem`.

    `series`: the `when` of what moves along with `event`, which is one slot of it.
    """
    given = change.model_fields_set
    values: dict[fields.Field, Value] = {
        field: getattr(change, name) for name, field in PLAIN.items() if name in given
    }
    _check_online_meeting(values, event)
    if given & {"start", "end", "time_zone", "all_day", "rrule"}:
        when = _when(change, event=event, caller=caller)
        values[fields.Field.WHEN] = _named(_repeated(when, change, event, series), event)
    if "reminder_minutes" in given:
        minutes = change.reminder_minutes
        values[fields.Field.REMINDER] = "off" if minutes is None else minutes
    if "attendees" in given:
        values[fields.Field.ATTENDEES] = _people(change.attendees)
    return values


def _check_online_meeting(values: dict[fields.Field, Value], event: Event | None) -> None:
    wanted = values.get(fields.Field.ONLINE_MEETING)
    if event is not None and wanted is not None and wanted != event.online_meeting:
        raise Problem(
            422,
            "A Teams link is asked for when an event is created: make a new event for it.",
            field="online_meeting",
        )


def _people(people: list[Person]) -> list[dict[str, Any]]:
    """Everybody once, with the name we know for an address that came without one."""
    nameless = {person.email for person in people if person.email and not person.name}
    known = {contact.email: contact.name for contact in Contact.objects.filter(email__in=nameless)}
    known |= {email: user.name for email, user in find_users(e for e in nameless if e).items()}
    once = {(p.email or "", "" if p.email else p.name): p for p in reversed(people)}
    return [
        {"email": p.email, "name": p.name or known.get(p.email, ""), "type": p.type}
        for p in reversed(once.values())
    ]


def _when(change: EventChange, *, event: Event | None, caller: User) -> Value:
    given = change.model_fields_set
    all_day = change.all_day if "all_day" in given or event is None else event.all_day
    if event is not None and all_day != event.all_day and not {"start", "end"} <= given:
        missing = "end" if "start" in given else "start"
        raise Problem(
            422, f"'{missing}' is missing: give both when 'all_day' changes.", field=missing
        )
    start = change.start if "start" in given else _shown(event, "starts_at")
    end = change.end if "end" in given else _shown(event, "ends_at")
    if all_day:
        _zone(change, event, caller)
        return _dates(start, end)
    return _instants(start, end, _zone(change, event, caller), event)


def _repeated(when: Value, change: EventChange, event: Event | None, series: Value | None) -> Value:
    """With the rule that is given, or the one that the series has."""
    given = "rrule" in change.model_fields_set
    if event is not None and event.is_series:
        present = when_value(event)
        if series is not None:
            when = moved(series, slot=present, to=when)
        else:
            when = {**when, "rrule": kept_rule(present, when)}
        # A rule sent back as it came is no new one.
        given = given and change.rrule != event.rrule
    if given:
        when = {name: value for name, value in when.items() if name != "rrule"}
        return {**when, "rrule": change.rrule} if change.rrule else when
    return when


def _named(when: Value, event: Event | None) -> Value:
    """As it is, unless it would give a series that Outlook keeps in a zone without a name another
    one: its dates would then be an hour off in summer or in winter."""
    if event is None or not event.is_series or event.all_day or event.time_zone:
        return when
    present = when_value(event)
    if any(when.get(name) != present.get(name) for name in ("start", "end", "all_day", "rrule")):
        raise Problem(409, NAMELESS)
    return present


def _shown(event: Event | None, column: str) -> str:
    assert event is not None  # a new event has both
    return event.wall(getattr(event, column)).isoformat()


def _zone(change: EventChange, event: Event | None, caller: User) -> str:
    if "time_zone" not in change.model_fields_set:
        if event is not None and not event.all_day:
            return event.time_zone or "UTC"
        return caller.time_zone
    if not is_iana(change.time_zone):
        raise Problem(
            422,
            f"'{change.time_zone}' is not a time zone: use a name such as Europe/Berlin.",
            field="time_zone",
        )
    return change.time_zone


def _dates(start: str, end: str) -> Value:
    first, after = _date(start, "start"), _date(end, "end")
    if after <= first:
        raise Problem(
            422,
            "An all-day event ends on a later day than it starts: 'end' is the day after its last.",
            field="end",
        )
    return {"start": first.isoformat(), "end": after.isoformat(), "zone": None, "all_day": True}


def _date(text: str, field: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError
        return _in_range(date.fromisoformat(text), field)
    except ValueError as error:
        raise Problem(422, f"'{field}' is no date. {DATE}", field=field) from error


def _instants(start: str, end: str, zone: str, event: Event | None) -> Value:
    first, last = _wall(start, "start"), _wall(end, "end")
    if last < first:
        raise Problem(422, "The event ends before it starts: choose a later 'end'.", field="end")
    starts_at = _instant(first, zone, event, "starts_at")
    ends_at = _instant(last, zone, event, "ends_at")
    # Where the clock goes forward a start can shift past its end: keep the length.
    ends_at = ends_at if ends_at >= starts_at else starts_at + (last - first)
    return {
        "start": instant_text(starts_at),
        "end": instant_text(ends_at),
        "zone": zone,
        "all_day": False,
    }


def _wall(text: str, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Problem(422, f"'{field}' is no time. {WALL}", field=field) from error
    if moment.tzinfo is not None:
        raise Problem(422, f"'{field}' has an offset; the zone is 'time_zone'. {WALL}", field=field)
    if len(text) == 10:
        raise Problem(
            422, f"'{field}' is a date: set 'all_day', or add a time. {WALL}", field=field
        )
    _in_range(moment.date(), field)
    return moment.replace(microsecond=0)


def _in_range(day: date, field: str) -> date:
    # Outlook's calendar knows the years 1601 to 4500.
    if not 1602 <= day.year <= 4499:
        raise Problem(422, f"'{field}' is outside the years 1602 to 4499.", field=field)
    return day


def _instant(wall: datetime, zone: str, event: Event | None, column: str) -> datetime:
    """A time that the clock skips moves forward by the gap; of two alike the first counts."""
    if event is not None and not event.all_day and event.time_zone == zone:
        present: datetime = getattr(event, column)
        # The second of two alike must not turn into the first when it is sent back unchanged.
        if event.wall(present) == wall:
            return present
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
