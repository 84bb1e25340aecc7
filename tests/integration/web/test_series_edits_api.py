"""A change of all dates of a series, or of one and all that follow. Alice owns, Bob attends."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.models import Event, Override, Participant, PersonalOverride
from leansoft.web.api.event_in import EventChange
from support.api import Caller
from support.one_series import BOB, CHARLIE, FIRST, LAST, SECOND, THIRD, dates, done, on


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
    as_alice.patch(on(series, LAST), {"subject": "Last"})

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
    as_alice.patch(on(series, LAST), {"location": "Roof"})
    as_bob.patch(on(series, LAST), {"show_as": "free"})
    as_alice.patch(on(series, FIRST), {"location": "Cellar"})

    new = done(as_alice.patch(on(series, THIRD, "following"), {"subject": "Retro"}))

    assert new["id"] != series["id"]
    assert (new["subject"], new["start"], new["rrule"]) == ("Retro", THIRD, "FREQ=DAILY;COUNT=2")
    old = as_alice.get(f"/events/{series['id']}").json()
    assert (old["subject"], old["rrule"]) == ("Review", "FREQ=DAILY;UNTIL=20261202T090000Z")
    assert str(Event.objects.get(pk=new["id"]).continues_id) == series["id"]
    assert as_alice.get(on(old, FIRST)).json()["location"] == "Cellar"
    moved = as_bob.get(on(new, LAST)).json()
    assert (moved["location"], moved["show_as"], moved["categories"]) == ("Roof", "free", ["Mine"])
    assert [start for start, _ in dates(as_bob)] == [f"2026-12-0{d}T09:00" for d in range(1, 5)]


def test_following_with_new_times_moves_the_rest(as_alice: Caller, series: Any) -> None:
    as_alice.delete(on(series, LAST))

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
    as_alice.delete(on(series, LAST))

    new = done(as_alice.patch(on(series, THIRD, "following"), {"subject": "Retro"}))

    assert (new["rrule"], new["excluded"]) == ("FREQ=DAILY;COUNT=2", [LAST])
    assert [start for start, _ in dates(as_alice)] == [FIRST, THIRD]


def test_following_at_the_first_date_means_all(as_alice: Caller, series: Any) -> None:
    edited = done(as_alice.patch(on(series, FIRST, "following"), {"subject": "Retro"}))

    assert (edited["id"], edited["rrule"]) == (series["id"], series["rrule"])
    assert Event.objects.count() == 1


def test_following_at_the_last_date_is_a_series_of_one(as_alice: Caller, series: Any) -> None:
    path = on(series, LAST, "following")

    new = done(as_alice.patch(path, {"subject": "Retro"}))

    assert (new["rrule"], new["start"]) == ("FREQ=DAILY;COUNT=1", LAST)


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


def test_series_sent_back_as_it_came_changes_nothing(as_alice: Caller, series: Any) -> None:
    as_alice.delete(on(series, SECOND))

    for path in (
        f"/events/{series['id']}",
        on(series, THIRD, "all"),
        on(series, THIRD, "following"),
    ):
        found = as_alice.get(path).json()
        back = {name: value for name, value in found.items() if name in EventChange.model_fields}
        assert done(as_alice.patch(path, back))["version"] == found["version"]

    assert Event.objects.count() == 1


def test_following_at_the_first_date_that_is_left_means_all(as_alice: Caller, series: Any) -> None:
    as_alice.delete(on(series, FIRST))
    path = on(series, SECOND, "following")

    renamed = done(as_alice.patch(path, {"subject": "Retro"}))
    moved = done(as_alice.patch(path, {"start": "2026-12-02T11:00", "end": "2026-12-02T12:00"}))

    assert (renamed["id"], renamed["excluded"]) == (series["id"], [FIRST])
    assert (moved["id"], moved["start"], moved["rrule"], moved["excluded"]) == (
        series["id"],
        "2026-12-02T11:00",
        "FREQ=DAILY;COUNT=3",
        [],
    )


def test_series_turns_all_day_and_back_with_its_last_date(as_alice: Caller) -> None:
    series = as_alice.event(rrule="FREQ=WEEKLY;UNTIL=20261222T090000Z")
    dates_ = {"all_day": True, "start": "2026-12-01", "end": "2026-12-02"}
    times = {
        "all_day": False,
        "start": "2026-12-08T10:00",
        "end": "2026-12-08T11:00",
        "time_zone": "Europe/Paris",
    }

    all_day = done(as_alice.patch(f"/events/{series['id']}", dates_))
    timed = done(as_alice.patch(on(series, "2026-12-08", "all"), times))

    assert all_day["rrule"] == "FREQ=WEEKLY;UNTIL=20261222"
    assert (timed["start"], timed["rrule"]) == (
        "2026-12-01T10:00",
        "FREQ=WEEKLY;UNTIL=20261222T090000Z",
    )


def test_guest_who_is_invited_to_all_is_an_attendee(
    as_alice: Caller, charlie: User, series: Any
) -> None:
    as_alice.patch(on(series, SECOND), {"attendees": [BOB, CHARLIE]})

    edited = done(as_alice.patch(f"/events/{series['id']}", {"attendees": [BOB, CHARLIE]}))

    assert [person["email"] for person in edited["attendees"]] == [
        "bob@example.com",
        charlie.email,
    ]
    assert edited["changed"] == []
    assert not Participant.objects.filter(is_guest=True).exists()


def test_archive_shows_the_dates_of_a_series_that_somebody_left(
    as_bob: Caller, series: Any
) -> None:
    as_bob.delete(f"/events/{series['id']}")

    assert dates(as_bob) == []
    assert len(dates(as_bob, archived="true")) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"start": "2026-12-01T11:00", "end": "2026-12-01T12:00"},
        {"start": "2026-12-01T11:00", "end": "2026-12-01T12:00", "time_zone": "UTC"},
        {"rrule": "FREQ=DAILY;COUNT=9"},
    ],
)
def test_times_of_a_series_in_a_zone_without_a_name_stay_outlooks(
    as_alice: Caller, series: Any, change: dict[str, str]
) -> None:
    Event.objects.update(time_zone="")
    present = done(as_alice.get(f"/events/{series['id']}"))
    times = {name: present[name] for name in ("start", "end", "time_zone", "all_day", "rrule")}

    refused = as_alice.patch(f"/events/{series['id']}", change)
    # As a form sends it: what was not changed comes along.
    renamed = done(as_alice.patch(f"/events/{series['id']}", {**times, "subject": "Round"}))

    assert (refused.status_code, refused.json()["detail"][:40]) == (
        409,
        "Outlook keeps this series in a time zone",
    )
    assert {name: renamed[name] for name in times} == times
    assert (renamed["subject"], Event.objects.get().time_zone) == ("Round", "")
