"""The contract of `/api/v1/outlook`, walked through as a script would: names, types, states."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from leansoft.accounts.models import User
from leansoft.reports import print_run
from leansoft.sync.models import SyncRun
from leansoft.sync.run import execute
from support.api import Caller
from support.company import Company
from support.outlook import people

ANA = "ana@elsewhere.org"
COUNTS = {"created", "updated", "deleted"}
KINDS = {"invitation", "update", "cancellation", "response"}
STATES = {
    "not_configured", "not_connected", "connected", "needs_reconnect", "paused", "waiting", "error",
}  # fmt: skip
MANY = 12


@pytest.fixture
def caller(alice: User) -> Caller:
    return Caller(alice)


def status(caller: Caller) -> dict[str, Any]:
    answer = caller.get("/outlook").json()
    assert answer["state"] in STATES
    assert isinstance(answer["notifications"], bool)
    assert {"account", "reason", "last_sync_at"} <= answer.keys()
    return dict(answer)


def checked(run: Mapping[str, Any]) -> Mapping[str, Any]:
    """Has the shape of a run."""
    assert run["state"] in {"queued", "running", "done", "failed", "waiting"}
    for side in ("pulled", "pushed"):
        assert set(run[side]) == COUNTS
        assert all(isinstance(count, int) for count in run[side].values())
    for mail in run["mails"]:
        assert set(mail) == {"to", "kind", "event", "certain"}
        assert mail["kind"] in KINDS
        assert isinstance(mail["certain"], bool)
        assert mail["event"] is None or UUID(mail["event"])
    for sentence in [*run["reasons"], *run["errors"]]:
        assert isinstance(sentence, str)
    return run


def work(caller: Caller, answer: Any) -> Mapping[str, Any]:
    """What a 202 has started, done by a worker and asked for."""
    assert answer.status_code == 202, answer.content
    assert set(answer.json()) == {"run"}
    execute(SyncRun.objects.get(pk=answer.json()["run"]))
    return checked(caller.get(f"/outlook/runs/{answer.json()['run']}").json())


def test_from_the_preview_to_the_end(company: Company, alice: User, caller: Caller) -> None:
    assert status(caller)["state"] == "not_connected"
    refused = caller.get("/outlook/preview")
    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"

    company.connect(alice)
    company.create(alice, "Tea", ANA)
    company.outlook(alice).create("Lunch", attendees=people(ANA))
    choices = {"existing": "push", "invitations": "send"}
    plan = checked(caller.get("/outlook/preview", **choices).json())
    first = work(caller, caller.post("/outlook/start", choices))
    assert (first["pushed"], first["pulled"]) == (plan["pushed"], plan["pulled"])
    assert [(m["to"], m["kind"]) for m in first["mails"]] == [(ANA, "invitation")]
    assert (first["state"], first["held_run"]) == ("done", None)
    assert (status(caller)["state"], status(caller)["account"]) == ("connected", alice.email)

    listed = caller.get("/outlook/runs", limit=1).json()
    assert (set(listed), len(listed["items"])) == ({"items", "count"}, 1)
    assert checked(listed["items"][0])["id"] == first["id"]
    checked(caller.get(f"/outlook/runs/{first['id']}/undo").json())
    undo = work(caller, caller.post(f"/outlook/runs/{first['id']}/undo"))
    assert (undo["state"], undo["undoes"]) == ("done", first["id"])

    assert caller.post("/outlook/pause").json()["state"] == "paused"
    assert caller.post("/outlook/sync").status_code == 409
    assert caller.post("/outlook/resume").json()["state"] == "connected"
    assert work(caller, caller.post("/outlook/sync"))["state"] == "done"
    assert work(caller, caller.post("/outlook/reset"))["state"] == "done"
    assert caller.post("/outlook/disconnect").json()["state"] == "not_connected"


@pytest.mark.parametrize("harmless", [True, False])
def test_what_a_guard_holds(
    company: Company,
    alice: User,
    caller: Caller,
    capsys: pytest.CaptureFixture[str],
    harmless: bool,
) -> None:
    company.start(alice)
    for number in range(MANY):
        company.create(alice, f"Event {number}")
    company.sync(alice)
    outlook = company.outlook(alice)
    for event in outlook.events():
        outlook.ask("DELETE", f"/me/events/{event['id']}")
    if harmless:
        outlook.create("New")
    run = work(caller, caller.post("/outlook/sync"))
    # The harmless part is done, and names what waits; else the run itself waits.
    assert run["state"] == ("done" if harmless else "waiting")
    print_run(dict(run), preview=False)
    waits = "Another part of the plan waits" if harmless else "It waits"
    assert f"{waits} for its owner's answer on the Outlook page." in capsys.readouterr().err
    held = checked(caller.get(f"/outlook/runs/{run['held_run'] or run['id']}").json())
    assert (held["state"], held["pulled"]["deleted"]) == ("waiting", MANY)
    assert held["reasons"]
    assert status(caller)["state"] == "waiting"
    assert status(caller)["reason"] == " ".join(held["reasons"])

    done = work(caller, caller.post(f"/outlook/runs/{held['id']}/approve"))
    assert (done["state"], done["pulled"]["deleted"]) == ("done", MANY)
    again = caller.post(f"/outlook/runs/{held['id']}/reject")
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")
    assert status(caller)["state"] == "connected"
