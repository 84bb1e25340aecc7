"""Switches that no other test turns: both positions of each."""

import ast
from pathlib import Path
from typing import Any

import pytest

from outlook_sandbox.subscriptions.delivery import deliver
from outlook_sandbox.switches import Switches
from sandbox.conftest import ANA, BO
from sandbox.ledger import covers
from sandbox.test_delta import FIRST, Round
from sandbox.test_notifications import Listener, wish
from sandbox.world import Person, World, at, event, weekly

WINDOW = "startDateTime=2026-12-01T00:00:00&endDateTime=2027-01-01T00:00:00"


@pytest.fixture
def listener() -> Any:
    found = Listener()
    yield found
    found.close()


@covers("control.switches")
def test_every_switch_is_turned_by_a_test() -> None:
    named: set[str] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.keyword) and node.arg:
                named.add(node.arg)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value)
    assert set(Switches.__struct_fields__) - named == set()


@covers("control.revocation")
def test_access_tokens_may_outlive_a_revocation(world: World, ana: Person) -> None:
    world.switch(revocation_kills_access_tokens=False)
    world.control("POST", "/faults", {"kind": "revoke_tokens", "email": ANA})
    assert ana.get("/me")["mail"] == ANA
    assert world.refresh(ana.refresh_token).status_code == 400


@covers("operations.silent")
def test_unchanged_patch_may_be_silent(world: World, ana: Person) -> None:
    made = ana.create(event("Planning", BO))
    same = {"subject": "Planning", "location": {"displayName": "Room 1"}}
    ana.patch(f"/me/events/{made['id']}", same)
    assert world.mailed() == [("invitation", "bo"), ("update", "bo")]
    world.switch(mail_on_unchanged_patch=False)
    ana.patch(f"/me/events/{made['id']}", same)
    assert len(world.mail()) == 2


@covers("event.attendees-named")
def test_attendees_may_have_no_address(world: World, ana: Person) -> None:
    named = {"type": "optional", "emailAddress": {"name": "Somebody from the press"}}
    wish = {**event("Planning"), "attendees": [named]}
    ana.post("/me/events", wish, status=400)
    world.switch(attendees_need_address=False)
    made = ana.create(wish)
    ana.patch(f"/me/events/{made['id']}", {"subject": "Plans"})
    (shown,) = ana.get(f"/me/events/{made['id']}")["attendees"]
    assert shown["emailAddress"] == {"name": "Somebody from the press", "address": ""}
    assert world.mail() == []


@covers("operations.series")
def test_exceptions_may_cost_no_mail(world: World, ana: Person) -> None:
    world.switch(mail_per_exception=False)
    made = ana.create(event("Series", BO, **weekly()))
    day = ana.get(f"/me/events/{made['id']}/instances?{WINDOW}")["value"][1]
    ana.patch(f"/me/events/{day['id']}", {"subject": "Special"})
    world.forget_mail()
    ana.patch(f"/me/events/{made['id']}", {"location": {"displayName": "R2"}})
    assert world.mailed() == [("update", "bo")]


@covers("event.attendee-copy")
def test_copy_may_leave_the_organizer_out(world: World, ana: Person, bo: Person) -> None:
    world.switch(attendee_copy_lists_organizer=False)
    ana.create(event("Planning", BO))
    assert [a["emailAddress"]["address"] for a in bo.only_event()["attendees"]] == [BO]


@covers("operations.new-time")
def test_new_time_may_keep_the_answers(world: World, ana: Person, bo: Person) -> None:
    world.switch(time_change_resets_responses=False)
    made = ana.create(event("Planning", BO))
    bo.post(f"/me/events/{bo.only_event()['id']}/accept")
    ana.patch(f"/me/events/{made['id']}", {"end": at("2026-12-01T11:00")})
    assert bo.only_event()["responseStatus"]["response"] == "accepted"


@covers("operations.cancelled-copy")
def test_cancelled_copy_may_stay_busy(world: World, ana: Person, bo: Person) -> None:
    world.switch(cancelled_copy_shows_free=False)
    made = ana.create(event("Planning", BO))
    bo.post(f"/me/events/{bo.only_event()['id']}/accept")
    ana.delete(f"/me/events/{made['id']}")
    assert bo.only_event()["showAs"] == "busy"


@pytest.mark.parametrize(("tallies", "response"), [(False, "none"), (True, "accepted")])
@covers("operations.secondary-tally")
def test_tally_of_a_secondary_calendar(
    world: World, ana: Person, bo: Person, tallies: bool, response: str
) -> None:
    world.switch(secondary_calendars_tally=tallies)
    side = ana.post("/me/calendars", {"name": "Side"}, 201)
    path = f"/me/calendars/{side['id']}/events"
    ana.post(path, event("Planning", BO), 201)
    bo.post(f"/me/events/{bo.only_event()['id']}/accept")
    (made,) = ana.get(path)["value"]
    assert made["attendees"][0]["status"]["response"] == response


def test_zero_length(world: World, ana: Person) -> None:
    value = event(end=at("2026-12-01T09:00"))
    assert ana.create(value)["subject"] == "Planning"
    world.switch(zero_length_events=False)
    assert ana.error("POST", "/me/events", value) == (400, "ErrorPropertyValidationFailure")


@covers("event.subject")
def test_subject_limit(world: World, ana: Person) -> None:
    world.switch(subject_limit=1000)
    assert len(ana.create(event("x" * 1000))["subject"]) == 1000


@pytest.mark.parametrize(("free", "shown"), [(False, "busy"), (True, "free")])
@covers("event.all-day-free")
def test_all_day_show_as(world: World, ana: Person, free: bool, shown: str) -> None:
    world.switch(all_day_shows_free=free)
    start, end = at("2026-12-01T00:00"), at("2026-12-02T00:00")
    made = ana.create(event(start=start, end=end, isAllDay=True))
    assert made["showAs"] == shown


@covers("event.custom")
def test_custom_zones(world: World, ana: Person) -> None:
    world.switch(custom_time_zones=True)
    made = ana.create(event())
    assert made["originalStartTimeZone"] == "tzone://Microsoft/Custom"
    assert made["start"]["dateTime"] == "2026-12-01T08:00:00.0000000"


@covers("event.teams-late")
def test_join_url_may_come_late(world: World, ana: Person) -> None:
    world.switch(join_url_delayed=True)
    made = ana.create(event(isOnlineMeeting=True))
    assert made["onlineMeeting"] is None
    assert ana.get(f"/me/events/{made['id']}")["onlineMeeting"]["joinUrl"]


@covers("operations.inefficient")
def test_inefficient_filter(world: World, ana: Person) -> None:
    query = "/me/events?$filter=isAllDay eq false&$orderby=subject"
    assert ana.get(query)["value"] == []
    world.switch(inefficient_filter=True)
    assert ana.error("GET", query) == (400, "InefficientFilter")


@covers("event.start-date")
def test_series_start_may_stay(world: World, ana: Person) -> None:
    world.switch(series_start_moves=False)
    value = event(start=at("2026-11-30T09:00"), end=at("2026-11-30T10:00"), **weekly())
    value["recurrence"]["range"]["startDate"] = "2026-11-30"
    made = ana.create(value)
    assert made["start"]["dateTime"].startswith("2026-11-30")
    days = ana.get(f"/me/events/{made['id']}/instances?{WINDOW}")["value"]
    assert days[0]["start"]["dateTime"].startswith("2026-12-01")


@covers("event.overlap")
def test_overlapping_series(world: World, ana: Person) -> None:
    value = event(end=at("2026-12-03T09:00"))
    value["recurrence"] = {
        "pattern": {"type": "daily", "interval": 1},
        "range": {"type": "noEnd", "startDate": "2026-12-01"},
    }
    assert ana.error("POST", "/me/events", value) == (400, "ErrorPropertyValidationFailure")
    world.switch(refuse_overlapping_series=False)
    assert ana.create(value)["type"] == "seriesMaster"


@covers("delta.masters")
def test_delta_without_stubs_and_masters(world: World, ana: Person) -> None:
    ana.create(event("Series", **weekly(2)))
    world.switch(delta_stubs=False)
    assert Round(ana).told() == ["Series", "Series", "Series"]
    world.switch(delta_stubs=True, delta_masters=False)
    assert Round(ana).told() == [".", "."]


@covers("delta.first-removed")
def test_delta_tombstones_in_the_first_round(world: World, ana: Person) -> None:
    made = ana.create(event("Gone"))
    ana.delete(f"/me/events/{made['id']}")
    assert Round(ana).told() == []
    world.switch(delta_removed_in_first_round=True)
    assert Round(ana).told() == ["-"]


@covers("delta.page-size")
def test_delta_page_size(world: World, ana: Person) -> None:
    world.switch(delta_page_size=1)
    for _ in range(3):
        ana.create(event())
    assert len(Round(ana, FIRST).pages) == 3


@pytest.mark.parametrize(("fraction", "text"), [(False, "600"), (True, "600.000")])
@covers("batch.retry-after")
def test_retry_after(world: World, ana: Person, fraction: bool, text: str) -> None:
    world.switch(freeze_clock=True, retry_after_fraction=fraction, request_budget=1)
    world.control("POST", "/clock", {"now": world.sandbox.now().isoformat()})
    ana.get("/me")
    assert ana.request("GET", "/me").headers["retry-after"] == text


@covers("notifications.https")
def test_plain_http_subscribers(world: World, ana: Person, listener: Listener) -> None:
    world.switch(notify_http_loopback=False)
    refused = ana.error("POST", "/subscriptions", wish(world, listener.url))
    assert refused == (400, "InvalidRequest")


@covers("notifications.resource")
def test_subscription_to_one_calendar(world: World, ana: Person, listener: Listener) -> None:
    side = ana.post("/me/calendars", {"name": "Side"}, 201)
    value = wish(world, listener.url, resource=f"/me/calendars/{side['id']}/events")
    assert ana.error("POST", "/subscriptions", value) == (400, "InvalidRequest")
    world.switch(notify_calendar_resources=True)
    ana.post("/subscriptions", value, 201)
    ana.create(event("Elsewhere"))
    inside = ana.post(f"/me/calendars/{side['id']}/events", event("Side"), 201)
    deliver(world.sandbox)
    assert [v["resourceData"]["id"] for v in listener.values] == [inside["id"]]


@covers("notifications.chaos")
def test_reordered_notifications(world: World, ana: Person, listener: Listener) -> None:
    ana.post("/subscriptions", wish(world, listener.url), 201)
    world.switch(notifications_reordered=True)
    made = [ana.create(event(str(n)))["id"] for n in range(8)]
    world.advance(3)
    deliver(world.sandbox)
    told = [v["resourceData"]["id"] for v in listener.values]
    assert told != made
    assert sorted(told) == sorted(made)
