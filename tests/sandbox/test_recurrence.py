"""Recurrence against python-dateutil, for what both can express."""

from datetime import date, datetime, timedelta
from typing import Any

from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from outlook_sandbox.mailbox.models.patterns import recurrence
from outlook_sandbox.mailbox.models.recurrence import WEEKDAYS, Rule, dates, dates_between
from sandbox.ledger import covers

first_days = st.dates(date(2020, 1, 1), date(2030, 12, 28))
some_weekdays = st.sets(st.integers(0, 6), min_size=1).map(sorted)

many = settings(max_examples=800)
"""Five properties: some thousands of patterns."""


def rule_of(pattern: dict[str, Any], start: date, number: int) -> Rule:
    span = {"type": "numbered", "startDate": start.isoformat(), "numberOfOccurrences": number}
    value = recurrence({"pattern": pattern, "range": span})
    assert value is not None
    return Rule.of(value)


def expected_dates(start: date, number: int, **arguments: Any) -> list[date]:
    begin = datetime(start.year, start.month, start.day)  # noqa: DTZ001 (dates only)
    return [found.date() for found in rrule.rrule(dtstart=begin, count=number, **arguments)]


@many
@given(start=first_days, interval=st.integers(1, 40), number=st.integers(1, 60))
@covers("event.dateutil")
def test_daily_agrees_with_dateutil(start: date, interval: int, number: int) -> None:
    rule = rule_of({"type": "daily", "interval": interval}, start, number)
    expected = expected_dates(start, number, freq=rrule.DAILY, interval=interval)
    assert list(dates(rule)) == expected


@many
@given(
    start=first_days,
    interval=st.integers(1, 9),
    weekdays=some_weekdays,
    first=st.integers(0, 6),
    number=st.integers(1, 60),
)
@covers("event.dateutil")
def test_weekly_agrees_with_dateutil(
    start: date, interval: int, weekdays: list[int], first: int, number: int
) -> None:
    start = next(d for n in range(7) if (d := start + timedelta(n)).weekday() in weekdays)
    pattern = {
        "type": "weekly",
        "interval": interval,
        "daysOfWeek": [WEEKDAYS[day] for day in weekdays],
        "firstDayOfWeek": WEEKDAYS[first],
    }
    arguments = {"interval": interval, "byweekday": weekdays, "wkst": first}
    expected = expected_dates(start, number, freq=rrule.WEEKLY, **arguments)
    assert list(dates(rule_of(pattern, start, number))) == expected


@many
@given(start=first_days, interval=st.integers(1, 14), number=st.integers(1, 60))
@covers("event.dateutil", "event.short-months")
def test_day_of_month_agrees_with_dateutil(start: date, interval: int, number: int) -> None:
    """The last day of a short month is what BYMONTHDAY=…,BYSETPOS=-1 says in RFC 5545."""
    pattern = {"type": "absoluteMonthly", "interval": interval, "dayOfMonth": start.day}
    month_days = list(range(28, start.day + 1)) if start.day > 28 else [start.day]
    expected = expected_dates(
        start, number, freq=rrule.MONTHLY, interval=interval, bymonthday=month_days, bysetpos=-1
    )
    assert list(dates(rule_of(pattern, start, number))) == expected


@many
@given(
    start=first_days,
    interval=st.integers(1, 6),
    weekdays=some_weekdays,
    index=st.integers(0, 4),
    yearly=st.booleans(),
)
@covers("event.dateutil", "event.several-days")
def test_relative_patterns_agree_with_dateutil(
    start: date, interval: int, weekdays: list[int], index: int, yearly: bool
) -> None:
    words = ("first", "second", "third", "fourth", "last")
    pattern = {
        "type": "relativeYearly" if yearly else "relativeMonthly",
        "interval": interval,
        "daysOfWeek": [WEEKDAYS[day] for day in weekdays],
        "index": words[index],
        "month": start.month,
    }
    found = list(dates(rule_of(pattern, start, 12)))
    # RFC 5545 counts the interval from the start's own period, so begin at the first match.
    month = {"bymonth": start.month} if yearly else {}
    expected = expected_dates(
        found[0],
        12,
        freq=rrule.YEARLY if yearly else rrule.MONTHLY,
        interval=interval,
        byweekday=weekdays,
        bysetpos=-1 if index == 4 else index + 1,
        **month,
    )
    assert found == expected
    assert start <= found[0] <= start + timedelta(days=366 * 2)


@given(start=first_days, low=first_days, length=st.integers(0, 800), interval=st.integers(1, 20))
def test_dates_between_are_the_dates_between(
    start: date, low: date, length: int, interval: int
) -> None:
    rule = rule_of({"type": "daily", "interval": interval}, start, 900)
    high = low + timedelta(days=length)
    assert list(dates_between(rule, low, high)) == [d for d in dates(rule) if low <= d <= high]
