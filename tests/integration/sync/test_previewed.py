"""A first sync that finds another plan than its preview showed writes nothing and asks again."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.held import approve, reject
from leansoft.sync.preview.previewed import CHANGED, NOT_SEEN, UNSEEN
from leansoft.sync.preview.start import preview, start_sync
from leansoft.sync.run import execute
from leansoft.sync.show.report import run_report
from leansoft.sync.show.status import outlook_status
from support.company import Company
from support.sides import ANA, there

CHOICES = {"existing": "push", "invitations": "send", "past": "quiet"}
WAITING, DONE = SyncRun.State.WAITING, SyncRun.State.DONE


@pytest.fixture
def seen(company: Company, alice: User) -> dict[str, Any]:
    """The preview that Alice looks at."""
    company.sandbox.add_account(alice.email, alice.name)
    company.outlook(alice).create("From Outlook")
    company.create(alice, "Tea", ANA)
    return preview(company.connect(alice), **CHOICES)


@pytest.fixture
def waiting(company: Company, alice: User, seen: dict[str, Any]) -> SyncRun:
    """The run that Alice started after somebody put one more event into her Outlook."""
    company.outlook(alice).create("Since then")
    run = begin(company.mailbox(alice), seen["fingerprint"])
    assert run.state == WAITING
    return run


def begin(mailbox: Mailbox, fingerprint: str) -> SyncRun:
    run = start_sync(mailbox, **CHOICES, previewed=fingerprint)
    execute(run)
    return run


def untouched(company: Company) -> bool:
    return (Event.objects.count(), company.sandbox.mails()) == (1, [])


def test_the_plan_that_was_seen_is_carried_out(
    company: Company, alice: User, seen: dict[str, Any]
) -> None:
    run = begin(company.mailbox(alice), seen["fingerprint"])
    assert run.state == DONE
    assert there(company, alice) == ["From Outlook", "Tea"]
    assert [to for to, _, _ in company.sandbox.mails()] == [ANA]


def test_another_plan_is_shown_and_waits(company: Company, alice: User, waiting: SyncRun) -> None:
    report = run_report(waiting)
    assert report["reasons"] == [CHANGED]
    assert (report["pulled"]["created"], report["pushed"]["created"]) == (2, 1)
    assert [mail["to"] for mail in report["mails"]] == [ANA]
    assert outlook_status(alice)["state"] == "waiting"
    assert untouched(company)


def test_a_worker_that_was_thought_dead_does_not_carry_it_out(
    company: Company, alice: User, seen: dict[str, Any]
) -> None:
    company.outlook(alice).create("Since then")
    run = start_sync(company.mailbox(alice), **CHOICES, previewed=seen["fingerprint"])
    same = SyncRun.objects.get(pk=run.pk)
    execute(run)
    execute(same)
    run.refresh_from_db()
    assert run.state == WAITING
    assert untouched(company)


def test_no_other_round_goes_on_meanwhile(company: Company, alice: User, waiting: SyncRun) -> None:
    poll = company.try_sync(alice)
    assert (poll.state, poll.held_run) == (DONE, waiting)
    assert untouched(company)
    assert company.mailbox(alice).last_sync_at is None


def test_the_plan_that_waits_is_kept_up_to_date(
    company: Company, alice: User, waiting: SyncRun
) -> None:
    company.create(alice, "Coffee")
    company.try_sync(alice)
    waiting.refresh_from_db()
    assert run_report(waiting)["pushed"]["created"] == 2
    assert untouched(company) is False
    assert there(company, alice) == ["From Outlook", "Since then"]


def test_an_approved_plan_is_carried_out(company: Company, alice: User, waiting: SyncRun) -> None:
    assert approve(waiting)
    execute(waiting)
    assert waiting.state == DONE
    assert there(company, alice) == ["From Outlook", "Since then", "Tea"]
    assert outlook_status(alice)["state"] == "connected"
    assert not company.sync(alice).actions.exists()


def test_an_approved_plan_that_changes_again_waits_again(
    company: Company, alice: User, waiting: SyncRun
) -> None:
    company.outlook(alice).create("And one more")
    assert approve(waiting)
    execute(waiting)
    assert waiting.state == WAITING
    assert run_report(waiting)["pulled"]["created"] == 3
    assert untouched(company)


def test_a_rejected_plan_leads_back_to_the_choices(
    company: Company, alice: User, waiting: SyncRun
) -> None:
    assert reject(waiting)
    mailbox = company.mailbox(alice)
    assert (waiting.state, mailbox.status) == (DONE, Mailbox.Status.CHOOSING)
    shown = preview(mailbox, **{**CHOICES, "invitations": "quiet"})
    run = start_sync(mailbox, existing="push", invitations="quiet", previewed=shown["fingerprint"])
    execute(run)
    assert run.state == DONE
    assert there(company, alice) == ["From Outlook", "Since then", "Tea"]
    assert company.sandbox.mails() == []


def test_a_plan_that_nobody_saw_is_shown_first(
    company: Company, alice: User, seen: dict[str, Any]
) -> None:
    run = begin(company.mailbox(alice), UNSEEN)
    assert run_report(run)["reasons"] == [NOT_SEEN]
    assert untouched(company)


def test_a_second_try_after_an_outage_still_looks_at_the_plan(
    company: Company, alice: User, seen: dict[str, Any]
) -> None:
    company.outlook(alice).create("Since then")
    company.sandbox.fault(path="/me/", status=503, times=20)
    run = begin(company.mailbox(alice), seen["fingerprint"])
    assert run.state == SyncRun.State.FAILED
    company.sandbox.control("DELETE", "faults")
    Mailbox.objects.update(blocked_until=None)
    again = company.try_sync(alice)
    assert (again.state, untouched(company)) == (WAITING, True)


def test_a_start_by_a_program_carries_out_whatever_the_plan_is(
    company: Company, alice: User, seen: dict[str, Any]
) -> None:
    company.outlook(alice).create("Since then")
    assert begin(company.mailbox(alice), "").state == DONE
    assert there(company, alice) == ["From Outlook", "Since then", "Tea"]
