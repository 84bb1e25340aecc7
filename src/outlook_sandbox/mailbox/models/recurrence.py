"""Recurrence: from Graph's pattern and range to dates (event.md §4).

Theory. A rule yields dates, never instants: the time of day and the zone belong to the event.
Every kind steps through *periods* (days, weeks, months, years). The first period is the one that
holds the first match on or after the range's start date, and the interval counts from there: the
documentation's example "first Thursday every two months from 29 August" begins in September.
"""

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import count, islice

from outlook_sandbox.http import Json

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INDEXES = ("first", "second", "third", "fourth", "last")
LAST_YEAR = 2200


@dataclass(frozen=True, slots=True)
class Rule:
    kind: str
    interval: int
    days: frozenset[int]
    """Weekdays, Monday = 0."""
    first_day: int
    index: int
    """0 to 3, or -1 for the last."""
    day: int
    month: int
    start: date
    end: date | None
    count: int | None

    @classmethod
    def of(cls, recurrence: Json) -> "Rule":
        """From a validated patternedRecurrence."""
        pattern, span = recurrence["pattern"], recurrence["range"]
        index = INDEXES.index(pattern["index"])
        numbered, bounded = span["type"] == "numbered", span["type"] == "endDate"
        return cls(
            kind=pattern["type"],
            interval=pattern["interval"],
            days=frozenset(WEEKDAYS.index(day) for day in pattern["daysOfWeek"]),
            first_day=WEEKDAYS.index(pattern["firstDayOfWeek"]),
            index=-1 if index == 4 else index,
            day=pattern["dayOfMonth"],
            month=pattern["month"],
            start=date.fromisoformat(span["startDate"]),
            end=date.fromisoformat(span["endDate"]) if bounded else None,
            count=span["numberOfOccurrences"] if numbered else None,
        )


def first_date(rule: Rule) -> date | None:
    return next(dates(rule), None)


def dates(rule: Rule) -> Iterator[date]:
    """All dates in order, deleted ones included; endless up to LAST_YEAR."""
    found: Iterator[date] = (day for day in _candidates(rule) if day >= rule.start)
    if rule.count is not None:
        found = islice(found, rule.count)
    for day in found:
        if rule.end is not None and day > rule.end:
            return
        yield day


def dates_between(rule: Rule, low: date, high: date) -> tuple[date, ...]:
    """Dates from `low` to `high`, both included."""
    if high.year > LAST_YEAR:
        high = date(LAST_YEAR, 12, 31)
    known = _dates_through(rule, high.year)
    return known[bisect_left(known, low) : bisect_right(known, high)]


@lru_cache(maxsize=4096)
def _dates_through(rule: Rule, year: int) -> tuple[date, ...]:
    found = []
    for day in dates(rule):
        if day.year > year:
            break
        found.append(day)
    return tuple(found)


def _candidates(rule: Rule) -> Iterator[date]:
    match rule.kind:
        case "daily":
            return _daily(rule)
        case "weekly":
            return _weekly(rule)
        case "absoluteMonthly" | "relativeMonthly":
            return _by_month(rule, rule.interval)
        case "absoluteYearly" | "relativeYearly":
            return _by_month(rule, rule.interval * 12)
    raise AssertionError(rule.kind)


def _daily(rule: Rule) -> Iterator[date]:
    day = rule.start
    while day.year <= LAST_YEAR:
        yield day
        day += timedelta(days=rule.interval)


def _weekly(rule: Rule) -> Iterator[date]:
    start = next(
        day
        for day in (rule.start + timedelta(days=n) for n in range(7))
        if day.weekday() in rule.days
    )
    week = start - timedelta(days=(start.weekday() - rule.first_day) % 7)
    offsets = sorted((day - rule.first_day) % 7 for day in rule.days)
    while week.year <= LAST_YEAR:
        for offset in offsets:
            yield week + timedelta(days=offset)
        week += timedelta(weeks=rule.interval)


def _by_month(rule: Rule, step: int) -> Iterator[date]:
    start = _first_month(rule)
    for number in count(start, step):
        year, month = divmod(number, 12)
        if year > LAST_YEAR:
            return
        yield _day_in_month(rule, year, month + 1)


def _first_month(rule: Rule) -> int:
    """The month of the first match, counted from year 0."""
    number = rule.start.year * 12 + rule.start.month - 1
    while True:
        year, month = divmod(number, 12)
        fits = not rule.kind.endswith("Yearly") or month + 1 == rule.month
        if fits and _day_in_month(rule, year, month + 1) >= rule.start:
            return number
        number += 1


def _day_in_month(rule: Rule, year: int, month: int) -> date:
    length = calendar.monthrange(year, month)[1]
    if rule.kind.startswith("absolute"):
        # Exchange takes the last day of a month that is too short (event.md §4).
        return date(year, month, min(rule.day, length))
    found = [
        day
        for day in (date(year, month, number) for number in range(1, length + 1))
        if day.weekday() in rule.days
    ]
    # Several days: the first, second … of all that fit (event.md §4).
    return found[rule.index]
