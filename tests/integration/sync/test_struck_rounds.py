"""Histories that the simulation found: rounds that ended in their midst, and what came after."""

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import unarchive_event
from leansoft.calendars.models import Event
from leansoft.sync.control import disconnect
from support.company import Company, required
from support.outlook import people

ANA, OLGA, TED = "ana@elsewhere.org", "olga@elsewhere.org", "ted@elsewhere.org"


def test_somebody_invited_anew_stays_invited_though_the_answer_was_lost(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    company.outlook(alice).delete("Tea")
    company.sync(alice)
    unarchive_event(tea_with_bob, by=alice)
    company.sandbox.fault(method="POST", path="/events$", when="after", drop=True)
    company.try_sync(alice)
    company.sync(bob)
    company.sync(alice)
    company.sync(bob)
    assert [e["subject"] for e in company.outlook(bob).events() if not e["isCancelled"]] == ["Tea"]
    person = Event.objects.get().participants.get(user=bob)
    assert person.removed_at is None


def test_somebody_invited_again_in_outlook_while_people_merge_stays(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA, OLGA)
    company.sync(alice)
    company.outlook(alice).update("Tea", attendees=people(OLGA))
    event.refresh_from_db()
    company.edit(event, alice, attendees=required(ANA, OLGA, TED))
    company.sandbox.fault(method="PATCH", when="before", drop=True)
    company.try_sync(alice)
    company.outlook(alice).update("Tea", attendees=people(OLGA, ANA))
    company.sync(alice)
    event = Event.objects.get()
    assert {person.email for person in event.attendees} == {ANA, OLGA, TED}


def test_somebody_added_again_stays_though_the_answer_to_the_removal_was_lost(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA, OLGA)
    company.sync(alice)
    company.edit(event, alice, attendees=required(ANA))
    company.sandbox.fault(method="PATCH", when="after", drop=True)
    company.try_sync(alice)
    company.edit(event, alice, attendees=required(ANA, OLGA))
    company.outlook(alice).update("Tea", attendees=people(ANA, TED))
    company.sync(alice)
    event = Event.objects.get()
    assert {person.email for person in event.attendees} == {ANA, OLGA, TED}


def test_somebody_whose_removal_waits_stays_when_the_organizer_disconnects(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    company.edit(tea_with_bob, alice, attendees=[])
    disconnect(company.mailbox(alice))
    company.sync(bob)
    assert [person.email for person in Event.objects.get().attendees] == [bob.email]


def test_somebody_taken_off_and_invited_again_is_not_declined(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    company.edit(tea_with_bob, alice, attendees=[])
    company.sync(alice)
    company.edit(tea_with_bob, alice, attendees=required(bob.email))
    company.sync(bob)
    company.sync(alice)
    company.sync(bob)
    assert [e["subject"] for e in company.outlook(bob).events() if not e["isCancelled"]] == ["Tea"]
    assert Event.objects.get().participants.get(user=bob).removed_at is None


def test_people_added_on_both_sides_of_a_create_without_answer_stay(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sandbox.fault(method="POST", path="/events$", when="after", drop=True)
    company.try_sync(alice)
    event.refresh_from_db()
    company.edit(event, alice, attendees=required(ANA, TED))
    company.outlook(alice).update("Tea", attendees=people(ANA, OLGA))
    company.sync(alice)
    assert {person.email for person in Event.objects.get().attendees} == {ANA, OLGA, TED}
