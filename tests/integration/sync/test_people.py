"""Who is on an event, when both calendars and the choice to mail nobody have a say in it."""

from leansoft.accounts.models import User
from leansoft.calendars.models import Channel, Event, Participant
from leansoft.sync.control import disconnect
from leansoft.sync.show.status import event_states
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


PRESS = {"emailAddress": {"name": "Somebody from the press"}, "type": "optional"}


def names_there(company: Company, user: User, subject: str) -> list[str]:
    attendees = company.outlook(user).event(subject)["attendees"]
    return sorted(person["emailAddress"]["name"] for person in attendees)


def state(user: User) -> tuple[str | None, str | None]:
    """Of the only event there is, and why."""
    event = Event.objects.get()
    shown = event_states([event], user)[event.pk]
    return shown["state"], shown["reason"]


def test_somebody_without_an_address_stays_here_and_blocks_nothing(
    company: Company, alice: User
) -> None:
    company.start(alice)
    press = {"email": None, "name": "Press", "type": "required"}
    event = company.create(alice, "Tea", attendees=[*required(ANA), press])
    company.sync(alice)
    assert names_there(company, alice, "Tea") == [ANA]
    company.edit(event, alice, attendees=[*required(ANA, BO), press])
    company.outlook(alice).update("Tea", attendees=people(ANA, BO, "chi@elsewhere.org"))
    company.sync(alice)
    people_here = {p.email or p.name for p in Event.objects.get().attendees}
    assert people_here == {ANA, BO, "chi@elsewhere.org", "Press"}
    company.sandbox.control("DELETE", "requests")
    company.sync(alice)
    assert {method for method, _ in company.sandbox.requests()} == {"GET"}
    assert state(alice) == ("synced", None)


def test_whom_outlook_knows_by_name_alone_stays_there(company: Company, alice: User) -> None:
    company.start(alice)
    company.sandbox.control("PUT", "switches", {"attendees_need_address": False})
    company.outlook(alice).create("Tea", attendees=[*people(ANA), PRESS])
    company.sync(alice)
    event = Event.objects.get()
    company.edit(event, alice, attendees=required(ANA, BO))
    company.sync(alice)
    assert names_there(company, alice, "Tea") == ["Somebody from the press", ANA, BO]
    company.edit(event, alice, attendees=[])
    company.sync(alice)
    assert names_there(company, alice, "Tea") == ["Somebody from the press"]
    assert [p.email for p in Event.objects.get().attendees] == []


def test_nobody_falls_off_when_outlook_takes_no_bare_names(company: Company, alice: User) -> None:
    company.start(alice)
    company.sandbox.control("PUT", "switches", {"attendees_need_address": False})
    company.outlook(alice).create("Tea", attendees=[*people(ANA), PRESS])
    company.sync(alice)
    company.sandbox.control("PUT", "switches", {"attendees_need_address": True})
    company.edit(Event.objects.get(), alice, attendees=required(ANA, BO))
    company.sync(alice)
    assert names_there(company, alice, "Tea") == ["Somebody from the press", ANA]
    assert state(alice)[0] == "waiting"


def test_whom_the_organizer_removed_in_outlook_is_removed_when_their_own_list_comes_in(
    company: Company, alice: User, bob: User
) -> None:
    for user in (alice, bob):
        company.sandbox.add_account(user.email, user.name)
    company.outlook(alice).create("Tea", attendees=people(bob.email, ANA))
    company.start(bob)
    company.outlook(alice).update("Tea", attendees=people(ANA))
    company.start(alice)
    company.sync(bob)
    assert [person.email for person in Event.objects.get().attendees] == [ANA]


def test_whoever_came_by_their_copy_alone_leaves_with_it(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.create(alice, "Tea")
    company.sync(alice)
    company.outlook(alice).update("Tea", attendees=people(bob.email))
    company.sync(bob)
    company.outlook(alice).update("Tea", attendees=[])
    company.sync(bob)
    company.sync(alice)
    assert Event.objects.get().attendees == []


def test_whoever_comes_by_a_copy_that_names_them_is_invited_by_outlook(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.create(alice, "Tea")
    company.sync(alice)
    company.outlook(alice).update("Tea", attendees=people(bob.email))
    disconnect(company.mailbox(alice))
    company.sync(bob)
    assert Participant.objects.get(user=bob).channel == Channel.OUTLOOK
