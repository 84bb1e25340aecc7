"""Rules of delta, notifications, batches and limits that no other file proves."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from outlook_sandbox.subscriptions.delivery import deliver
from outlook_sandbox.subscriptions.health import note_answer
from outlook_sandbox.subscriptions.models import Subscription
from sandbox.conftest import ANA
from sandbox.ledger import covers
from sandbox.test_delta import FIRST, HOST, OUTSIDE, Round
from sandbox.test_notifications import Listener, wish
from sandbox.world import Person, World, at, event, weekly


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@covers("operations.delta")
def test_delta_of_events_needs_a_window(ana: Person) -> None:
    ana.create(event("Inside"))
    assert ana.error("GET", "/me/events/delta") == (400, "ErrorInvalidParameter")
    assert Round(ana, FIRST.replace("calendarView", "events")).told() == ["Inside"]


@covers("delta.window")
def test_window_of_delta_never_slides(world: World, ana: Person) -> None:
    before = Round(ana)
    world.advance(400 * 86400)
    ana = world.sign_in(ANA)
    far = {"start": at("2027-12-15T09:00"), "end": at("2027-12-15T10:00")}
    ana.create(event("Far", **far))
    ana.create(event("Inside"))
    assert Round(ana, before.link).told() == ["-", "Inside"]


@covers("delta.prefer", "delta.immutable")
def test_preferences_combine_in_delta(ana: Person) -> None:
    made = ana.create(event())
    prefer = (
        'outlook.timezone="Asia/Tokyo", IdType="ImmutableId", '
        'outlook.body-content-type="text", odata.maxpagesize=5'
    )
    found = Round(ana, Prefer=prefer)
    (item,) = found.items
    assert item["id"] != made["id"]
    assert item["start"]["timeZone"] == "Asia/Tokyo"
    assert item["body"]["contentType"] == "text"
    ana.patch(f"/me/events/{made['id']}", {"subject": "New"})
    (plain,) = Round(ana, found.link).items
    assert (plain["id"], plain["start"]["timeZone"]) == (made["id"], "UTC")


@covers("delta.moved")
def test_event_that_moves_is_removed_from_delta(world: World, ana: Person) -> None:
    made = ana.create(event())
    side = ana.post("/me/calendars", {"name": "Side"}, 201)
    before = Round(ana)
    mailbox = next(iter(world.sandbox.state.mailboxes.values()))
    thing = mailbox.events[made["id"]]
    mailbox.move(world.sandbox, thing, mailbox.calendars[side["id"]])
    assert [(i["id"], "@removed" in i) for i in Round(ana, before.link).items] == [
        (made["id"], True)
    ]


@covers("event.extensions-delta")
def test_extensions_are_not_told_by_delta(ana: Person) -> None:
    made = ana.create(event())
    before = Round(ana)
    path = f"/me/events/{made['id']}/extensions"
    ana.post(path, {"extensionName": "com.x", "colour": "red"}, 201)
    assert Round(ana, before.link).told() == []


@pytest.mark.parametrize(
    "name", ["changeType", "resource", "notificationUrl", "expirationDateTime"]
)
@covers("notifications.fields")
def test_subscription_needs_four_properties(
    world: World, ana: Person, listener: Listener, name: str
) -> None:
    value = wish(world, listener.url)
    del value[name]
    assert ana.error("POST", "/subscriptions", value) == (400, "InvalidRequest")


@covers("notifications.lifecycle-late")
def test_lifecycle_url_cannot_be_added_later(world: World, ana: Person, listener: Listener) -> None:
    made = ana.post("/subscriptions", wish(world, listener.url), 201)
    change = {"lifecycleNotificationUrl": listener.url}
    refused = ana.error("PATCH", f"/subscriptions/{made['id']}", change)
    assert refused == (400, "InvalidRequest")


@covers("notifications.limit")
def test_thousand_subscriptions(world: World, ana: Person, listener: Listener) -> None:
    made = ana.post("/subscriptions", wish(world, listener.url), 201)
    state = world.sandbox.state.subscriptions
    one = state[made["id"]]
    for number in range(999):
        state[str(number)] = Subscription(
            id=str(number),
            account_id=one.account_id,
            client_id="another application",
            tenant_id=one.tenant_id,
            resource="me/events",
            change_types=["created"],
            notification_url=listener.url,
            expires_at=one.expires_at + timedelta(seconds=number),
        )
    value = wish(world, listener.url, changeType="created")
    assert ana.error("POST", "/subscriptions", value) == (400, "InvalidRequest")


@covers("notifications.missing-scope")
def test_subscription_needs_the_scope(world: World, listener: Listener) -> None:
    world.account(ANA)
    reader = world.sign_in(ANA, scope="openid User.Read")
    refused = reader.error("POST", "/subscriptions", wish(world, listener.url))
    assert refused == (403, "ErrorAccessDenied")


@covers("notifications.occurrence")
def test_deleted_date_is_told_of_the_master(world: World, ana: Person, listener: Listener) -> None:
    made = ana.create(event("Series", **weekly()))
    day = Round(ana).items[2]
    ana.post("/subscriptions", wish(world, listener.url), 201)
    ana.delete(f"/me/events/{day['id']}")
    deliver(world.sandbox)
    told = [(v["changeType"], v["resourceData"]["id"]) for v in listener.values]
    assert told == [("updated", made["id"])]


@covers("notifications.immutable")
def test_subscription_with_immutable_ids(world: World, ana: Person, listener: Listener) -> None:
    prefer = 'IdType="ImmutableId"'
    ana.post("/subscriptions", wish(world, listener.url), 201, Prefer=prefer)
    made = ana.create(event())
    ana.delete(f"/me/events/{made['id']}")
    deliver(world.sandbox)
    (one,) = {v["resourceData"]["id"] for v in listener.values}
    assert one.startswith("AAkAL")


@covers("notifications.retry")
def test_delivery_is_given_up_after_four_hours(
    world: World, ana: Person, listener: Listener
) -> None:
    ana.post("/subscriptions", wish(world, listener.url), 201)
    listener.status = 500
    ana.create(event())
    tries = 0
    for _ in range(12):
        tries += deliver(world.sandbox)
        world.advance(1800)
    assert 8 <= tries <= 9
    assert world.sandbox.state.notifications == []


@covers("notifications.slow")
def test_slow_endpoint_is_told_later_and_a_very_slow_one_not_at_all(
    world: World, ana: Person, listener: Listener
) -> None:
    ana.post("/subscriptions", wish(world, listener.url), 201)
    for number in range(100):
        note_answer(world.sandbox, listener.url, 4.0 if number < 11 else 0.1)
    ana.create(event())
    assert deliver(world.sandbox) == 0
    world.advance(601)
    assert deliver(world.sandbox) == 1
    for number in range(100):
        note_answer(world.sandbox, listener.url, 10.0 if number < 16 else 0.1)
    ana = world.sign_in(ANA)
    ana.create(event())
    world.advance(601)
    assert deliver(world.sandbox) == 0
    ana.create(event())
    assert deliver(world.sandbox) == 1


def batch(ana: Person, *items: Any) -> dict[str, Any]:
    answer = ana.post("/$batch", {"requests": list(items)}, 200)
    return {item["id"]: item for item in answer["responses"]}


@covers("batch.four")
def test_items_of_a_batch_wait_four_at_a_time(world: World, ana: Person) -> None:
    world.control("POST", "/faults", {"kind": "latency", "milliseconds": 40})
    apart = [{"id": str(n), "method": "GET", "url": "/me"} for n in range(8)]
    chained = [{**item, "dependsOn": [str(n - 1)]} for n, item in enumerate(apart) if n]
    assert seconds_for(ana, apart) < seconds_for(ana, [apart[0], *chained])


def seconds_for(ana: Person, requests: list[dict[str, Any]]) -> float:
    began = time.monotonic()
    answers = ana.post("/$batch", {"requests": requests}, 200)["responses"]
    assert [answer["status"] for answer in answers] == [200] * len(requests)
    return time.monotonic() - began


@covers("batch.circle")
def test_batch_of_a_circle(ana: Person) -> None:
    items = [
        {"id": "a", "method": "GET", "url": "/me", "dependsOn": ["b"]},
        {"id": "b", "method": "GET", "url": "/me", "dependsOn": ["a"]},
    ]
    assert ana.error("POST", "/$batch", {"requests": items}) == (400, "BadRequest")


@covers("batch.no-content")
def test_item_without_content_has_no_body(ana: Person) -> None:
    made = ana.create(event())
    found = batch(ana, {"id": "a", "method": "DELETE", "url": f"/me/events/{made['id']}"})
    assert found["a"]["status"] == 204
    assert "body" not in found["a"]


@covers("batch.prefer")
def test_item_has_headers_of_its_own(ana: Person) -> None:
    made = ana.create(event())
    url = f"/me/events/{made['id']}"
    change = {
        "id": "b",
        "method": "PATCH",
        "url": url,
        "headers": {"Content-Type": "application/json", "If-Match": 'W/"stale"'},
        "body": {"subject": "New"},
    }
    read = {"id": "a", "method": "GET", "url": url}
    named = read | {"id": "c", "headers": {"Prefer": 'outlook.timezone="Asia/Tokyo"'}}
    answer = ana.post(
        "/$batch", {"requests": [read, change, named]}, 200, Prefer='outlook.timezone="GMT"'
    )
    found = {item["id"]: item for item in answer["responses"]}
    assert found["a"]["body"]["start"]["timeZone"] == "UTC"
    assert found["b"]["status"] == 412
    assert found["c"]["body"]["start"]["timeZone"] == "Asia/Tokyo"
    assert found["c"]["headers"]["Preference-Applied"] == 'outlook.timezone="Asia/Tokyo"'


@covers("batch.own-mailbox")
def test_budget_of_another_mailbox(world: World, ana: Person, bo: Person) -> None:
    world.switch(request_budget=1)
    assert [ana.request("GET", "/me").status_code for _ in range(2)] == [200, 429]
    assert bo.request("GET", "/me").status_code == 200


@covers("batch.items-count")
def test_items_count_against_the_budget(world: World, ana: Person) -> None:
    world.switch(request_budget=2)
    items = [{"id": str(n), "method": "GET", "url": "/me"} for n in range(3)]
    found = batch(ana, *items)
    assert sorted(item["status"] for item in found.values()) == [200, 200, 429]


@covers("control.faults-kinds")
def test_latency_is_listed_and_taken_back(world: World, ana: Person) -> None:
    world.control("POST", "/faults", {"kind": "latency", "milliseconds": 60})
    assert world.control("GET", "/faults")["value"] == [{"kind": "latency", "milliseconds": 60}]
    begun = time.monotonic()
    ana.get("/me")
    assert time.monotonic() - begun >= 0.06
    world.control("DELETE", "/faults")
    assert world.control("GET", "/faults")["value"] == []


def test_one_link_of_a_foreign_window_stays_foreign(ana: Person) -> None:
    """What lies outside both windows is a removal, and the windows do not mix."""
    ana.create(event("Inside"))
    far = FIRST.replace("2026-11", "2029-11").replace("2027-02", "2030-02")
    one, other = Round(ana), Round(ana, far)
    ana.create(event("Late", **OUTSIDE))
    assert Round(ana, one.link.removeprefix(HOST)).told() == ["-"]
    assert Round(ana, other.link.removeprefix(HOST)).told() == ["Late"]
