"""A run is taken back: both sides as before it, but for what the preview listed."""

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, delete_forever
from leansoft.calendars.models import Event
from leansoft.kit import clock
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.show.status import event_states
from support.company import Company
from support.outlook import people
from support.undoing import in_outlook, nothing_follows, reasons, take_back

ANA = "ana@elsewhere.org"


@pytest.fixture
def started(company: Company, alice: User) -> Company:
    company.start(alice)
    return company


def only() -> Event:
    return Event.objects.get()


# What the run created


def test_an_event_created_in_outlook_is_deleted_there_and_kept_here(
    started: Company, alice: User
) -> None:
    event = started.create(alice, "Tea", ANA)
    preview = take_back(started, started.sync(alice))
    assert in_outlook(started, alice) == []
    assert not only().is_archived
    assert [(m["to"], m["kind"]) for m in preview["mails"]] == [(ANA, "cancellation")]
    assert reasons(preview) == ["Outlook has sent 1 mail about it; that cannot be taken back."]
    assert event_states([event], alice)[event.pk]["state"] == "not_in_outlook"
    nothing_follows(started, alice)
    started.edit(only(), alice, subject="Coffee")
    nothing_follows(started, alice)


def test_an_event_created_here_is_archived_here_and_kept_in_outlook(
    started: Company, alice: User
) -> None:
    started.outlook(alice).create("Tea")
    before = in_outlook(started, alice)
    preview = take_back(started, started.sync(alice))
    assert only().is_archived
    assert (in_outlook(started, alice), preview["mails"]) == (before, [])
    started.outlook(alice).update("Tea", subject="Coffee")
    nothing_follows(started, alice)
    assert only().is_archived


def test_an_invitation_that_came_in_leaves_the_attendees_calendar_alone(
    started: Company, alice: User, bob: User
) -> None:
    started.sandbox.add_account(bob.email, bob.name)
    started.outlook(bob).create("Tea", attendees=people(alice.email))
    take_back(started, started.sync(alice))
    assert only().participants.get(user=alice).removed_at is not None
    assert in_outlook(started, alice)[0]["subject"] == "Tea"
    nothing_follows(started, alice)


def test_a_colleague_stays_on_a_meeting_that_is_taken_off_outlook(
    started: Company, alice: User, bob: User
) -> None:
    started.start(bob)
    started.create(alice, "Tea", bob.email)
    run = started.sync(alice)
    started.sync(bob)
    take_back(started, run)
    nothing_follows(started, bob, alice)
    assert only().participants.get(user=bob).removed_at is None
    assert [copy["isCancelled"] for copy in in_outlook(started, bob)] == [True]


def test_an_event_that_came_in_stays_when_a_colleague_has_it_too(
    started: Company, alice: User, bob: User
) -> None:
    started.start(bob)
    started.outlook(alice).create("Tea", attendees=people(bob.email))
    run = started.sync(alice)
    started.sync(bob)
    preview = take_back(started, run)
    assert not only().is_archived
    assert reasons(preview) == ["Colleagues have it in their Outlook, too, so it stays here."]


def test_news_in_outlook_keeps_the_event_there(started: Company, alice: User) -> None:
    started.create(alice, "Tea")
    run = started.sync(alice)
    started.outlook(alice).update("Tea", subject="Coffee")
    preview = take_back(started, run)
    assert reasons(preview) == [
        "It was changed in Outlook since, and the change is not here yet: it stays."
    ]
    started.sync(alice)
    assert only().subject == in_outlook(started, alice)[0]["subject"] == "Coffee"


# What the run changed


def test_a_change_that_came_in_goes_back_on_both_sides(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea", location="Kitchen", body="Agenda")
    started.sync(alice)
    started.outlook(alice).update(
        "Tea",
        subject="Coffee",
        location={"displayName": "Garden"},
        body={"contentType": "text", "content": "Other"},
        showAs="free",
        categories=["Red"],
    )
    run = started.sync(alice)
    take_back(started, run)
    event.refresh_from_db()
    assert (event.subject, event.location, event.description) == ("Tea", "Kitchen", "Agenda")
    (copy,) = in_outlook(started, alice)
    assert (copy["subject"], copy["place"]) == ("Tea", "Kitchen")
    assert (copy["showAs"], copy["categories"]) == ("busy", [])
    nothing_follows(started, alice)


def test_a_change_that_went_out_goes_back_on_both_sides(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea", ANA)
    started.sync(alice)
    started.edit(event, alice, subject="Coffee", show_as="free")
    preview = take_back(started, started.sync(alice))
    assert (only().subject, only().organizer.show_as) == ("Tea", "busy")
    assert in_outlook(started, alice)[0]["subject"] == "Tea"
    assert [(m["to"], m["kind"], m["certain"]) for m in preview["mails"]] == [(ANA, "update", True)]
    nothing_follows(started, alice)


def test_a_field_changed_again_since_stays(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea", location="Kitchen")
    started.sync(alice)
    started.edit(event, alice, subject="Coffee", location="Garden")
    run = started.sync(alice)
    started.edit(event, alice, subject="Wine")
    preview = take_back(started, run)
    assert (only().subject, only().location) == ("Wine", "Kitchen")
    assert reasons(preview) == ["The subject was changed again since, and stays."]
    started.sync(alice)
    (copy,) = in_outlook(started, alice)
    assert (copy["subject"], copy["place"]) == ("Wine", "Kitchen")


def test_people_added_by_the_run_go_and_people_it_removed_come_back(
    started: Company, alice: User
) -> None:
    event = started.create(alice, "Tea", ANA, "bo@elsewhere.org")
    started.sync(alice)
    quiet = {"email": None, "name": "Visitor", "type": "required"}
    chi = [{"email": e, "name": "", "type": "required"} for e in (ANA, "chi@elsewhere.org")]
    started.edit(event, alice, attendees=[*chi, quiet])
    preview = take_back(started, started.sync(alice))
    assert in_outlook(started, alice)[0]["people"] == [ANA, "bo@elsewhere.org"]
    names = sorted(str(person) for person in only().attendees)
    assert names == ["Visitor", ANA, "bo@elsewhere.org"]
    assert "Invited again, without their earlier answers: bo@elsewhere.org." in reasons(preview)


def test_an_attendee_cannot_take_the_organizers_change_back(
    started: Company, alice: User, bob: User
) -> None:
    started.sandbox.add_account(bob.email, bob.name)
    started.outlook(bob).create("Tea", attendees=people(alice.email))
    started.sync(alice)
    started.outlook(bob).update("Tea", subject="Coffee")
    preview = take_back(started, started.sync(alice))
    assert only().subject == "Coffee"
    assert "The subject of this copy can only be changed in Outlook, and stays." in reasons(preview)


def test_an_attendees_own_fields_go_back(
    started: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    started.edit(tea_with_bob, bob, show_as="free", reminder=30)
    take_back(started, started.sync(bob))
    assert started.outlook(bob).event("Tea")["showAs"] == "tentative"
    assert only().participants.get(user=bob).show_as == "tentative"
    nothing_follows(started, alice, bob)


def test_answers_stay(started: Company, alice: User) -> None:
    started.sandbox.add_account("bo@example.com")
    started.create(alice, "Tea", "bo@example.com")
    started.sync(alice)
    started.sandbox.person("bo@example.com").respond("Tea", "accept")
    preview = take_back(started, started.sync(alice))
    assert reasons(preview) == ["The answers that people gave stay as they are."]
    assert [person.response for person in only().attendees] == ["accepted"]


def test_the_side_that_lost_a_conflict_gets_its_value_back(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea")
    started.sync(alice)
    started.edit(event, alice, subject="Ours")
    started.outlook(alice).update("Tea", subject="Outlook's")
    run = started.sync(alice)
    winner = only().subject
    take_back(started, run)
    assert {only().subject, winner} == {"Ours", "Outlook's"}
    assert in_outlook(started, alice)[0]["subject"] == only().subject


# What the run deleted


def test_a_deletion_that_came_in_creates_a_lonely_event_anew(started: Company, alice: User) -> None:
    started.create(alice, "Tea")
    started.sync(alice)
    started.outlook(alice).delete("Tea")
    run = started.sync(alice)
    assert only().is_archived
    take_back(started, run)
    assert not only().is_archived
    assert in_outlook(started, alice)[0]["subject"] == "Tea"
    nothing_follows(started, alice)


def test_a_meeting_deleted_in_outlook_comes_back_here_only(started: Company, alice: User) -> None:
    started.create(alice, "Tea", ANA)
    started.sync(alice)
    started.outlook(alice).delete("Tea")
    preview = take_back(started, started.sync(alice))
    assert (only().is_archived, in_outlook(started, alice), preview["mails"]) == (False, [], [])
    assert "invite people again" in " ".join(reasons(preview))
    nothing_follows(started, alice)


def test_a_meeting_deleted_in_outlook_comes_back_whole_when_asked_for(
    started: Company, alice: User
) -> None:
    started.create(alice, "Tea", ANA)
    started.sync(alice)
    started.outlook(alice).delete("Tea")
    preview = take_back(started, started.sync(alice), invites=True)
    assert in_outlook(started, alice)[0]["people"] == [ANA]
    assert [(m["to"], m["kind"]) for m in preview["mails"]] == [(ANA, "invitation")]
    nothing_follows(started, alice)


def test_a_deletion_that_went_out_is_created_anew(started: Company, alice: User, bob: User) -> None:
    started.start(bob)
    event = started.create(alice, "Tea", bob.email)
    started.sync(alice)
    started.sync(bob)
    archive_event(event, by=alice, now=clock.now())
    run = started.sync(alice)
    started.sync(bob)
    preview = take_back(started, run)
    started.sync(bob)
    assert not only().is_archived
    assert in_outlook(started, alice)[0]["people"] == [bob.email]
    assert [c["isCancelled"] for c in in_outlook(started, bob)] == [True, False]
    assert "In Outlook it is a new event: links to the old one no longer lead to it." in reasons(
        preview
    )
    nothing_follows(started, alice, bob)


def test_what_was_removed_for_good_does_not_come_back(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea")
    started.sync(alice)
    delete_forever(archive_event(event, by=alice, now=clock.now()), by=alice)
    preview = take_back(started, started.sync(alice))
    assert reasons(preview) == [
        "It is no longer in Leansoft, or no longer kept in step with Outlook."
    ]
    assert in_outlook(started, alice) == []


def test_an_attendee_who_left_in_outlook_comes_back_here_only(
    started: Company, bob: User, alice: User, tea_with_bob: Event
) -> None:
    started.outlook(bob).delete("Tea")
    preview = take_back(started, started.sync(bob))
    assert only().participants.get(user=bob).removed_at is None
    assert "ask Alice Adams to invite you again" in " ".join(reasons(preview))
    nothing_follows(started, bob, alice)


# What the run found on both sides


def test_an_adoption_puts_both_sides_apart_with_their_own_values(
    company: Company, alice: User
) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.create(alice, "Tea", ANA, location="Kitchen")
    company.outlook(alice).create("Tea", location={"displayName": "Garden"})
    before = in_outlook(company, alice)
    run = company.start(alice)
    assert only().location == "Garden"
    preview = take_back(company, run)
    assert only().location == "Kitchen"
    assert [(p.email, p.channel) for p in only().attendees] == [(ANA, "outlook")]
    assert (in_outlook(company, alice), preview["mails"]) == (before, [])
    nothing_follows(company, alice)


def test_the_first_sync_is_taken_back_as_a_whole(company: Company, alice: User) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.create(alice, "Here", ANA)
    company.outlook(alice).create("There")
    before = in_outlook(company, alice)
    run = company.start(alice)
    take_back(company, run)
    assert in_outlook(company, alice) == before
    assert list(Event.objects.filter(archived_at=None).values_list("subject", flat=True)) == [
        "Here"
    ]
    nothing_follows(company, alice)
    states = set(EventLink.objects.values_list("state", "reason"))
    assert states == {(EventLink.State.APART, EventLink.Apart.UNDONE)}


def test_what_was_left_is_kept_with_the_undo(started: Company, alice: User) -> None:
    started.create(alice, "Tea", ANA)
    run = started.sync(alice)
    undo = take_back(started, run)["run"]
    assert isinstance(undo, SyncRun)
    undo.refresh_from_db()
    assert (undo.undoes, undo.left[0]["subject"]) == (run, "Tea")
