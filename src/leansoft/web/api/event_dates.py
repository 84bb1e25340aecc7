"""Which dates of a series a request means.

A date is named by its original start, as the series' clock shows it: `2026-12-01T09:00`, or
`2026-12-01` when the series is all-day. The day alone names it too.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Self

from django.http import Http404
from ninja import Schema
from pydantic import model_validator

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence, exclude_dates
from leansoft.calendars.domain.events import archive_event, edit_event
from leansoft.calendars.domain.series import end_series, rest_of, split_series
from leansoft.calendars.domain.when import settled
from leansoft.calendars.models import Event
from leansoft.calendars.occurrences import event_on, series_at
from leansoft.calendars.values import when_value
from leansoft.events.fields import Field, Value, Values
from leansoft.events.recurrence import slot, yields
from leansoft.events.slots import wall
from leansoft.kit.clock import now
from leansoft.web.api.event_in import EventChange, values_of
from leansoft.web.api.event_out import excluded_texts
from leansoft.web.api.problems import Problem

ScopeName = Literal["this", "following", "all"]


class OneDate(Schema):
    occurrence: str | None = None


class Scope(OneDate):
    scope: ScopeName | None = None

    @model_validator(mode="after")
    def has_a_date(self) -> Self:
        if self.occurrence is None and self.scope in {"this", "following"}:
            raise ValueError(f"scope={self.scope} needs 'occurrence': name the date.")
        return self


def day_meant(event: Event, occurrence: str | None) -> date | None:
    """The day of the slot that `occurrence` names; None when the whole event is meant.

    Raises `Problem`, and `Http404` for a time at which there is no date of the series.
    """
    if occurrence is None:
        return None
    if not event.is_series:
        raise Problem(422, "The event does not repeat: leave 'occurrence' out.", field="occurrence")
    day = slot_day(when_value(event), occurrence, "occurrence")
    if day is None:
        raise Http404(f"The series has no date that was to begin at {occurrence}.")
    if day in event.excluded:
        raise Http404(f"The date of {occurrence} was taken out of the series.")
    return day


def slot_day(when: Value, text: str, field: str) -> date | None:
    """The day of the slot that begins there; None when none does. Raises `Problem`."""
    try:
        start = datetime.fromisoformat(text)
        if start.tzinfo is not None:
            raise ValueError
    except ValueError as error:
        sentence = f"'{field}' names a date by its original start: write it like 2026-12-01T09:00."
        raise Problem(422, sentence, field=field) from error
    day = start.date()
    if not yields(when, day):
        return None
    return day if len(text) == len("2026-12-01") or _begins(when, day, start) else None


def _begins(when: Value, day: date, start: datetime) -> bool:
    return wall(slot(when, day), "start") == start


def excluded_days(change: EventChange, when: Value) -> list[date]:
    """Days of the slots that the request leaves out. Raises `Problem`."""
    return [_excluded_day(text, when) for text in change.excluded]


def _excluded_day(text: str, when: Value) -> date:
    day = slot_day(when, text, "excluded") if when.get("rrule") else None
    if day is None:
        sentence = f"'excluded' holds {text}, and no date of a series begins then: leave it out."
        raise Problem(422, sentence, field="excluded")
    return day


@dataclass(frozen=True, slots=True)
class Changed:
    """The event as it is after a change; `day`: the change was on this date alone."""

    event: Event
    day: date | None = None


def change(event: Event, body: EventChange, query: Scope, *, by: User) -> Changed:
    """Carries out a PATCH on the dates that it means. Raises `Problem`, `Http404`."""
    day = day_meant(event, query.occurrence)
    if day is None:
        values = values_of(body, event=event, caller=by)
        excluded = _newly_excluded(body, event, values)
        event = edit_event(event, by=by, values=values, now=now())
        return Changed(exclude_dates(event, excluded, by=by) if excluded else event)
    _refuse_excluded(body, event)
    values = values_on(event, day, body, query.scope, by=by)
    match query.scope:
        case "all":
            return Changed(edit_event(event, by=by, values=values, now=now()))
        case "following":
            return Changed(split_series(event, day, by=by, values=values, now=now()))
        case _:
            return Changed(edit_occurrence(event, day, by=by, values=values, now=now()), day)


def values_on(
    event: Event, day: date, body: EventChange, scope: ScopeName | None, *, by: User
) -> dict[Field, Value]:
    """The values that the request sets when it is said of this date. Raises `Problem`."""
    if scope in {"all", "following"}:
        series = when_value(event) if scope == "all" else rest_of(event, day)
        return values_of(body, event=series_at(event, day), caller=by, series=series)
    _refuse_rule(body, event)
    return values_of(body, event=event_on(event, day), caller=by)


def remove(event: Event, query: Scope, *, by: User) -> Event:
    """Carries out a DELETE on the dates that it means. Raises `Problem`, `Http404`."""
    day = day_meant(event, query.occurrence)
    if day is None or query.scope == "all":
        return archive_event(event, by=by, now=now())
    if query.scope == "following":
        return end_series(event, day, by=by, now=now())
    return delete_occurrence(event, day, by=by, now=now())


def _newly_excluded(body: EventChange, event: Event, values: Values) -> list[date]:
    """Days that the request takes out; those that are out already stay so. Raises `Problem`."""
    if "excluded" not in body.model_fields_set:
        return []
    present = excluded_texts(event)
    back = [text for text in present if text not in body.excluded]
    if back:
        sentence = f"The date of {back[0]} was taken out, and cannot be put back: Outlook cannot."
        raise Problem(422, sentence, field="excluded")
    when = settled(values.get(Field.WHEN, when_value(event)))
    return [_excluded_day(text, when) for text in body.excluded if text not in present]


def _refuse_excluded(body: EventChange, event: Event) -> None:
    if set(body.excluded) - set(excluded_texts(event)):
        sentence = "To take a date out, delete it: DELETE with its 'occurrence'."
        raise Problem(422, sentence, field="excluded")


def _refuse_rule(body: EventChange, event: Event) -> None:
    if "rrule" in body.model_fields_set and body.rrule != event.rrule:
        sentence = "One date has no rule of its own: use scope=following or scope=all."
        raise Problem(422, sentence, field="rrule")
