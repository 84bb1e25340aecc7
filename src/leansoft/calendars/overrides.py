"""What differs on one date of a series: between its rows and values.

A date is named by the day of its original slot. A value equal to the series' own is *as the
series*: it is not stored, so that the date follows when the series changes.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from leansoft.calendars.models import Event, Override, Participant, PersonalOverride
from leansoft.calendars.values import (
    equal,
    forget_prefetched,
    personal_values,
    shared_values,
    when_value,
    write_guests,
)
from leansoft.events.fields import READ_ONLY, Field, Value, Values, plain, typed
from leansoft.events.recurrence import slot


def overrides_of(event: Event) -> dict[date, Values]:
    """What differs, by date; dates that are as the series are left out."""
    return {row.date: typed(row.values) for row in event.overrides.all() if row.values}


def personal_overrides_of(person: Participant) -> dict[date, PersonalOverride]:
    """This person's own rows, by date."""
    return {row.date: row for row in person.overrides.all()}


def series_values(event: Event, day: date) -> dict[Field, Any]:
    """The shared values of this date as the series has them."""
    return {**shared_values(event), Field.WHEN: slot(when_value(event), day)}


def occurrence_values(event: Event, day: date) -> dict[Field, Any]:
    """The shared values of this date: the series', then what differs.

    Answers are not stored there: each is its person's own.
    """
    values = {**series_values(event, day), **overrides_of(event).get(day, {})}
    named = {person["email"] for person in values[Field.ATTENDEES]}
    values[Field.PROPOSALS] = proposals_on(event, day)
    values[Field.TALLY] = {
        p.email: personal_values_on(p, day)[Field.RESPONSE]
        for p in event.participants.all()
        if p.email and p.email in named and not p.is_organizer
    }
    return values


def proposals_on(event: Event, day: date) -> dict[str, Value]:
    """New times that attendees propose for this date alone, by address."""
    people = [person for person in event.participants.all() if person.email]
    rows = {str(person.email): personal_overrides_of(person).get(day) for person in people}
    return {email: row.proposed for email, row in rows.items() if row and row.proposed}


def personal_values_on(person: Participant, day: date) -> dict[Field, Any]:
    """The person's own values on this date: those for the series, then what differs."""
    row = personal_overrides_of(person).get(day)
    return {**personal_values(person), **(own_values_of(row) if row else {})}


def write_override(
    event: Event, day: date, values: Values, *, edited_at: Mapping[str, str] | None = None
) -> None:
    """Makes these the only shared values of the date that differ; an empty one deletes the row.

    `edited_at`: the new stamps of a person's act; without it the row keeps those it has. A row
    that a person made as the series again stays for its stamp's sake.
    """
    series = series_values(event, day)
    kept = {f: v for f, v in values.items() if not equal(f, v, series[f]) and f not in READ_ONLY}
    row = event.overrides.filter(date=day).first() or Override(event=event, date=day)
    touches_people = Field.ATTENDEES in kept or Field.ATTENDEES in row.values
    _save(row, kept, edited_at)
    forget_prefetched(event)
    if touches_people:
        write_guests(event)


def write_personal_override(
    person: Participant,
    day: date,
    values: Values,
    *,
    removed_at: datetime | None,
    edited_at: Mapping[str, str] | None = None,
) -> None:
    """Makes these the only own values of the person that differ on the date, and says whether the
    person took the date off their calendar. A row that says nothing is deleted."""
    series = personal_values(person)
    kept = {f: value for f, value in values.items() if not equal(f, value, series.get(f))}
    row = person.overrides.filter(date=day).first()
    row = row or PersonalOverride(participant=person, date=day)
    row.removed_at = removed_at
    _save(row, kept, edited_at)
    getattr(person, "_prefetched_objects_cache", {}).pop("overrides", None)


def write_answers(event: Event, day: date, tally: Mapping[str, str]) -> None:
    """The answers of attendees for this date, by address."""
    for person in event.participants.all():
        if person.email and person.email in tally and not person.is_organizer:
            row = personal_overrides_of(person).get(day)
            own = {**(own_values_of(row) if row else {}), Field.RESPONSE: tally[person.email]}
            write_personal_override(person, day, own, removed_at=row.removed_at if row else None)


def write_proposals(event: Event, day: date, proposals: Mapping[str, Value]) -> None:
    """Makes these the new times that attendees propose for this date, by address."""
    for person in event.participants.all():
        row = personal_overrides_of(person).get(day)
        row = row or PersonalOverride(participant=person, date=day)
        proposed = proposals.get(person.email or "")
        if proposed != row.proposed:
            row.proposed = proposed
            _save(row, own_values_of(row), None)
            getattr(person, "_prefetched_objects_cache", {}).pop("overrides", None)


def forget_answers(event: Event) -> None:
    """Everybody is asked anew, for every date."""
    for row in PersonalOverride.objects.filter(participant__event=event):
        if row.values.pop(Field.RESPONSE, None) or row.proposed:
            row.proposed = None
            row.save(update_fields=["values", "proposed"])


def own_values_of(row: PersonalOverride) -> dict[Field, Any]:
    """What differs for this person on the row's date."""
    return typed(row.values)


def delete_override(event: Event, day: date) -> None:
    """Nothing differs on this date any more, for anybody."""
    event.overrides.filter(date=day).delete()
    PersonalOverride.objects.filter(participant__event=event, date=day).delete()
    forget_prefetched(event)
    write_guests(event)


def follow_series(event: Event) -> None:
    """After a change of the series: what is the same as the series' own is no difference now."""
    if not event.is_series:
        return
    for day, values in overrides_of(event).items():
        if _repeats(values, series_values(event, day)):
            write_override(event, day, values)
    for person in event.participants.prefetch_related("overrides"):
        for day, row in personal_overrides_of(person).items():
            values = own_values_of(row)
            if _repeats(values, personal_values(person)):
                write_personal_override(person, day, values, removed_at=row.removed_at)


def _repeats(values: Values, series: Values) -> bool:
    return any(equal(field, value, series.get(field)) for field, value in values.items())


def _save(
    row: Override | PersonalOverride, values: Values, edited_at: Mapping[str, str] | None
) -> None:
    row.values = plain(values)
    if edited_at is not None:
        row.edited_at = dict(edited_at)
    said = getattr(row, "removed_at", None) or getattr(row, "proposed", None)
    if row.values or row.edited_at or said:
        row.save()
    elif row.pk:
        row.delete()
