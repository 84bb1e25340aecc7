"""What people read: the state of the sync, and whom an act will mail."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.sync.control import disconnect, pause, resume
from leansoft.sync.forecast import forecast_act, sentence
from leansoft.sync.status import event_states, outlook_status
from support.company import WHEN, Company

ANA, BO = "ana@elsewhere.org", "bo@elsewhere.org"


def invited(*emails: str) -> list[dict[str, Any]]:
    return [{"email": email, "name": "", "type": "required"} for email in emails]


def test_state_before_anything_is_set_up(alice: User, admin: User) -> None:
    assert outlook_status(alice)["state"] == "not_configured"
    assert "Ada Admin" in outlook_status(alice)["next_step"]
    assert "Settings" in outlook_status(admin)["next_step"]


def test_state_follows_the_connection(company: Company, alice: User) -> None:
    seen = [outlook_status(alice)["state"]]
    company.start(alice)
    mailbox = Mailbox.objects.get()
    for act in (lambda _: None, pause, resume, disconnect):
        act(mailbox)
        seen.append(outlook_status(alice)["state"])
    assert seen == ["not_connected", "connected", "paused", "connected", "not_connected"]


def test_a_return_after_disconnecting_doubles_nothing_and_mails_nobody(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sync(alice)
    disconnect(Mailbox.objects.get())
    assert event_states([event], alice)[event.pk]["state"] == "not_connected"
    company.start(alice)
    assert len(company.outlook(alice).events()) == Event.objects.count() == 1
    assert len(company.sandbox.mails()) == 1


def test_an_event_says_how_it_stands(company: Company, alice: User, bob: User) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", bob.email)
    assert event_states([event], alice)[event.pk]["state"] == "waiting"
    company.sync(alice)
    event.refresh_from_db()
    assert event_states([event], alice)[event.pk]["state"] == "synced"
    assert event_states([event], bob)[event.pk]["state"] == "not_connected"


@pytest.mark.parametrize(
    ("act", "values", "expected"),
    [
        ("create", {Field.WHEN: WHEN, Field.ATTENDEES: invited(ANA)}, "invite 1 person: Ana."),
        ("edit", {Field.SUBJECT: "Coffee"}, "mail 2 people: Ana, bo@elsewhere.org."),
        ("edit", {Field.SUBJECT: "Tea"}, ""),
        ("edit", {Field.SHOW_AS: "free"}, ""),
        (
            "edit",
            {Field.ATTENDEES: invited(ANA)},
            "send a cancellation to 1 person: bo@elsewhere.org.",
        ),
        ("edit", {Field.ATTENDEES: invited(ANA, BO, "c@x.org")}, "invite 1 person: c@x.org."),
        ("archive", {}, "send a cancellation to 2 people: Ana, bo@elsewhere.org."),
        ("unarchive", {}, "invite 2 people: Ana, bo@elsewhere.org."),
    ],
)
def test_the_form_says_who_will_be_mailed(
    company: Company, alice: User, act: str, values: dict[Field, Any], expected: str
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA, BO)
    mails = forecast_act(act, None if act == "create" else event, values, by=alice)
    said = sentence(mails, {ANA: "Ana"})
    assert said == (f"Outlook will {expected}" if expected else "")


def test_nobody_is_mailed_without_a_connection(alice: User, company: Company) -> None:
    event = company.create(alice, "Tea", ANA)
    assert forecast_act("archive", event, {}, by=alice) == []


def test_quiet_people_are_not_counted(company: Company, alice: User) -> None:
    event = company.create(alice, "Tea", ANA)
    company.start(alice, invitations="quiet")
    event.refresh_from_db()
    assert forecast_act("archive", Event.objects.get(), {}, by=alice) == []
