"""A series read whole: which date each part of it is."""

from datetime import date
from typing import Any

import pytest

from leansoft.events.fields import Field
from leansoft.graph.codec import RemoteEvent, event_from_graph
from leansoft.graph.series import DateState, doubtful_day, series_from_graph

# Half past midnight in Tokyo is the afternoon before in UTC.
START, UTC_DAY = "2030-03-03T15:30:00.0000000", "2030-03-03"
DAYS = {"local": "2030-03-06", "utc": "2030-03-05"}
SLOT = date(2030, 3, 6)


def moment(text: str) -> dict[str, str]:
    return {"dateTime": text, "timeZone": "UTC"}


def master(**more: Any) -> dict[str, Any]:
    return {
        "id": "M",
        "type": "seriesMaster",
        "subject": "Night shift",
        "start": moment(START),
        "end": moment("2030-03-03T16:00:00.0000000"),
        "isAllDay": False,
        "originalStartTimeZone": "Tokyo Standard Time",
        "recurrence": {
            "pattern": {"type": "daily", "interval": 1},
            "range": {"type": "numbered", "startDate": "2030-03-04", "numberOfOccurrences": 6},
        },
        **more,
    }


def exception(original: str, named: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "E",
        "type": "exception",
        "subject": "Night shift",
        "seriesMasterId": "M",
        "start": moment(original.removesuffix("Z")),
        "end": moment(original.replace(":30:", ":59:").removesuffix("Z")),
        "isAllDay": False,
        "originalStartTimeZone": "Tokyo Standard Time",
        "originalStart": original,
        "occurrenceId": f"OID.M.{named}",
        **more,
    }


def occurrence(named: str) -> RemoteEvent:
    return event_from_graph(exception("2030-03-07T15:30:00Z", named, type="occurrence"))


def test_exception_is_named_by_the_day_of_its_slot_in_the_series_zone() -> None:
    changed = exception("2030-03-05T15:30:00Z", DAYS["local"], subject="Big")
    series = series_from_graph(master(exceptionOccurrences=[changed]))
    (day, one), *others = series.dates.items()
    assert (day, one.state, others) == (SLOT, DateState.CHANGED, [])
    assert one.values[Field.SUBJECT] == "Big"


@pytest.mark.parametrize("clock", ["local", "utc"])
def test_a_live_date_tells_by_which_clock_days_are_named(clock: str) -> None:
    payload = master(cancelledOccurrences=[f"OID.M.{DAYS[clock]}"])
    assert doubtful_day(payload) == date.fromisoformat(DAYS[clock])
    live = occurrence({"local": "2030-03-08", "utc": "2030-03-07"}[clock])
    series = series_from_graph(payload, live=[live])
    assert {day: one.state for day, one in series.dates.items()} == {SLOT: DateState.GONE}


@pytest.mark.parametrize("clock", ["local", "utc"])
def test_an_exception_tells_it_too(clock: str) -> None:
    named = {"local": "2030-03-08", "utc": "2030-03-07"}[clock]
    changed = exception("2030-03-07T15:30:00Z", named, subject="Big")
    payload = master(exceptionOccurrences=[changed], cancelledOccurrences=[f"OID.M.{DAYS[clock]}"])
    assert doubtful_day(payload) is None
    dates = series_from_graph(payload).dates
    assert {day for day, one in dates.items() if one.state is DateState.GONE} == {SLOT}


@pytest.mark.parametrize(("clock", "named"), [("local", "2030-07-10"), ("utc", "2030-07-09")])
def test_days_that_differ_in_summer_alone_are_told_by_a_date_in_summer(
    clock: str, named: str
) -> None:
    """Half past midnight in Lisbon is the day before in UTC from March to October."""
    winter = {"start": moment("2030-03-04T00:30:00"), "end": moment("2030-03-04T01:00:00")}
    payload = master(
        **winter,
        originalStartTimeZone="GMT Standard Time",
        recurrence={
            "pattern": {"type": "daily", "interval": 1},
            "range": {"type": "noEnd", "startDate": "2030-03-04"},
        },
        cancelledOccurrences=["OID.M.2030-03-06", f"OID.M.{named}"],
    )
    assert str(doubtful_day(payload)) == named
    live = [
        event_from_graph(exception(f"{original}:30:00Z", f"{day}", type="occurrence"))
        for original, day in [
            ("2030-03-05T00", "2030-03-05"),
            ("2030-07-10T23", {"local": "2030-07-11", "utc": "2030-07-10"}[clock]),
        ]
    ]
    gone = series_from_graph(payload, live=live).dates
    assert list(gone) == [date(2030, 3, 6), date(2030, 7, 10)]


def test_nothing_is_asked_where_both_clocks_show_the_same_day() -> None:
    payload = master(
        start=moment("2030-03-04T03:00:00"),
        end=moment("2030-03-04T04:00:00"),
        cancelledOccurrences=["OID.M.2030-03-06"],
    )
    assert doubtful_day(payload) is None
    assert set(series_from_graph(payload).dates) == {SLOT}


def test_a_date_cancelled_by_its_organizer_is_told_from_one_that_left() -> None:
    cancelled = exception("2030-03-05T15:30:00Z", DAYS["local"], isCancelled=True)
    series = series_from_graph(master(exceptionOccurrences=[cancelled]))
    assert [one.state for one in series.dates.values()] == [DateState.CANCELLED]


def test_what_is_as_the_master_is_not_repeated() -> None:
    same = exception("2030-03-05T15:30:00Z", DAYS["local"], end=moment("2030-03-05T16:00:00"))
    series = series_from_graph(master(exceptionOccurrences=[same]))
    assert [one.values for one in series.dates.values()] == [{}]
