"""Undoing a run over the API: preview, refusal, and what the run then says."""

from uuid import uuid4

import pytest

from leansoft.accounts.models import User
from leansoft.sync.models import SyncRun
from leansoft.sync.run import execute
from support.api import Caller
from support.company import Company

ANA = "ana@elsewhere.org"


@pytest.fixture
def as_alice(alice: User) -> Caller:
    return Caller(alice)


@pytest.fixture
def as_bob(bob: User) -> Caller:
    return Caller(bob)


def undo(caller: Caller, run: SyncRun) -> SyncRun:
    """Undone by the API's button and a worker."""
    answer = caller.post(f"/outlook/runs/{run.pk}/undo")
    assert answer.status_code == 202, answer.content
    started = SyncRun.objects.get(pk=answer.json()["run"])
    execute(started)
    return started


def test_preview_undo_and_report_agree(company: Company, alice: User, as_alice: Caller) -> None:
    company.start(alice)
    company.create(alice, "Tea", ANA)
    run = company.sync(alice)

    plan = as_alice.get(f"/outlook/runs/{run.pk}/undo").json()
    done = as_alice.get(f"/outlook/runs/{undo(as_alice, run).pk}").json()

    assert plan["pushed"] == done["pushed"] == {"created": 0, "updated": 0, "deleted": 1}
    assert plan["pulled"] == done["pulled"]
    assert plan["mails"] == done["mails"]
    assert [(m["to"], m["kind"], m["certain"]) for m in done["mails"]] == [
        (ANA, "cancellation", True)
    ]
    assert plan["cannot_restore"] == done["cannot_restore"]
    assert (done["state"], done["cause"], done["undoes"]) == ("done", "undo", str(run.pk))
    assert company.outlook(alice).events() == []


def test_a_preview_changes_nothing(company: Company, alice: User, as_alice: Caller) -> None:
    company.start(alice)
    company.create(alice, "Tea", ANA)
    run = company.sync(alice)

    as_alice.get(f"/outlook/runs/{run.pk}/undo")

    assert list(run.undone.all()) == []
    assert company.outlook(alice).event("Tea")
    assert [a.subject for a in company.sync(alice).actions.all()] == []


def test_invitations_are_a_choice(company: Company, alice: User, as_alice: Caller) -> None:
    company.start(alice)
    company.create(alice, "Tea", ANA)
    company.sync(alice)
    company.outlook(alice).delete("Tea")
    run = company.sync(alice)
    address = f"/outlook/runs/{run.pk}/undo"

    quiet, send = as_alice.get(address).json(), as_alice.get(address, invitations="send").json()

    assert (quiet["may_invite"], quiet["mails"]) == (True, [])
    assert [(m["to"], m["kind"]) for m in send["mails"]] == [(ANA, "invitation")]
    started = as_alice.post(address, {"invitations": "send"}).json()["run"]
    execute(SyncRun.objects.get(pk=started))
    assert company.outlook(alice).event("Tea")["attendees"]


def test_an_undo_that_cannot_be_is_refused_with_a_sentence(
    company: Company, alice: User, as_alice: Caller, as_bob: Caller
) -> None:
    company.start(alice)
    company.create(alice, "Tea")
    run = company.sync(alice)
    address = f"/outlook/runs/{run.pk}/undo"
    stranger = as_bob.post(address)
    unknown = as_alice.post(f"/outlook/runs/{uuid4()}/undo")
    assert (stranger.status_code, unknown.status_code) == (404, 404)

    empty = as_alice.post(f"/outlook/runs/{company.sync(alice).pk}/undo")
    undo(as_alice, run)
    again, preview = as_alice.post(address), as_alice.get(address)

    assert (empty.status_code, again.status_code, preview.status_code) == (409, 409, 409)
    assert empty.json()["detail"] == "This round changed nothing, so there is nothing to undo."
    assert again.json()["detail"] == preview.json()["detail"]
    assert again.json()["detail"] == "This round has been undone already."
    as_alice.post("/outlook/pause")
    assert as_alice.post(address).json()["detail"] == "The sync is paused: resume it first."
