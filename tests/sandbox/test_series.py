"""Series: patterns, ranges, exceptions, deleted dates (event.md §4, operations.md §5)."""

from typing import Any

import pytest

from sandbox.ledger import covers
from sandbox.world import Person, World, at, event, weekly

WINDOW = "startDateTime=2026-11-01T00:00:00&endDateTime=2028-01-01T00:00:00"


def series(
    pattern: dict[str, Any], start: str = "2026-12-01", zone: str = "Europe/Berlin", **span: Any
) -> dict[str, Any]:
    whole = {"type": "noEnd"} | span | {"startDate": start}
    return event(
        "Series",
        start=at(f"{start}T09:00", zone),
        end=at(f"{start}T10:00", zone),
        recurrence={"pattern": {"interval": 1} | pattern, "range": whole},
    )


def days_of(person: Person, made: Any, window: str = WINDOW) -> list[Any]:
    path = f"/me/events/{made['id']}/instances?{window}&$top=1000"
    found: list[Any] = person.get(path)["value"]
    return found


def starts(items: list[Any]) -> list[str]:
    return [item["start"]["dateTime"][:10] for item in items]


@covers("event.fields")
def test_answer_has_every_pattern_and_range_field(ana: Person) -> None:
    made = ana.create(series({"type": "Weekly", "daysOfWeek": ["Tuesday"]}))
    assert made["type"] == "seriesMaster"
    assert made["recurrence"] == {
        "pattern": {
            "type": "weekly",
            "interval": 1,
            "month": 0,
            "dayOfMonth": 0,
            "daysOfWeek": ["tuesday"],
            "firstDayOfWeek": "sunday",
            "index": "first",
        },
        "range": {
            "type": "noEnd",
            "startDate": "2026-12-01",
            "endDate": "0001-01-01",
            "recurrenceTimeZone": "Europe/Berlin",
            "numberOfOccurrences": 0,
        },
    }


@pytest.mark.parametrize(
    ("pattern", "start", "expected"),
    [
        ({"type": "daily", "interval": 3}, "2026-12-01", ["12-01", "12-04", "12-07"]),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["tuesday", "friday"]},
            "2026-12-01",
            ["12-01", "12-04", "12-15"],
        ),
        ({"type": "absoluteMonthly", "dayOfMonth": 31}, "2026-12-31", ["12-31", "01-31", "02-28"]),
        (
            {"type": "relativeMonthly", "daysOfWeek": ["monday", "tuesday"], "index": "last"},
            "2026-12-29",
            ["12-29", "01-26", "02-23"],
        ),
        (
            {"type": "absoluteYearly", "dayOfMonth": 29, "month": 2},
            "2027-02-28",
            ["02-28", "02-29", "02-28"],
        ),
        (
            {"type": "relativeYearly", "daysOfWeek": ["thursday"], "index": "fourth", "month": 11},
            "2026-11-26",
            ["11-26", "11-25", "11-23"],
        ),
    ],
)
@covers("event.patterns", "event.several-days", "event.short-months")
def test_patterns(ana: Person, pattern: dict[str, Any], start: str, expected: list[str]) -> None:
    made = ana.create(series(pattern, start, type="numbered", numberOfOccurrences=3))
    window = "startDateTime=2026-11-01T00:00:00&endDateTime=2031-01-01T00:00:00"
    assert [day[5:] for day in starts(days_of(ana, made, window))] == expected


@covers("event.start-date")
def test_start_off_the_pattern_moves_to_the_first_match(ana: Person) -> None:
    """The documentation's example: first Thursday every two months from 29 August."""
    pattern = {"type": "relativeMonthly", "interval": 2, "daysOfWeek": ["thursday"]}
    made = ana.create(series(pattern, "2027-08-29"))
    assert made["start"]["dateTime"].startswith("2027-09-02")
    assert starts(days_of(ana, made)) == ["2027-09-02", "2027-11-04"]


@pytest.mark.parametrize(
    "change",
    [
        {"pattern": {"type": "weekly", "interval": 1}},
        {"pattern": {"type": "daily", "interval": 0}},
        {"pattern": {"type": "absoluteMonthly", "interval": 1}},
        {"range": {"type": "numbered", "startDate": "2026-12-01"}},
        {"range": {"type": "numbered", "startDate": "2026-12-01", "numberOfOccurrences": 1000}},
        {"range": {"type": "noEnd", "startDate": "2026-12-02"}},
        {"range": {"type": "endDate", "startDate": "2026-12-01", "endDate": "2026-11-01"}},
        {"range": {"type": "noEnd"}},
        {
            "range": {
                "type": "noEnd",
                "startDate": "2026-12-01",
                "recurrenceTimeZone": "Asia/Tokyo",
            }
        },
    ],
)
@covers("event.start-date", "event.zone-mix", "event.limits")
def test_refused_recurrences(ana: Person, change: dict[str, Any]) -> None:
    value = series({"type": "daily"})
    value["recurrence"] |= change
    assert ana.error("POST", "/me/events", value) == (400, "ErrorPropertyValidationFailure")


@covers("event.zone-mix")
def test_zone_names_of_both_vocabularies_mix(ana: Person) -> None:
    value = series({"type": "daily"}, zone="Pacific Standard Time")
    value["recurrence"]["range"]["recurrenceTimeZone"] = "America/Los_Angeles"
    assert ana.create(value)["type"] == "seriesMaster"


@covers("event.original-start", "event.clock-change")
def test_series_follows_the_clocks_of_its_zone(ana: Person) -> None:
    made = ana.create(series({"type": "daily"}, "2026-03-28"))
    days = days_of(ana, made, "startDateTime=2026-03-28T00:00:00&endDateTime=2026-03-30T00:00:00")
    assert [d["start"]["dateTime"][11:16] for d in days] == ["08:00", "07:00"]
    assert days[1]["originalStart"] == "2026-03-29T07:00:00Z"


@covers("event.occurrence-id", "event.listing", "event.same-etag", "event.icaluid")
def test_listings_have_masters_and_views_have_instances(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    assert [e["type"] for e in ana.events()] == ["seriesMaster"]
    shown = ana.get(f"/me/calendarView?{WINDOW}")["value"]
    assert [e["type"] for e in shown] == ["occurrence"] * 4
    assert {e["seriesMasterId"] for e in shown} == {made["id"]}
    assert {e["@odata.etag"] for e in shown} == {made["@odata.etag"]}
    assert len({e["iCalUId"] for e in shown}) == 4
    assert shown[1]["occurrenceId"] == f"OID.{made['id']}.2026-12-08"
    assert shown[1]["recurrence"] is None


@covers("event.original-start", "event.instances", "operations.follow")
def test_patched_occurrence_becomes_an_exception(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    day = days_of(ana, made)[1]
    changed = ana.patch(f"/me/events/{day['id']}", {"subject": "Special"})
    assert (changed["type"], changed["id"]) == ("exception", day["id"])
    assert changed["originalStart"] == day["originalStart"]
    ana.patch(f"/me/events/{made['id']}", {"subject": "New", "location": {"displayName": "R2"}})
    again = ana.get(f"/me/events/{day['id']}")
    assert (again["subject"], again["location"]["displayName"]) == ("Special", "R2")


@covers("operations.follow")
def test_exceptions_can_be_frozen_by_switch(world: World, ana: Person) -> None:
    world.switch(exceptions_follow_master=False)
    made = ana.create(event("Series", **weekly()))
    day = days_of(ana, made)[1]
    ana.patch(f"/me/events/{day['id']}", {"subject": "Special"})
    ana.patch(f"/me/events/{made['id']}", {"location": {"displayName": "R2"}})
    assert ana.get(f"/me/events/{day['id']}")["location"]["displayName"] == "Room 1"


@pytest.mark.parametrize(
    ("start", "end", "allowed"),
    [
        ("2026-12-09T09:00", "2026-12-09T10:00", True),
        ("2026-12-02T09:00", "2026-12-02T10:00", True),
        ("2026-12-01T15:00", "2026-12-01T16:00", False),
        ("2026-12-15T07:00", "2026-12-15T08:00", False),
        ("2026-12-20T09:00", "2026-12-20T10:00", False),
        ("2026-12-08T09:00", "2026-12-15T09:30", False),
    ],
)
@covers("operations.crossing")
def test_occurrence_may_not_reach_its_neighbours(
    ana: Person, start: str, end: str, allowed: bool
) -> None:
    made = ana.create(event("Series", **weekly()))
    path = f"/me/events/{days_of(ana, made)[1]['id']}"
    change = {"start": at(start), "end": at(end)}
    if allowed:
        assert ana.patch(path, change)["type"] == "exception"
    else:
        assert ana.error("PATCH", path, change) == (400, "ErrorOccurrenceCrossingBoundary")


@covers("event.instances", "event.cancelled", "operations.delete-date")
def test_deleted_date(world: World, ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    day = days_of(ana, made)[1]
    ana.delete(f"/me/events/{day['id']}")
    assert starts(days_of(ana, made)) == ["2026-12-01", "2026-12-15", "2026-12-22"]
    assert ana.error("GET", f"/me/events/{day['id']}") == (404, "ErrorItemNotFound")
    code = "ErrorCalendarOccurrenceIsDeletedFromRecurrence"
    world.switch(deleted_occurrence_code=code)
    assert ana.error("GET", f"/me/events/{day['id']}") == (404, code)
    shown = ana.get(f"/me/events/{made['id']}?$select=subject,cancelledOccurrences")
    assert shown["cancelledOccurrences"] == [f"OID.{made['id']}.2026-12-08"]


@covers("event.exceptions")
def test_exception_occurrences_need_select_and_expand(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    day = days_of(ana, made)[1]
    ana.patch(f"/me/events/{day['id']}", {"subject": "Special"})
    path = f"/me/events/{made['id']}"
    assert "exceptionOccurrences" not in ana.get(path + "?$expand=exceptionOccurrences")
    select = "?$select=subject,occurrenceId,exceptionOccurrences,cancelledOccurrences"
    shown = ana.get(path + select + "&$expand=exceptionOccurrences")
    assert [e["subject"] for e in shown["exceptionOccurrences"]] == ["Special"]
    assert shown["cancelledOccurrences"] == []
    assert shown["occurrenceId"] is None


@pytest.mark.parametrize(
    ("drops", "change", "left"),
    [
        ("always", {"start": at("2026-12-01T08:00")}, 0),
        ("pattern", {"start": at("2026-12-01T08:00")}, 1),
        ("never", {"start": at("2026-12-01T08:00")}, 1),
        ("always", {"subject": "New"}, 1),
    ],
)
@covers("operations.drops")
def test_new_time_drops_exceptions_by_switch(
    world: World, ana: Person, drops: str, change: dict[str, Any], left: int
) -> None:
    world.switch(series_change_drops_exceptions=drops)
    made = ana.create(event("Series", **weekly()))
    days = days_of(ana, made)
    ana.patch(f"/me/events/{days[1]['id']}", {"subject": "Special"})
    ana.delete(f"/me/events/{days[2]['id']}")
    changed = ana.patch(f"/me/events/{made['id']}", change)
    after = days_of(ana, made)
    assert [d["subject"] for d in after].count("Special") == left
    assert len(after) == 4 - left
    assert (changed["id"], changed["iCalUId"]) == (made["id"], made["iCalUId"])


@covers("event.recurrence-null")
def test_recurrence_null_makes_a_single_event(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    assert ana.patch(f"/me/events/{made['id']}", {"recurrence": None})["type"] == "singleInstance"


@covers("event.zone-patch")
def test_another_zone_needs_the_recurrence_too(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    change = {"start": at("2026-12-01T09:00", "UTC"), "end": at("2026-12-01T10:00", "UTC")}
    path = f"/me/events/{made['id']}"
    assert ana.error("PATCH", path, change) == (400, "ErrorPropertyValidationFailure")
    assert ana.patch(path, change | weekly())["type"] == "seriesMaster"


@covers("operations.occurrence-recurrence")
def test_recurrence_on_an_occurrence_is_refused(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    path = f"/me/events/{days_of(ana, made)[1]['id']}"
    assert ana.error("PATCH", path, weekly()) == (400, "ErrorInvalidRequest")


@covers("event.instances")
def test_answer_to_one_date(ana: Person, bo: Person) -> None:
    made = ana.create(event("Series", bo.email, **weekly()))
    days = days_of(bo, bo.only_event())
    bo.post(f"/me/events/{days[1]['id']}/accept")
    responses = [d["responseStatus"]["response"] for d in days_of(bo, bo.only_event())]
    assert responses == ["notResponded", "accepted", "notResponded", "notResponded"]
    tally = [d["attendees"][0]["status"]["response"] for d in days_of(ana, made)]
    assert tally == ["none", "accepted", "none", "none"]


# Recurrence against python-dateutil, for what both can express.
