"""Edits and deletions on either side, and on both."""

from datetime import timedelta

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, delete_forever
from leansoft.calendars.models import Event
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.sync.models import SyncAction
from support.company import Company
from support.outlook import people


@pytest.fixture
def event(company: Company, alice: User) -> Event:
    company.start(alice)
    event = company.create(alice, "Tea", body="Agenda", location="Kitchen")
    company.sync(alice)
    return event


def fresh(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


def test_an_edit_in_outlook_comes_in(company: Company, alice: User, event: Event) -> None:
    company.outlook(alice).update(
        "Tea",
        subject="Coffee",
        body={"contentType": "html", "content": "<p>One</p><ul><li>two</li></ul>"},
        start={"dateTime": "2030-03-05T10:00:00", "timeZone": "America/New_York"},
        end={"dateTime": "2030-03-05T11:00:00", "timeZone": "America/New_York"},
        showAs="free",
        importance="high",
        categories=["Red"],
        reminderMinutesBeforeStart=30,
    )
    company.sync(alice)
    now = fresh(event)
    assert (now.subject, now.importance, now.time_zone) == ("Coffee", "high", "America/New_York")
    assert now.starts_at.isoformat() == "2030-03-05T15:00:00+00:00"
    assert "One" in now.description
    assert "two" in now.description
    organizer = now.organizer
    assert (organizer.show_as, organizer.categories, organizer.reminder_minutes) == (
        "free",
        ["Red"],
        30,
    )


def test_a_push_leaves_the_version_alone(company: Company, alice: User) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", "ana@elsewhere.org")
    company.sync(alice)
    company.edit(event, alice, subject="Coffee")
    company.sync(alice)
    assert fresh(event).version == 2


def test_an_edit_here_goes_out_field_by_field(company: Company, alice: User, event: Event) -> None:
    company.edit(event, alice, subject="Coffee")
    company.sandbox.control("DELETE", "requests")
    company.sync(alice)
    assert company.outlook(alice).event("Coffee")["location"]["displayName"] == "Kitchen"
    written = [m for m, _ in company.sandbox.requests() if m not in {"GET", "POST"}]
    assert written == ["PATCH"]


def test_edits_of_different_fields_on_both_sides_are_both_kept(
    company: Company, alice: User, event: Event
) -> None:
    company.outlook(alice).update("Tea", location={"displayName": "Garden"})
    company.edit(event, alice, subject="Coffee")
    company.sync(alice)
    assert (fresh(event).subject, fresh(event).location) == ("Coffee", "Garden")
    copy = company.outlook(alice).event("Coffee")
    assert copy["location"]["displayName"] == "Garden"


def test_the_later_edit_of_one_field_wins_and_the_other_is_kept_in_the_journal(
    company: Company, alice: User, event: Event
) -> None:
    company.outlook(alice).update("Tea", subject="Outlook's")
    later = clock.now() + timedelta(minutes=1)
    company.edit(event, alice, subject="Ours")
    Event.objects.update(edited_at={str(Field.SUBJECT): later.isoformat()})
    company.sync(alice)
    assert company.outlook(alice).event("Ours")
    assert SyncAction.objects.get(lost__has_key="subject").lost == {"subject": "Outlook's"}


def test_outlooks_later_edit_wins(company: Company, alice: User, event: Event) -> None:
    company.edit(event, alice, subject="Ours")
    earlier = clock.now() - timedelta(hours=1)
    Event.objects.update(edited_at={str(Field.SUBJECT): earlier.isoformat()})
    company.outlook(alice).update("Tea", subject="Outlook's")
    company.sync(alice)
    assert fresh(event).subject == "Outlook's"
    assert SyncAction.objects.get(lost__has_key="subject").lost == {"subject": "Ours"}


def test_deleted_in_outlook_is_archived_here(company: Company, alice: User, event: Event) -> None:
    company.outlook(alice).delete("Tea")
    company.sync(alice)
    assert fresh(event).is_archived


def test_removed_for_good_here_goes_from_outlook_too(
    company: Company, alice: User, event: Event
) -> None:
    delete_forever(archive_event(event, by=alice, now=clock.now()), by=alice)
    company.sync(alice)
    assert company.outlook(alice).events() == []
    company.sync(alice)
    assert not Event.objects.exists()


def test_an_edit_here_beats_a_deletion_there_when_it_mails_nobody(
    company: Company, alice: User, event: Event
) -> None:
    company.outlook(alice).delete("Tea")
    company.edit(event, alice, subject="Coffee")
    company.sync(alice)
    assert company.outlook(alice).event("Coffee")
    assert not fresh(event).is_archived


def test_a_deletion_there_stands_when_the_edit_would_mail(company: Company, alice: User) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", "ana@elsewhere.org")
    company.sync(alice)
    company.outlook(alice).delete("Tea")
    company.edit(event, alice, subject="Coffee")
    company.sync(alice)
    assert company.outlook(alice).events() == []
    assert (fresh(event).is_archived, fresh(event).subject) == (True, "Coffee")


def test_an_edit_there_beats_archiving_here(company: Company, alice: User, event: Event) -> None:
    archive_event(event, by=alice, now=clock.now())
    company.outlook(alice).update("Tea", subject="Coffee")
    company.sync(alice)
    assert (fresh(event).is_archived, fresh(event).subject) == (False, "Coffee")
    assert company.outlook(alice).event("Coffee")


def test_people_added_on_both_sides_are_all_invited_once(company: Company, alice: User) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", "ana@elsewhere.org")
    company.sync(alice)
    company.outlook(alice).update("Tea", attendees=people("ana@elsewhere.org", "bo@elsewhere.org"))
    everybody = [
        {"email": f"{n}@elsewhere.org", "name": "", "type": "required"} for n in ("ana", "chi")
    ]
    company.edit(event, alice, attendees=everybody)
    company.sync(alice)
    invited = [to for to, kind, _ in company.sandbox.mails() if kind == "invitation"]
    assert sorted(invited) == ["ana@elsewhere.org", "bo@elsewhere.org", "chi@elsewhere.org"]
    assert sorted(p.email or "" for p in fresh(event).attendees) == sorted(invited)


def test_an_answer_in_outlook_reaches_the_organizer_here(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.sandbox.add_account(bob.email, bob.name)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    company.outlook(bob).respond("Tea", "accept")
    company.sync(alice)
    assert [p.response for p in fresh(event).attendees] == ["accepted"]


def test_an_attendees_own_fields_stay_their_own(company: Company, alice: User, bob: User) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    company.sync(bob)
    company.edit(event, bob, show_as="free", categories=["Blue"])
    company.sync(bob)
    company.sync(alice)
    assert company.outlook(bob).event("Tea")["showAs"] == "free"
    assert company.outlook(alice).event("Tea")["showAs"] == "busy"
    assert len(company.sandbox.mails()) == 1


def test_the_organizers_cancellation_leaves_the_attendees_copy_to_outlook(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    company.sync(bob)
    archive_event(event, by=alice, now=clock.now())
    company.sync(alice)
    company.sandbox.control("DELETE", "requests")
    company.sync(bob)
    assert {method for method, _ in company.sandbox.requests()} == {"GET"}
    (copy,) = company.outlook(bob).events()
    assert copy["isCancelled"]


def test_an_event_outside_the_window_comes_in_too(company: Company, alice: User) -> None:
    company.start(alice)
    far = {"dateTime": "2045-03-05T10:00:00", "timeZone": "UTC"}
    end = {"dateTime": "2045-03-05T11:00:00", "timeZone": "UTC"}
    company.outlook(alice).create("Eclipse", start=far, end=end)
    company.sync(alice)
    assert company.event(alice, "Eclipse").starts_at.year == 2045


def test_a_zone_that_outlook_does_not_know_is_called_by_its_other_name(
    company: Company, alice: User
) -> None:
    company.start(alice)
    company.create(alice, "Tea", "ana@elsewhere.org")
    company.sandbox.fault(method="POST", status=400, code="TimeZoneNotSupportedException")
    company.sync(alice)
    event = company.outlook(alice).event("Tea")
    assert event["originalStartTimeZone"] == "Romance Standard Time"
    assert event["start"]["dateTime"] == "2030-03-04T08:00:00.0000000"
    assert company.sandbox.mails() == [("ana@elsewhere.org", "invitation", "Tea")]
