"""One meeting is one row, whichever copy of it is seen first and however rounds interleave."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, unarchive_event
from leansoft.calendars.models import Event
from leansoft.kit import clock
from leansoft.reconcile.actions import UpdateHere
from leansoft.sync.control import disconnect
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.read.fold import learn_uid
from leansoft.sync.state.load import load
from leansoft.sync.write.apply import next_action
from leansoft.sync.write.here import write_here
from support.company import Company
from support.outlook import people
from support.sides import here, there

ANA = "ana@elsewhere.org"
LOST_CREATE: dict[str, Any] = {
    "method": "POST",
    "path": "^/me/events$",
    "when": "after",
    "drop": True,
}


def test_a_copy_seen_before_the_organizers_answer_is_the_same_meeting(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.create(alice, "Tea", bob.email, ANA)
    company.sandbox.fault(**LOST_CREATE)
    company.try_sync(alice)
    for user in (bob, alice, bob, alice):
        company.sync(user)
    assert Event.objects.count() == 1
    invited = [(to, kind) for to, kind, _ in company.sandbox.mails()]
    assert sorted(invited) == [(ANA, "invitation"), (bob.email, "invitation")]


@pytest.mark.parametrize("seen_first", [False, True])
def test_a_create_without_an_answer_is_one_meeting_though_its_organizer_left(
    company: Company, alice: User, bob: User, charlie: User, *, seen_first: bool
) -> None:
    for user in (alice, bob, charlie):
        company.start(user)
    event = company.create(alice, "Tea", bob.email, charlie.email)
    company.sandbox.fault(**LOST_CREATE)
    company.try_sync(alice)
    if seen_first:
        company.sync(bob)
    disconnect(company.mailbox(alice))
    for user in (bob, charlie, bob, charlie):
        company.sync(user)
    assert Event.objects.get() == event
    assert here(alice) == here(bob) == here(charlie) == ["Tea"]
    company.edit(Event.objects.get(), bob, categories=["Red"])
    company.sync(bob)
    assert company.outlook(bob).event("Tea")["categories"] == ["Red"]
    company.start(alice)
    for user in (bob, charlie, alice):
        company.sync(user)
    assert (Event.objects.count(), there(company, alice)) == (1, ["Tea"])
    assert not Event.objects.get().locked
    assert [kind for _, kind, _ in company.sandbox.mails()] == ["invitation"] * 2


def test_a_create_without_an_answer_is_known_under_another_title(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email, ANA)
    company.sandbox.fault(**LOST_CREATE)
    company.try_sync(alice)
    disconnect(company.mailbox(alice))
    company.outlook(alice).update("Tea", subject="Coffee")
    company.sync(bob)
    assert Event.objects.get() == event
    assert here(bob) == ["Coffee"]


def test_another_meeting_with_the_same_people_at_that_time_is_not_taken_for_it(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.create(alice, "Tea", bob.email)
    company.sandbox.fault(**LOST_CREATE)
    company.try_sync(alice)
    disconnect(company.mailbox(alice))
    tea = company.outlook(alice).event("Tea")
    times = {edge: tea[edge] for edge in ("start", "end")}
    company.outlook(alice).create("Coffee", attendees=people(bob.email), **times)
    company.sync(bob)
    assert here(bob) == ["Coffee", "Tea"]


def test_a_like_meeting_of_somebody_else_is_another_meeting(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.sandbox.add_account(ANA)
    company.create(alice, "Tea", bob.email)
    company.sandbox.fault(method="POST", path="^/me/events$", when="before", drop=True)
    company.try_sync(alice)
    company.sandbox.person(ANA).create("Tea", attendees=people(bob.email))
    company.sync(bob)
    assert Event.objects.count() == 2


def test_two_rounds_that_see_a_new_meeting_at_once_make_one_row(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.outlook(alice).create("Tea", attendees=people(bob.email, ANA))
    company.pull(alice)
    company.pull(bob)
    for user in (alice, bob, alice):
        company.sync(user)
    assert Event.objects.count() == 1
    assert len(company.outlook(alice).events()) == 1


def test_a_meeting_in_another_calendar_of_the_organizer_is_not_created_again(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    outlook = company.outlook(alice)
    second = outlook.ask("POST", "/me/calendars", {"name": "Second"})
    meeting = {
        "subject": "Tea",
        "start": {"dateTime": "2030-03-04T09:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2030-03-04T10:00:00", "timeZone": "UTC"},
        "attendees": people(bob.email, ANA),
    }
    outlook.ask("POST", f"/me/calendars/{second['id']}/events", meeting)
    before = company.sandbox.mails()
    company.sync(bob)
    company.sync(alice)
    assert company.sandbox.mails() == before
    assert outlook.events() == []


def test_an_id_learned_while_another_round_writes_is_kept(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    company.outlook(bob).update("Tea", categories=["Red"])
    company.pull(bob)
    mailbox = company.mailbox(bob)
    run = SyncRun.objects.create(mailbox=mailbox, cause=SyncRun.Cause.POLL)
    subject = load(mailbox, EventLink.objects.get(mailbox=mailbox).pk)
    action = next_action(subject)
    assert isinstance(action, UpdateHere)
    learn_uid(tea_with_bob, "NEW")
    write_here(run, subject, action, now=clock.now())
    event = Event.objects.get()
    assert "NEW" in event.ical_uids
    assert event.participants.get(user=bob).categories == ["Red"]


def test_a_new_copy_seen_before_the_organizers_answer_stays_in_step(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    archived = archive_event(tea_with_bob, by=alice, now=clock.now())
    company.sync(alice)
    company.sync(bob)
    unarchive_event(archived, by=alice)
    company.sandbox.fault(**LOST_CREATE)
    company.try_sync(alice)
    for user in (bob, alice, bob, alice):
        company.sync(user)
    assert Event.objects.count() == 1
    company.edit(Event.objects.get(), bob, categories=["Red"])
    company.sync(bob)
    copies = {e["isCancelled"]: e["categories"] for e in company.outlook(bob).events()}
    assert copies[False] == ["Red"]


def test_an_archived_event_comes_to_rest_without_a_complaint(
    company: Company, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea")
    company.sync(alice)
    archive_event(event, by=alice, now=clock.now())
    company.sync(alice)
    assert "did not settle" not in caplog.text
