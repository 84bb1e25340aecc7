"""An attendee's answer in Leansoft and what Outlook does beside it."""

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, respond, unarchive_event
from leansoft.calendars.models import Event
from leansoft.events.fields import Response
from leansoft.kit import clock
from support.company import Company


def test_accepting_keeps_a_show_as_chosen_just_before(
    company: Company, bob: User, tea_with_bob: Event
) -> None:
    company.edit(tea_with_bob, bob, show_as="free")
    respond(tea_with_bob, by=bob, response=Response.ACCEPTED, now=clock.now())
    company.sync(bob)
    assert tea_with_bob.participants.get(user=bob).show_as == "free"
    copy = company.outlook(bob).event("Tea")
    assert (copy["showAs"], copy["responseStatus"]["response"]) == ("free", "accepted")


def test_accepting_after_taking_oneself_off_accepts(
    company: Company, bob: User, tea_with_bob: Event
) -> None:
    archive_event(tea_with_bob, by=bob, now=clock.now())
    respond(tea_with_bob, by=bob, response=Response.ACCEPTED, now=clock.now())
    company.sync(bob)
    copy = company.outlook(bob).event("Tea")
    assert copy["responseStatus"]["response"] == "accepted"
    assert tea_with_bob.participants.get(user=bob).removed_at is None


@pytest.mark.parametrize("pushed", [False, True], ids=["before the push", "after it"])
@pytest.mark.parametrize(
    "answer", [Response.ACCEPTED, Response.TENTATIVELY_ACCEPTED, Response.DECLINED]
)
def test_an_answer_given_before_the_own_copy_was_read_reaches_the_organizer(
    company: Company, alice: User, bob: User, answer: Response, *, pushed: bool
) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email)
    if pushed:
        company.sync(alice)
    respond(event, by=bob, response=answer, now=clock.now())
    company.sync(alice)
    company.sync(bob)
    company.sync(alice)
    company.sync(bob)
    kinds = [(to, kind) for to, kind, _ in company.sandbox.mails()]
    assert kinds == [(bob.email, "invitation"), (alice.email, "response")]
    assert event.participants.get(user=bob).response == answer
    (told,) = company.outlook(alice).event("Tea")["attendees"]
    assert told["status"]["response"].lower() == answer.replace("_", "")


def test_an_answer_that_was_sent_does_not_answer_the_next_invitation(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    company.sandbox.control("PUT", "switches", {"delivery_seconds": 600})
    archive_event(tea_with_bob, by=alice, now=clock.now())
    company.sync(alice)
    unarchive_event(tea_with_bob, by=alice)
    # The first invitation is still on Bob's calendar, and it is this one that he answers.
    respond(tea_with_bob, by=bob, response=Response.ACCEPTED, now=clock.now())
    for user in (bob, bob, alice, bob):
        company.sync(user)
        company.sandbox.control("POST", "clock", {"advance": 700})
    company.sync(bob)
    answers = [to for to, kind, _ in company.sandbox.mails() if kind == "response"]
    assert answers == [alice.email]
    assert tea_with_bob.participants.get(user=bob).response == Response.NOT_RESPONDED


def test_declining_an_invitation_that_has_not_come_yet_is_foreseen_and_told_once(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    company.outlook(alice).delete("Tea")
    company.sync(alice)
    company.sync(bob)
    unarchive_event(tea_with_bob, by=alice)
    respond(tea_with_bob, by=bob, response=Response.DECLINED, now=clock.now())
    company.sync(alice)
    run = company.sync(bob)
    (row,) = run.actions.filter(side="outlook")
    assert [(mail["to"], mail["kind"]) for mail in row.mails] == [(alice.email, "response")]
    answers = [to for to, kind, _ in company.sandbox.mails() if kind == "response"]
    assert answers == [alice.email]
    assert tea_with_bob.participants.get(user=bob).removed_at is not None
