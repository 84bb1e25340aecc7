"""The rule of a series in Graph's words (event.md §4)."""

from typing import Any

import pytest
from hypothesis import assume, given

from leansoft.events.fields import Field
from leansoft.events.normalise import same
from leansoft.events.recurrence import BadRule, Inexpressible, rule_of
from leansoft.events.slots import moment, zone_of
from leansoft.graph.codec import event_from_graph, event_to_graph
from leansoft.graph.recurrence import recurrence_to_graph, rrule_from_graph
from support.series import series

BERLIN = {
    "start": "2026-12-01T08:00:00Z",
    "end": "2026-12-01T09:00:00Z",
    "zone": "Europe/Berlin",
    "all_day": False,
}
ALL_DAY = {"start": "2026-12-01", "end": "2026-12-02", "zone": None, "all_day": True}
RANGE = {"type": "noEnd", "startDate": "2026-12-01", "recurrenceTimeZone": "Europe/Berlin"}

PATTERNS = [
    ("FREQ=DAILY;INTERVAL=2", {"type": "daily", "interval": 2}),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        {
            "type": "weekly",
            "interval": 2,
            "daysOfWeek": ["tuesday", "sunday"],
            "firstDayOfWeek": "sunday",
        },
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=31",
        {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
    ),
    (
        "FREQ=MONTHLY;BYDAY=-1FR",
        {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last"},
    ),
    (
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        {"type": "absoluteYearly", "interval": 1, "month": 2, "dayOfMonth": 29},
    ),
    (
        "FREQ=YEARLY;INTERVAL=3;BYMONTH=5;BYDAY=MO,WE;BYSETPOS=2",
        {
            "type": "relativeYearly",
            "interval": 3,
            "month": 5,
            "daysOfWeek": ["monday", "wednesday"],
            "index": "second",
        },
    ),
]
FULL_PATTERN: dict[str, Any] = {
    "month": 0,
    "dayOfMonth": 0,
    "daysOfWeek": [],
    "firstDayOfWeek": "sunday",
    "index": "first",
}
FULL_RANGE: dict[str, Any] = {"endDate": "0001-01-01", "numberOfOccurrences": 0}


@pytest.mark.parametrize(("text", "pattern"), PATTERNS)
def test_pattern_has_only_the_members_it_needs(text: str, pattern: dict[str, Any]) -> None:
    assert recurrence_to_graph({**BERLIN, "rrule": text}) == {"pattern": pattern, "range": RANGE}


@pytest.mark.parametrize(("text", "pattern"), PATTERNS)
def test_pattern_with_every_member_is_read_for_those_it_needs(
    text: str, pattern: dict[str, Any]
) -> None:
    answer = {"pattern": FULL_PATTERN | pattern, "range": FULL_RANGE | RANGE}
    assert rrule_from_graph(answer, BERLIN) == text


RANGES = [
    ("FREQ=DAILY", {"type": "noEnd"}),
    ("FREQ=DAILY;COUNT=10", {"type": "numbered", "numberOfOccurrences": 10}),
    ("FREQ=DAILY;UNTIL=20270701T070000Z", {"type": "endDate", "endDate": "2027-07-01"}),
]


@pytest.mark.parametrize(("text", "end"), RANGES)
def test_range_of_a_series(text: str, end: dict[str, Any]) -> None:
    sent = recurrence_to_graph({**BERLIN, "rrule": text})
    assert sent["range"] == RANGE | end
    answer = {"pattern": FULL_PATTERN | sent["pattern"], "range": FULL_RANGE | sent["range"]}
    assert rrule_from_graph(answer, BERLIN) == text


def test_range_starts_on_the_day_that_the_zone_shows() -> None:
    tokyo = {**BERLIN, "start": "2026-11-30T23:00:00Z", "zone": "Asia/Tokyo", "rrule": "FREQ=DAILY"}
    assert recurrence_to_graph(tokyo)["range"]["startDate"] == "2026-12-01"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ({"type": "weekly", "interval": 1, "daysOfWeek": ["Monday"]}, "FREQ=WEEKLY;BYDAY=MO"),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "monday"]},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
        ),
        (
            {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["thursday"]},
            "FREQ=MONTHLY;BYDAY=1TH",
        ),
        (
            {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 31, "month": 4},
            "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=30",
        ),
    ],
)
def test_members_that_graph_leaves_out_have_its_defaults(
    pattern: dict[str, Any], text: str
) -> None:
    assert rrule_from_graph({"pattern": pattern, "range": RANGE}, BERLIN) == text


@pytest.mark.parametrize(
    "recurrence",
    [
        {"pattern": {"type": "hourly", "interval": 1}, "range": RANGE},
        {"pattern": {"type": "daily"}, "range": RANGE},
        {"pattern": {"type": "daily", "interval": 1}, "range": {"type": "forNow"}},
        {"pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["caturday"]}, "range": RANGE},
        {"pattern": {"type": "daily", "interval": 1}, "range": {"type": "endDate", "endDate": "x"}},
        {"pattern": {"type": "weekly", "interval": 1, "daysOfWeek": None}, "range": RANGE},
        {"pattern": {"type": "daily", "interval": None}, "range": RANGE},
        {"pattern": FULL_PATTERN | {"type": "relativeMonthly", "interval": 1}, "range": RANGE},
        {"pattern": FULL_PATTERN | {"type": "absoluteMonthly", "interval": 1}, "range": RANGE},
        {"pattern": FULL_PATTERN | {"type": "absoluteYearly", "interval": 1}, "range": RANGE},
        {"range": RANGE},
    ],
)
def test_unknown_recurrence_stays_unknown(recurrence: dict[str, Any]) -> None:
    with pytest.raises(BadRule, match="unknown way"):
        rrule_from_graph(recurrence, BERLIN)
    assert Field.WHEN not in event_from_graph(master(recurrence)).values


def test_series_in_a_zone_without_a_name_is_not_sent() -> None:
    with pytest.raises(Inexpressible, match="no name"):
        recurrence_to_graph({**BERLIN, "zone": None, "rrule": "FREQ=DAILY"})


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ({"type": "daily"}, "FREQ=DAILY"),
        ({"type": "weekly", "daysOfWeek": ["tuesday", "sunday"]}, "FREQ=WEEKLY;BYDAY=MO,WE"),
        ({"type": "absoluteMonthly", "dayOfMonth": 1}, "FREQ=MONTHLY;BYMONTHDAY=2"),
        (
            {"type": "absoluteYearly", "dayOfMonth": 1, "month": 12},
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=2",
        ),
    ],
)
def test_series_in_a_zone_without_a_name_has_its_days_in_utc(
    pattern: dict[str, Any], text: str
) -> None:
    # Tuesday evening there, Wednesday here.
    when = {**BERLIN, "start": "2026-12-02T01:00:00Z", "end": "2026-12-02T02:00:00Z", "zone": None}
    span = {"type": "endDate", "startDate": "2026-12-01", "endDate": "2026-12-22"}
    answer = {"pattern": FULL_PATTERN | {"interval": 1} | pattern, "range": span}
    assert rrule_from_graph(answer, when) == f"{text};UNTIL=20261223T010000Z"


def master(recurrence: Any, **changes: Any) -> dict[str, Any]:
    """What Graph answers: times in UTC, the zone under its Windows name beside them."""
    return {
        "id": "a",
        "type": "seriesMaster",
        "originalStartTimeZone": "W. Europe Standard Time",
        "start": {"dateTime": "2026-12-01T08:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-01T09:00:00.0000000", "timeZone": "UTC"},
        "isAllDay": False,
        "recurrence": recurrence,
        **changes,
    }


DAILY = {"pattern": FULL_PATTERN | {"type": "daily", "interval": 1}, "range": FULL_RANGE | RANGE}


def test_master_is_read_with_its_rule() -> None:
    when = event_from_graph(master(DAILY)).values[Field.WHEN]
    assert when == {**BERLIN, "rrule": "FREQ=DAILY"}


def test_master_without_its_recurrence_has_no_known_time() -> None:
    payload = master(DAILY)
    del payload["recurrence"]
    assert Field.WHEN not in event_from_graph(payload).values


@pytest.mark.parametrize("kind", ["singleInstance", "occurrence", "exception"])
def test_one_date_has_no_rule(kind: str) -> None:
    when = event_from_graph(master(None, type=kind)).values[Field.WHEN]
    assert when == BERLIN


def test_series_is_sent_complete() -> None:
    assert event_to_graph({Field.WHEN: {**BERLIN, "rrule": "FREQ=DAILY"}}) == {
        "start": {"dateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2026-12-01T10:00:00", "timeZone": "Europe/Berlin"},
        "isAllDay": False,
        "recurrence": {"pattern": {"type": "daily", "interval": 1}, "range": RANGE},
    }


def test_all_day_series_is_sent_in_one_zone() -> None:
    sent = event_to_graph({Field.WHEN: {**ALL_DAY, "rrule": "FREQ=DAILY"}})
    assert sent["recurrence"]["range"] == RANGE | {"recurrenceTimeZone": "UTC"}
    assert sent["start"] == {"dateTime": "2026-12-01T00:00:00", "timeZone": "UTC"}


def test_series_in_a_zone_that_graph_refuses_names_it_alike_everywhere() -> None:
    sent = event_to_graph({Field.WHEN: {**BERLIN, "zone": "HST", "rrule": "FREQ=DAILY"}})
    assert sent["start"]["timeZone"] == "Hawaiian Standard Time"
    assert sent["recurrence"]["range"]["recurrenceTimeZone"] == "Hawaiian Standard Time"


def test_series_keeps_its_zone_in_the_hour_that_comes_twice() -> None:
    night = {**BERLIN, "start": "2026-10-25T01:30:00Z", "end": "2026-10-25T01:45:00Z"}
    sent = event_to_graph({Field.WHEN: {**night, "rrule": "FREQ=DAILY"}})
    assert sent["start"] == {"dateTime": "2026-10-25T02:30:00", "timeZone": "Europe/Berlin"}


def test_recurrence_is_dropped_only_when_asked() -> None:
    assert "recurrence" not in event_to_graph({Field.WHEN: BERLIN})
    assert event_to_graph({Field.WHEN: BERLIN}, drop_recurrence=True)["recurrence"] is None
    assert event_to_graph({Field.SUBJECT: "Tea"}, drop_recurrence=True) == {"subject": "Tea"}
    when = {**BERLIN, "rrule": "FREQ=DAILY"}
    assert event_to_graph({Field.WHEN: when}, drop_recurrence=True)["recurrence"] is not None


def test_rule_that_outlook_does_not_know_is_not_sent() -> None:
    with pytest.raises(Inexpressible, match="every hour"):
        event_to_graph({Field.WHEN: {**BERLIN, "rrule": "FREQ=HOURLY"}})


@given(series())
def test_a_rule_survives_graph(when: Any) -> None:
    sent = recurrence_to_graph(when)
    answer = {"pattern": FULL_PATTERN | sent["pattern"], "range": FULL_RANGE | sent["range"]}
    read = {**when, "rrule": rrule_from_graph(answer, when)}
    assert rule_of(read) == rule_of(when)
    assert read == when


@given(series())
def test_what_is_sent_comes_back_the_same(when: Any) -> None:
    edges = [moment(when[edge]).astimezone(zone_of(when)) for edge in ("start", "end")]
    # A series cannot begin in the second of two hours: see above.
    assume(not any(edge.fold for edge in edges))
    sent = event_to_graph({Field.WHEN: when})
    zone = sent["start"]["timeZone"]
    payload = {"id": "a", "type": "seriesMaster", "originalStartTimeZone": zone, **sent}
    read = event_from_graph(payload).values[Field.WHEN]
    assert read == {**when, "zone": read["zone"]}
    assert same(Field.WHEN, read, when)
