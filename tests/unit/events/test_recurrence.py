"""Series by example: rules in and out, their dates, their times through changes of the clock."""

import time
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import pytest

from leansoft.events.recurrence import (
    BadRule,
    Inexpressible,
    Rule,
    check_rule,
    cut_before,
    dates,
    describe,
    rest_from,
    rule_of,
    rule_text,
    same_rule,
    settle_start,
    slot,
    span,
    yields,
)

# Tuesday 1 December 2026, 09:00 in Berlin.
BERLIN = {
    "start": "2026-12-01T08:00:00Z",
    "end": "2026-12-01T09:00:00Z",
    "zone": "Europe/Berlin",
    "all_day": False,
}
ALL_DAY = {"start": "2026-12-01", "end": "2026-12-03", "zone": None, "all_day": True}


def series(text: str, **changes: Any) -> dict[str, Any]:
    return {**BERLIN, **changes, "rrule": text}


def first(when: Any, number: int = 5, **bounds: date) -> list[str]:
    return [str(day) for day in islice(dates(when, **bounds), number)]


WORKDAYS = ("MO", "TU", "WE", "TH", "FR")

EXPRESSIBLE = [
    ("FREQ=DAILY", Rule(frequency="daily"), "FREQ=DAILY"),
    ("FREQ=DAILY;INTERVAL=3", Rule(frequency="daily", interval=3), "FREQ=DAILY;INTERVAL=3"),
    ("FREQ=DAILY;COUNT=999", Rule(frequency="daily", count=999), "FREQ=DAILY;COUNT=999"),
    (
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
        Rule(frequency="weekly", days=WORKDAYS),
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    ),
    ("FREQ=WEEKLY", Rule(frequency="weekly", days=("TU",)), "FREQ=WEEKLY;BYDAY=TU"),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU",
        Rule(frequency="weekly", interval=2, days=("TU", "SU"), week_start="SU"),
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
    ),
    (
        "FREQ=WEEKLY;BYDAY=SU,TU,TU;WKST=SU",
        Rule(frequency="weekly", days=("TU", "SU")),
        "FREQ=WEEKLY;BYDAY=TU,SU",
    ),
    ("FREQ=MONTHLY", Rule(frequency="monthly", day=1), "FREQ=MONTHLY;BYMONTHDAY=1"),
    (
        "FREQ=MONTHLY;BYMONTHDAY=30",
        Rule(frequency="monthly", day=30),
        "FREQ=MONTHLY;BYMONTHDAY=30",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        Rule(frequency="monthly", day=31),
        "FREQ=MONTHLY;BYMONTHDAY=31",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        Rule(frequency="monthly", day=31),
        "FREQ=MONTHLY;BYMONTHDAY=31",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",
        Rule(frequency="monthly", day=30),
        "FREQ=MONTHLY;BYMONTHDAY=30",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=29,28;BYSETPOS=-1",
        Rule(frequency="monthly", day=29),
        "FREQ=MONTHLY;BYMONTHDAY=29",
    ),
    (
        "FREQ=MONTHLY;BYDAY=+2TU",
        Rule(frequency="monthly", days=("TU",), position=2),
        "FREQ=MONTHLY;BYDAY=2TU",
    ),
    (
        "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1",
        Rule(frequency="monthly", days=("FR",), position=-1),
        "FREQ=MONTHLY;BYDAY=-1FR",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=FR,MO,TU,WE,TH;BYSETPOS=1",
        Rule(frequency="monthly", interval=3, days=WORKDAYS, position=1),
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
    ),
    (
        "FREQ=YEARLY",
        Rule(frequency="yearly", day=1, month=12),
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1",
    ),
    (
        "FREQ=YEARLY;BYMONTH=3",
        Rule(frequency="yearly", day=1, month=3),
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1",
    ),
    (
        "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1",
        Rule(frequency="yearly", day=30, month=4),
        "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=30",
    ),
    (
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
        Rule(frequency="yearly", day=29, month=2),
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    ),
    (
        "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        Rule(frequency="yearly", days=("SU",), position=-1, month=10),
        "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    ),
    (
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SA,SU;BYSETPOS=4",
        Rule(frequency="yearly", interval=2, days=("SA", "SU"), position=4, month=1),
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SA,SU;BYSETPOS=4",
    ),
]


@pytest.mark.parametrize(("text", "rule", "canonical"), EXPRESSIBLE)
def test_rule_that_outlook_knows(text: str, rule: Rule, canonical: str) -> None:
    assert rule_of(series(text)) == rule
    assert rule_text(rule, BERLIN) == canonical


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FREQ=HOURLY", "Outlook cannot repeat every hour."),
        ("FREQ=MINUTELY;INTERVAL=90", "Outlook cannot repeat every minute."),
        ("FREQ=SECONDLY", "Outlook cannot repeat every second."),
        ("FREQ=DAILY;BYHOUR=9,15", "at the time of the first date"),
        ("FREQ=WEEKLY;BYMINUTE=30", "at the time of the first date"),
        ("FREQ=DAILY;COUNT=1000", "at most 999 times"),
        ("FREQ=DAILY;INTERVAL=1000", "no interval above 999"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", "every day by BYDAY"),
        ("FREQ=DAILY;BYMONTH=1", "every day by BYMONTH"),
        ("FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1", "every week by BYDAY and BYSETPOS"),
        ("FREQ=WEEKLY;BYMONTH=1,2", "every week by BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "one day of a month, not on several"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "from its end"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "every month by BYDAY and BYMONTHDAY"),
        ("FREQ=MONTHLY;BYDAY=MO", "one day of a month, not on several"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", "one day of a month, not on several"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,3", "one day of a month, not on several"),
        ("FREQ=MONTHLY;BYDAY=5MO", "first to the fourth and the last"),
        ("FREQ=MONTHLY;BYDAY=-2MO", "first to the fourth and the last"),
        ("FREQ=MONTHLY;BYMONTH=1;BYMONTHDAY=5", "every month by BYMONTH and BYMONTHDAY"),
        ("FREQ=YEARLY;BYMONTH=1,7", "several months of a year"),
        ("FREQ=YEARLY;BYMONTHDAY=15", "yearly only on a day of one month"),
        ("FREQ=YEARLY;BYDAY=20MO", "yearly only on a day of one month"),
        ("FREQ=YEARLY;BYWEEKNO=20", "yearly only on a day of one month"),
        ("FREQ=YEARLY;BYYEARDAY=100", "yearly only on a day of one month"),
        ("FREQ=YEARLY;BYMONTH=3;BYWEEKNO=10", "every year by BYMONTH and BYWEEKNO"),
    ],
)
def test_rule_that_outlook_does_not_know_says_why(text: str, reason: str) -> None:
    check_rule(text)
    with pytest.raises(Inexpressible) as caught:
        rule_of(series(text))
    assert reason in str(caught.value)
    assert str(caught.value).startswith("Outlook ")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "empty"),
        ("  ;", "empty"),
        ("weekly", "'WEEKLY' is no part"),
        ("INTERVAL=2", "FREQ is missing"),
        ("FREQ=", "FREQ= is unknown"),
        ("FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY is unknown"),
        ("FREQ=DAILY;FREQ=WEEKLY", "FREQ is given twice"),
        ("FREQ=DAILY;X-NAME=1", "'X-NAME=1' is no part"),
        ("RSCALE=CHINESE;FREQ=YEARLY", "'RSCALE=CHINESE' is no part"),
        ("FREQ=DAILY;;COUNT=2", "'' is no part"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL=-1"),
        ("FREQ=DAILY;INTERVAL=1.5", "INTERVAL=1.5"),
        ("FREQ=DAILY;COUNT=0", "COUNT=0"),
        ("FREQ=DAILY;COUNT=ten", "COUNT=TEN"),
        ("FREQ=DAILY;COUNT=²", "COUNT=²"),
        ("FREQ=DAILY;COUNT=" + "9" * 400, "COUNT=999"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20261231", "exclude each other"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL=TOMORROW"),
        ("FREQ=DAILY;UNTIL=20260231", "no date in the calendar"),
        ("FREQ=DAILY;UNTIL=20261231T250000Z", "no date in the calendar"),
        ("FREQ=DAILY;UNTIL=20261231Z", "UNTIL=20261231Z"),
        ("FREQ=DAILY;UNTIL=2026-12-31", "UNTIL=2026-12-31"),
        ("FREQ=WEEKLY;WKST=XX", "WKST=XX is unknown"),
        ("FREQ=WEEKLY;BYDAY=", "BYDAY="),
        ("FREQ=WEEKLY;BYDAY=MON", "BYDAY=MON"),
        ("FREQ=WEEKLY;BYDAY=MO,,TU", "BYDAY= is no day"),
        ("FREQ=WEEKLY;BYDAY=1MO", "numbered day"),
        ("FREQ=MONTHLY;BYDAY=0MO", "not within 1 to 53"),
        ("FREQ=MONTHLY;BYDAY=54MO", "not within 1 to 53"),
        ("FREQ=YEARLY;BYWEEKNO=10;BYDAY=1MO", "BYWEEKNO"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY=0 is not within 1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY=32"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=13 is not within 1 to 12"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH=-1"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY cannot go with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY cannot go with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO cannot go with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS picks"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR=24 is not within 0 to 23"),
    ],
)
def test_what_is_no_rule_is_named(text: str, wrong: str) -> None:
    with pytest.raises(BadRule) as caught:
        check_rule(text)
    assert wrong in str(caught.value)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20261208", "2026-12-08"),
        ("20261208T090000", "2026-12-08"),
        ("20261208T085959", "2026-12-07"),
        ("20261208T080000Z", "2026-12-08"),
        ("20261208T075959Z", "2026-12-07"),
        # Still the 8th in UTC, already the 9th in Berlin, and too early for its slot.
        ("20261208T233000Z", "2026-12-08"),
        ("99991231T235959Z", None),
        ("45000101", None),
    ],
)
def test_until_is_the_last_possible_day(until: str, last: str | None) -> None:
    rule = rule_of(series(f"FREQ=DAILY;UNTIL={until}"))
    assert rule.until == (date.fromisoformat(last) if last else None)


@pytest.mark.parametrize("until", ["20261208", "20261208T000000", "20261208T235959Z"])
def test_until_of_an_all_day_series_is_its_date(until: str) -> None:
    rule = rule_of({**ALL_DAY, "rrule": f"FREQ=DAILY;UNTIL={until}"})
    assert rule.until == date(2026, 12, 8)
    assert rule_text(rule, ALL_DAY) == "FREQ=DAILY;UNTIL=20261208"


def test_until_is_written_as_the_instant_of_that_days_slot() -> None:
    rule = Rule(frequency="daily", until=date(2027, 7, 1))
    assert rule_text(rule, BERLIN) == "FREQ=DAILY;UNTIL=20270701T070000Z"


def test_a_series_that_ends_before_it_begins_is_no_series() -> None:
    with pytest.raises(BadRule, match="ends before it begins"):
        rule_of(series("FREQ=DAILY;UNTIL=20261130"))


def test_a_rule_without_days_takes_the_day_that_the_clock_of_its_zone_shows() -> None:
    # 08:00 on Tuesday in Tokyo is Monday night in UTC.
    tokyo = series("FREQ=WEEKLY", start="2026-11-30T23:00:00Z", zone="Asia/Tokyo")
    assert rule_of(tokyo).days == ("TU",)
    assert rule_of({**tokyo, "zone": None}).days == ("MO",)


DATES = [
    ("FREQ=DAILY;INTERVAL=2;COUNT=3", ["2026-12-01", "2026-12-03", "2026-12-05"]),
    ("FREQ=WEEKLY;BYDAY=TU,FR;UNTIL=20261210", ["2026-12-01", "2026-12-04", "2026-12-08"]),
    # The week of 1 December begins on Sunday 29 November, or on Monday 30 November.
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;COUNT=3", ["2026-12-01", "2026-12-06", "2026-12-15"]),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;COUNT=3;WKST=SU",
        ["2026-12-01", "2026-12-13", "2026-12-15"],
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=5",
        ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"],
    ),
    ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=29;COUNT=2", ["2026-12-29", "2027-02-28"]),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", ["2026-12-31", "2027-01-29"]),
    ("FREQ=MONTHLY;BYDAY=TU,TH;BYSETPOS=2;COUNT=2", ["2026-12-03", "2027-01-07"]),
    (
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=3",
        ["2027-02-28", "2028-02-29", "2029-02-28"],
    ),
    ("FREQ=YEARLY;INTERVAL=3;BYMONTH=10;BYDAY=-1SU;COUNT=2", ["2027-10-31", "2030-10-27"]),
    # What Outlook does not know is as in RFC 5545: no 31 April.
    ("FREQ=MONTHLY;BYMONTHDAY=30,31;COUNT=4", ["2026-12-30", "2026-12-31", "2027-01-30"]),
    ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR;COUNT=2", ["2027-08-13", "2028-10-13"]),
    ("FREQ=YEARLY;BYWEEKNO=20;COUNT=2", ["2027-05-18", "2028-05-16"]),
    ("FREQ=DAILY;BYHOUR=9,15;COUNT=5", ["2026-12-01", "2026-12-02", "2026-12-03"]),
    ("FREQ=HOURLY;INTERVAL=36", ["2026-12-01", "2026-12-02", "2026-12-04"]),
    ("FREQ=HOURLY;INTERVAL=6;BYDAY=FR", ["2026-12-04", "2026-12-11"]),
    ("FREQ=MINUTELY;INTERVAL=1000;COUNT=4", ["2026-12-01", "2026-12-02", "2026-12-03"]),
    ("FREQ=SECONDLY;BYMONTH=1;BYMONTHDAY=6", ["2027-01-06", "2028-01-06"]),
    ("FREQ=HOURLY;INTERVAL=999999999", ["2026-12-01"]),
    ("FREQ=MINUTELY;COUNT=901", ["2026-12-01", "2026-12-02"]),
    ("FREQ=MINUTELY;UNTIL=20261202", ["2026-12-01", "2026-12-02"]),
    ("FREQ=DAILY;BYMONTH=12;UNTIL=20261202T075959Z", ["2026-12-01"]),
    ("FREQ=DAILY;BYMONTH=12;UNTIL=20261202T090000", ["2026-12-01", "2026-12-02"]),
    ("FREQ=HOURLY;INTERVAL=7;BYHOUR=9,10;UNTIL=20261204", ["2026-12-01", "2026-12-03"]),
]


@pytest.mark.parametrize(("text", "wanted"), DATES)
def test_dates_of_a_rule(text: str, wanted: list[str]) -> None:
    assert first(series(text), len(wanted)) == wanted
    if "UNTIL" in text or "INTERVAL=999999999" in text:
        assert first(series(text), 100) == wanted


@pytest.mark.parametrize(("text", "wanted"), [one for one in DATES if "COUNT" in one[0]])
def test_a_counted_rule_has_no_more_dates(text: str, wanted: list[str]) -> None:
    assert len(first(series(text), 100)) - len(wanted) in {0, 1}


def test_bounds_are_from_after_to_before() -> None:
    when = series("FREQ=DAILY")
    found = first(when, after=date(2026, 12, 30), before=date(2027, 1, 2))
    assert found == ["2026-12-30", "2026-12-31", "2027-01-01"]
    assert first(when, before=date(2026, 12, 1)) == []
    assert first(when, after=date.max) == []


def test_a_day_centuries_away_is_found_at_once() -> None:
    began = time.perf_counter()
    for text in ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=MONTHLY;BYDAY=2TU"):
        assert first(series(text), 1, after=date(2900, 1, 1)) >= ["2900-01-01"]
    assert time.perf_counter() - began < 0.05


@pytest.mark.parametrize("text", ["FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=1,15"])
def test_an_endless_series_ends_with_outlooks_calendar(text: str) -> None:
    assert "4499-12-01" <= first(series(text), 100, after=date(4499, 11, 25))[-1] <= "4499-12-31"


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=10",
        "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=10",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_a_rule_that_never_matches_does_not_run_for_ever(text: str) -> None:
    assert first(series(text)) == []


def test_a_day_is_in_the_series_or_not() -> None:
    when = series("FREQ=MONTHLY;BYMONTHDAY=31")
    assert yields(when, date(2027, 2, 28))
    assert not yields(when, date(2027, 3, 30))


def test_deleted_dates_are_counted() -> None:
    """The rule knows nothing of them: COUNT is the number of slots."""
    assert len(first(series("FREQ=DAILY;COUNT=10"), 20)) == 10


def test_slot_keeps_the_clock_through_summer_time() -> None:
    when = series("FREQ=DAILY")
    assert slot(when, date(2027, 3, 27))["start"] == "2027-03-27T08:00:00Z"
    assert slot(when, date(2027, 3, 28))["start"] == "2027-03-28T07:00:00Z"
    assert slot(when, date(2027, 10, 31))["end"] == "2027-10-31T09:00:00Z"


def test_slot_across_the_change_keeps_the_clock_at_its_end() -> None:
    night = series("FREQ=DAILY", start="2026-12-01T22:00:00Z", end="2026-12-02T05:00:00Z")
    # 23:00 to 06:00, which is an hour shorter in the night of the change.
    assert slot(night, date(2027, 3, 27)) == {
        **BERLIN,
        "start": "2027-03-27T22:00:00Z",
        "end": "2027-03-28T04:00:00Z",
    }


def test_slot_that_the_clock_skips_moves_forward() -> None:
    early = series("FREQ=DAILY", start="2026-12-01T01:30:00Z", end="2026-12-01T02:00:00Z")
    # 02:30 to 03:00: neither its start nor a later end is lost.
    assert slot(early, date(2027, 3, 28)) == {
        **BERLIN,
        "start": "2027-03-28T01:30:00Z",
        "end": "2027-03-28T02:00:00Z",
    }


def test_slot_in_the_hour_that_comes_twice_is_the_first() -> None:
    early = series("FREQ=DAILY", start="2026-12-01T01:30:00Z", end="2026-12-01T02:30:00Z")
    assert slot(early, date(2027, 10, 31))["start"] == "2027-10-31T00:30:00Z"
    assert slot(early, date(2027, 10, 31))["end"] == "2027-10-31T02:30:00Z"


def test_first_slot_stays_in_the_second_of_two_hours() -> None:
    late = series("FREQ=YEARLY", start="2026-10-25T01:30:00Z", end="2026-10-25T01:45:00Z")
    assert slot(late, date(2026, 10, 25))["start"] == "2026-10-25T01:30:00Z"


def test_slot_without_a_zone_is_in_utc() -> None:
    when = series("FREQ=DAILY", zone=None)
    assert slot(when, date(2027, 7, 1)) == {
        "start": "2027-07-01T08:00:00Z",
        "end": "2027-07-01T09:00:00Z",
        "zone": None,
        "all_day": False,
    }


def test_slot_of_an_all_day_series_is_as_many_days() -> None:
    when = {**ALL_DAY, "rrule": "FREQ=MONTHLY"}
    assert slot(when, date(2027, 2, 1)) == {
        "start": "2027-02-01",
        "end": "2027-02-03",
        "zone": None,
        "all_day": True,
    }


def test_slot_follows_a_rule_that_names_the_hour() -> None:
    when = series("FREQ=DAILY;BYHOUR=15,18")
    assert slot(when, date(2026, 12, 2))["start"] == "2026-12-02T14:00:00Z"


@pytest.mark.parametrize(
    ("text", "start", "settled"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "2026-12-01T08:00:00Z", "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-12-07T08:00:00Z", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=YEARLY;BYMONTH=7", "2027-07-01T07:00:00Z", "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=1"),
        ("FREQ=MONTHLY;BYMONTHDAY=5,6", "2026-12-05T08:00:00Z", "FREQ=MONTHLY;BYMONTHDAY=5,6"),
        ("FREQ=DAILY;BYHOUR=15", "2026-12-01T14:00:00Z", "FREQ=DAILY;BYHOUR=15"),
    ],
)
def test_a_start_off_its_pattern_moves_to_the_first_match(
    text: str, start: str, settled: str
) -> None:
    moved = settle_start(series(text))
    assert (moved["start"], moved["rrule"]) == (start, settled)
    assert moved["end"] == slot(moved, datetime.fromisoformat(start).date())["end"]


def test_the_interval_counts_from_the_first_match() -> None:
    """Graph's example: first Thursday of every second month from 29 August (event.md §4)."""
    when = series(
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH",
        start="2019-08-29T07:00:00Z",
        end="2019-08-29T08:00:00Z",
    )
    assert first(settle_start(when), 2) == ["2019-09-05", "2019-11-07"]


def test_a_rule_without_dates_cannot_be_settled() -> None:
    with pytest.raises(BadRule, match="yields no date"):
        settle_start(series("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261203"))


def test_span_of_a_series() -> None:
    begin = datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert span(series("FREQ=DAILY")) == (begin, None)
    assert span(series("FREQ=MONTHLY;BYMONTHDAY=1,2")) == (begin, None)
    assert span(series("FREQ=MONTHLY;COUNT=9")) == (begin, datetime(2027, 8, 1, 8, tzinfo=UTC))
    until = series("FREQ=MONTHLY;BYMONTHDAY=1,2;UNTIL=20270210")
    assert span(until) == (begin, datetime(2027, 2, 2, 9, tzinfo=UTC))
    assert span({**ALL_DAY, "rrule": "FREQ=DAILY;COUNT=2"}) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2026, 12, 4, tzinfo=UTC),
    )


def test_cut_and_rest_of_a_counted_series() -> None:
    when = series("FREQ=WEEKLY;COUNT=10")
    assert cut_before(when, date(2026, 12, 15)) == series(
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261208T080000Z"
    )
    assert rest_from(when, date(2026, 12, 15)) == series(
        "FREQ=WEEKLY;BYDAY=TU;COUNT=8",
        start="2026-12-15T08:00:00Z",
        end="2026-12-15T09:00:00Z",
    )
    assert cut_before(when, date(2026, 12, 1)) is None
    assert rest_from(when, date(2026, 12, 1))["rrule"] == "FREQ=WEEKLY;BYDAY=TU;COUNT=10"


def test_the_rest_remembers_the_31st_when_it_begins_in_a_short_month() -> None:
    rest = rest_from(series("FREQ=MONTHLY;BYMONTHDAY=31"), date(2027, 2, 28))
    assert rest["start"] == "2027-02-28T08:00:00Z"
    assert first(rest, 2) == ["2027-02-28", "2027-03-31"]


@pytest.mark.parametrize(
    ("text", "head", "tail"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=6", 2, "FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=4"),
        ("FREQ=DAILY;BYHOUR=9,15;COUNT=81", 31, "FREQ=DAILY;BYHOUR=9,15;COUNT=19"),
        ("FREQ=HOURLY;COUNT=1000", 31, "FREQ=HOURLY;COUNT=265"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", 2, "FREQ=MONTHLY;BYMONTHDAY=1,15"),
    ],
)
def test_cut_and_rest_of_a_rule_that_outlook_does_not_know(text: str, head: int, tail: str) -> None:
    when, day = series(text), date(2027, 1, 1)
    kept, rest = cut_before(when, day), rest_from(when, day)
    assert kept is not None
    assert rest["rrule"] == tail
    assert len(list(dates(kept))) == head
    assert first(kept, head) + first(rest, 10) == first(when, head + 10)


def test_nothing_is_left_past_the_end() -> None:
    with pytest.raises(BadRule, match="over by then"):
        rest_from(series("FREQ=DAILY;COUNT=3"), date(2026, 12, 4))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU;WKST=SU", True),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=31", True),
        ("FREQ=YEARLY;INTERVAL=2", "FREQ=MONTHLY;INTERVAL=24", True),
        ("FREQ=WEEKLY;UNTIL=20261208", "FREQ=WEEKLY;UNTIL=20261214T120000Z", True),
        ("FREQ=HOURLY;BYDAY=TU,MO", "BYDAY=MO,TU;FREQ=HOURLY;INTERVAL=1", True),
        ("FREQ=WEEKLY;UNTIL=20261208", "FREQ=WEEKLY;UNTIL=20261215", False),
        ("FREQ=WEEKLY;UNTIL=20261208", "FREQ=WEEKLY;COUNT=2", False),
        ("FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;COUNT=2", False),
        ("FREQ=DAILY", "FREQ=WEEKLY", False),
        ("FREQ=HOURLY", "FREQ=DAILY", False),
        ("FREQ=HOURLY;BYDAY=TU", "FREQ=HOURLY;BYDAY=WE", False),
        ("FREQ=DAILY;UNTIL=20261130", "FREQ=DAILY", False),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261203", "FREQ=WEEKLY;BYDAY=MO", False),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=9;UNTIL=20261203", "FREQ=MONTHLY", False),
    ],
)
def test_two_rules_are_the_same_when_outlook_stores_them_alike(
    one: str, other: str, alike: bool
) -> None:
    assert same_rule(series(one), series(other)) is alike
    assert same_rule(series(other), series(one)) is alike


def test_an_unknown_zone_is_taken_to_be_the_others() -> None:
    text = "FREQ=DAILY;UNTIL=20261208T003000Z"
    night = series(text, start="2026-12-01T00:30:00Z", end="2026-12-01T01:00:00Z")
    assert same_rule(night, {**night, "zone": None})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=DAILY", "Every day"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=1", "Every 3 days, once"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every weekday"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10",
            "Every 2 weeks on Monday and Friday, 10 times",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "Every week on Monday, Wednesday and Friday"),
        ("FREQ=MONTHLY;UNTIL=20270305", "Every month on day 1, until 5 March 2027"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "Every month on the last day"),
        ("FREQ=MONTHLY;BYDAY=2TU", "Every month on the second Tuesday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", "Every month on the first Monday or Tuesday"),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "Every 3 months on the last weekday",
        ),
        ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1", "Every month on the first weekend day"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=3", "Every month on the third day"),
        ("FREQ=YEARLY", "Every year on 1 December"),
        ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "Every year on the last Sunday of October"),
        ("FREQ=HOURLY;INTERVAL=2;COUNT=5", "Every 2 hours, 5 times"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,15;UNTIL=20270305",
            "Every month by a rule of its own, until 5 March 2027",
        ),
    ],
)
def test_a_rule_in_words(text: str, words: str) -> None:
    assert describe(series(text)) == words
