"""Subscriptions and notifications carry the keys of the examples."""

from collections.abc import Iterator
from typing import Any

import pytest

from contract.examples import body, differences, load, response
from outlook_sandbox.subscriptions.delivery import deliver
from sandbox.ledger import covers
from sandbox.test_notifications import Listener, wish
from sandbox.world import Person, World, event


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@covers("notifications.create")
def test_create_get_list_renew_delete(world: World, ana: Person, listener: Listener) -> None:
    value = wish(world, listener.url, lifecycleNotificationUrl=listener.url)
    made = ana.request("POST", "/subscriptions", value)
    assert made.status_code == response("subscription-post-subscriptions.01")["status"]
    # The examples disagree on unset members: the oldest show "" or false, the newest null.
    unset = (
        "encryptionCertificate",
        "encryptionCertificateId",
        "includeResourceData",
        "notificationContentType",
    )
    here = frozenset(f"/{name}" for name in unset)
    newest = body("subscription.create-response-2022")
    assert differences(newest, made.json()) == []
    assert newest.keys() <= made.json().keys()
    assert differences(body("subscription-post-subscriptions.01"), made.json(), ignore=here) == []
    path = f"/subscriptions/{made.json()['id']}"
    assert differences(body("subscription-get.02"), ana.get(path), ignore=here) == []
    listed = body("subscription-list.02")
    below = frozenset(f"/value[]/{name}" for name in unset)
    assert differences(listed, ana.get("/subscriptions"), ignore=below) == []
    longer = wish(world, listener.url, 2000)["expirationDateTime"]
    renewed = ana.patch(path, {"expirationDateTime": longer})
    assert differences(body("subscription-update.01"), renewed, ignore=here) == []
    gone = ana.request("DELETE", path)
    assert gone.status_code == response("subscription-delete.02")["status"]


@covers("notifications.InvalidRequest", "notifications.handshake")
def test_validation_refused(world: World, ana: Person, listener: Listener) -> None:
    listener.greets = False
    found = ana.request("POST", "/subscriptions", wish(world, listener.url))
    expected = response("subscription.400-validation")
    assert found.status_code == expected["status"]
    assert found.json()["error"]["message"] == expected["body"]["error"]["message"]


@covers("notifications.duplicate")
def test_duplicate(world: World, ana: Person, listener: Listener) -> None:
    ana.post("/subscriptions", wish(world, listener.url), 201)
    found = ana.request("POST", "/subscriptions", wish(world, listener.url))
    expected = response("subscription.409-duplicate")
    assert found.status_code == expected["status"]
    assert found.json()["error"]["code"] == expected["body"]["error"]["code"]


def notification(name: str) -> Any:
    return load(name)["request"]["body"]["value"][0]


@covers("notifications.payload")
def test_notification(world: World, ana: Person, listener: Listener) -> None:
    ana.post("/subscriptions", wish(world, listener.url), 201)
    ana.create(event())
    deliver(world.sandbox)
    assert differences(notification("notification.event-basic"), listener.values[0]) == []
    (older,) = [part["json"]["value"][0] for part in load("webhooks.fragments.01")["fragments"]]
    # `id` of the notification may be absent (notifications.md §4).
    assert differences(older, listener.values[0], ignore=frozenset({"/id"})) == []


def test_handshake(world: World, ana: Person, listener: Listener) -> None:
    ana.post("/subscriptions", wish(world, listener.url), 201)
    expected = load("notification.validation-handshake")["request"]["headers"]
    ((kind, token),) = listener.greetings
    assert kind == expected["Content-Type"]
    assert token


@covers("notifications.lifecycle")
def test_lifecycle_notification(world: World, ana: Person, listener: Listener) -> None:
    value = wish(world, listener.url, lifecycleNotificationUrl=listener.url)
    ana.post("/subscriptions", value, 201)
    expected = [
        part["json"]["value"][0]
        for part in load("webhooks-lifecycle.fragments.01")["fragments"]
        if "value" in part["json"]
    ]
    for one in expected:
        fault = {"kind": "lifecycle", "email": ana.email, "event": one["lifecycleEvent"]}
        world.control("POST", "/faults", fault)
    deliver(world.sandbox)
    # The subscription is gone after the first of them.
    told = {value["lifecycleEvent"]: value for value in listener.values}
    assert differences(notification("notification.lifecycle-2024"), listener.values[0]) == []
    for one in expected:
        if one["lifecycleEvent"] in told:
            assert differences(one, told[one["lifecycleEvent"]]) == []
