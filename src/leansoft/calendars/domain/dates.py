"""What people do to one date of a series: edit it, take it out, answer it.

A date is named by the day of its original slot. Each function is a person's act, and stamped.
"""

from collections import deque
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from leansoft.accounts.models import User
from leansoft.calendars.domain.errors import Invalid, NotAllowed
from leansoft.calendars.domain.events import (
    archive_event,
    bump,
    changes,
    check_content_editable,
    checked,
    lock,
    participation,
    stamped,
)
from leansoft.calendars.domain.when import checked_excluded, is_left
from leansoft.calendars.models import Event, Participant, PersonalOverride
from leansoft.calendars.occurrences import event_on
from leansoft.calendars.overrides import (
    delete_override,
    occurrence_values,
    overrides_of,
    own_values_of,
    personal_overrides_of,
    write_override,
    write_personal_override,
)
from leansoft.calendars.values import when_value
from leansoft.events.fields import DATED, PERSONAL, Field, Response, Value, Values
from leansoft.events.recurrence import dates, yields
from leansoft.events.slots import moment
from leansoft.kit.zones import zone


@transaction.atomic
def edit_occurrence(event: Event, day: date, *, by: User, values: Values, now: datetime) -> Event:
    """Changes what differs on this date; shared fields only by the organizer, own ones by anybody
    who takes part in it.

    Raises `NotAllowed`, `Locked`, `Invalid`.
    """
    event = lock(event)
    person = part_on(event, day, by)
    changed = changes(event_on(event, day), person, _in_its_zone(event, values))
    for field in changed.keys() - DATED:
        raise Invalid(field, "This belongs to the whole series: change it there.")
    shared = {field: value for field, value in changed.items() if field not in PERSONAL}
    own = {field: value for field, value in changed.items() if field in PERSONAL}
    if shared:
        check_content_editable(event, person)
        _edit_shared(event, day, checked(shared), now)
    if own:
        _write_own(_own_row(event, day, person), own, now)
    return bump(event) if changed else event


@transaction.atomic
def delete_occurrence(event: Event, day: date, *, by: User, now: datetime) -> Event:
    """By the organizer: takes the date out of the series, which goes to the archive with its last
    one. By an attendee: takes it off their own calendar.

    Raises `NotAllowed`, `Locked`, `Invalid`.
    """
    event = lock(event)
    person = part_on(event, day, by)
    if not person.is_organizer:
        row = _own_row(event, day, person)
        row.removed_at = row.removed_at or now
        _write_own(row, {}, now)
        return bump(event)
    check_content_editable(event, person)
    if not is_left(when_value(event), {*event.excluded, day}):
        return archive_event(event, by=by, now=now)
    return _exclude(event, [day])


@transaction.atomic
def exclude_dates(event: Event, days: Collection[date], *, by: User) -> Event:
    """Takes several dates out of the series. Raises `NotAllowed`, `Locked`, `Invalid`."""
    event = lock(event)
    check_content_editable(event, participation(event, by))
    return _exclude(event, days)


def _exclude(event: Event, days: Collection[date]) -> Event:
    event.excluded = checked_excluded(when_value(event), {*event.excluded, *days})
    for day in days:
        delete_override(event, day)
    return bump(event)


@transaction.atomic
def respond_on(  # noqa: PLR0913 (keyword-only after the subject)
    event: Event, day: date, *, by: User, response: Response, now: datetime, comment: str = ""
) -> Event:
    """An attendee's answer for one date. Raises `NotAllowed` for the organizer, `Invalid`."""
    event = lock(event)
    person = part_on(event, day, by)
    if person.is_organizer:
        raise NotAllowed("You organize this event, so there is nothing to answer.")
    row = _own_row(event, day, person)
    row.removed_at = now if response is Response.DECLINED else None
    _write_own(row, {Field.RESPONSE: response}, now)
    own = PersonalOverride.objects.filter(participant=row.participant, date=day)
    own.update(response_comment=comment)
    return bump(event)


def part_on(event: Event, day: date, user: User) -> Participant:
    """The user's part in this date. Raises `NotAllowed`, and `Invalid` when there is no such date.

    The series may know them as a guest, or not have them on this date.
    """
    if not has_date(event, day):
        raise Invalid("occurrence", f"The series has no date on {day}.")
    return participation(event_on(event, day), user)


def has_date(event: Event, day: date) -> bool:
    return event.is_series and day not in event.excluded and yields(when_value(event), day)


def _in_its_zone(event: Event, values: Values) -> Values:
    """A date has no rule, and the zone of its series."""
    if Field.WHEN not in values:
        return values
    when = {name: value for name, value in values[Field.WHEN].items() if name != "rrule"}
    if not (when["all_day"] or event.all_day):
        when["zone"] = event.time_zone or None
    return {**values, Field.WHEN: when}


def _edit_shared(event: Event, day: date, values: Values, now: datetime) -> None:
    if Field.WHEN in values:
        _check_order(event, day, values[Field.WHEN])
    row = event.overrides.filter(date=day).first()
    edited_at = stamped(row.edited_at if row else {}, values, now)
    known = overrides_of(event).get(day, {})
    write_override(event, day, {**known, **values}, edited_at=edited_at)


def _own_row(event: Event, day: date, person: Participant) -> PersonalOverride:
    """What the person has of their own on this date, perhaps nothing yet."""
    participant = event.participants.get(pk=person.pk)
    known = personal_overrides_of(participant).get(day)
    return known or PersonalOverride(participant=participant, date=day)


def _write_own(row: PersonalOverride, own: Values, now: datetime) -> None:
    write_personal_override(
        row.participant,
        row.date,
        {**own_values_of(row), **own},
        removed_at=row.removed_at,
        edited_at=stamped(row.edited_at, own, now),
    )


def _check_order(event: Event, day: date, when: Value) -> None:
    """Dates of a series keep their order, each on a day of its own: Outlook refuses anything else
    (ErrorOccurrenceCrossingBoundary: operations.md §5)."""
    before, after = _neighbours(event, day)
    start, end = _clock(event, when, "start"), _clock(event, when, "end")
    if before is not None:
        other = occurrence_values(event, before)[Field.WHEN]
        if start.date() <= _clock(event, other, "start").date() or start < _clock(
            event, other, "end"
        ):
            raise Invalid("start", _crossing("before", other, event))
    if after is not None:
        other = occurrence_values(event, after)[Field.WHEN]
        if start.date() >= _clock(event, other, "start").date():
            raise Invalid("start", _crossing("after", other, event))
        if end > _clock(event, other, "start"):
            raise Invalid("end", _crossing("after", other, event))


def _neighbours(event: Event, day: date) -> tuple[date | None, date | None]:
    when, excluded = when_value(event), set(event.excluded)
    earlier = deque((d for d in dates(when, before=day) if d not in excluded), maxlen=1)
    later = (d for d in dates(when, after=day) if d > day and d not in excluded)
    return (earlier[0] if earlier else None), next(later, None)


def _clock(event: Event, when: Value, edge: str) -> datetime:
    """What the series' clock shows."""
    at = moment(when[edge])
    if when["all_day"] or event.all_day:
        return at.replace(tzinfo=None)
    return at.astimezone(zone(event.time_zone or "UTC")).replace(tzinfo=None)


def _crossing(side: str, other: Value, event: Event) -> str:
    day = _clock(event, other, "start").date()
    return (
        f"The date {side} it is on {day}, and dates of a series keep their order, each on a day of "
        "its own: choose a time between its neighbours."
    )
