"""Editing one date, this and following, or all of a series. Alice owns, Bob attends."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.models import Event, Override, Participant, PersonalOverride
from leansoft.web.api.event_in import EventChange
from support.api import Caller

BOB = {"email": "bob@example.com", "name": "Bob Brown", "type": "required"}
CHARLIE = {"email": "charlie@example.com", "name": "Charlie Cole", "type": "required"}
FIRST, SECOND, THIRD = "2026-12-01T09:00", "2026-12-02T09:00", "2026-12-03T09:00"


@pytest.fixture
def series(as_alice: Caller, bob: User) -> Any:
    return as_alice.event(rrule="FREQ=DAILY;COUNT=4", attendees=[BOB])


def dates(caller: Caller, **query: Any) -> list[tuple[str | None, str]]:
    """(original start, start) of all dates on the caller's calendar."""
    items = caller.get("/events", start="2026-11-01", end="2027-11-01", expand="true", **query)
    return [(item["original_start"], item["start"]) for item in items.json()["items"]]


def on(series: Any, start: str, scope: str | None = None) -> str:
    path = f"/events/{series['id']}?occurrence={start}"
    return f"{path}&scope={scope}" if scope else path


def done(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    return answer.json()


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
    done(
        as_alice.patch(
            on(series, "2026-12-04T09:00"), {"start": "2027-02-01T09:00", "end": "2027-02-01T10:00"}
        )
    )

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

    assert [start for start, _ in dates(as_bob)] == [FIRST, THIRD, "2026-12-04T09:00"]
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


def test_all_by_way_of_one_date_shifts_the_series(as_alice: Caller, series: Any) -> None:
    edited = done(
        as_alice.patch(
            on(series, SECOND, "all"), {"start": "2026-12-02T11:00", "end": "2026-12-02T11:30"}
        )
    )

    assert (edited["start"], edited["end"]) == ("2026-12-01T11:00", "2026-12-01T11:30")
    assert [start for _, start in dates(as_alice)] == [
        f"2026-12-0{day}T11:00" for day in range(1, 5)
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,SU;COUNT=3", ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", "2026-12-02")),
        ("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=3", ("FREQ=MONTHLY;BYMONTHDAY=2;COUNT=3", "2026-12-02")),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=3", ("FREQ=MONTHLY;BYDAY=1WE;COUNT=3", "2026-12-02")),
    ],
)
def test_all_by_way_of_one_date_moves_the_days_of_the_rule(
    as_alice: Caller, rule: str, expected: tuple[str, str]
) -> None:
    series = as_alice.event(rrule=rule)

    edited = done(
        as_alice.patch(
            on(series, FIRST, "all"), {"start": "2026-12-02T09:00", "end": "2026-12-02T10:00"}
        )
    )

    assert (edited["rrule"], edited["start"][:10]) == expected


def test_new_time_of_a_series_keeps_its_last_date(as_alice: Caller) -> None:
    series = as_alice.event(rrule="FREQ=DAILY;UNTIL=20261204T090000Z")

    edited = done(
        as_alice.patch(
            f"/events/{series['id']}", {"start": "2026-12-01T11:00", "end": "2026-12-01T12:00"}
        )
    )

    assert edited["rrule"] == "FREQ=DAILY;UNTIL=20261204T110000Z"
    assert len(dates(as_alice)) == 4


def test_new_times_drop_what_dates_have_of_their_own(
    as_alice: Caller, as_bob: Caller, series: Any
) -> None:
    as_alice.patch(on(series, SECOND), {"subject": "Special"})
    as_alice.delete(on(series, THIRD))
    as_bob.patch(on(series, FIRST), {"show_as": "free"})

    done(as_alice.patch(f"/events/{series['id']}", {"end": "2026-12-01T12:00"}))

    assert [start for start, _ in dates(as_alice)] == [f"2026-12-0{d}T09:00" for d in range(1, 5)]
    assert not Override.objects.exists()
    assert not PersonalOverride.objects.exists()


def test_new_range_cuts_only_what_lies_outside(as_alice: Caller, series: Any) -> None:
    as_alice.patch(on(series, SECOND), {"subject": "Special"})
    as_alice.delete(on(series, THIRD))
    as_alice.patch(on(series, "2026-12-04T09:00"), {"subject": "Last"})

    edited = done(as_alice.patch(f"/events/{series['id']}", {"rrule": "FREQ=DAILY;COUNT=3"}))

    assert edited["excluded"] == [THIRD]
    assert as_alice.get(on(series, SECOND)).json()["subject"] == "Special"
    assert Override.objects.count() == 1


def test_series_becomes_a_single_event_and_back(as_alice: Caller, series: Any) -> None:
    path = f"/events/{series['id']}"

    single = done(as_alice.patch(path, {"rrule": None}))
    assert (single["rrule"], single["start"]) == (None, FIRST)
    assert dates(as_alice) == [(None, FIRST)]

    again = done(as_alice.patch(path, {"rrule": "FREQ=DAILY;COUNT=2"}))
    assert again["rrule"] == "FREQ=DAILY;COUNT=2"
    assert len(dates(as_alice)) == 2


def test_following_splits_the_series(as_alice: Caller, as_bob: Caller, series: Any) -> None:
    as_bob.patch(f"/events/{series['id']}", {"categories": ["Mine"]})
    as_alice.patch(on(series, "2026-12-04T09:00"), {"location": "Roof"})
    as_bob.patch(on(series, "2026-12-04T09:00"), {"show_as": "free"})
    as_alice.patch(on(series, FIRST), {"location": "Cellar"})

    new = done(as_alice.patch(on(series, THIRD, "following"), {"subject": "Retro"}))

    assert new["id"] != series["id"]
    assert (new["subject"], new["start"], new["rrule"]) == ("Retro", THIRD, "FREQ=DAILY;COUNT=2")
    old = as_alice.get(f"/events/{series['id']}").json()
    assert (old["subject"], old["rrule"]) == ("Review", "FREQ=DAILY;UNTIL=20261202T090000Z")
    assert str(Event.objects.get(pk=new["id"]).continues_id) == series["id"]
    assert as_alice.get(on(old, FIRST)).json()["location"] == "Cellar"
    moved = as_bob.get(on(new, "2026-12-04T09:00")).json()
    assert (moved["location"], moved["show_as"], moved["categories"]) == ("Roof", "free", ["Mine"])
    assert [start for start, _ in dates(as_bob)] == [f"2026-12-0{d}T09:00" for d in range(1, 5)]


def test_following_with_new_times_moves_the_rest(as_alice: Caller, series: Any) -> None:
    as_alice.delete(on(series, "2026-12-04T09:00"))

    new = done(
        as_alice.patch(
            on(series, THIRD, "following"), {"start": "2026-12-03T13:00", "end": "2026-12-03T14:00"}
        )
    )

    assert (new["start"], new["excluded"]) == ("2026-12-03T13:00", [])
    assert [start for _, start in dates(as_alice)] == [
        FIRST,
        SECOND,
        "2026-12-03T13:00",
        "2026-12-04T13:00",
    ]


def test_following_keeps_deleted_dates_in_the_count(as_alice: Caller, series: Any) -> None:
    as_alice.delete(on(series, SECOND))
    as_alice.delete(on(series, "2026-12-04T09:00"))

    new = done(as_alice.patch(on(series, THIRD, "following"), {"subject": "Retro"}))

    assert (new["rrule"], new["excluded"]) == ("FREQ=DAILY;COUNT=2", ["2026-12-04T09:00"])
    assert [start for start, _ in dates(as_alice)] == [FIRST, THIRD]


def test_following_at_the_first_date_means_all(as_alice: Caller, series: Any) -> None:
    edited = done(as_alice.patch(on(series, FIRST, "following"), {"subject": "Retro"}))

    assert (edited["id"], edited["rrule"]) == (series["id"], series["rrule"])
    assert Event.objects.count() == 1


def test_following_at_the_last_date_is_a_series_of_one(as_alice: Caller, series: Any) -> None:
    path = on(series, "2026-12-04T09:00", "following")

    new = done(as_alice.patch(path, {"subject": "Retro"}))

    assert (new["rrule"], new["start"]) == ("FREQ=DAILY;COUNT=1", "2026-12-04T09:00")


def test_following_that_changes_nothing_splits_nothing(as_alice: Caller, series: Any) -> None:
    done(as_alice.patch(on(series, THIRD, "following"), {"subject": "Review"}))

    assert Event.objects.count() == 1


def test_following_can_take_another_rule(as_alice: Caller, series: Any) -> None:
    new = done(as_alice.patch(on(series, THIRD, "following"), {"rrule": "FREQ=WEEKLY;COUNT=2"}))

    assert new["rrule"] == "FREQ=WEEKLY;COUNT=2"
    assert [start for start, _ in dates(as_alice)] == [FIRST, SECOND, THIRD, "2026-12-10T09:00"]


def test_delete_following_ends_the_series(as_alice: Caller, series: Any) -> None:
    assert as_alice.delete(on(series, THIRD, "following")).status_code == 204

    assert [start for start, _ in dates(as_alice)] == [FIRST, SECOND]
    assert Event.objects.count() == 1
    assert as_alice.delete(on(series, FIRST, "following")).status_code == 204
    assert as_alice.get(f"/events/{series['id']}").json()["archived"] is True


def test_delete_all_by_way_of_one_date_archives(as_alice: Caller, series: Any) -> None:
    assert as_alice.delete(on(series, THIRD, "all")).status_code == 204

    assert as_alice.get(f"/events/{series['id']}").json()["archived"] is True


def test_attendee_cannot_change_the_rest_of_a_series(as_bob: Caller, series: Any) -> None:
    for answer in (
        as_bob.patch(on(series, THIRD, "following"), {"show_as": "free"}),
        as_bob.delete(on(series, THIRD, "following")),
    ):
        assert answer.status_code == 403
        assert "Only Alice Adams" in answer.json()["detail"]


def test_outsider_changes_no_date(as_charlie: Caller, series: Any) -> None:
    for scope in ("this", "following", "all"):
        assert as_charlie.patch(on(series, SECOND, scope), {"subject": "Ha"}).status_code == 403
        assert as_charlie.delete(on(series, SECOND, scope)).status_code == 403


def test_scope_without_a_date_is_refused(as_alice: Caller, series: Any) -> None:
    path = f"/events/{series['id']}?scope="

    assert as_alice.patch(f"{path}this", {"subject": "Retro"}).status_code == 422
    assert as_alice.delete(f"{path}following").status_code == 422
    assert as_alice.patch(f"{path}sometimes", {"subject": "Retro"}).json()["field"] == "scope"
    assert done(as_alice.patch(f"{path}all", {"subject": "Retro"}))["subject"] == "Retro"


def test_stale_version_of_the_series_is_refused(as_alice: Caller, series: Any) -> None:
    done(as_alice.patch(on(series, SECOND), {"subject": "Special"}, If_Match='"1"'))

    assert as_alice.patch(on(series, FIRST), {"subject": "X"}, If_Match='"1"').status_code == 412
    assert as_alice.delete(on(series, FIRST), If_Match='"1"').status_code == 412


def test_unarchived_series_asks_everybody_again(
    as_alice: Caller, as_bob: Caller, series: Any
) -> None:
    path = f"/events/{series['id']}"
    as_alice.patch(on(series, SECOND), {"subject": "Special"})
    as_bob.post(f"{path}/respond?occurrence={SECOND}", {"response": "accepted"})

    as_alice.post(f"{path}/archive")
    as_alice.post(f"{path}/unarchive")

    found = as_alice.get(on(series, SECOND)).json()
    assert (found["subject"], found["attendees"][0]["response"]) == ("Special", "not_responded")


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
