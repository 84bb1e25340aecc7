"""Series by example: their dates, and their times through changes of the clock."""

import time
from datetime import UTC, date, datetime

import pytest

from leansoft.events.recurrence import (
    BadRule,
    cut_before,
    dates,
    rest_from,
    settle_start,
    slot,
    span,
    yields,
)
from support.series import ALL_DAY, BERLIN, first_days, in_berlin

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
    assert first_days(in_berlin(text), len(wanted)) == wanted
    if "UNTIL" in text or "INTERVAL=999999999" in text:
        assert first_days(in_berlin(text), 100) == wanted


@pytest.mark.parametrize(("text", "wanted"), [one for one in DATES if "COUNT" in one[0]])
def test_a_counted_rule_has_no_more_dates(text: str, wanted: list[str]) -> None:
    assert len(first_days(in_berlin(text), 100)) - len(wanted) in {0, 1}


def test_bounds_are_from_after_to_before() -> None:
    when = in_berlin("FREQ=DAILY")
    found = first_days(when, after=date(2026, 12, 30), before=date(2027, 1, 2))
    assert found == ["2026-12-30", "2026-12-31", "2027-01-01"]
    assert first_days(when, before=date(2026, 12, 1)) == []
    assert first_days(when, after=date.max) == []


def test_a_day_centuries_away_is_found_at_once() -> None:
    began = time.perf_counter()
    for text in ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=MONTHLY;BYDAY=2TU"):
        assert first_days(in_berlin(text), 1, after=date(2900, 1, 1)) >= ["2900-01-01"]
    assert time.perf_counter() - began < 0.05


@pytest.mark.parametrize("text", ["FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=1,15"])
def test_an_endless_series_ends_with_outlooks_calendar(text: str) -> None:
    assert (
        "4499-12-01"
        <= first_days(in_berlin(text), 100, after=date(4499, 11, 25))[-1]
        <= "4499-12-31"
    )


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
    assert first_days(in_berlin(text)) == []


def test_a_day_is_in_the_series_or_not() -> None:
    when = in_berlin("FREQ=MONTHLY;BYMONTHDAY=31")
    assert yields(when, date(2027, 2, 28))
    assert not yields(when, date(2027, 3, 30))


def test_deleted_dates_are_counted() -> None:
    """The rule knows nothing of them: COUNT is the number of slots."""
    assert len(first_days(in_berlin("FREQ=DAILY;COUNT=10"), 20)) == 10


def test_slot_keeps_the_clock_through_summer_time() -> None:
    when = in_berlin("FREQ=DAILY")
    assert slot(when, date(2027, 3, 27))["start"] == "2027-03-27T08:00:00Z"
    assert slot(when, date(2027, 3, 28))["start"] == "2027-03-28T07:00:00Z"
    assert slot(when, date(2027, 10, 31))["end"] == "2027-10-31T09:00:00Z"


def test_slot_across_the_change_keeps_the_clock_at_its_end() -> None:
    night = in_berlin("FREQ=DAILY", start="2026-12-01T22:00:00Z", end="2026-12-02T05:00:00Z")
    # 23:00 to 06:00, which is an hour shorter in the night of the change.
    assert slot(night, date(2027, 3, 27)) == {
        **BERLIN,
        "start": "2027-03-27T22:00:00Z",
        "end": "2027-03-28T04:00:00Z",
    }


def test_slot_that_the_clock_skips_moves_forward() -> None:
    early = in_berlin("FREQ=DAILY", start="2026-12-01T01:30:00Z", end="2026-12-01T02:00:00Z")
    # 02:30 to 03:00: neither its start nor a later end is lost.
    assert slot(early, date(2027, 3, 28)) == {
        **BERLIN,
        "start": "2027-03-28T01:30:00Z",
        "end": "2027-03-28T02:00:00Z",
    }


def test_slot_in_the_hour_that_comes_twice_is_the_first() -> None:
    early = in_berlin("FREQ=DAILY", start="2026-12-01T01:30:00Z", end="2026-12-01T02:30:00Z")
    assert slot(early, date(2027, 10, 31))["start"] == "2027-10-31T00:30:00Z"
    assert slot(early, date(2027, 10, 31))["end"] == "2027-10-31T02:30:00Z"


def test_first_slot_stays_in_the_second_of_two_hours() -> None:
    late = in_berlin("FREQ=YEARLY", start="2026-10-25T01:30:00Z", end="2026-10-25T01:45:00Z")
    assert slot(late, date(2026, 10, 25))["start"] == "2026-10-25T01:30:00Z"


def test_slot_without_a_zone_is_in_utc() -> None:
    when = in_berlin("FREQ=DAILY", zone=None)
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
    when = in_berlin("FREQ=DAILY;BYHOUR=15,18")
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
    moved = settle_start(in_berlin(text))
    assert (moved["start"], moved["rrule"]) == (start, settled)
    assert moved["end"] == slot(moved, datetime.fromisoformat(start).date())["end"]


def test_the_interval_counts_from_the_first_match() -> None:
    """Graph's example: first Thursday of every second month from 29 August (event.md §4)."""
    when = in_berlin(
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH",
        start="2019-08-29T07:00:00Z",
        end="2019-08-29T08:00:00Z",
    )
    assert first_days(settle_start(when), 2) == ["2019-09-05", "2019-11-07"]


def test_a_rule_without_dates_cannot_be_settled() -> None:
    with pytest.raises(BadRule, match="yields no date"):
        settle_start(in_berlin("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261203"))


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30,31",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;BYDAY=MO",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29,30;BYDAY=MO;UNTIL=20431231",
    ],
)
def test_a_rule_that_never_falls_on_a_day_is_refused_at_once(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(BadRule, match="yields no date"):
        settle_start(in_berlin(text))
    assert time.process_time() - begun < 1


def test_the_first_date_may_be_far_away() -> None:
    when = settle_start(in_berlin("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29,30;BYDAY=MO"))
    assert when["start"] == "2044-02-29T08:00:00Z"


def test_span_of_a_series() -> None:
    begin = datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert span(in_berlin("FREQ=DAILY")) == (begin, None)
    assert span(in_berlin("FREQ=MONTHLY;BYMONTHDAY=1,2")) == (begin, None)
    assert span(in_berlin("FREQ=MONTHLY;COUNT=9")) == (begin, datetime(2027, 8, 1, 8, tzinfo=UTC))
    until = in_berlin("FREQ=MONTHLY;BYMONTHDAY=1,2;UNTIL=20270210")
    assert span(until) == (begin, datetime(2027, 2, 2, 9, tzinfo=UTC))
    assert span({**ALL_DAY, "rrule": "FREQ=DAILY;COUNT=2"}) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2026, 12, 4, tzinfo=UTC),
    )


def test_cut_and_rest_of_a_counted_series() -> None:
    when = in_berlin("FREQ=WEEKLY;COUNT=10")
    assert cut_before(when, date(2026, 12, 15)) == in_berlin(
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261208T080000Z"
    )
    assert rest_from(when, date(2026, 12, 15)) == in_berlin(
        "FREQ=WEEKLY;BYDAY=TU;COUNT=8",
        start="2026-12-15T08:00:00Z",
        end="2026-12-15T09:00:00Z",
    )
    assert cut_before(when, date(2026, 12, 1)) is None
    assert rest_from(when, date(2026, 12, 1))["rrule"] == "FREQ=WEEKLY;BYDAY=TU;COUNT=10"


def test_the_rest_remembers_the_31st_when_it_begins_in_a_short_month() -> None:
    rest = rest_from(in_berlin("FREQ=MONTHLY;BYMONTHDAY=31"), date(2027, 2, 28))
    assert rest["start"] == "2027-02-28T08:00:00Z"
    assert first_days(rest, 2) == ["2027-02-28", "2027-03-31"]


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
    when, day = in_berlin(text), date(2027, 1, 1)
    kept, rest = cut_before(when, day), rest_from(when, day)
    assert kept is not None
    assert rest["rrule"] == tail
    assert len(list(dates(kept))) == head
    assert first_days(kept, head) + first_days(rest, 10) == first_days(when, head + 10)


def test_nothing_is_left_past_the_end() -> None:
    with pytest.raises(BadRule, match="over by then"):
        rest_from(in_berlin("FREQ=DAILY;COUNT=3"), date(2026, 12, 4))
