"""Lost answers, outages and crashes: nothing doubled, nothing lost, nobody mailed twice."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event
from leansoft.calendars.models import Event
from leansoft.connections.models import Integration, Mailbox
from leansoft.kit import clock
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.run import run_now
from leansoft.sync.show.status import event_states, outlook_status
from support.company import Company

ANA = "ana@elsewhere.org"

LOST_ANSWERS: list[dict[str, Any]] = [
    {"when": "after", "drop": True},
    {"when": "before", "drop": True},
    {"when": "after", "status": 504, "code": "UnknownError"},
    {"when": "before", "status": 503, "code": "ServiceUnavailable"},
    {"when": "before", "status": 429, "code": "ApplicationThrottled", "retry_after": 1},
]


def try_sync(user: User) -> SyncRun:
    return run_now(Mailbox.objects.get(user=user), SyncRun.Cause.MANUAL)


@pytest.mark.parametrize("fault", LOST_ANSWERS, ids=str)
def test_a_create_happens_exactly_once(
    company: Company, alice: User, fault: dict[str, Any]
) -> None:
    company.start(alice)
    company.create(alice, "Tea", ANA)
    company.sandbox.fault(method="POST", path="^/me/events$", **fault)
    assert try_sync(alice).state == SyncRun.State.FAILED
    company.sync(alice)
    assert [e["subject"] for e in company.outlook(alice).events()] == ["Tea"]
    assert company.sandbox.mails() == [(ANA, "invitation", "Tea")]
    assert EventLink.objects.filter(state=EventLink.State.LIVE).count() == 1


@pytest.mark.parametrize("fault", LOST_ANSWERS, ids=str)
def test_an_edit_is_mailed_exactly_once(
    company: Company, alice: User, fault: dict[str, Any]
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sync(alice)
    company.edit(event, alice, subject="Coffee")
    company.sandbox.fault(method="PATCH", **fault)
    assert try_sync(alice).state == SyncRun.State.FAILED
    company.sync(alice)
    assert company.sandbox.mails()[1:] == [(ANA, "update", "Coffee")]


@pytest.mark.parametrize("fault", LOST_ANSWERS, ids=str)
def test_a_deletion_is_mailed_exactly_once(
    company: Company, alice: User, fault: dict[str, Any]
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sync(alice)
    archive_event(event, by=alice, now=clock.now())
    company.sandbox.fault(method="DELETE", **fault)
    assert try_sync(alice).state == SyncRun.State.FAILED
    company.sync(alice)
    assert [kind for _, kind, _ in company.sandbox.mails()[1:]] == ["cancellation"]
    assert company.outlook(alice).events() == []


@pytest.mark.parametrize("fault", LOST_ANSWERS, ids=str)
def test_a_write_whose_answer_is_lost_is_in_the_journal_with_its_mails(
    company: Company, alice: User, fault: dict[str, Any]
) -> None:
    company.start(alice)
    company.create(alice, "Tea", ANA)
    company.sandbox.fault(method="POST", path="^/me/events$", **fault)
    failed = try_sync(alice)
    assert [action.outcome for action in failed.actions.all()] == ["failed"]
    company.sync(alice)
    (action,) = failed.actions.all()
    assert (action.kind, action.outcome) == ("created", "done")
    assert [(mail["to"], mail["kind"]) for mail in action.mails] == [(ANA, "invitation")]


def test_an_event_edited_while_its_create_is_open_is_not_doubled(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sandbox.fault(method="POST", path="^/me/events$", when="after", drop=True)
    try_sync(alice)
    company.edit(event, alice, subject="Coffee")
    company.sync(alice)
    assert [e["subject"] for e in company.outlook(alice).events()] == ["Coffee"]
    assert [kind for _, kind, _ in company.sandbox.mails()] == ["invitation", "update"]


def test_an_event_archived_while_its_create_is_open_goes_again(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sandbox.fault(method="POST", path="^/me/events$", when="after", drop=True)
    try_sync(alice)
    archive_event(event, by=alice, now=clock.now())
    company.sync(alice)
    assert company.outlook(alice).events() == []
    assert Event.objects.get().is_archived


def test_an_edit_in_outlook_between_plan_and_write_is_seen(company: Company, alice: User) -> None:
    company.start(alice)
    event = company.create(alice, "Tea")
    company.sync(alice)
    company.edit(event, alice, subject="Coffee")
    link = EventLink.objects.get()
    # What a pull a moment earlier would have left: an etag that Outlook has moved on from.
    company.outlook(alice).update("Tea", location={"displayName": "Garden"})
    Mailbox.objects.update(delta_link=_link_of_now(company, alice))
    company.sync(alice)
    assert link.remote_id
    copy = company.outlook(alice).event("Coffee")
    assert copy["location"]["displayName"] == "Garden"
    assert Event.objects.get().location == "Garden"


def _link_of_now(company: Company, user: User) -> str:
    """A delta link that knows nothing of the changes until now."""
    path = "/me/calendarView/delta?startDateTime=2029-01-01&endDateTime=2031-01-01"
    outlook = company.outlook(user)
    while True:
        page = outlook.ask("GET", path)
        if "@odata.deltaLink" in page:
            return str(page["@odata.deltaLink"])
        path = page["@odata.nextLink"]


def test_a_lost_cursor_loses_no_change(company: Company, alice: User) -> None:
    company.start(alice)
    keep = company.create(alice, "Keep")
    gone = company.create(alice, "Gone")
    company.sync(alice)
    company.outlook(alice).delete("Gone")
    company.outlook(alice).update("Keep", subject="Kept")
    company.sandbox.fault(kind="expire_delta_tokens", email=alice.email)
    company.sync(alice)
    assert Event.objects.get(pk=gone.pk).is_archived
    assert Event.objects.get(pk=keep.pk).subject == "Kept"


@pytest.mark.parametrize(
    "switches",
    [
        {"delta_replays": True},
        {"delta_shuffle": True},
        {"delta_empty_pages": True},
        {"delta_duplicates": True},
        {"delta_page_size": 1},
        {"delta_removed_in_first_round": True},
    ],
    ids=str,
)
def test_odd_deltas_change_nothing(company: Company, alice: User, switches: dict[str, Any]) -> None:
    company.sandbox.control("PUT", "switches", switches)
    company.sandbox.add_account(alice.email, alice.name)
    outlook = company.outlook(alice)
    for name in ("One", "Two", "Three"):
        outlook.create(name)
    company.start(alice)
    outlook.delete("One")
    outlook.update("Two", subject="Second")
    company.sync(alice)
    company.sync(alice)
    here = Event.objects.filter(archived_at__isnull=True).values_list("subject", flat=True)
    assert sorted(here) == ["Second", "Three"]
    assert sorted(e["subject"] for e in outlook.events()) == ["Second", "Three"]
    assert Event.objects.count() == 3


def test_a_refused_event_waits_and_says_why(company: Company, alice: User) -> None:
    company.start(alice)
    refused = company.create(alice, "Refused")
    fine = company.create(alice, "Fine")
    company.sandbox.fault(
        method="POST",
        path="^/me/events$",
        when="before",
        status=400,
        code="ErrorPropertyValidationFailure",
    )
    run = company.sync(alice)
    assert run.actions.filter(outcome="refused").count() == 1
    states = event_states([refused, fine], alice)
    assert states[fine.pk]["state"] == "synced"
    assert states[refused.pk]["state"] == "not_in_outlook"
    assert states[refused.pk]["reason"]
    company.sync(alice)
    assert [e["subject"] for e in company.outlook(alice).events()] == ["Fine"]
    company.edit(refused, alice, subject="Mended")
    company.sync(alice)
    assert company.outlook(alice).event("Mended")


def test_a_revoked_token_asks_its_owner_and_loses_nothing(company: Company, alice: User) -> None:
    company.start(alice)
    company.sandbox.fault(kind="revoke_tokens", email=alice.email)
    Mailbox.objects.update(access_token_sealed=None)
    company.create(alice, "Tea")
    assert try_sync(alice).state == SyncRun.State.FAILED
    assert outlook_status(alice)["state"] == "needs_reconnect"
    company.connect(alice)
    assert outlook_status(alice)["state"] == "connected"
    company.sync(alice)
    assert company.outlook(alice).event("Tea")


def test_a_wrong_secret_stops_everybody_and_wipes_nobody(company: Company, alice: User) -> None:
    company.start(alice)
    integration = Integration.current()
    right = integration.client_secret
    integration.set_client_secret("mistyped")
    integration.save()
    Mailbox.objects.update(access_token_sealed=None)
    company.create(alice, "Tea")
    assert try_sync(alice).state == SyncRun.State.FAILED
    assert outlook_status(alice)["state"] == "error"
    assert Mailbox.objects.get().refresh_token_sealed is not None
    integration.set_client_secret(right)
    integration.save()
    company.sync(alice)
    assert outlook_status(alice)["state"] == "connected"
    assert company.outlook(alice).event("Tea")
