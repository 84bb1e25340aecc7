"""Subscriptions and their notifications (notifications.md)."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from outlook_sandbox.subscriptions.delivery import deliver
from sandbox.ledger import covers
from sandbox.world import Person, World, event


class Listener:
    """A subscriber on the loopback that shakes hands and keeps what it is sent."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.greetings: list[tuple[str, str]] = []
        """Content types and tokens of the handshakes."""
        self.status = 202
        self.greets = True
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if "validationToken" in query:
                    kind = self.headers.get("Content-Type", "")
                    listener.greetings.append((kind, query["validationToken"][0]))
                    self.answer(200, query["validationToken"][0] if listener.greets else "no")
                    return
                if listener.status < 300:
                    listener.values += json.loads(body)["value"]
                self.answer(listener.status, "")

            def answer(self, status: int, text: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


def wish(world: World, url: str, minutes: int = 1000, **more: Any) -> dict[str, Any]:
    seconds = world.sandbox.now().timestamp() + minutes * 60
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    return {
        "changeType": "created,updated,deleted",
        "resource": "me/events",
        "notificationUrl": url,
        "expirationDateTime": stamp,
        "clientState": "s3cret",
    } | more


@covers("notifications.client-state", "notifications.own")
def test_changes_are_told(world: World, ana: Person, listener: Listener) -> None:
    made = ana.post("/subscriptions", wish(world, listener.url), 201)
    thing = ana.create(event())
    ana.patch(f"/me/events/{thing['id']}", {"subject": "New"})
    ana.delete(f"/me/events/{thing['id']}")
    deliver(world.sandbox)
    assert [v["changeType"] for v in listener.values] == ["created", "updated", "deleted"]
    first = listener.values[0]
    assert first["subscriptionId"] == made["id"]
    assert first["clientState"] == "s3cret"
    assert first["resourceData"]["id"] == thing["id"]
    assert first["resourceData"]["@odata.etag"] == thing["@odata.etag"]


@covers("notifications.own")
def test_meeting_is_told_to_the_attendee(
    world: World, ana: Person, bo: Person, listener: Listener
) -> None:
    bo.post("/subscriptions", wish(world, listener.url), 201)
    ana.create(event("Planning", bo.email))
    deliver(world.sandbox)
    assert [v["resourceData"]["id"] for v in listener.values] == [bo.only_event()["id"]]


@covers("notifications.handshake")
def test_handshake_has_to_be_answered(world: World, ana: Person, listener: Listener) -> None:
    listener.greets = False
    refused = ana.error("POST", "/subscriptions", wish(world, listener.url))
    assert refused == (400, "InvalidRequest")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"notificationUrl": "http://example.org/hook"}, 400, "InvalidRequest"),
        ({"resource": "me/messages"}, 400, "InvalidRequest"),
        ({"resource": "users/bo@contoso.com/events"}, 403, "ErrorAccessDenied"),
        ({"changeType": "moved"}, 400, "InvalidRequest"),
        ({"clientState": "x" * 129}, 400, "InvalidRequest"),
        ({"expirationDateTime": "2099-01-01T00:00:00Z"}, 400, "ExtensionError"),
    ],
)
@covers(
    "notifications.resource",
    "notifications.https",
    "notifications.client-state",
    "notifications.longest",
    "notifications.InvalidRequest",
)
def test_refused(ana: Person, listener: Listener, change: Any, status: int, code: str) -> None:
    value = wish(ana.world, listener.url) | change
    assert ana.error("POST", "/subscriptions", value) == (status, code)


@covers("notifications.duplicate")
def test_duplicate_is_refused_by_switch(world: World, ana: Person, listener: Listener) -> None:
    ana.post("/subscriptions", wish(world, listener.url), 201)
    again = wish(world, listener.url)
    assert ana.error("POST", "/subscriptions", again) == (409, "Conflict")
    world.switch(notify_duplicates_refused=False)
    ana.post("/subscriptions", again, 201)
    assert len(ana.get("/subscriptions")["value"]) == 2


@covers("notifications.gone", "notifications.handshake-patch")
def test_renew_expire_delete(world: World, ana: Person, listener: Listener) -> None:
    made = ana.post("/subscriptions", wish(world, listener.url, 50), 201)
    path = f"/subscriptions/{made['id']}"
    longer = wish(world, listener.url, 75)["expirationDateTime"]
    assert ana.patch(path, {"expirationDateTime": longer})["expirationDateTime"] == longer
    ana.delete(path)
    assert ana.error("GET", path) == (404, "ResourceNotFound")
    made = ana.post("/subscriptions", wish(world, listener.url, 50), 201)
    world.advance(51 * 60)
    assert ana.error("GET", f"/subscriptions/{made['id']}") == (404, "ResourceNotFound")


@covers("notifications.shortest")
def test_short_life_is_raised_to_45_minutes(world: World, ana: Person, listener: Listener) -> None:
    made = ana.post("/subscriptions", wish(world, listener.url, 5), 201)
    assert made["expirationDateTime"] > wish(world, listener.url, 44)["expirationDateTime"]


@covers("notifications.retry")
def test_failed_delivery_is_tried_again(world: World, ana: Person, listener: Listener) -> None:
    ana.post("/subscriptions", wish(world, listener.url), 201)
    listener.status = 500
    ana.create(event())
    assert deliver(world.sandbox) == 1
    listener.status = 202
    assert deliver(world.sandbox) == 0
    world.advance(3)
    assert deliver(world.sandbox) == 1
    assert len(listener.values) == 1


@covers("notifications.lifecycle", "control.faults-kinds")
def test_lifecycle(world: World, ana: Person, listener: Listener) -> None:
    value = wish(world, listener.url, lifecycleNotificationUrl=listener.url)
    made = ana.post("/subscriptions", value, 201)
    for name in ("missed", "reauthorizationRequired", "subscriptionRemoved"):
        fault = {"kind": "lifecycle", "email": ana.email, "event": name}
        world.control("POST", "/faults", fault)
    deliver(world.sandbox)
    assert [v["lifecycleEvent"] for v in listener.values] == [
        "missed",
        "reauthorizationRequired",
        "subscriptionRemoved",
    ]
    assert ana.error("GET", f"/subscriptions/{made['id']}") == (404, "ResourceNotFound")


@covers("notifications.chaos")
def test_lost_and_doubled_by_switch(world: World, ana: Person, listener: Listener) -> None:
    ana.post("/subscriptions", wish(world, listener.url), 201)
    world.switch(notifications_lost=1.0)
    ana.create(event())
    world.switch(notifications_lost=0.0, notifications_doubled=True)
    ana.create(event())
    deliver(world.sandbox)
    assert len(listener.values) == 2


@covers("notifications.chaos")
def test_late_by_switch(world: World, ana: Person, listener: Listener) -> None:
    ana.post("/subscriptions", wish(world, listener.url), 201)
    world.switch(notification_delay_seconds=30)
    ana.create(event())
    assert deliver(world.sandbox) == 0
    world.advance(31)
    assert deliver(world.sandbox) == 1
