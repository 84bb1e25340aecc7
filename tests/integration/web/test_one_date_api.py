"""One date of a series in the API: edited, moved, answered, taken out. Alice owns, Bob attends."""

from typing import Any

import pytest

from leansoft.calendars.models import Override, Participant, PersonalOverride
from leansoft.web.api.event_in import EventChange
from support.api import Caller
from support.one_series import BOB, CHARLIE, FIRST, LAST, SECOND, THIRD, dates, done, on


def test_one_date_differs_and_the_others_stay(as_alice: Caller, series: Any) -> None:
    change = {"subject": "Special", "location": "Roof", "importance": "high"}

    edited = done(as_alice.patch(on(series, SECOND), change))

    assert {name: edited[name] for name in change} == change
    assert (edited["original_start"], edited["start"]) == (SECOND, SECOND)
    assert (edited["id"], edited["rrule"]) == (series["id"], series["rrule"])
    assert edited["version"] == series["version"] + 1
    assert as_alice.get(on(series, FIRST)).json()["subject"] == "Review"
    assert as_alice.get(f"/events/{series['id']}").json()["subject"] == "Review"


def test_one_date_moves_within_its_neighbours(
    as_alice: Caller, as_bob: Caller, series: Any
) -> None:
    edited = done(
        as_alice.patch(on(series, SECOND), {"start": "2026-12-02T14:00", "end": "2026-12-02T15:30"})
    )

    assert (edited["original_start"], edited["start"], edited["end"]) == (
        SECOND,
        "2026-12-02T14:00",
        "2026-12-02T15:30",
    )
    assert (SECOND, "2026-12-02T14:00") in dates(as_bob)


def test_series_names_the_dates_that_differ(as_alice: Caller, as_bob: Caller, series: Any) -> None:
    done(as_alice.patch(on(series, SECOND), {"subject": "Special"}))
    done(as_bob.patch(on(series, THIRD), {"categories": ["Prep"]}))

    assert as_alice.get(f"/events/{series['id']}").json()["changed"] == [SECOND]

    as_alice.delete(on(series, SECOND, "this"))

    assert as_alice.get(f"/events/{series['id']}").json()["changed"] == []


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("2026-12-03T08:00", "2026-12-03T08:30", "start"),
        ("2026-12-05T09:00", "2026-12-05T10:00", "start"),
        ("2026-12-01T23:00", "2026-12-02T01:00", "start"),
        ("2026-12-02T23:00", "2026-12-03T09:30", "end"),
    ],
)
def test_one_date_cannot_reach_its_neighbours(
    as_alice: Caller, series: Any, start: str, end: str, field: str
) -> None:
    answer = as_alice.patch(on(series, SECOND), {"start": start, "end": end})

    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert "keep their order" in answer.json()["detail"]
    assert not Override.objects.exists()


def test_deleted_neighbour_is_in_nobodys_way(as_alice: Caller, series: Any) -> None:
    as_alice.delete(on(series, THIRD))

    done(
        as_alice.patch(on(series, SECOND), {"start": "2026-12-03T08:00", "end": "2026-12-03T09:00"})
    )

    assert (SECOND, "2026-12-03T08:00") in dates(as_alice)


def test_last_date_moved_past_the_end_is_found_there(as_alice: Caller, series: Any) -> None:
    done(as_alice.patch(on(series, LAST), {"start": "2027-02-01T09:00", "end": "2027-02-01T10:00"}))

    there = {"start": "2027-01-31T00:00Z", "end": "2027-02-02T00:00Z"}
    assert [
        i["start"] for i in as_alice.get("/events", expand="true", **there).json()["items"]
    ] == ["2027-02-01T09:00"]
    assert as_alice.get("/events", **there).json()["count"] == 1
    between = {"start": "2026-12-10T00:00Z", "end": "2027-01-10T00:00Z"}
    assert as_alice.get("/events", **between).json()["count"] == 0


def test_what_is_as_the_series_follows_it(as_alice: Caller, series: Any) -> None:
    as_alice.patch(on(series, SECOND), {"subject": "Special", "location": "Roof"})
    as_alice.patch(on(series, SECOND), {"subject": "Review"})

    as_alice.patch(f"/events/{series['id']}", {"subject": "Retro", "location": "Cellar"})

    assert [
        (found["subject"], found["location"])
        for found in (as_alice.get(on(series, start)).json() for start in (FIRST, SECOND))
    ] == [("Retro", "Cellar"), ("Retro", "Roof")]


def test_series_that_takes_a_dates_value_leads_it_again(as_alice: Caller, series: Any) -> None:
    as_alice.patch(on(series, SECOND), {"subject": "Special"})

    as_alice.patch(f"/events/{series['id']}", {"subject": "Special"})
    as_alice.patch(f"/events/{series['id']}", {"subject": "Retro"})

    assert as_alice.get(on(series, SECOND)).json()["subject"] == "Retro"


def test_one_date_has_no_rule_of_its_own(as_alice: Caller, series: Any) -> None:
    answer = as_alice.patch(on(series, SECOND), {"rrule": "FREQ=WEEKLY"})

    assert (answer.status_code, answer.json()["field"]) == (422, "rrule")
    done(as_alice.patch(on(series, SECOND), {"rrule": series["rrule"], "subject": "Special"}))
    assert as_alice.get(on(series, SECOND)).json()["subject"] == "Special"


def test_one_date_sent_back_as_it_came_changes_nothing(as_alice: Caller, series: Any) -> None:
    done(as_alice.patch(on(series, SECOND), {"subject": "Special"}))
    found = as_alice.get(on(series, SECOND)).json()
    settable = set(EventChange.model_fields)

    back = {name: value for name, value in found.items() if name in settable}

    assert done(as_alice.patch(on(series, SECOND), back)) == found


def test_own_fields_of_one_date_are_their_persons(
    as_alice: Caller, as_bob: Caller, series: Any
) -> None:
    own = {"show_as": "free", "reminder_minutes": None, "categories": ["Red"]}

    edited = done(as_bob.patch(on(series, SECOND), own))

    assert {name: edited[name] for name in own} == own
    assert as_bob.get(on(series, FIRST)).json()["show_as"] == "busy"
    assert as_alice.get(on(series, SECOND)).json()["categories"] == []
    refused = as_bob.patch(on(series, SECOND), {"subject": "Mine"})
    assert refused.json()["detail"] == "Only Alice Adams can change this event."


def test_attendee_answers_one_date(as_alice: Caller, as_bob: Caller, series: Any) -> None:
    done(as_bob.post(f"/events/{series['id']}/respond", {"response": "accepted"}))
    path = f"/events/{series['id']}/respond?occurrence={SECOND}"

    answer = done(as_bob.post(path, {"response": "tentatively_accepted"}))

    assert (answer["original_start"], answer["my_response"]) == (SECOND, "tentatively_accepted")
    responses = [
        as_alice.get(on(series, start)).json()["attendees"][0]["response"]
        for start in (FIRST, SECOND)
    ]
    assert responses == ["accepted", "tentatively_accepted"]
    assert as_alice.post(path, {"response": "accepted"}).status_code == 403


def test_declined_date_leaves_the_persons_calendar_and_comes_back(
    as_alice: Caller, as_bob: Caller, series: Any
) -> None:
    path = f"/events/{series['id']}/respond?occurrence={SECOND}"

    as_bob.post(path, {"response": "declined"})
    assert SECOND not in dict(dates(as_bob))
    assert SECOND in dict(dates(as_alice))

    as_bob.post(path, {"response": "accepted"})
    assert SECOND in dict(dates(as_bob))


def test_organizer_takes_one_date_out_for_everybody(
    as_alice: Caller, as_bob: Caller, series: Any
) -> None:
    as_alice.patch(on(series, SECOND), {"subject": "Special"})
    as_bob.patch(on(series, SECOND), {"show_as": "free"})

    assert as_alice.delete(on(series, SECOND)).status_code == 204

    assert SECOND not in dict(dates(as_bob))
    assert len(dates(as_alice)) == 3  # deleted dates count in COUNT
    assert as_alice.get(f"/events/{series['id']}").json()["excluded"] == [SECOND]
    assert not Override.objects.exists()
    assert not PersonalOverride.objects.exists()
    assert as_alice.delete(on(series, SECOND)).status_code == 404


def test_series_goes_to_the_archive_with_its_last_date(as_alice: Caller, series: Any) -> None:
    for day in range(1, 5):
        assert as_alice.delete(on(series, f"2026-12-0{day}T09:00")).status_code == 204

    assert dates(as_alice) == []
    assert as_alice.get(f"/events/{series['id']}").json()["archived"] is True


def test_attendee_takes_one_date_off_their_own_calendar(
    as_alice: Caller, as_bob: Caller, series: Any
) -> None:
    assert as_bob.delete(on(series, SECOND)).status_code == 204

    assert [start for start, _ in dates(as_bob)] == [FIRST, THIRD, LAST]
    assert len(dates(as_alice)) == 4
    assert len(dates(as_alice, user=as_bob.user.pk)) == 3
    assert as_bob.get(on(series, SECOND)).json()["archived"] is True


def test_date_of_which_everybody_is_off_shows_nowhere_in_a_range(
    as_bob: Caller, series: Any
) -> None:
    as_bob.delete(on(series, SECOND))

    range_ = {"start": "2026-12-02T00:00Z", "end": "2026-12-03T00:00Z"}
    assert as_bob.get("/events", **range_).json()["count"] == 0


def test_excluded_grows_by_patch_and_never_shrinks(as_alice: Caller, series: Any) -> None:
    path = f"/events/{series['id']}"
    done(as_alice.patch(path, {"excluded": [SECOND]}))

    assert done(as_alice.patch(path, {"excluded": [SECOND, THIRD]}))["excluded"] == [SECOND, THIRD]
    refused = as_alice.patch(path, {"excluded": [THIRD]})
    assert (refused.status_code, refused.json()["field"]) == (422, "excluded")
    assert (
        as_alice.patch(path, {"excluded": [SECOND, THIRD, "2026-12-09T09:00"]}).status_code == 422
    )
    assert as_alice.patch(on(series, FIRST), {"excluded": [FIRST]}).status_code == 422


def test_guest_of_one_date_has_that_date_alone(
    as_alice: Caller, as_charlie: Caller, series: Any
) -> None:
    done(as_alice.patch(on(series, SECOND), {"attendees": [BOB, CHARLIE]}))

    items = as_charlie.get(
        "/events", start="2026-12-01", end="2026-12-31", expand="true", user=as_charlie.user.pk
    ).json()["items"]
    assert [(i["original_start"], i["subject"], i["access"]) for i in items] == [
        (SECOND, "Review", "attendee")
    ]
    assert as_charlie.get(on(series, FIRST)).json()["access"] == "busy"
    assert as_charlie.get(f"/events/{series['id']}").json()["access"] == "busy"
    own = done(as_charlie.patch(on(series, SECOND), {"show_as": "free"}))
    assert own["show_as"] == "free"
    assert as_charlie.patch(on(series, FIRST), {"show_as": "free"}).status_code == 403
    done(as_alice.patch(on(series, SECOND), {"attendees": [BOB]}))
    assert not Participant.objects.filter(is_guest=True).exists()


def test_attendee_left_out_of_one_date_has_the_others(
    as_alice: Caller, as_bob: Caller, series: Any
) -> None:
    done(as_alice.patch(on(series, SECOND), {"attendees": []}))

    assert SECOND not in dict(dates(as_alice, user=as_bob.user.pk))
    assert len(dates(as_bob, user=as_bob.user.pk)) == 3
    assert as_bob.get(on(series, SECOND)).json()["access"] == "busy"


def test_all_day_date_is_named_by_its_day(as_alice: Caller) -> None:
    series = as_alice.event(
        all_day=True, start="2026-12-01", end="2026-12-02", rrule="FREQ=WEEKLY;COUNT=3"
    )

    edited = done(
        as_alice.patch(on(series, "2026-12-08"), {"start": "2026-12-09", "end": "2026-12-11"})
    )

    assert (edited["original_start"], edited["start"], edited["end"]) == (
        "2026-12-08",
        "2026-12-09",
        "2026-12-11",
    )


def test_time_in_another_zone_is_shown_in_that_of_the_series(as_alice: Caller, series: Any) -> None:
    tokyo = {"start": "2026-12-02T20:00", "end": "2026-12-02T21:00", "time_zone": "Asia/Tokyo"}

    edited = done(as_alice.patch(on(series, SECOND), tokyo))

    assert (edited["start"], edited["time_zone"]) == ("2026-12-02T11:00", "UTC")


def test_date_in_another_hour_of_daylight_saving_is_named_by_its_wall_time(
    as_alice: Caller,
) -> None:
    series = as_alice.event(
        start="2027-03-22T09:00", end="2027-03-22T10:00", time_zone="Europe/Paris",
        rrule="FREQ=WEEKLY;COUNT=3",
    )  # fmt: skip

    edited = done(as_alice.patch(on(series, "2027-03-29T09:00"), {"end": "2027-03-29T11:00"}))

    assert (edited["start"], edited["end"]) == ("2027-03-29T09:00", "2027-03-29T11:00")
