"""One person with an account in two organisations: one is connected, the other is like anybody
outside. And people whose address is spelled in another way."""

import pytest
from django.contrib.sessions.backends.db import SessionStore

from leansoft.accounts.models import Address, User
from leansoft.calendars.domain.errors import NotAllowed
from leansoft.calendars.domain.events import respond
from leansoft.calendars.models import Event
from leansoft.connections.domain.connect import AnotherAccount, begin_connect, complete_connect
from leansoft.connections.domain.integration import redirect_uri
from leansoft.events.fields import Response
from leansoft.kit import clock
from leansoft.sync.leave.change_account import change_account
from leansoft.sync.preview.start import start_sync
from support.company import Company
from support.outlook import people
from support.person import sign_in
from support.sides import ANA, here, in_step, new_mails, there

OTHER = "alice@other.org"


@pytest.fixture
def two(company: Company, alice: User) -> Company:
    """Alice is known by her other account, too, and connected by the first."""
    company.sandbox.add_account(OTHER, "Alice, other")
    Address.objects.create(user=alice, email=OTHER)
    company.start(alice)
    return company


def written(company: Company) -> set[str]:
    return {method for method, _ in company.sandbox.requests()} - {"GET"}


def test_who_invites_themselves_from_elsewhere_attends(two: Company, alice: User) -> None:
    two.sandbox.person(OTHER).create("Tea", attendees=people(alice.email, ANA))
    two.sync(alice)
    event = Event.objects.get()
    assert (event.organizer.email, event.organizer.user, event.locked) == (OTHER, None, True)
    assert {p.email for p in event.attendees} == {alice.email, ANA}
    with pytest.raises(NotAllowed):
        two.edit(event, alice, subject="Coffee")

    respond(event, by=alice, response=Response.ACCEPTED, now=clock.now())
    two.edit(event, alice, categories=["Red"])
    in_step(two, alice)
    copy = two.outlook(alice).event("Tea")
    assert (copy["responseStatus"]["response"], copy["categories"]) == ("accepted", ["Red"])

    two.sandbox.person(OTHER).update("Tea", subject="Cocoa")
    two.sandbox.control("DELETE", "requests")
    two.sync(alice)
    assert (Event.objects.get().subject, written(two)) == ("Cocoa", set())


def test_a_meeting_that_a_colleague_saw_first(two: Company, alice: User, bob: User) -> None:
    two.start(bob)
    two.sandbox.person(OTHER).create("Tea", attendees=people(bob.email, alice.email))
    in_step(two, bob, alice)
    event = Event.objects.get()
    assert (event.organizer.email, event.organizer.user) == (OTHER, None)
    assert here(alice) == here(bob) == ["Tea"]
    two.edit(event, alice, show_as="oof")
    in_step(two, alice, bob)
    assert two.outlook(alice).event("Tea")["showAs"] == "oof"

    two.sandbox.person(OTHER).delete("Tea")
    in_step(two, alice, bob)
    assert here(alice) == here(bob) == []


def test_who_invites_their_other_account_organizes(two: Company, alice: User) -> None:
    two.outlook(alice).create("Tea", attendees=people(OTHER, ANA))
    two.sync(alice)
    event = Event.objects.get()
    assert event.organizer.user == alice
    two.edit(event, alice, subject="Coffee")
    two.sync(alice)
    two.sandbox.person(OTHER).respond("Coffee", "accept")
    in_step(two, alice)
    assert Event.objects.get().participants.get(email=OTHER).response == Response.ACCEPTED
    assert (here(alice), there(two, alice)) == (["Coffee"], ["Coffee"])


def test_invited_here_under_another_account(two: Company, alice: User) -> None:
    event = two.create(alice, "Tea", OTHER)
    assert event.participants.get(email=OTHER).user is None
    two.sync(alice)
    two.sandbox.person(OTHER).respond("Tea", "tentativelyAccept")
    in_step(two, alice)
    answer = Event.objects.get().participants.get(email=OTHER).response
    assert answer == Response.TENTATIVELY_ACCEPTED


def move_to(company: Company, user: User, email: str) -> None:
    """Signs in with another account, and has events kept the same with that one from now on."""
    session = SessionStore()
    back = sign_in(begin_connect(session, user), email=email, back_to=redirect_uri())
    with pytest.raises(AnotherAccount) as asked:
        complete_connect(session, user, back)
    mailbox = change_account(company.mailbox(user), asked.value.connection)
    start_sync(mailbox, existing="push", invitations="send")
    in_step(company, user)


def test_who_moves_to_the_account_that_invited_organizes(two: Company, alice: User) -> None:
    other = two.sandbox.person(OTHER)
    other.create("Tea", attendees=people(alice.email, ANA))
    in_step(two, alice)
    before = two.sandbox.mails()
    move_to(two, alice, OTHER)
    event = Event.objects.get()
    assert (event.organizer.user, event.locked, here(alice)) == (alice, False, ["Tea"])
    assert new_mails(two, before) == []
    two.outlook(alice).respond("Tea", "accept")
    two.edit(event, alice, subject="Coffee", show_as="oof")
    in_step(two, alice)
    copy = other.event("Coffee")
    assert copy["showAs"] == "oof"
    assert two.outlook(alice).event("Coffee")["showAs"] != "oof"
    people_on_it = {p.email: (p.user, p.response) for p in Event.objects.get().attendees}
    assert people_on_it == {alice.email: (None, "accepted"), ANA: (None, "none")}

    move_to(two, alice, alice.email)
    event = Event.objects.get()
    assert (event.organizer.user, event.locked, here(alice)) == (None, True, ["Coffee"])


def test_addresses_that_differ_in_case_are_one_person(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.sandbox.add_account("Bob@Example.COM", bob.name)
    company.outlook(alice).create("Tea", attendees=people("BOB@EXAMPLE.com", "Ana@Elsewhere.ORG"))
    company.sync(alice)
    assert {p.email: p.user for p in Event.objects.get().attendees} == {bob.email: bob, ANA: None}
    event = Event.objects.get()
    company.edit(event, alice, subject="Coffee")
    company.sync(alice)
    told = company.outlook(alice).event("Coffee")["attendees"]
    assert len(told) == 2
    company.sandbox.control("DELETE", "requests")
    in_step(company, alice)
    assert written(company) == set()
