"""Between rows and the values of `leansoft.events.fields`: one place for both directions.

Forms, the API and the sync all speak in values, so an edit means the same wherever it comes from.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from leansoft.accounts.domain.users import find_users
from leansoft.calendars.models import Channel, Event, Participant
from leansoft.events.fields import Field, Value, Values
from leansoft.events.recurrence import span
from leansoft.events.slots import instant_text, moment

COLUMNS = {
    Field.SUBJECT: "subject",
    Field.LOCATION: "location",
    Field.IMPORTANCE: "importance",
    Field.SENSITIVITY: "sensitivity",
    Field.ONLINE_MEETING: "online_meeting",
    Field.ONLINE_MEETING_URL: "online_meeting_url",
}


def shared_values(event: Event) -> dict[Field, Value]:
    """The shared fields, attendees of every channel included."""
    values: dict[Field, Value] = {field: getattr(event, name) for field, name in COLUMNS.items()}
    values[Field.BODY] = event.description
    values[Field.WHEN] = when_value(event)
    people = event.attendees
    values[Field.ATTENDEES] = [attendee_value(person) for person in people]
    values[Field.TALLY] = {p.email: p.response for p in people if p.email}
    values[Field.PROPOSALS] = {p.email: p.proposed for p in people if p.email and p.proposed}
    return values


def personal_values(person: Participant) -> dict[Field, Value]:
    """The person's own fields that have ever been set."""
    values: dict[Field, Value] = {}
    if person.show_as is not None:
        values[Field.SHOW_AS] = person.show_as
    if person.reminder_on is not None:
        values[Field.REMINDER] = person.reminder_minutes if person.reminder_on else "off"
    if person.categories is not None:
        values[Field.CATEGORIES] = person.categories
    if not person.is_organizer:
        values[Field.RESPONSE] = person.response
    return values


def when_value(event: Event) -> Value:
    if event.all_day:
        start, end = event.starts_at.date().isoformat(), event.ends_at.date().isoformat()
        return _with_rule({"start": start, "end": end, "zone": None, "all_day": True}, event)
    value = {
        "start": instant_text(event.starts_at),
        "end": instant_text(event.ends_at),
        "zone": event.time_zone or None,
        "all_day": False,
    }
    return _with_rule(value, event)


def _with_rule(value: dict[str, Any], event: Event) -> Value:
    return {**value, "rrule": event.rrule} if event.rrule else value


def attendee_value(person: Participant) -> dict[str, Any]:
    return {"email": person.email, "name": person.name, "type": person.type}


def write_shared(event: Event, values: Values) -> None:
    """Puts the values into the unsaved row; what is known of attendees is in rows of their own."""
    for field, value in values.items():
        if field in COLUMNS:
            setattr(event, COLUMNS[field], value)
        elif field is Field.BODY and value != event.description:
            event.description = value
            event.description_html = ""
        elif field is Field.WHEN:
            _write_when(event, value)


def _write_when(event: Event, value: dict[str, Any]) -> None:
    event.all_day = value["all_day"]
    event.starts_at, event.ends_at = (moment(value[edge]) for edge in ("start", "end"))
    if not event.all_day:
        event.time_zone = value["zone"] or ""
    event.rrule = value.get("rrule") or ""
    # Overrides that were moved out of it count when the version rises (`spans`).
    event.span_starts_at, event.span_ends_at = event.starts_at, event.ends_at
    if event.is_series:
        event.span_starts_at, event.span_ends_at = span(value)


def write_personal(person: Participant, values: Values) -> None:
    """Puts a person's own values into the unsaved row."""
    for field, value in values.items():
        match field:
            case Field.SHOW_AS:
                person.show_as = value
            case Field.REMINDER:
                person.reminder_on = value != "off"
                person.reminder_minutes = None if value == "off" else value
            case Field.CATEGORIES:
                person.categories = value
            case Field.RESPONSE:
                if value != person.response:
                    # What was said with another answer is not said any more.
                    person.response_comment = ""
                person.response = value
            case _:
                pass


def write_attendees(event: Event, people: Iterable[dict[str, Any]], *, of: set[Channel]) -> None:
    """Makes these people the attendees among those of the given channels; others stay.

    Somebody who stays keeps their row, so their answer, channel and own fields too.
    """
    wanted = {
        person_key(p): p
        for p in people
        if person_key(p) != person_key(attendee_value(event.organizer))
    }
    # Somebody who is on the event through another channel moves to the one that names them now.
    everybody = {
        person_key(attendee_value(p)): p for p in event.participants.all() if not p.is_organizer
    }
    present = {
        key: p
        for key, p in everybody.items()
        if key in wanted or (p.channel in of and not p.is_guest)
    }
    named = _named_on_dates(event)
    for key in present.keys() - wanted.keys():
        row = present[key]
        if key in named and row.channel != Channel.OUTLOOK:
            # Who is left on a date is told as little of it as of all of them.
            row.is_guest = True
            row.save()
        else:
            row.delete()
    users = find_users(p["email"] for p in wanted.values() if p["email"])
    parts = dict(event.participants.exclude(user=None).values_list("user", "email"))
    for key, person in wanted.items():
        row = present.get(key) or new_attendee(event, person)
        if row.channel not in of:
            row.channel = Channel.OUTLOOK
        row.user = users.get(person["email"] or "")
        if row.user is not None and parts.setdefault(row.user.pk, row.email) != row.email:
            # Another account of somebody who takes part already is like anybody outside.
            row.user = None
        row.is_guest = False
        row.type = person["type"]
        row.name = person["name"] or row.name
        row.save()
    forget_prefetched(event)
    if event.is_series:
        write_guests(event)


def write_guests(event: Event) -> None:
    """Those who are named on single dates of a series alone take part as guests."""
    named = _named_on_dates(event)
    present = {person_key(attendee_value(p)): p for p in event.participants.all()}
    for key, row in present.items():
        if row.is_guest and key not in named:
            row.delete()
    users = find_users(named[key]["email"] for key in named.keys() - present.keys() if key[0])
    parts = {row.user_id for row in present.values()}
    for key in named.keys() - present.keys():
        row = new_attendee(event, named[key])
        row.is_guest, row.user, row.type = True, users.get(key[0]), named[key]["type"]
        if row.user is not None and row.user.pk in parts:
            row.user = None
        row.save()
    forget_prefetched(event)


def _named_on_dates(event: Event) -> dict[tuple[str, str], Value]:
    """Those whom single dates name in a list of their own."""
    rows = event.overrides.all() if event.is_series else []
    lists = (row.values.get(Field.ATTENDEES, []) for row in rows)
    return {person_key(person): person for people in lists for person in people}


def new_attendee(event: Event, person: Value) -> Participant:
    channel = Channel.OUTLOOK if person["email"] else Channel.NONE
    return Participant(event=event, email=person["email"], name=person["name"], channel=channel)


def person_key(person: Mapping[str, Any]) -> tuple[str, str]:
    """Who a person is: the address, or the name of somebody without one."""
    return (person["email"], "") if person["email"] else ("", person["name"])


def equal(field: Field, one: Value, other: Value) -> bool:
    """To the letter: what counts as the same for Outlook is the sync's business, not a person's."""
    if field is Field.ATTENDEES and one is not None and other is not None:
        return _people(one) == _people(other)
    return bool(one == other)


def _people(people: Iterable[dict[str, Any]]) -> list[tuple[tuple[str, str], str]]:
    return sorted((person_key(person), person["type"]) for person in people)


def remember(row: Model, **related: Sequence[Model]) -> None:
    """Whoever asks for these related rows finds them in memory, as if they had been prefetched."""
    cache = row.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, rows in related.items():
        held = getattr(row, name).all()
        held._result_cache, held._prefetch_done = list(rows), True
        cache[name] = held


def forget_prefetched(event: Event) -> None:
    prefetched = getattr(event, "_prefetched_objects_cache", {})
    for name in ("participants", "overrides"):
        prefetched.pop(name, None)
