"""calendarView/delta and its oddities (delta.md)."""

from typing import Any

import pytest

from sandbox.ledger import covers
from sandbox.world import Person, World, at, event, weekly

FIRST = "/me/calendarView/delta?startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z"
OUTSIDE = {"start": at("2030-01-01T09:00"), "end": at("2030-01-01T10:00")}
HOST = "http://localhost:8001/v1.0"


class Round:
    """One round, page by page."""

    def __init__(self, person: Person, link: str = FIRST, **headers: str) -> None:
        self.pages: list[list[Any]] = []
        self.link = ""
        following: str | None = link
        while following is not None:
            page = person.get(following.removeprefix(HOST), **headers)
            assert ("@odata.nextLink" in page) != ("@odata.deltaLink" in page)
            self.pages.append(page["value"])
            following = page.get("@odata.nextLink")
            self.link = page.get("@odata.deltaLink", "")

    @property
    def items(self) -> list[Any]:
        return [item for page in self.pages for item in page]

    def told(self) -> list[str]:
        """Subjects, `-` for a tombstone, `.` for a stub."""
        return ["-" if "@removed" in item else item.get("subject", ".") for item in self.items]


@covers("delta.links", "delta.first")
def test_first_round_shows_the_window(ana: Person) -> None:
    ana.create(event("Inside"))
    ana.create(event("Outside", **OUTSIDE))
    found = Round(ana)
    assert found.told() == ["Inside"]
    assert found.items[0]["@odata.type"] == "#microsoft.graph.event"
    assert Round(ana, found.link).told() == []


@covers("delta.applied")
def test_header_says_track_changes(ana: Person) -> None:
    response = ana.request("GET", FIRST, Prefer="odata.maxpagesize=2")
    assert "odata.track-changes" in response.headers["preference-applied"]


@covers("delta.old-links", "delta.later", "delta.removed")
def test_changes_and_deletions_come_with_the_next_round(ana: Person) -> None:
    one, two = ana.create(event("One")), ana.create(event("Two"))
    before = Round(ana)
    ana.create(event("Three"))
    ana.patch(f"/me/events/{one['id']}", {"subject": "Won"})
    ana.delete(f"/me/events/{two['id']}")
    after = Round(ana, before.link)
    assert after.told() == ["Three", "Won", "-"]
    assert after.items[2] == {
        "@odata.type": "#microsoft.graph.event",
        "id": two["id"],
        "@removed": {"reason": "deleted"},
    }
    assert Round(ana, before.link).told() == ["Three", "Won", "-"]  # an old link still works
    assert Round(ana, after.link).told() == []


@covers("delta.page-size")
def test_pages(ana: Person) -> None:
    for number in range(25):
        ana.create(event(str(number)))
    assert [len(page) for page in Round(ana).pages] == [10, 10, 5]
    sizes = [len(page) for page in Round(ana, Prefer="odata.maxpagesize=20").pages]
    assert sizes == [20, 5]


@covers("delta.between")
def test_change_between_two_pages_comes_later(ana: Person) -> None:
    made = [ana.create(event(str(number))) for number in range(4)]
    page = ana.get(FIRST, Prefer="odata.maxpagesize=2")
    ana.patch(f"/me/events/{made[3]['id']}", {"subject": "Late"})
    following = Round(ana, page["@odata.nextLink"], Prefer="odata.maxpagesize=2")
    assert following.told() == ["2"]
    assert Round(ana, following.link).told() == ["Late"]


@covers("delta.window", "delta.outside")
def test_outside_the_window_is_told_as_removed(world: World, ana: Person) -> None:
    inside = ana.create(event("Inside"))
    before = Round(ana)
    far = ana.create(event("Far", **OUTSIDE))
    ana.patch(f"/me/events/{inside['id']}", OUTSIDE)
    after = Round(ana, before.link)
    assert [(item["id"], "@removed" in item) for item in after.items] == [
        (far["id"], True),
        (inside["id"], True),
    ]
    world.switch(delta_removed_outside_window=False)
    assert Round(ana, before.link).told() == []


@covers("delta.masters", "delta.stubs")
def test_series_comes_as_master_and_stubs(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    master, *stubs = Round(ana).items
    assert (master["id"], master["type"]) == (made["id"], "seriesMaster")
    assert len(stubs) == 4
    for stub in stubs:
        assert stub.keys() == {
            "@odata.type",
            "@odata.etag",
            "id",
            "seriesMasterId",
            "type",
            "start",
            "end",
        }


@covers("delta.masters")
def test_master_comes_from_outside_the_window(ana: Person) -> None:
    value = event("Old", start=at("2020-01-07T09:00"), end=at("2020-01-07T10:00"))
    value["recurrence"] = {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
        "range": {"type": "noEnd", "startDate": "2020-01-07"},
    }
    ana.create(value)
    master, *stubs = Round(ana).items
    assert master["start"]["dateTime"].startswith("2020-01-07")
    assert stubs[0]["start"]["dateTime"].startswith("2026-11-03")


@covers("delta.unsplit")
def test_series_is_not_split_across_pages(ana: Person) -> None:
    ana.create(event("Series", **weekly()))
    ana.create(event("Single"))
    pages = Round(ana, Prefer="odata.maxpagesize=2").pages
    assert [len(page) for page in pages] == [5, 1]


@covers("delta.exceptions", "delta.deleted-date")
def test_exception_is_full_and_deleted_date_is_only_missing(world: World, ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    before = Round(ana)
    days = [item["id"] for item in before.items[1:]]
    ana.patch(f"/me/events/{days[1]}", {"subject": "Special"})
    ana.delete(f"/me/events/{days[2]}")
    assert Round(ana, before.link).told() == ["Series", ".", "Special", "."]
    world.switch(delta_removed_for_deleted_occurrence=True)
    assert Round(ana, before.link).told() == ["Series", ".", "Special", ".", "-"]
    assert made["id"]


@covers("operations.delete-master", "delta.deleted-series")
def test_deleted_series_has_one_tombstone_or_all_by_switch(world: World, ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    before = Round(ana)
    ana.delete(f"/me/events/{made['id']}")
    assert [item["id"] for item in Round(ana, before.link).items] == [made["id"]]
    world.switch(delta_series_tombstones="all")
    assert len(Round(ana, before.link).items) == 5


@covers("delta.declined")
def test_decline_is_removed_and_cancel_is_an_update(ana: Person, bo: Person) -> None:
    one, two = ana.create(event("One", bo.email)), ana.create(event("Two", bo.email))
    before = Round(bo)
    copy = next(e for e in bo.events() if e["subject"] == "One")
    bo.post(f"/me/events/{copy['id']}/decline")
    ana.delete(f"/me/events/{two['id']}")
    after = Round(bo, before.link)
    assert after.told() == ["-", "Canceled: Two"]
    assert after.items[1]["isCancelled"] is True
    assert one["id"]


@covers("delta.expired", "control.faults-kinds")
def test_expired_token(world: World, ana: Person) -> None:
    ana.create(event())
    link = Round(ana).link.removeprefix(HOST)
    world.control("POST", "/faults", {"kind": "expire_delta_tokens", "email": ana.email})
    assert ana.error("GET", link) == (410, "SyncStateNotFound")
    assert Round(ana).told() == ["Planning"]


@covers("delta.malformed")
def test_malformed_token(ana: Person) -> None:
    assert ana.error("GET", "/me/calendarView/delta?$deltatoken=x") == (400, "BadRequest")


@covers("delta.mid-round")
def test_expiry_in_the_middle_of_a_round(world: World, ana: Person) -> None:
    for _ in range(3):
        ana.create(event())
    page = ana.get(FIRST, Prefer="odata.maxpagesize=2")
    world.switch(delta_expires_mid_round=True)
    link = page["@odata.nextLink"].removeprefix(HOST)
    assert ana.error("GET", link) == (410, "SyncStateNotFound")


@covers("delta.empty", "delta.duplicates")
def test_empty_pages_replays_duplicates_and_lag(world: World, ana: Person) -> None:
    ana.create(event("One"))
    before = Round(ana)
    world.switch(delta_empty_pages=True)
    assert [len(page) for page in Round(ana).pages] == [0, 1]
    world.switch(delta_empty_pages=False, delta_replays=True)
    assert Round(ana, before.link).told() == ["One"]
    world.switch(delta_replays=False, delta_duplicates=True)
    assert Round(ana).told() == ["One", "One"]
    world.switch(delta_duplicates=False, delta_lag_seconds=30)
    ana.create(event("Two"))
    late = Round(ana, before.link)
    assert late.told() == []
    world.advance(31)
    assert Round(ana, late.link).told() == ["Two"]


@covers("delta.duplicates")
def test_shuffle_keeps_the_content(world: World, ana: Person) -> None:
    for number in range(8):
        ana.create(event(str(number)))
    world.switch(delta_shuffle=True)
    assert sorted(Round(ana).told()) == [str(number) for number in range(8)]
    assert Round(ana).told() != [str(number) for number in range(8)]


@pytest.mark.parametrize("option", ["$filter=subject eq 'x'", "$expand=attachments", "$top=5"])
@covers("delta.refused")
def test_unsupported_options(ana: Person, option: str) -> None:
    assert ana.error("GET", f"{FIRST}&{option}") == (400, "BadRequest")


@covers("delta.calendars")
def test_one_token_per_calendar(ana: Person) -> None:
    side = ana.post("/me/calendars", {"name": "Side"}, 201)
    path = f"/me/calendars/{side['id']}"
    ana.post(path + "/events", event("Side"), 201)
    ana.create(event("Main"))
    assert Round(ana).told() == ["Main"]
    assert Round(ana, FIRST.replace("/me", path, 1)).told() == ["Side"]
    assert Round(ana, FIRST.replace("delta?", "microsoft.graph.delta()?")).told() == ["Main"]
