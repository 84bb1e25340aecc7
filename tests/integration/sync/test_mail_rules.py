"""Who gets mail for what: every rule of the mission, read from the sandbox's mail."""

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, respond, unarchive_event
from leansoft.calendars.models import Event
from leansoft.events.fields import Response
from leansoft.kit import clock
from support.company import Company

ANA, BO = "ana@elsewhere.org", "bo@elsewhere.org"


@pytest.fixture
def meeting(company: Company, alice: User) -> Event:
    """In both calendars, with two people from elsewhere; the mail so far is forgotten."""
    company.start(alice)
    event = company.create(alice, "Tea", ANA, BO)
    company.sync(alice)
    return event


def mails_since(company: Company, before: int) -> list[tuple[str, str, str]]:
    return company.sandbox.mails()[before:]


def test_creating_invites_all_attendees(company: Company, alice: User) -> None:
    company.start(alice)
    company.create(alice, "Tea", ANA, BO)
    company.sync(alice)
    assert company.sandbox.mails() == [(ANA, "invitation", "Tea"), (BO, "invitation", "Tea")]


def test_deleting_cancels_for_all(company: Company, alice: User, meeting: Event) -> None:
    archive_event(meeting, by=alice, now=clock.now())
    company.sync(alice)
    sent = mails_since(company, 2)
    assert [(to, kind) for to, kind, _ in sent] == [(ANA, "cancellation"), (BO, "cancellation")]
    assert company.outlook(alice).events() == []


def test_unarchiving_invites_again(company: Company, alice: User, meeting: Event) -> None:
    archived = archive_event(meeting, by=alice, now=clock.now())
    company.sync(alice)
    unarchive_event(archived, by=alice)
    company.sync(alice)
    sent = mails_since(company, 4)
    assert [(to, kind) for to, kind, _ in sent] == [(ANA, "invitation"), (BO, "invitation")]
    assert company.outlook(alice).event("Tea")["isCancelled"] is False


def test_adding_a_person_invites_them_and_nobody_else(
    company: Company, alice: User, meeting: Event
) -> None:
    people = [{"email": e, "name": "", "type": "required"} for e in (ANA, BO, "chi@elsewhere.org")]
    company.edit(meeting, alice, attendees=people)
    company.sync(alice)
    assert mails_since(company, 2) == [("chi@elsewhere.org", "invitation", "Tea")]


def test_removing_a_person_cancels_for_them_and_nobody_else(
    company: Company, alice: User, meeting: Event
) -> None:
    people = [{"email": ANA, "name": "", "type": "required"}]
    company.edit(meeting, alice, attendees=people)
    company.sync(alice)
    assert [(to, kind) for to, kind, _ in mails_since(company, 2)] == [(BO, "cancellation")]


def test_an_edit_of_content_updates_everybody_once(
    company: Company, alice: User, meeting: Event
) -> None:
    company.edit(meeting, alice, subject="Coffee", location="Kitchen")
    company.sync(alice)
    assert mails_since(company, 2) == [(ANA, "update", "Coffee"), (BO, "update", "Coffee")]


def test_a_second_sync_writes_nothing(company: Company, alice: User, meeting: Event) -> None:
    company.sync(alice)
    company.sandbox.control("DELETE", "requests")
    company.sync(alice)
    assert {method for method, _ in company.sandbox.requests()} == {"GET"}
    assert len(company.sandbox.requests()) == 1
    assert len(company.sandbox.mails()) == 2


def test_an_attendee_who_deletes_takes_only_themselves_off(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.create(alice, "Tea", bob.email, ANA)
    company.sync(alice)
    company.sync(bob)
    before = len(company.sandbox.mails())
    archive_event(company.event(bob, "Tea"), by=bob, now=clock.now())
    company.sync(bob)
    company.sync(alice)
    assert mails_since(company, before) == []
    assert company.outlook(bob).events() == []
    assert company.outlook(alice).event("Tea")["isCancelled"] is False
    assert company.event(alice, "Tea").archived_at is None


def test_an_attendee_who_declines_tells_the_organizer(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.create(alice, "Tea", bob.email)
    company.sync(alice)
    company.sync(bob)
    respond(company.event(bob, "Tea"), by=bob, response=Response.DECLINED, now=clock.now())
    company.sync(bob)
    assert [(to, kind) for to, kind, _ in mails_since(company, 1)] == [(alice.email, "response")]
    company.sync(alice)
    (person,) = company.event(alice, "Tea").attendees
    assert person.response == Response.DECLINED


def test_accepting_here_answers_in_outlook_once(company: Company, alice: User, bob: User) -> None:
    company.start(alice)
    company.start(bob)
    company.create(alice, "Tea", bob.email)
    company.sync(alice)
    company.sync(bob)
    respond(company.event(bob, "Tea"), by=bob, response=Response.ACCEPTED, now=clock.now())
    company.sync(bob)
    company.sync(bob)
    assert [(to, kind) for to, kind, _ in mails_since(company, 1)] == [(alice.email, "response")]
    assert company.outlook(bob).event("Tea")["responseStatus"]["response"] == "accepted"


def test_every_mail_was_foreseen(company: Company, alice: User, meeting: Event) -> None:
    company.edit(meeting, alice, subject="Coffee")
    run = company.sync(alice)
    foreseen = {(m["to"], m["kind"]) for action in run.actions.all() for m in action.mails}
    assert foreseen == {(to, kind) for to, kind, _ in mails_since(company, 2)}


def test_a_person_who_becomes_optional_may_be_mailed_and_nobody_else(
    company: Company, alice: User, meeting: Event
) -> None:
    people = [
        {"email": ANA, "name": "", "type": "optional"},
        {"email": BO, "name": "", "type": "required"},
    ]
    company.edit(meeting, alice, attendees=people)
    run = company.sync(alice)
    assert mails_since(company, 2) == [(ANA, "update", "Tea")]
    foreseen = [(m["to"], m["certain"]) for a in run.actions.all() for m in a.mails]
    assert foreseen == [(ANA, False)]
