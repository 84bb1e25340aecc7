"""A series as Outlook holds it, read whole: its master, the dates that differ, those taken out.

A date is named by the day of its original slot in the series' zone, which outlives a change of
hour. Graph names it twice: an exception by the instant of its slot (`originalStart`), a date that
was taken out only by `OID.{master}.{yyyy-MM-dd}`. By which clock that day is meant is written
nowhere, so it is measured on a date that has both names. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from leansoft.events.fields import DATED, Field, Value, Values
from leansoft.events.normalise import same
from leansoft.events.recurrence import slot, yields
from leansoft.graph.codec import RemoteEvent, event_from_graph
from leansoft.kit.zones import zone

DAY_AT_END = re.compile(r"(\d{4}-\d{2}-\d{2})$")


class DateState(StrEnum):
    CHANGED = "changed"
    CANCELLED = "cancelled"
    """The organizer took it out, and this attendee's copy shows it as cancelled."""
    GONE = "gone"
    """Not on this calendar any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDate:
    """One date that is not as the master. `values` holds only what differs from the master's."""

    state: DateState
    id: str | None = None
    etag: str = ""
    values: dict[Field, Value] = field(default_factory=dict)
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSeries:
    master: RemoteEvent
    dates: dict[date, SeriesDate]


def series_from_graph(
    payload: Mapping[str, Any], *, live: Iterable[RemoteEvent] = ()
) -> RemoteSeries:
    """`payload` has `exceptionOccurrences` and `cancelledOccurrences`. `live`: occurrences that
    tell what the days in the latter mean, see `doubtful_day`."""
    master = event_from_graph(payload)
    when = master.values.get(Field.WHEN)
    if when is None or not when.get("rrule"):
        return RemoteSeries(master=master, dates={})
    exceptions = _exceptions(payload)
    by_utc = _is_by_utc(when, [*exceptions, *live])
    gone = {_slot_day(when, day, by_utc=bool(by_utc)) for day in _cancelled_days(payload)}
    dates = {day: SeriesDate(state=DateState.GONE) for day in sorted(gone)}
    for seen in exceptions:
        day = day_of(when, seen.original_start)
        if day is not None:
            dates[day] = _changed_date(master, seen, day)
    return RemoteSeries(master=master, dates=dates)


def doubtful_day(payload: Mapping[str, Any]) -> date | None:
    """A day that was cancelled, if only another occurrence can tell which slot it names: one near
    to it, since by a clock that changes in summer both days may be the same in winter."""
    when = event_from_graph(payload).values.get(Field.WHEN)
    if when is None or not when.get("rrule"):
        return None
    if _is_by_utc(when, _exceptions(payload)) is not None:
        return None
    doubtful = (
        day
        for day in _cancelled_days(payload)
        if _slot_day(when, day, by_utc=True) != _slot_day(when, day, by_utc=False)
    )
    return next(doubtful, None)


def day_of(when: Value, instant: datetime | None) -> date | None:
    """The day of the slot that begins at this instant, in the series' zone."""
    if instant is None:
        return None
    if when["all_day"]:
        # Midnight, by a clock that is not told: the nearest date is meant.
        return (instant.astimezone(UTC) + timedelta(hours=12)).date()
    return instant.astimezone(zone(when["zone"] or "UTC")).date()


def _exceptions(payload: Mapping[str, Any]) -> list[RemoteEvent]:
    return [event_from_graph(item) for item in payload.get("exceptionOccurrences") or []]


def _cancelled_days(payload: Mapping[str, Any]) -> list[date]:
    found = (DAY_AT_END.search(name) for name in payload.get("cancelledOccurrences") or [])
    return [date.fromisoformat(match[1]) for match in found if match]


def _is_by_utc(when: Value, named_twice: Iterable[RemoteEvent]) -> bool | None:
    """Whether Outlook names days by UTC's clock; None when no date tells."""
    for seen in named_twice:
        named = DAY_AT_END.search(seen.occurrence_id or "")
        day = day_of(when, seen.original_start)
        if named and seen.original_start and day != seen.original_start.astimezone(UTC).date():
            return named[1] != str(day)
    return None


def _slot_day(when: Value, day: date, *, by_utc: bool) -> date:
    if not by_utc or when["all_day"]:
        return day
    for candidate in (day, day - timedelta(days=1), day + timedelta(days=1)):
        if yields(when, candidate):
            start = datetime.fromisoformat(slot(when, candidate)["start"])
            if start.astimezone(UTC).date() == day:
                return candidate
    return day


def _changed_date(master: RemoteEvent, seen: RemoteEvent, day: date) -> SeriesDate:
    state = DateState.CANCELLED if seen.is_cancelled else DateState.CHANGED
    return SeriesDate(
        state=state,
        id=seen.id,
        etag=seen.etag,
        values=_differing(master.values, seen.values, day),
        modified_at=seen.modified_at,
    )


def _differing(master: Values, values: Values, day: date) -> dict[Field, Value]:
    usual = {**master, Field.WHEN: slot(master[Field.WHEN], day)}
    return {
        f: value
        for f, value in values.items()
        if f in DATED and f in usual and not same(f, value, usual[f])
    }
