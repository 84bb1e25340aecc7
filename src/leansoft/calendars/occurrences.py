"""The dates of a series: what the event is on one of them, and which touch a stretch of time.

Computed, never stored. On one date the event is shown as a copy of its row that is never saved: a
single event with what differs on that date, and those people who take part in it.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from leansoft.calendars.models import Event, Participant
from leansoft.calendars.overrides import (
    occurrence_values,
    overrides_of,
    personal_overrides_of,
    personal_values_on,
)
from leansoft.calendars.values import (
    attendee_value,
    person_key,
    when_value,
    write_personal,
    write_shared,
)
from leansoft.events.fields import Field, Values
from leansoft.events.recurrence import slot, slots, yields
from leansoft.events.slots import moment

ZONES_APART = timedelta(days=1)
"""No clock is further from another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One date of a series; or a single event, then `day` is None.

    `event` is what people see on this date. Dates on which nothing differs share one, so the times
    are here.
    """

    series: Event
    event: Event
    day: date | None
    starts_at: datetime
    ends_at: datetime
    original_start: datetime | date | None
    """The start of the date's slot, as the series' own clock shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The time between two instants; all-day events float: their days are those of `zone`."""

    start: datetime = datetime(1602, 1, 1, tzinfo=UTC)
    end: datetime = datetime(4499, 12, 31, tzinfo=UTC)
    zone: tzinfo = UTC

    def touches(self, starts_at: datetime, ends_at: datetime, *, all_day: bool) -> bool:
        start, end = (self._clock(edge) if all_day else edge for edge in (self.start, self.end))
        # An event without length belongs to the instant at which it starts.
        return starts_at < end and (ends_at > start or starts_at == ends_at == start)

    def _clock(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=UTC)


def event_on(event: Event, day: date) -> Event:
    """What the series is on this date."""
    return _shown(event, day, occurrence_values(event, day))


def occurrence_on(event: Event, day: date) -> Occurrence:
    return _occurrence(event, event_on(event, day), day)


def series_at(event: Event, day: date) -> Event:
    """The series as if it began with the slot of this day. Never to be saved either."""
    shown = copy(event)
    write_shared(shown, {Field.WHEN: {**slot(when_value(event), day), "rrule": event.rrule}})
    return shown


def original_start(event: Event, day: date) -> datetime | date:
    """The start of the date's slot, as the series' own clock shows it."""
    return event.wall(moment(slot(when_value(event), day)["start"]))


def occurrences(
    event: Event, stretch: Stretch, *, only: Callable[[Event], bool]
) -> Iterator[Occurrence]:
    """The dates that touch the stretch, moved ones where they were moved to; not in order.

    `only`: asked for what people see on a date, once for all dates that are as the series.
    """
    for found in _candidates(event, stretch, only):
        if stretch.touches(found.starts_at, found.ends_at, all_day=found.event.all_day):
            yield found


def _candidates(
    event: Event, stretch: Stretch, only: Callable[[Event], bool]
) -> Iterator[Occurrence]:
    if not event.is_series:
        yield _occurrence(event, event, None)
        return
    different = _different(event)
    shown = _shown(event, None, {})
    if only(shown):
        yield from _as_the_series(event, shown, stretch, without=different | {*event.excluded})
    there = (occurrence_on(event, day) for day in different - {*event.excluded})
    yield from (found for found in there if only(found.event))


def _as_the_series(
    event: Event, shown: Event, stretch: Stretch, *, without: set[date]
) -> Iterator[Occurrence]:
    when = when_value(event)
    first = stretch.start - (event.ends_at - event.starts_at) - ZONES_APART
    last = stretch.end + 2 * ZONES_APART
    for day, starts_at, ends_at in slots(when, after=first.date(), before=last.date()):
        if day not in without:
            yield Occurrence(
                series=event,
                event=shown,
                day=day,
                starts_at=starts_at,
                ends_at=ends_at,
                original_start=event.wall(starts_at),
            )


def _occurrence(series: Event, shown: Event, day: date | None) -> Occurrence:
    return Occurrence(
        series=series,
        event=shown,
        day=day,
        starts_at=shown.starts_at,
        ends_at=shown.ends_at,
        original_start=original_start(series, day) if day else None,
    )


def _different(event: Event) -> set[date]:
    """Dates on which something is not as the series, if only for one person."""
    own = (personal_overrides_of(person) for person in event.participants.all())
    days = overrides_of(event).keys() | {day for days in own for day in days}
    when = when_value(event)
    return {day for day in days if yields(when, day)}


def _shown(event: Event, day: date | None, values: Values) -> Event:
    """The copy; without a date as on every date that is as the series."""
    shown = copy(event)
    shown.rrule, shown.excluded = "", []
    write_shared(shown, values)
    people = _people_on(event, day, values)
    # What `prefetch_related` would have put there.
    shown._prefetched_objects_cache = {"participants": people, "overrides": []}  # type: ignore[attr-defined]
    return shown


def _people_on(event: Event, day: date | None, values: Values) -> list[Participant]:
    everybody = event.participants.all()
    if day is None:
        return [_person_as_usual(person) for person in everybody if not person.is_guest]
    types = {person_key(p): p["type"] for p in values[Field.ATTENDEES]}
    on_date = [p for p in everybody if p.is_organizer or person_key(attendee_value(p)) in types]
    return [_person_on(person, day, types) for person in on_date]


def _person_as_usual(person: Participant) -> Participant:
    if person.proposed is None:
        return person
    shown = copy(person)
    shown.proposed = None
    return shown


def _person_on(person: Participant, day: date, types: dict[tuple[str, str], str]) -> Participant:
    shown = copy(person)
    shown.is_guest = False
    shown.type = types.get(person_key(attendee_value(person)), person.type)
    row = personal_overrides_of(person).get(day)
    shown.proposed = row.proposed if row is not None else None
    if row is not None:
        write_personal(shown, personal_values_on(person, day))
        shown.removed_at = row.removed_at or person.removed_at
    return shown
