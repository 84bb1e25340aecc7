"""One bad event, value or answer stops itself, never the mailbox."""

from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event
from leansoft.calendars.models import Event
from leansoft.kit import clock
from leansoft.sync.models import SyncRun
from leansoft.sync.show.status import event_states
from leansoft.sync.tasks import sync_mailbox_later
from support.company import Company

ANA = "ana@elsewhere.org"
REFUSED: dict[str, Any] = {
    "when": "before",
    "status": 400,
    "code": "ErrorPropertyValidationFailure",
}


def test_a_create_left_open_and_then_refused_waits_alone(company: Company, alice: User) -> None:
    company.start(alice)
    bad = company.create(alice, "Bad")
    creating = {"method": "POST", "path": "^/me/events$"}
    company.sandbox.fault(**creating, when="before", status=429, code="ApplicationThrottled")
    assert company.try_sync(alice).state == SyncRun.State.FAILED
    company.sandbox.fault(**creating, **REFUSED, times=100)
    company.sync(alice)
    company.edit(bad, alice, subject="Worse")
    company.sync(alice)
    archive_event(bad, by=alice, now=clock.now())
    company.sync(alice)
    assert company.outlook(alice).events() == []
    assert event_states([Event.objects.get()], alice)[bad.pk]["state"] == "not_in_outlook"


def test_an_open_create_that_is_refused_goes_again_once_mended(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Bad")
    creating = {"method": "POST", "path": "^/me/events$"}
    company.sandbox.fault(**creating, when="before", status=429, code="ApplicationThrottled")
    company.try_sync(alice)
    company.sandbox.fault(**creating, **REFUSED)
    company.sync(alice)
    company.edit(event, alice, subject="Good")
    company.sync(alice)
    assert [e["subject"] for e in company.outlook(alice).events()] == ["Good"]


def test_a_question_that_outlook_refuses_leaves_the_event_as_it_was(
    company: Company, alice: User
) -> None:
    company.start(alice)
    company.outlook(alice).create("Odd")
    company.sync(alice)
    company.outlook(alice).delete("Odd")
    company.sandbox.fault(
        method="GET",
        path="^/me/events/",
        when="before",
        status=400,
        code="ErrorInvalidIdMalformed",
        times=9,
    )
    company.sync(alice)
    assert not Event.objects.get().is_archived


@pytest.mark.parametrize(
    "fields",
    [
        {"location": {"displayName": "x" * 600}},
        {"attendees": [{"emailAddress": {"address": ANA, "name": "n" * 300}}]},
        {"attendees": [{"emailAddress": {"address": "a" * 250 + "@x.org", "name": "n"}}]},
        {"body": {"contentType": "text", "content": "a\0b"}},
    ],
    ids=["location", "name", "address", "nul"],
)
def test_a_value_without_room_here_holds_up_nothing(
    company: Company, alice: User, fields: dict[str, Any]
) -> None:
    company.start(alice)
    company.outlook(alice).create("Odd", **fields)
    company.sync(alice)
    company.create(alice, "Later")
    company.sync(alice)
    assert company.outlook(alice).event("Later")
    assert company.event(alice, "Odd")


def test_a_run_that_lost_its_job_gets_a_new_one(company: Company, alice: User) -> None:
    company.start(alice)
    mailbox = company.mailbox(alice)
    lost = SyncRun.objects.create(mailbox=mailbox, cause=SyncRun.Cause.POLL)
    before = ProcrastinateJob.objects.count()
    assert sync_mailbox_later(mailbox, SyncRun.Cause.MANUAL) == lost
    assert ProcrastinateJob.objects.count() == before + 1


def test_a_refusal_is_not_shown_once_the_event_is_as_before(company: Company, alice: User) -> None:
    company.start(alice)
    event = company.create(alice, "Tea")
    company.sync(alice)
    company.sandbox.fault(method="PATCH", **REFUSED)
    company.edit(event, alice, subject="Bad")
    company.sync(alice)
    assert event_states([Event.objects.get()], alice)[event.pk]["state"] == "waiting"
    company.edit(event, alice, subject="Tea")
    company.sync(alice)
    assert event_states([Event.objects.get()], alice)[event.pk]["state"] == "synced"
