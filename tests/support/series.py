"""Series for property tests: every rule that Outlook can express, from 1970 to 2100."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from hypothesis import strategies as st

from leansoft.events.recurrence import Rule, dates, rule_text, settle_start
from leansoft.events.rule_parts import WEEK
from leansoft.events.rules import tidy

# Tuesday 1 December 2026, 09:00 in Berlin.
BERLIN = {
    "start": "2026-12-01T08:00:00Z",
    "end": "2026-12-01T09:00:00Z",
    "zone": "Europe/Berlin",
    "all_day": False,
}
ALL_DAY = {"start": "2026-12-01", "end": "2026-12-03", "zone": None, "all_day": True}


def in_berlin(text: str, **changes: Any) -> dict[str, Any]:
    return {**BERLIN, **changes, "rrule": text}


def first_days(when: Any, number: int = 5, **bounds: date) -> list[str]:
    return [str(day) for day in islice(dates(when, **bounds), number)]


ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
EPOCH = datetime(1970, 1, 2, tzinfo=UTC)
QUARTERS = 130 * 365 * 24 * 4

intervals = st.integers(1, 12) | st.integers(1, 999)
days_of_week = st.sets(st.sampled_from(WEEK), min_size=1).map(tuple)
positions = st.sampled_from([1, 2, 3, 4, -1])


def patterns(last_day: int = 31) -> st.SearchStrategy[Rule]:
    """Rules without an end; `last_day` 28 leaves out what a short month changes."""
    month, day = st.integers(1, 12), st.integers(1, last_day)
    return st.one_of(
        st.builds(Rule, frequency=st.just("daily"), interval=intervals),
        st.builds(
            Rule,
            frequency=st.just("weekly"),
            interval=intervals,
            days=days_of_week,
            week_start=st.sampled_from(WEEK),
        ),
        st.builds(Rule, frequency=st.just("monthly"), interval=intervals, day=day),
        st.builds(
            Rule,
            frequency=st.just("monthly"),
            interval=intervals,
            days=days_of_week,
            position=positions,
        ),
        st.builds(Rule, frequency=st.just("yearly"), interval=intervals, day=day, month=month),
        st.builds(
            Rule,
            frequency=st.just("yearly"),
            interval=intervals,
            days=days_of_week,
            position=positions,
            month=month,
        ),
    ).map(tidy)


@st.composite
def timed(draw: st.DrawFn) -> dict[str, Any]:
    start = EPOCH + timedelta(minutes=15 * draw(st.integers(0, QUARTERS)))
    end = start + timedelta(minutes=15 * draw(st.integers(0, 300)))
    return {
        "start": start.isoformat().replace("+00:00", "Z"),
        "end": end.isoformat().replace("+00:00", "Z"),
        "zone": draw(st.sampled_from(ZONES)),
        "all_day": False,
    }


@st.composite
def all_day(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(st.dates(date(1970, 1, 2), date(2100, 1, 1)))
    end = start + timedelta(days=draw(st.integers(1, 5)))
    return {"start": str(start), "end": str(end), "zone": None, "all_day": True}


@st.composite
def series(draw: st.DrawFn, *, last_day: int = 31, endless: bool = False) -> dict[str, Any]:
    """The `when` of a series whose start is its first slot."""
    rule, first = draw(patterns(last_day)), draw(timed() | all_day())
    when: dict[str, Any] = settle_start({**first, "rrule": rule_text(rule, first)})
    match "endless" if endless else draw(st.sampled_from(["endless", "count", "until"])):
        case "count":
            rule = replace(rule, count=draw(st.integers(1, 60)))
        case "until":
            start = datetime.fromisoformat(when["start"]).date() + timedelta(days=1)
            rule = replace(rule, until=start + timedelta(days=draw(st.integers(0, 4000))))
    return {**when, "rrule": rule_text(rule, when)}
