"""Series in `/api/v1/events`: made, read, listed date by date. Alice owns, Bob attends."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from support.api import Caller

BOB = {"email": "bob@example.com", "name": "Bob Brown", "type": "required"}


def expand(caller: Caller, start: str, end: str, **query: Any) -> Any:
    answer = caller.get("/events", start=start, end=end, expand="true", **query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def starts(caller: Caller, start: str, end: str) -> list[str]:
    return [item["start"] for item in expand(caller, start, end)["items"]]


def test_series_keeps_its_rule_as_it_was_written(as_alice: Caller) -> None:
    event = as_alice.event(rrule="FREQ=WEEKLY;BYDAY=TU,FR;COUNT=4")

    assert as_alice.get(f"/events/{event['id']}").json() == event
    assert event["rrule"] == "FREQ=WEEKLY;BYDAY=TU,FR;COUNT=4"
    assert event["recurrence_text"] == "Every week on Tuesday and Friday, 4 times"
    assert (event["start"], event["original_start"], event["excluded"]) == (
        "2026-12-01T09:00",
        None,
        [],
    )


def test_start_off_its_pattern_moves_to_the_first_match(as_alice: Caller) -> None:
    event = as_alice.event(rrule="FREQ=WEEKLY;BYDAY=FR")

    assert (event["start"], event["end"]) == ("2026-12-04T09:00", "2026-12-04T10:00")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rrule": "FREQ=SOMETIMES"}, "rrule"),
        ({"rrule": "every day"}, "rrule"),
        ({"rrule": "FREQ=DAILY;COUNT=0"}, "rrule"),
        ({"rrule": "FREQ=DAILY;UNTIL=20261101"}, "rrule"),
        ({"rrule": "FREQ=SECONDLY;COUNT=999999999"}, "rrule"),
        ({"rrule": "FREQ=DAILY;COUNT=2", "excluded": ["2026-12-03T09:00"]}, "excluded"),
        ({"rrule": "FREQ=DAILY;COUNT=2", "excluded": ["2026-12-01T10:00"]}, "excluded"),
        ({"rrule": "FREQ=DAILY;COUNT=1", "excluded": ["2026-12-01T09:00"]}, "excluded"),
        ({"rrule": "FREQ=DAILY", "excluded": ["soon"]}, "excluded"),
        ({"excluded": ["2026-12-01T09:00"]}, "excluded"),
    ],
)
def test_bad_rule_is_refused_by_name(as_alice: Caller, body: dict[str, Any], field: str) -> None:
    times = {"start": "2026-12-01T09:00", "end": "2026-12-01T10:00", "time_zone": "UTC"}

    answer = as_alice.post("/events", {**times, **body})

    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert answer.json()["detail"].endswith(".")


def test_rule_that_outlook_does_not_know_is_a_series_here(as_alice: Caller) -> None:
    as_alice.event(rrule="FREQ=MONTHLY;BYMONTHDAY=1,15")

    assert starts(as_alice, "2026-12-01", "2027-02-01") == [
        "2026-12-01T09:00",
        "2026-12-15T09:00",
        "2027-01-01T09:00",
        "2027-01-15T09:00",
    ]


def test_expand_gives_each_date_with_its_original_start(as_alice: Caller) -> None:
    event = as_alice.event(rrule="FREQ=DAILY;COUNT=3", excluded=["2026-12-02T09:00"])
    as_alice.event(subject="Single", start="2026-12-02T07:00", end="2026-12-02T08:00")

    found = expand(as_alice, "2026-12-01", "2026-12-31")

    assert found["count"] == 3
    assert [(i["subject"], i["start"], i["end"], i["original_start"]) for i in found["items"]] == [
        ("Review", "2026-12-01T09:00", "2026-12-01T10:00", "2026-12-01T09:00"),
        ("Single", "2026-12-02T07:00", "2026-12-02T08:00", None),
        ("Review", "2026-12-03T09:00", "2026-12-03T10:00", "2026-12-03T09:00"),
    ]
    assert {i["id"] for i in found["items"] if i["original_start"]} == {event["id"]}
    assert {i["rrule"] for i in found["items"] if i["original_start"]} == {"FREQ=DAILY;COUNT=3"}


def test_expanded_dates_are_paged_together(as_alice: Caller) -> None:
    as_alice.event(rrule="FREQ=DAILY;COUNT=5")

    page = expand(as_alice, "2026-12-01", "2026-12-31", limit=2, offset=3)

    assert page["count"] == 5
    assert [item["start"][:10] for item in page["items"]] == ["2026-12-04", "2026-12-05"]


def test_dates_keep_their_wall_time_through_daylight_saving(as_alice: Caller) -> None:
    as_alice.event(
        start="2027-03-27T09:00", end="2027-03-27T10:00", time_zone="Europe/Paris",
        rrule="FREQ=DAILY;COUNT=3",
    )  # fmt: skip

    assert starts(as_alice, "2027-03-27T08:00:00Z", "2027-03-28T07:30:00Z") == [
        "2027-03-27T09:00",
        "2027-03-28T09:00",
    ]
    assert starts(as_alice, "2027-03-28T08:00:00Z", "2027-03-29T07:00:00Z") == []


def test_dates_of_a_series_that_crosses_midnight_touch_both_days(as_alice: Caller) -> None:
    as_alice.event(start="2026-12-01T23:00", end="2026-12-02T01:00", rrule="FREQ=WEEKLY")

    assert starts(as_alice, "2026-12-09T00:00", "2026-12-09T12:00") == ["2026-12-08T23:00"]
    assert starts(as_alice, "2026-12-09T01:00", "2026-12-09T12:00") == []


def test_all_day_series_speaks_dates_and_lies_in_the_readers_zone(as_alice: Caller) -> None:
    User.objects.filter(pk=as_alice.user.pk).update(time_zone="Asia/Tokyo")
    event = as_alice.event(
        all_day=True, start="2026-12-01", end="2026-12-02", rrule="FREQ=DAILY;COUNT=3",
        excluded=["2026-12-02"],
    )  # fmt: skip

    assert event["excluded"] == ["2026-12-02"]
    assert starts(as_alice, "2026-12-01T14:59Z", "2026-12-02T15:00Z") == ["2026-12-01"]
    (last,) = expand(as_alice, "2026-12-02T15:00Z", "2026-12-20T00:00Z")["items"]
    assert (last["start"], last["end"], last["original_start"]) == (
        "2026-12-03",
        "2026-12-04",
        "2026-12-03",
    )


def test_the_31st_is_the_last_day_of_a_short_month(as_alice: Caller) -> None:
    as_alice.event(start="2027-01-31T09:00", end="2027-01-31T10:00", rrule="FREQ=MONTHLY")

    assert starts(as_alice, "2027-01-01", "2027-05-01") == [
        "2027-01-31T09:00",
        "2027-02-28T09:00",
        "2027-03-31T09:00",
        "2027-04-30T09:00",
    ]


def test_endless_series_is_found_far_ahead(as_alice: Caller) -> None:
    as_alice.event(rrule="FREQ=WEEKLY")

    assert starts(as_alice, "2096-12-01", "2096-12-08") == ["2096-12-04T09:00"]


def test_without_expand_a_series_is_one_item_where_one_of_its_dates_is(as_alice: Caller) -> None:
    event = as_alice.event(rrule="FREQ=WEEKLY;COUNT=3", excluded=["2026-12-08T09:00"])

    def listed(**query: str) -> list[str]:
        return [item["start"] for item in as_alice.get("/events", **query).json()["items"]]

    assert listed(start="2026-12-14", end="2026-12-16") == [event["start"]]
    assert listed(start="2026-12-02", end="2026-12-14") == []
    assert listed(start="2026-12-16") == []
    assert listed() == [event["start"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"start": "2026-12-01"}, "end"),
        ({"end": "2026-12-01"}, "start"),
        ({}, "start"),
        ({"start": "2026-12-01", "end": "2036-12-01"}, "end"),
    ],
)
def test_expand_needs_a_stretch_of_time(
    as_alice: Caller, query: dict[str, str], field: str
) -> None:
    answer = as_alice.get("/events", expand="true", **query)

    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_more_dates_than_one_answer_holds_are_refused(as_alice: Caller) -> None:
    for _ in range(6):
        as_alice.event(rrule="FREQ=DAILY")

    answer = as_alice.get("/events", expand="true", start="2026-12-01", end="2031-11-30")

    assert (answer.status_code, answer.json()["field"]) == (422, "end")


def test_one_date_is_read_by_its_original_start(as_alice: Caller) -> None:
    event = as_alice.event(rrule="FREQ=DAILY;COUNT=3", excluded=["2026-12-02T09:00"])
    path = f"/events/{event['id']}?occurrence="

    found = as_alice.get(f"{path}2026-12-03T09:00").json()

    assert (found["start"], found["original_start"]) == ("2026-12-03T09:00", "2026-12-03T09:00")
    assert as_alice.get(f"{path}2026-12-02T09:00").status_code == 404
    assert as_alice.get(f"{path}2026-12-03T08:00").status_code == 404
    assert as_alice.get(f"{path}2026-12-04T09:00").status_code == 404
    assert as_alice.get(f"{path}soon").json()["field"] == "occurrence"
    assert (
        as_alice.get(f"/events/{as_alice.event()['id']}?occurrence=2026-12-01").status_code == 422
    )


def test_busy_block_of_a_series_shows_the_time_of_its_dates_only(
    as_alice: Caller, as_charlie: Caller
) -> None:
    event = as_alice.event(rrule="FREQ=DAILY;COUNT=2", location="Cellar")

    items = expand(as_charlie, "2026-12-01", "2026-12-31")["items"]

    assert [(i["id"], i["start"]) for i in items] == [
        (event["id"], "2026-12-01T09:00"),
        (event["id"], "2026-12-02T09:00"),
    ]
    hidden = ("subject", "location", "rrule", "recurrence_text", "attendees", "access")
    assert {tuple(str(i[name]) for name in hidden) for i in items} == {
        ("", "", "None", "None", "[]", "busy")
    }


@pytest.mark.parametrize("series", [1, 3])
def test_expanding_asks_the_database_a_fixed_number_of_times(
    as_alice: Caller, bob: User, series: int, django_assert_num_queries: Any
) -> None:
    for _ in range(series):
        as_alice.event(rrule="FREQ=DAILY;COUNT=3", attendees=[BOB])

    # Token, events, participants, their users and overrides, the events' overrides, mailbox; and
    # two for the request's savepoint.
    with django_assert_num_queries(9):
        assert expand(as_alice, "2026-12-01", "2026-12-31")["count"] == 3 * series
