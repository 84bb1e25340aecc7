"""What comes in from Outlook about single dates of a series. Nobody's act here: nothing is stamped
as edited."""

from collections.abc import Collection
from datetime import date, datetime

from leansoft.calendars.domain.events import bump
from leansoft.calendars.models import Channel, Event, Participant, PersonalOverride
from leansoft.calendars.overrides import (
    delete_override,
    overrides_of,
    own_values_of,
    personal_overrides_of,
    write_answers,
    write_override,
    write_personal_override,
    write_proposals,
)
from leansoft.calendars.values import shared_values, when_value
from leansoft.events.fields import AS_SERIES, PERSONAL, Field, Value, Values
from leansoft.events.recurrence import yields


def accept_date(event: Event, person: Participant | None, day: date, values: Values) -> Event:
    """Takes Outlook's values of one date in; a value may be "as the series", save what attendees
    said."""
    own = {f: v for f, v in values.items() if f in PERSONAL}
    told = PERSONAL | {Field.TALLY, Field.PROPOSALS}
    shared = {f: v for f, v in values.items() if f not in told}
    if shared:
        known = overrides_of(event).get(day, {})
        if Field.ATTENDEES in shared:
            shared[Field.ATTENDEES] = _with_quiet(event, known, shared[Field.ATTENDEES])
        write_override(event, day, _replaced(known, shared))
    if person is not None and own:
        row = personal_overrides_of(person).get(day)
        known = own_values_of(row) if row else {}
        removed_at = row.removed_at if row else None
        write_personal_override(person, day, _replaced(known, own), removed_at=removed_at)
    if Field.TALLY in values:
        write_answers(event, day, values[Field.TALLY])
    if Field.PROPOSALS in values:
        write_proposals(event, day, values[Field.PROPOSALS])
    return bump(event)


def exclude_date(event: Event, day: date) -> Event:
    """The organizer took the date out of the series in Outlook."""
    event.excluded = sorted({*event.excluded, day})
    delete_override(event, day)
    return bump(event)


def remove_date(event: Event, person: Participant, day: date, *, now: datetime) -> Event:
    """The person took the date off their own calendar in Outlook."""
    row = personal_overrides_of(person).get(day)
    known = own_values_of(row) if row else {}
    write_personal_override(person, day, known, removed_at=now)
    return bump(event)


def restore_date(event: Event, person: Participant | None, day: date) -> Event:
    """Outlook still has the date, with news: back in the series, or on the person's calendar."""
    event.excluded = [other for other in event.excluded if other != day]
    row = personal_overrides_of(person).get(day) if person is not None else None
    if row is not None and row.removed_at is not None:
        row.removed_at = None
        row.save()
    return bump(event)


def forget_dates(
    event: Event, *, but: Collection[date] = (), left_out: Collection[date] = ()
) -> Event:
    """Outlook's own series stands for the dates that were different here. `but`: these stay as they
    are; `left_out`: these stay taken out."""
    event.overrides.exclude(date__in=but).delete()
    event.excluded = [day for day in event.excluded if day in left_out]
    return bump(event)


def forget_own_dates(person: Participant, *, but: Collection[date] = ()) -> None:
    """The person's own Outlook stands for what they had set on single dates here, but not for those
    that they left. `but`: these stay as they are."""
    for row in list(person.overrides.filter(removed_at=None).exclude(date__in=but)):
        write_personal_override(person, row.date, {}, removed_at=None)


def drop_stale_dates(event: Event) -> dict[date, Values]:
    """The series has a new rule: what stands on dates that it no longer yields is taken off.

    Answers what those dates held.
    """
    when = when_value(event)
    own = PersonalOverride.objects.filter(participant__event=event).values_list("date", flat=True)
    stale = {day for day in overrides_of(event).keys() | {*own} if not _yields(when, day)}
    lost = {day: values for day, values in overrides_of(event).items() if day in stale}
    for day in stale:
        delete_override(event, day)
    excluded = [day for day in event.excluded if _yields(when, day)]
    if stale or excluded != event.excluded:
        event.excluded = excluded
        bump(event)
    return lost


def _yields(when: Value, day: date) -> bool:
    return bool(when.get("rrule")) and yields(when, day)


def _replaced(known: Values, values: Values) -> Values:
    merged = {**known, **values}
    return {f: v for f, v in merged.items() if v != AS_SERIES}


def _with_quiet(event: Event, known: Values, people: Value) -> Value:
    """Outlook's people of a date, and those who are on it and of whom Outlook never hears."""
    told = {p.email for p in event.participants.all() if p.email and p.channel == Channel.OUTLOOK}
    usual = shared_values(event)[Field.ATTENDEES]
    named = [p for p in usual if p["email"] in told] if people == AS_SERIES else people
    told |= {person["email"] for person in named}
    return [*named, *(p for p in known.get(Field.ATTENDEES, usual) if p["email"] not in told)]
