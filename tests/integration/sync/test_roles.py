"""What each copy may decide: the organizer's, a witness's, an attendee's."""

from dataclasses import replace

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event
from leansoft.calendars.models import Event, Participant
from leansoft.connections.calendar import open_calendar
from leansoft.events.fields import Field
from leansoft.graph.codec import RemoteEvent
from leansoft.kit import clock
from leansoft.sync.control import disconnect
from support.company import Company, required, show
from support.outlook import people

ANA, OLGA, TEAM = "ana@elsewhere.org", "olga@elsewhere.org", "team@elsewhere.org"


def invite_before_bob_connects(company: Company, alice: User, bob: User, *more: str) -> Event:
    """Alice's meeting, synced; Bob's copy is in his Outlook, and Leansoft has not seen it."""
    company.sandbox.add_account(bob.email, bob.name)
    company.start(alice)
    company.create(alice, "Tea", *more, bob.email)
    company.sync(alice)
    return Event.objects.get()


def test_a_copy_of_somebody_taken_off_leaves_the_organizers_edit_alone(
    company: Company, alice: User, bob: User
) -> None:
    event = invite_before_bob_connects(company, alice, bob, ANA)
    company.edit(event, alice, subject="Coffee", attendees=required(ANA))
    company.start(bob)
    company.sync(alice)
    now = Event.objects.get()
    assert (now.subject, [p.email for p in now.attendees]) == ("Coffee", [ANA])
    assert company.outlook(alice).event("Coffee")


def test_an_own_field_changed_since_the_copy_was_seen_goes_out(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email)
    company.edit(event, bob, reminder=5)
    company.sync(alice)
    company.pull(bob)
    company.edit(Event.objects.get(), bob, categories=["Red"])
    company.sync(bob)
    copy = company.outlook(bob).event("Tea")
    assert (copy["categories"], copy["reminderMinutesBeforeStart"]) == (["Red"], 15)
    part = Event.objects.get().participants.get(user=bob)
    assert (part.categories, part.reminder_minutes) == (["Red"], 15)


def test_a_note_on_an_attendees_copy_stays_with_the_attendee(
    company: Company, alice: User, bob: User
) -> None:
    event = invite_before_bob_connects(company, alice, bob, TEAM)
    company.outlook(bob).update("Tea", subject="Bob's note to himself")
    company.edit(event, alice, attendees=required(TEAM))
    company.start(bob)
    company.sync(alice)
    assert Event.objects.get().subject == "Tea"
    assert {subject for _, _, subject in company.sandbox.mails()} <= {"Tea", "Canceled: Tea"}


def test_an_attendee_who_left_here_does_not_bring_an_archived_event_back(
    company: Company, alice: User, bob: User
) -> None:
    event = invite_before_bob_connects(company, alice, bob)
    archive_event(event, by=bob, now=clock.now())
    archive_event(event, by=alice, now=clock.now())
    company.start(bob)
    assert Event.objects.get().is_archived


def test_somebody_invited_through_a_group_stays_on_the_event(company: Company, bob: User) -> None:
    company.sandbox.add_account(OLGA, "Olga")
    company.start(bob)
    company.sandbox.person(OLGA).create("Pitch", attendees=people(bob.email))
    calendar = open_calendar(company.mailbox(bob))
    (seen,) = calendar.list_events().events
    for names in ([TEAM], [TEAM, ANA]):
        show(company.mailbox(bob), calendar, as_sent_to(seen, *names))
        company.settle(bob)
    assert {p.email for p in Event.objects.get().attendees} == {TEAM, ANA, bob.email}
    assert Participant.objects.get(user=bob).removed_at is None


def as_sent_to(seen: RemoteEvent, *emails: str) -> RemoteEvent:
    """The sandbox has no groups: the copy as it looks when only these were addressed."""
    values = {**seen.values, Field.ATTENDEES: required(*emails)}
    return replace(seen, etag=f"{seen.etag}{len(emails)}", values=values)


def test_an_organizer_who_returns_may_edit_again(
    company: Company, alice: User, tea_with_bob: Event
) -> None:
    disconnect(company.mailbox(alice))
    company.start(alice)
    company.sync(alice)
    assert not Event.objects.get().locked
    company.edit(tea_with_bob, alice, subject="Coffee")
    company.sync(alice)
    assert company.outlook(alice).event("Coffee")


def test_after_the_organizer_left_an_attendees_copy_shows_the_content(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    disconnect(company.mailbox(alice))
    company.outlook(alice).update("Tea", subject="Coffee")
    company.sync(bob)
    company.sync(bob)
    now = Event.objects.get(pk=tea_with_bob.pk)
    assert (now.subject, now.locked) == ("Coffee", True)


def test_after_a_witness_left_another_copy_shows_the_content(
    company: Company, alice: User, bob: User
) -> None:
    company.sandbox.add_account(OLGA, "Olga")
    company.start(bob)
    company.start(alice)
    olga = company.sandbox.person(OLGA)
    olga.create("Pitch", attendees=people(bob.email, alice.email))
    company.sync(bob)
    company.sync(alice)
    disconnect(company.mailbox(bob))
    olga.update("Pitch", subject="Better")
    company.sync(alice)
    company.sync(alice)
    assert Event.objects.get().subject == "Better"


def test_a_private_mark_on_an_attendees_copy_is_the_attendees_own(
    company: Company, bob: User, tea_with_bob: Event
) -> None:
    company.outlook(bob).update("Tea", sensitivity="private")
    company.sync(bob)
    now = Event.objects.get(pk=tea_with_bob.pk)
    assert now.participants.get(user=bob).sensitivity == "private"
    assert now.sensitivity == "normal"
