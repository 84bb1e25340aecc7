"""Errors have the status, the code, the message and the envelope of the examples."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from contract.examples import differences, response
from sandbox.ledger import covers
from sandbox.world import Person, World, at, event, weekly


def assert_like(found: httpx.Response, name: str) -> None:
    expected = response(name)
    assert found.status_code == expected["status"]
    assert differences(expected["body"], found.json()) == []
    for member in ("code", "message"):
        assert found.json()["error"][member] == expected["body"]["error"][member]


@covers("event.midnight", "operations.ErrorInvalidRequest")
def test_all_day_midnight(ana: Person) -> None:
    value = event(isAllDay=True, end=at("2026-12-02T00:00"))
    assert_like(ana.request("POST", "/me/events", value), "error.400-allday-midnight")


@covers("operations.cancel-refused", "operations.ErrorInvalidRequest")
def test_cancel_by_an_attendee(ana: Person, bo: Person) -> None:
    ana.create(event("Planning", bo.email))
    path = f"/me/events/{bo.only_event()['id']}/cancel"
    assert_like(bo.request("POST", path), "error.400-cancel-not-organizer")


@covers("operations.crossing")
def test_crossing_boundary(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    window = "startDateTime=2026-12-01T00:00:00&endDateTime=2027-01-01T00:00:00"
    day = ana.get(f"/me/events/{made['id']}/instances?{window}")["value"][0]
    change = {"start": at("2026-12-08T09:00"), "end": at("2026-12-08T10:00")}
    found = ana.request("PATCH", f"/me/events/{day['id']}", change)
    assert_like(found, "error.400-crossing-boundary")


@covers("event.transaction-other")
def test_duplicate_transaction(ana: Person) -> None:
    used = str(uuid4())
    ana.create(event("One", transactionId=used))
    found = ana.request("POST", "/me/events", event("Two", transactionId=used))
    assert_like(found, "error.400-duplicate-transaction")


@covers("operations.ErrorInvalidIdMalformed")
def test_malformed_id(ana: Person) -> None:
    assert_like(ana.request("GET", "/me/events/x"), "error.400-id-malformed")


@covers("operations.ErrorPropertyValidationFailure")
def test_validation(ana: Person) -> None:
    value = event(end=at("2026-11-01T09:00"))
    assert_like(ana.request("POST", "/me/events", value), "error.400-property-validation")


@covers("event.zones-refused", "operations.TimeZoneNotSupportedException")
def test_zone(ana: Person) -> None:
    value = event(start=at("2026-12-01T09:00", "EST"))
    assert_like(ana.request("POST", "/me/events", value), "error.400-timezone")


@covers("operations.envelope", "operations.InvalidAuthenticationToken")
def test_expired(world: World, ana: Person) -> None:
    world.advance(6000)
    assert_like(ana.request("GET", "/me"), "error.401-expired")


@covers("operations.scopes", "operations.ErrorAccessDenied")
def test_access_denied(world: World) -> None:
    world.account("ro@contoso.com")
    reader = world.sign_in("ro@contoso.com", scope="openid User.Read")
    assert_like(reader.request("GET", "/me/events"), "error.403-access-denied")


@covers("operations.envelope", "operations.ErrorItemNotFound")
def test_item_not_found(ana: Person) -> None:
    path = f"/me/events/{ana.create(event())['id']}"
    ana.delete(path)
    assert_like(ana.request("GET", path), "error.404-item")


@covers("operations.MailboxNotEnabledForRESTAPI")
def test_no_mailbox(world: World) -> None:
    nobody = world.person("nobody@contoso.com", mailbox=False)
    assert_like(nobody.request("GET", "/me/events"), "error.404-mailbox")


@covers("delta.expired")
def test_sync_state(world: World, ana: Person) -> None:
    window = "startDateTime=2026-12-01T00:00:00&endDateTime=2027-01-01T00:00:00"
    link = ana.get(f"/me/calendarView/delta?{window}")["@odata.deltaLink"]
    world.control("POST", "/faults", {"kind": "expire_delta_tokens", "email": ana.email})
    assert_like(ana.request("GET", link.partition("/v1.0")[2]), "error.410-syncstate")


@covers("event.if-match")
def test_stale_etag(ana: Person) -> None:
    path = f"/me/events/{ana.create(event())['id']}"
    found = ana.request("PATCH", path, {}, If_Match='W/"stale"')
    assert_like(found, "error.412-stale-etag")


@covers("batch.concurrency")
def test_concurrency(world: World, ana: Person) -> None:
    world.switch(mailbox_concurrency=1)
    client = world.control("GET", "/apps")["value"][0]["client_id"]
    account = world.control("GET", "/accounts")["value"][0]["id"]
    world.sandbox.in_flight[(client, account)] = 1
    found = ana.request("GET", "/me")
    assert_like(found, "error.429-mailbox-concurrency")
    assert found.headers["retry-after"]


@covers("operations.headers", "batch.retry-after")
def test_throttled_with_a_fraction(world: World, ana: Person) -> None:
    fault = {"status": 429, "retry_after": 2.128}
    world.control("POST", "/faults", fault)
    found = ana.request("GET", "/me")
    expected = response("throttling.01")
    assert found.status_code == expected["status"]
    assert found.headers["retry-after"] == expected["headers"]["Retry-After"]
    for member in ("code", "message"):
        assert found.json()["error"][member] == expected["body"]["error"][member]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("subscription.400-expiration", {"expirationDateTime": "2099-01-01T00:00:00Z"}),
    ],
)
@covers("notifications.longest")
def test_subscription_refused(ana: Person, name: str, change: dict[str, Any]) -> None:
    value = {
        "changeType": "created",
        "resource": "me/events",
        "notificationUrl": "https://localhost/hook",
        "expirationDateTime": "2026-12-01T00:00:00Z",
    }
    assert_like(ana.request("POST", "/subscriptions", value | change), name)
