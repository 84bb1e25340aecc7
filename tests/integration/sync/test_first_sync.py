"""The first sync: shown before it is done, nothing doubled, nobody mailed without being asked."""

from datetime import UTC, datetime

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import respond
from leansoft.calendars.models import Event, Participant
from leansoft.calendars.queries import events_for
from leansoft.events.fields import Response
from leansoft.kit import clock
from leansoft.sync.control import disconnect
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.start import preview
from leansoft.sync.show.report import run_report
from leansoft.sync.show.status import event_states
from support.company import Company
from support.outlook import people

ANA = "ana@elsewhere.org"
PAST = {
    "start": "2020-03-04T08:00:00Z",
    "end": "2020-03-04T09:00:00Z",
    "zone": "Europe/Paris",
    "all_day": False,
}


def test_both_calendars_hold_all_events_afterwards(company: Company, alice: User) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.outlook(alice).create("From Outlook", location={"displayName": "Room 1"})
    company.create(alice, "From Leansoft", location="Room 2")
    company.start(alice)
    assert {e.subject: e.location for e in events_for(alice)} == {
        "From Outlook": "Room 1",
        "From Leansoft": "Room 2",
    }
    assert {
        e["subject"]: e["location"]["displayName"] for e in company.outlook(alice).events()
    } == {
        "From Outlook": "Room 1",
        "From Leansoft": "Room 2",
    }


@pytest.mark.parametrize("existing", ["push", "keep_local"])
@pytest.mark.parametrize("invitations", ["send", "quiet"])
def test_what_happens_is_what_the_preview_showed(
    company: Company, alice: User, bob: User, existing: str, invitations: str
) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.outlook(alice).create("From Outlook")
    answered = company.create(alice, "Meeting", ANA, bob.email)
    company.create(alice, "Long ago", ANA, when=PAST)
    company.create(alice, "Alone", online_meeting=True)
    respond(answered, by=bob, response=Response.ACCEPTED, now=clock.now())
    mailbox = company.connect(alice)
    shown = preview(mailbox, existing=existing, invitations=invitations)
    assert company.sandbox.mails() == []
    assert Event.objects.count() == 3
    report = run_report(company.start(alice, existing=existing, invitations=invitations))
    assert {k: report[k] for k in ("pulled", "pushed", "mails")} == {
        k: shown[k] for k in ("pulled", "pushed", "mails")
    }
    pushed = 3 if existing == "push" else 0
    assert report["pushed"]["created"] == pushed
    invited = [ANA, bob.email] if (existing, invitations) == ("push", "send") else []
    assert [to for to, _, _ in company.sandbox.mails()] == invited
    assert [mail["to"] for mail in shown["mails"]] == invited
    # An answer that was given here before is not lost by inviting anew.
    assert Participant.objects.get(event=answered, user=bob).response == Response.ACCEPTED


def test_quiet_people_are_named_in_the_description(company: Company, alice: User) -> None:
    company.create(alice, "Meeting", ANA, body="Agenda")
    company.start(alice, invitations="quiet")
    copy = company.outlook(alice).event("Meeting")
    assert copy["attendees"] == []
    assert "Agenda" in copy["body"]["content"]
    assert ANA in copy["body"]["content"]
    company.sync(alice)
    event = Event.objects.get()
    assert event.description == "Agenda"
    assert [p.email for p in event.attendees] == [ANA]


@pytest.mark.parametrize(("there", "here"), [("Tea", "TEA"), ("Straßenfest", "straßenfest")])
def test_the_first_sync_adopts_what_both_sides_hold_already(
    company: Company, alice: User, there: str, here: str
) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.outlook(alice).create(there, attendees=people(ANA))
    before = company.sandbox.mails()
    company.create(alice, here, ANA, "bo@elsewhere.org")
    report = run_report(company.start(alice))
    assert report["pushed"] == {"created": 0, "updated": 0, "deleted": 0}
    assert company.sandbox.mails() == before
    assert Event.objects.count() == 1
    assert len(company.outlook(alice).events()) == 1


def test_kept_local_stays_out_of_outlook(company: Company, alice: User) -> None:
    event = company.create(alice, "Mine")
    company.start(alice, existing="keep_local")
    later = company.create(alice, "Later")
    company.sync(alice)
    assert [e["subject"] for e in company.outlook(alice).events()] == ["Later"]
    states = event_states([event, later], alice)
    assert states[event.pk]["state"] == "not_in_outlook"
    assert states[later.pk]["state"] == "synced"


def test_kept_local_goes_to_outlook_when_a_later_connection_says_so(
    company: Company, alice: User
) -> None:
    company.create(alice, "Mine")
    company.start(alice, existing="keep_local")
    disconnect(company.mailbox(alice))
    company.start(alice, existing="push")
    assert [e["subject"] for e in company.outlook(alice).events()] == ["Mine"]


def test_a_colleague_who_connects_later_finds_the_meeting(
    company: Company, alice: User, bob: User
) -> None:
    company.sandbox.add_account(bob.email, bob.name)
    company.start(alice)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    sent = company.sandbox.mails()
    company.start(bob)
    assert Event.objects.count() == 1
    assert company.sandbox.mails() == sent
    assert len(company.outlook(bob).events()) == 1
    assert set(event.links.values_list("mailbox__user", flat=True)) == {alice.pk, bob.pk}


def test_an_outsiders_meeting_comes_in_locked(company: Company, bob: User) -> None:
    company.sandbox.add_account("olga@elsewhere.org", "Olga")
    company.sandbox.add_account(bob.email, bob.name)
    company.sandbox.person("olga@elsewhere.org").create("Pitch", attendees=people(bob.email))
    company.start(bob)
    event = company.event(bob, "Pitch")
    assert (event.locked, event.organizer.email) == (True, "olga@elsewhere.org")
    company.sandbox.person("olga@elsewhere.org").update("Pitch", subject="Better pitch")
    company.sync(bob)
    assert company.event(bob, "Better pitch").pk == event.pk


def test_the_organizers_own_mailbox_becomes_the_home(
    company: Company, alice: User, bob: User
) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.sandbox.add_account(bob.email, bob.name)
    company.outlook(alice).create("Pitch", attendees=people(bob.email), body=text("Agenda"))
    company.start(bob)
    assert Event.objects.get().locked
    company.start(alice)
    event = Event.objects.get()
    assert (event.locked, event.description) == (False, "Agenda")


def text(content: str) -> dict[str, str]:
    return {"contentType": "text", "content": content}


def test_an_unanswered_choice_syncs_nothing(company: Company, alice: User) -> None:
    company.create(alice, "Tea", ANA)
    company.connect(alice)
    company.sync(alice)
    assert company.outlook(alice).events() == []


def test_all_day_events_keep_their_dates(company: Company, alice: User) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    day = {"dateTime": "2030-03-04T00:00:00", "timeZone": "Asia/Tokyo"}
    next_day = {"dateTime": "2030-03-05T00:00:00", "timeZone": "Asia/Tokyo"}
    company.outlook(alice).create("Holiday", start=day, end=next_day, isAllDay=True)
    when = {"start": "2030-05-01", "end": "2030-05-03", "zone": None, "all_day": True}
    company.create(alice, "Fair", when=when)
    company.start(alice)
    holiday = company.event(alice, "Holiday")
    assert (holiday.all_day, holiday.starts_at) == (True, datetime(2030, 3, 4, tzinfo=UTC))
    fair = company.outlook(alice).event("Fair")
    assert (fair["isAllDay"], fair["start"]["dateTime"][:10], fair["end"]["dateTime"][:10]) == (
        True,
        "2030-05-01",
        "2030-05-03",
    )
    assert SyncRun.objects.filter(state=SyncRun.State.FAILED).count() == 0
