"""Disconnecting and starting over as people do it: pages and API."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from leansoft.accounts.models import User
from leansoft.connections.models import Installation, Mailbox
from leansoft.kit import clock
from leansoft.sync.control import pause
from leansoft.sync.models import SyncRun
from leansoft.sync.moved import look_around
from leansoft.sync.run import execute
from support.api import Caller
from support.company import Company
from support.jobs import do_jobs, forget_jobs
from support.sides import here, there

Status = Mailbox.Status
SENTENCE = (
    "Leansoft has another address than before. The sync is paused until an administrator confirms."
)


@pytest.fixture
def page(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def as_alice(alice: User) -> Caller:
    return Caller(alice)


@pytest.fixture
def moved(settings: Settings) -> None:
    settings.BASE_URL, settings.BASE_URL_GIVEN = "http://one.localhost", True
    look_around(clock.now())
    settings.BASE_URL = "http://two.localhost"
    assert look_around(clock.now()) == Installation.Doubt.MOVED


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def carry_out(run_id: str) -> None:
    execute(SyncRun.objects.select_related("mailbox__user").get(pk=run_id))


def test_the_page_says_what_each_choice_would_do(settled: Company, page: Client) -> None:
    shown = text(page.get("/outlook/disconnect"))
    assert "Take out of Outlook what Leansoft created there" in shown
    leave = text(page.get("/outlook/disconnect/preview", {"existing": "leave"}))
    assert "Outlook will mail nobody." in leave
    removal = text(page.get("/outlook/disconnect/preview", {"existing": "delete_outlook"}))
    assert "Outlook will send a cancellation to 2 people: ana@elsewhere.org, Bob Brown." in removal
    again = text(page.get("/outlook/reset/preview", {"existing": "delete_outlook", "next": "all"}))
    assert "6 mails in all." in again
    assert len(settled.sandbox.mails()) == 3 + 1


def test_leaving_from_the_page_is_done_at_once(settled: Company, page: Client, alice: User) -> None:
    assert page.post("/outlook/disconnect", {"existing": "leave"})["Location"] == "/outlook/"
    assert settled.mailbox(alice).status == Status.DISCONNECTED


def test_taking_events_out_is_a_run_with_its_page(
    settled: Company, page: Client, alice: User
) -> None:
    away = page.post("/outlook/disconnect", {"existing": "delete_outlook"})
    run = SyncRun.objects.get(state=SyncRun.State.QUEUED)
    assert away["Location"] == f"/outlook/runs/{run.pk}/"
    assert "takes events out, then disconnects" in text(page.get("/outlook/"))
    execute(run)
    assert there(settled, alice) == ["From Olga", "Made there"]
    assert "You disconnected Outlook" in text(page.get(away["Location"]))


def test_starting_over_from_the_page(settled: Company, page: Client, alice: User) -> None:
    assert "Where both sides differ" in text(page.get("/outlook/reset"))
    page.post("/outlook/reset", {"existing": "delete_leansoft", "next": "new"})
    execute(SyncRun.objects.get(state=SyncRun.State.QUEUED))
    assert here(alice) == []
    assert len(there(settled, alice)) == 4


def test_unknown_choices_delete_nothing(settled: Company, page: Client, alice: User) -> None:
    page.post("/outlook/reset", {"existing": "everything", "next": "whatever"})
    execute(SyncRun.objects.get(state=SyncRun.State.QUEUED))
    assert len(here(alice)) == len(there(settled, alice)) == 4


def test_the_reset_of_the_api_leaves_everything_by_default(
    settled: Company, as_alice: Caller, alice: User
) -> None:
    mails = settled.sandbox.mails()
    foreseen = as_alice.get("/outlook/reset").json()
    assert {line["kind"] for line in foreseen["actions"]} == {"adopted"}
    answer = as_alice.post("/outlook/reset")
    assert answer.status_code == 202
    carry_out(answer.json()["run"])
    run = as_alice.get(f"/outlook/runs/{answer.json()['run']}").json()
    assert (run["state"], run["cause"], run["mails"]) == ("done", "reset", [])
    assert len(here(alice)) == len(there(settled, alice)) == 4
    assert settled.sandbox.mails() == mails


def test_the_reset_of_the_api_deletes_what_it_is_told(
    settled: Company, as_alice: Caller, alice: User
) -> None:
    choices = {"existing": "delete_both", "next": "new"}
    foreseen = as_alice.get("/outlook/reset", **choices).json()
    answer = as_alice.post("/outlook/reset", choices).json()
    carry_out(answer["run"])
    run = as_alice.get(f"/outlook/runs/{answer['run']}").json()
    assert here(alice) == there(settled, alice) == []
    for name in ("pushed", "pulled", "mails"):
        assert run[name] == foreseen[name]
    assert run["pushed"]["deleted"] == run["pulled"]["deleted"] == 4


def test_the_api_refuses_choices_that_it_does_not_know(settled: Company, as_alice: Caller) -> None:
    refused = as_alice.post("/outlook/reset", {"existing": "everything"})
    assert (refused.status_code, refused.json()["field"]) == (422, "existing")


def test_disconnecting_by_the_api(settled: Company, as_alice: Caller, alice: User) -> None:
    answer = as_alice.post("/outlook/disconnect", {"existing": "delete_outlook"})
    assert answer.status_code == 202
    carry_out(answer.json()["run"])
    assert as_alice.get("/outlook").json()["state"] == "not_connected"
    assert there(settled, alice) == ["From Olga", "Made there"]


def test_a_paused_mailbox_can_start_over(settled: Company, as_alice: Caller, alice: User) -> None:
    pause(settled.mailbox(alice))
    carry_out(as_alice.post("/outlook/reset").json()["run"])
    assert settled.mailbox(alice).status == Status.CONNECTED


@pytest.mark.parametrize("status", [Status.NEEDS_RECONNECT, Status.ERROR, Status.CHOOSING])
def test_without_a_working_connection_it_can_only_be_left(
    settled: Company, as_alice: Caller, page: Client, status: str
) -> None:
    Mailbox.objects.filter(user=as_alice.user).update(status=status)
    assert as_alice.post("/outlook/reset").status_code == 409
    assert as_alice.post("/outlook/disconnect", {"existing": "delete_both"}).status_code == 409
    assert "delete_both" not in text(page.get("/outlook/disconnect"))
    assert page.post("/outlook/disconnect", {"existing": "delete_both"}).status_code == 302
    assert settled.mailbox(as_alice.user).status == status
    assert as_alice.post("/outlook/disconnect").json()["state"] == "not_connected"


def test_one_order_is_carried_out_by_a_worker(settled: Company, as_alice: Caller) -> None:
    forget_jobs()
    as_alice.post("/outlook/disconnect", {"existing": "delete_both"})
    do_jobs()
    forget_jobs()
    assert settled.mailbox(as_alice.user).status == Status.DISCONNECTED


def test_a_moved_database_is_explained_to_everybody_and_confirmed_by_an_administrator(
    settled: Company, page: Client, as_alice: Caller, admin: User, moved: None
) -> None:
    status = as_alice.get("/outlook").json()
    assert (status["state"], status["reason"]) == ("paused", SENTENCE)
    shown = text(page.get("/outlook/"))
    assert SENTENCE in shown
    assert "Confirm: this is the one" not in shown
    assert page.post("/outlook/confirm", {"answer": "this"}).status_code == 403

    pages = signed_in(admin)
    assert SENTENCE in text(pages.get("/contacts/"))
    assert "Confirm: this is the one" in text(pages.get("/outlook/"))
    pages.post("/outlook/confirm", {"answer": "this"})
    assert as_alice.get("/outlook").json()["state"] == "connected"
    assert SyncRun.objects.filter(state=SyncRun.State.QUEUED).count() == 2


@pytest.mark.parametrize("path", ["sync", "start", "reset", "disconnect"])
def test_nothing_can_be_started_on_a_moved_database(
    settled: Company, as_alice: Caller, moved: None, path: str
) -> None:
    refused = as_alice.post(f"/outlook/{path}")
    assert refused.status_code == 409


def test_a_copy_lets_go_of_everybody_and_touches_nothing_at_microsoft(
    settled: Company, as_alice: Caller, admin: User, moved: None
) -> None:
    settled.sandbox.control("DELETE", "requests")
    signed_in(admin).post("/outlook/confirm", {"answer": "copy"})
    assert set(Mailbox.objects.values_list("status", flat=True)) == {Status.DISCONNECTED}
    assert not Mailbox.objects.filter(refresh_token_sealed__isnull=False).exists()
    assert settled.sandbox.requests() == []
    assert as_alice.get("/outlook").json()["state"] == "not_connected"
