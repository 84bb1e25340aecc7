"""`/api/v1/outlook`: the caller's connection, its runs, and what is not built yet."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.connections.domain.integration import save_integration
from leansoft.connections.models import Mailbox
from leansoft.sync.models import SyncRun
from support.api import Caller

Status = Mailbox.Status
CLIENT_ID = "11111111-0000-4000-8000-000000000000"


@pytest.fixture
def configured(db: None) -> None:
    save_integration(enabled=True, client_id=CLIENT_ID, client_secret="secret")


def mailbox_of(user: User, status: str = Status.CONNECTED) -> Mailbox:
    return Mailbox.objects.create(
        user=user, tenant_id="t", object_id=user.email, account=user.email, status=status
    )


def test_status_before_anything_is_set_up(as_alice: Caller) -> None:
    status = as_alice.get("/outlook").json()

    assert (status["state"], status["account"]) == ("not_configured", None)
    assert (status["last_sync_at"], status["notifications"]) == (None, False)
    assert status["reason"] == "Outlook is not set up yet."


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (None, "not_connected"),
        (Status.CONNECTED, "connected"),
        (Status.PAUSED, "paused"),
        (Status.NEEDS_RECONNECT, "needs_reconnect"),
        (Status.ERROR, "error"),
        (Status.DISCONNECTED, "not_connected"),
    ],
)
def test_status_follows_the_mailbox(
    as_alice: Caller, configured: None, status: str | None, state: str
) -> None:
    if status:
        mailbox_of(as_alice.user, status)

    assert as_alice.get("/outlook").json()["state"] == state


def test_sync_answers_with_the_run(as_alice: Caller, as_bob: Caller, configured: None) -> None:
    mailbox_of(as_alice.user)

    answer = as_alice.post("/outlook/sync")

    assert answer.status_code == 202
    run = as_alice.get(f"/outlook/runs/{answer.json()['run']}").json()
    assert run["state"] == "queued"
    assert run["pushed"] == run["pulled"] == {"created": 0, "updated": 0, "deleted": 0}
    assert (run["mails"], run["reasons"], run["errors"]) == ([], [], [])
    assert as_bob.get(f"/outlook/runs/{run['id']}").status_code == 404


def test_start_takes_the_choices_once(as_alice: Caller, configured: None) -> None:
    mailbox = mailbox_of(as_alice.user, Status.CHOOSING)
    choices = {"existing": "keep_local", "invitations": "quiet"}

    assert as_alice.post("/outlook/sync").status_code == 409
    assert as_alice.post("/outlook/start", choices).status_code == 202
    assert as_alice.post("/outlook/start", choices).status_code == 409

    mailbox.refresh_from_db()
    assert (mailbox.status, mailbox.existing, mailbox.invitations) == (
        Status.CONNECTED, "keep_local", "quiet",
    )  # fmt: skip


def test_start_refuses_an_unknown_choice(as_alice: Caller, configured: None) -> None:
    mailbox_of(as_alice.user, Status.CHOOSING)

    response = as_alice.post("/outlook/start", {"existing": "some"})

    assert (response.status_code, response.json()["field"]) == (422, "existing")


def test_pause_resume_and_disconnect(as_alice: Caller, configured: None) -> None:
    mailbox_of(as_alice.user)

    assert as_alice.post("/outlook/pause").json()["state"] == "paused"
    assert as_alice.post("/outlook/sync").status_code == 409
    assert as_alice.post("/outlook/resume").json()["state"] == "connected"
    assert as_alice.post("/outlook/disconnect").json()["state"] == "not_connected"


@pytest.mark.parametrize("path", ["start", "sync", "pause", "resume", "disconnect"])
def test_without_a_mailbox_there_is_a_way_out(as_alice: Caller, path: str) -> None:
    response = as_alice.post(f"/outlook/{path}")

    assert response.status_code == 409
    assert "press Outlook" in response.json()["detail"]


def test_past_events_are_a_third_choice(as_alice: Caller, configured: None) -> None:
    mailbox = mailbox_of(as_alice.user, Status.CHOOSING)

    assert as_alice.post("/outlook/start", {"past": "loudly"}).status_code == 422
    body = {"existing": "push", "past": "keep_local", "fingerprint": "f" * 64}
    run = as_alice.post("/outlook/start", body).json()["run"]

    mailbox.refresh_from_db()
    assert mailbox.existing == "push_coming"
    assert SyncRun.objects.get(pk=run).previewed == "f" * 64


@pytest.fixture
def held(alice: User, configured: None) -> SyncRun:
    report = {"pulled": {"created": 0, "updated": 0, "deleted": 12}, "pushed": {}, "mails": []}
    report["lines"] = []
    reasons = ["Twelve events are gone."]
    return SyncRun.objects.create(
        mailbox=mailbox_of(alice),
        cause=SyncRun.Cause.POLL,
        state=SyncRun.State.WAITING,
        held={"keys": [], "fingerprint": "f", "reasons": reasons, "report": report},
    )


def test_a_held_run_says_why_and_what_it_would_do(as_alice: Caller, held: SyncRun) -> None:
    run = as_alice.get(f"/outlook/runs/{held.pk}").json()
    assert (run["state"], run["reasons"]) == ("waiting", ["Twelve events are gone."])
    assert run["pulled"]["deleted"] == 12


def test_a_held_run_is_approved_once(as_alice: Caller, held: SyncRun) -> None:
    answer = as_alice.post(f"/outlook/runs/{held.pk}/approve")
    assert (answer.status_code, answer.json()) == (202, {"run": str(held.pk)})
    assert as_alice.post(f"/outlook/runs/{held.pk}/approve").status_code == 409


def test_a_held_run_is_rejected_by_its_owner_only(
    as_alice: Caller, as_bob: Caller, held: SyncRun
) -> None:
    assert as_bob.post(f"/outlook/runs/{held.pk}/reject").status_code == 404
    assert as_alice.post(f"/outlook/runs/{held.pk}/reject").json()["state"] == "done"


def test_runs_are_listed_newest_first(as_alice: Caller, configured: None) -> None:
    mailbox = mailbox_of(as_alice.user)
    old = SyncRun.objects.create(mailbox=mailbox, cause="poll", state="done")
    new = SyncRun.objects.create(mailbox=mailbox, cause="edit", state="done")

    runs = as_alice.get("/outlook/runs", limit=5).json()

    assert [run["id"] for run in runs["items"]] == [str(new.pk), str(old.pk)]
    assert runs["count"] == 2


@pytest.mark.parametrize("runs", [1, 3])
def test_runs_ask_the_database_a_fixed_number_of_times(
    as_alice: Caller, configured: None, runs: int, django_assert_num_queries: Any
) -> None:
    mailbox = mailbox_of(as_alice.user)
    for _ in range(runs):
        SyncRun.objects.create(mailbox=mailbox, cause="edit", state="done")

    # Token, page, actions, count; and two for the request's savepoint.
    with django_assert_num_queries(6):
        assert as_alice.get("/outlook/runs").json()["count"] == runs


def test_forecast_names_whom_outlook_will_mail(as_alice: Caller, bob: User) -> None:
    mailbox_of(as_alice.user)
    times = {"start": "2030-12-01T09:00", "end": "2030-12-01T10:00", "time_zone": "UTC"}
    changes = {**times, "attendees": [{"email": bob.email}, {"name": "The caterer"}]}

    forecast = as_alice.post("/events/forecast", {"act": "create", "changes": changes}).json()

    assert forecast["mails"] == [
        {"to": bob.email, "kind": "invitation", "event": None, "certain": True}
    ]
    assert forecast["sentence"] == "Outlook will invite 1 person: Bob Brown."


@pytest.mark.parametrize(
    ("scope", "kinds"),
    [("this", ["update"]), ("following", ["update", "invitation"]), ("all", ["update"])],
)
def test_forecast_is_of_the_dates_that_an_edit_means(
    as_alice: Caller, bob: User, scope: str, kinds: list[str]
) -> None:
    mailbox_of(as_alice.user)
    event = as_alice.event(rrule="FREQ=DAILY;COUNT=3", attendees=[{"email": bob.email}])
    dates = {"occurrence": "2026-12-02T09:00", "scope": scope}
    act = {"act": "edit", "id": event["id"], "changes": {"location": "Roof"}}

    forecast = as_alice.post("/events/forecast", {**act, **dates}).json()

    assert [mail["kind"] for mail in forecast["mails"]] == kinds


def test_forecast_of_an_edit_needs_the_event(as_alice: Caller) -> None:
    response = as_alice.post("/events/forecast", {"act": "edit", "changes": {"subject": "X"}})

    assert (response.status_code, response.json()["field"]) == (422, "id")


def test_change_of_an_event_brings_a_job_with_it(as_alice: Caller, configured: None) -> None:
    mailbox = mailbox_of(as_alice.user)

    as_alice.event()

    assert [run.cause for run in SyncRun.objects.filter(mailbox=mailbox)] == ["edit"]


def test_event_in_the_archive_is_removed_for_good_with_a_mailbox(
    as_alice: Caller, configured: None
) -> None:
    mailbox_of(as_alice.user)
    event = as_alice.event()
    as_alice.post(f"/events/{event['id']}/archive")

    assert as_alice.delete(f"/events/{event['id']}?forever=true").status_code == 204
