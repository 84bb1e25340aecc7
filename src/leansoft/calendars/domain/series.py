"""What people do to a series from one of its dates on: change it, or end it.

A change makes two series: the old one ends, and a new one goes on.
"""

from datetime import date, datetime

from django.db import transaction

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import part_on
from leansoft.calendars.domain.errors import NotAllowed
from leansoft.calendars.domain.events import (
    archive_event,
    bump,
    check_content_editable,
    differing,
    edit_event,
    lock,
    stamped,
)
from leansoft.calendars.domain.when import is_left
from leansoft.calendars.models import Event, Participant, PersonalOverride
from leansoft.calendars.rule_changes import adapt_dates
from leansoft.calendars.values import (
    forget_prefetched,
    personal_values,
    shared_values,
    when_value,
    write_guests,
    write_shared,
)
from leansoft.events.fields import READ_ONLY, SHARED, Field, Value, Values
from leansoft.events.recurrence import cut_before, rest_from
from leansoft.events.slots import first_day


def rest_of(event: Event, day: date) -> Value:
    """The `when` of the series from this date on."""
    when = when_value(event)
    return when if day == first_day(when) else rest_from(when, day)


@transaction.atomic
def split_series(event: Event, day: date, *, by: User, values: Values, now: datetime) -> Event:
    """Changes this date and all that follow; answers the series that they are in then.

    A `when` in the values is that of the new series. At the first date that is left, all change;
    what equals the present changes nothing.

    Raises `NotAllowed`, `Locked`, `Invalid`.
    """
    event = lock(event)
    person = _organizer(event, day, by)
    if not is_left(when_value(event), event.excluded, before=day):
        return edit_event(event, by=by, values=values, now=now)
    rest = rest_of(event, day)
    present = {**shared_values(event), **personal_values(person), Field.WHEN: rest}
    if not differing(values, present):
        return event
    following = _go_on(event, day, rest, now)
    _cut(event, day, now)
    return edit_event(following, by=by, values=values, now=now)


@transaction.atomic
def end_series(event: Event, day: date, *, by: User, now: datetime) -> Event:
    """Takes this date and all that follow out of the series; with nothing left it is archived.

    Raises `NotAllowed`, `Locked`, `Invalid`.
    """
    event = lock(event)
    _organizer(event, day, by)
    if not is_left(when_value(event), event.excluded, before=day):
        return archive_event(event, by=by, now=now)
    return _cut(event, day, now)


def _organizer(event: Event, day: date, user: User) -> Participant:
    person = part_on(event, day, user)
    if not person.is_organizer:
        raise NotAllowed(
            f"Only {event.organizer} can change the dates from this one on together. "
            "Change this date, or all of them."
        )
    check_content_editable(event, person)
    return person


def _cut(event: Event, day: date, now: datetime) -> Event:
    before = when_value(event)
    write_shared(event, {Field.WHEN: cut_before(before, day)})
    adapt_dates(event, before)
    event.edited_at = stamped(event.edited_at, {Field.WHEN}, now)
    return bump(event)


def _go_on(event: Event, day: date, when: Value, now: datetime) -> Event:
    """A series of its own from this date on, with what differs there and everybody's own fields."""
    rest = Event(continues=event, excluded=[other for other in event.excluded if other >= day])
    shared = {f: v for f, v in shared_values(event).items() if f not in READ_ONLY}
    write_shared(rest, {**shared, Field.WHEN: when})
    rest.description_html = event.description_html
    rest.edited_at = stamped({}, SHARED - READ_ONLY, now)
    rest.save()
    event.overrides.filter(date__gte=day).update(event=rest)
    for person in event.participants.all():
        _take_along(person, rest, day)
    for series in (event, rest):
        forget_prefetched(series)
        write_guests(series)
    return rest


def _take_along(person: Participant, rest: Event, day: date) -> None:
    later = PersonalOverride.objects.filter(participant=person, date__gte=day)
    keys = list(later.values_list("pk", flat=True))
    person.pk, person.event = None, rest
    person._state.adding = True
    person.save()
    PersonalOverride.objects.filter(pk__in=keys).update(participant=person)
