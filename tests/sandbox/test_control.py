"""The control plane: clock, state, faults, ledger, switches."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from outlook_sandbox.app import Dropped
from sandbox.ledger import covers
from sandbox.world import Person, World, event


@covers("control.state")
def test_state_goes_to_a_file_and_back(world: World, ana: Person, bo: Person) -> None:
    ana.create(event("Planning", bo.email))
    saved = world.http.get("/sandbox/state").content
    world.control("POST", "/reset")
    assert world.control("GET", "/accounts") == {"value": []}
    assert world.http.put("/sandbox/state", content=saved).status_code == 204
    assert ana.only_event()["subject"] == "Planning"
    assert bo.only_event()["subject"] == "Planning"
    assert world.mailed() == [("invitation", "bo")]


@covers("control.seed")
def test_same_seed_same_ids(world: World) -> None:
    def ids() -> list[str]:
        world.control("POST", "/reset")
        world.control("POST", "/seed", {"seed": 7})
        return [world.account(f"{name}@contoso.com")["id"] for name in "abc"]

    assert ids() == ids()


@covers("control.reset")
def test_reset_puts_everything_back(world: World) -> None:
    world.switch(delta_shuffle=True, delivery_seconds=5)
    world.advance(86400)
    world.control("POST", "/faults", {"status": 500})
    world.control("POST", "/faults", {"kind": "latency", "milliseconds": 3})
    world.control("POST", "/reset")
    switches = world.control("GET", "/switches")
    assert (switches["delta_shuffle"], switches["delivery_seconds"]) == (False, 0)
    assert world.control("GET", "/faults") == {"value": []}


@covers("control.clock")
def test_clock_can_be_set_and_moved(world: World) -> None:
    world.control("POST", "/clock", {"now": "2030-01-01T00:00:00Z"})
    world.advance(60)
    assert world.control("GET", "/clock")["now"].startswith("2030-01-01T00:01:0")
    world.control("POST", "/clock", {"now": None})
    assert world.control("GET", "/clock")["now"] < "2030"


@covers("control.clock")
def test_clock_can_stand_still(world: World) -> None:
    world.switch(freeze_clock=True)
    world.control("POST", "/clock", {"now": "2030-01-01T00:00:00Z"})
    world.advance(60)
    assert world.control("GET", "/clock") == {"now": "2030-01-01T00:01:00Z"}


@covers("control.accounts")
def test_accounts_of_a_domain_share_a_tenant_and_keep_their_ids(world: World) -> None:
    ana, bo = world.account("ana@contoso.com"), world.account("bo@contoso.com")
    other = world.account("x@fabrikam.com")
    again = world.account("ana@contoso.com", name="Ana A.")
    assert ana["tenant_id"] == bo["tenant_id"] != other["tenant_id"]
    assert (again["id"], again["name"]) == (ana["id"], "Ana A.")
    assert len(world.control("GET", "/accounts")["value"]) == 3


@covers("control.apps")
def test_apps_are_listed_without_their_secrets(world: World) -> None:
    (app,) = world.control("GET", "/apps")["value"]
    assert "client_secret" not in app


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/switches", {"nonsense": True}),
        ("PUT", "/switches", {"delta_shuffle": "perhaps"}),
        ("POST", "/accounts", {"email": "nonsense"}),
        ("POST", "/accounts", {"email": "a@b.c", "colour": "red"}),
        ("POST", "/clock", {}),
        ("POST", "/faults", {"path": "("}),
        ("POST", "/faults", {"kind": "nonsense"}),
        ("POST", "/faults", {"kind": "revoke_tokens", "email": "who@x.y"}),
        ("PUT", "/state", {"mail": 5}),
    ],
)
@covers("control.wrong-use")
def test_wrong_use_is_refused(world: World, method: str, path: str, body: Any) -> None:
    response = world.http.request(method, "/sandbox" + path, json=body)
    assert response.status_code == 400
    assert response.json()["error"]["message"]


@covers("operations.unavailable", "control.faults")
def test_fault_before_leaves_nothing_and_after_leaves_the_event(world: World, ana: Person) -> None:
    world.control("POST", "/faults", {"method": "POST", "status": 503, "retry_after": 2.5})
    refused = ana.request("POST", "/me/events", event("A"))
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2.5")
    assert ana.events() == []
    world.control("POST", "/faults", {"method": "POST", "status": 500, "when": "after"})
    assert ana.error("POST", "/me/events", event("B")) == (500, "ErrorInternalServerError")
    assert ana.only_event()["subject"] == "B"


@covers("control.faults")
def test_fault_by_path_person_and_turn(world: World, ana: Person, bo: Person) -> None:
    fault = {"path": "^/me/events$", "email": ana.email, "skip": 1, "times": 2, "status": 500}
    world.control("POST", "/faults", fault)
    statuses = [ana.request("GET", "/me/events").status_code for _ in range(5)]
    assert statuses == [200, 500, 500, 200, 200]
    assert bo.request("GET", "/me/events").status_code == 200
    assert world.control("GET", "/faults") == {"value": []}


@covers("control.faults-drop")
def test_dropped_connection(world: World, ana: Person) -> None:
    world.control("POST", "/faults", {"drop": True, "when": "after", "method": "POST"})
    with pytest.raises(Dropped):
        ana.request("POST", "/me/events", event("A"))
    assert ana.only_event()["subject"] == "A"


@covers("control.faults")
def test_faults_can_be_taken_back(world: World, ana: Person) -> None:
    world.control("POST", "/faults", {"status": 500, "times": 9})
    world.control("DELETE", "/faults")
    assert ana.get("/me")["mail"] == ana.email


@covers("control.requests")
def test_ledger(world: World, ana: Person) -> None:
    world.control("DELETE", "/requests")
    ana.get("/me/events?$top=5")
    items = [{"id": "1", "method": "GET", "url": "/me"}]
    ana.post("/$batch", {"requests": items}, 200)
    plain, item, batch = world.control("GET", "/requests")["value"]
    assert {"at", "method", "path", "status", "mailbox", "batch_of"} <= plain.keys()
    assert (plain["method"], plain["path"], plain["status"]) == ("GET", "/v1.0/me/events", 200)
    assert (plain["mailbox"], plain["batch_of"]) == (ana.email, None)
    assert (item["path"], item["batch_of"]) == ("/v1.0/me", batch["id"])


@covers("batch.twenty", "batch.answers", "batch.depends", "batch.unknown")
def test_batch(ana: Person) -> None:
    requests = [
        {"id": "c", "method": "GET", "url": "/me/events", "dependsOn": ["b"]},
        {
            "id": "b",
            "method": "POST",
            "url": "me/events",
            "headers": {"Content-Type": "application/json"},
            "body": event("A"),
        },
        {"id": "x", "method": "GET", "url": "/me/events/nonsense"},
        {"id": "y", "method": "GET", "url": "/me", "dependsOn": ["x"], "depends_on": ["x"]},
    ]
    answers = {a["id"]: a for a in ana.post("/$batch", {"requests": requests}, 200)["responses"]}
    assert {name: a["status"] for name, a in answers.items()} == {
        "b": 201,
        "c": 200,
        "x": 400,
        "y": 424,
    }
    assert answers["c"]["body"]["value"][0]["subject"] == "A"
    assert answers["b"]["headers"]["Content-Type"] == "application/json"
    assert answers["x"]["body"]["error"]["innerError"]["request-id"]


@covers("batch.encoded")
def test_batch_takes_encoded_paths(ana: Person) -> None:
    path = "/me/events/" + quote(ana.create(event())["id"], safe="")
    assert path.endswith("%3D")
    requests = [{"id": "a", "method": "GET", "url": path}]
    (answer,) = ana.post("/$batch", {"requests": requests}, 200)["responses"]
    assert answer["status"] == 200


@pytest.mark.parametrize(
    "requests",
    [
        [],
        [{"id": str(n), "method": "GET", "url": "/me"} for n in range(21)],
        [{"id": "a", "method": "GET", "url": "/me"}, {"id": "A", "method": "GET", "url": "/me"}],
        [{"id": "a", "method": "GET", "url": "https://graph.microsoft.com/v1.0/me"}],
        [{"id": "a", "method": "POST", "url": "/$batch"}],
        [{"id": "a", "method": "GET", "url": "/me", "dependsOn": ["zz"]}],
        [{"id": "a", "method": "POST", "url": "/me/events", "body": {}}],
    ],
)
@covers("operations.BadRequest", "batch.twenty", "batch.shape")
def test_malformed_batches(ana: Person, requests: list[Any]) -> None:
    assert ana.error("POST", "/$batch", {"requests": requests}) == (400, "BadRequest")


@covers("batch.item-throttled")
def test_fault_strikes_batch_items(world: World, ana: Person) -> None:
    world.control("POST", "/faults", {"path": "^/me/events$", "status": 429, "retry_after": 3})
    items = [{"id": "1", "method": "GET", "url": "/me/events"}]
    (answer,) = ana.post("/$batch", {"requests": items}, 200)["responses"]
    assert (answer["status"], answer["headers"]["Retry-After"]) == (429, "3")


@covers("batch.budget")
def test_ten_minute_budget(world: World, ana: Person) -> None:
    world.switch(request_budget=3)
    statuses = [ana.request("GET", "/me").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    world.advance(601)
    assert ana.request("GET", "/me").status_code == 200


@covers("batch.concurrency")
def test_mailbox_concurrency(world: World, ana: Person) -> None:
    key = (world.control("GET", "/apps")["value"][0]["client_id"],)
    account = world.control("GET", "/accounts")["value"][0]["id"]
    world.sandbox.in_flight[(*key, account)] = 4
    response = ana.request("GET", "/me")
    assert (response.status_code, response.headers["retry-after"]) == (429, "1")
    assert response.json()["error"]["code"] == "ApplicationThrottled"
    world.switch(mailbox_concurrency=0)
    assert ana.request("GET", "/me").status_code == 200


@covers("control.state")
def test_state_is_plain_json(world: World, ana: Person) -> None:
    ana.create(event())
    assert json.loads(world.http.get("/sandbox/state").content)["mailboxes"]
