"""Who is on an event, when both calendars and the choice to mail nobody have a say in it."""

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from support.company import Company, required
from support.outlook import people

ANA, BO = "ana@elsewhere.org", "bo@elsewhere.org"


def test_a_quiet_person_invited_in_outlook_stays_invited(company: Company, alice: User) -> None:
    event = company.create(alice, "Tea", ANA)
    company.start(alice, invitations="quiet")
    company.outlook(alice).update("Tea", attendees=people(ANA))
    company.sync(alice)
    before = len(company.sandbox.mails())
    company.edit(event, alice, attendees=required(ANA, BO))
    company.sync(alice)
    sent = [(to, kind) for to, kind, _ in company.sandbox.mails()[before:]]
    assert sent == [(BO, "invitation")]


def test_a_quiet_person_invited_in_outlook_while_another_is_added_here(
    company: Company, alice: User
) -> None:
    event = company.create(alice, "Tea", ANA)
    company.start(alice, invitations="quiet")
    company.outlook(alice).update("Tea", attendees=people(ANA))
    company.edit(event, alice, attendees=required(ANA, BO))
    company.sync(alice)
    told = company.outlook(alice).event("Tea")["attendees"]
    assert sorted(p["emailAddress"]["address"] for p in told) == [ANA, BO]
    company.sandbox.control("DELETE", "requests")
    company.sync(alice)
    assert {method for method, _ in company.sandbox.requests()} == {"GET"}


def test_a_new_type_here_and_a_new_person_there_are_both_kept(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sync(alice)
    company.outlook(alice).update("Tea", attendees=people(ANA, BO))
    company.edit(event, alice, attendees=[{"email": ANA, "name": "", "type": "optional"}])
    company.sync(alice)
    expected = [(ANA, "optional"), (BO, "required")]
    assert sorted((p.email or "", p.type) for p in Event.objects.get().attendees) == expected
    told = company.outlook(alice).event("Tea")["attendees"]
    assert sorted((p["emailAddress"]["address"], p["type"]) for p in told) == expected
