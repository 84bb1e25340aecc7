"""A meeting that ended in Outlook before its organizer's own mailbox was read."""

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.sync.control import disconnect
from leansoft.sync.models import SyncAction
from support.company import Company
from support.outlook import people
from support.sides import ANA, here, in_step, new_mails
from support.undoing import take_back


def test_a_meeting_that_only_a_copy_ever_showed_ends_with_it(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.outlook(alice).create("Tea", attendees=people(bob.email))
    company.sync(bob)
    company.outlook(alice).delete("Tea")
    company.sync(bob)
    company.sync(alice)
    assert Event.objects.get().is_archived
    assert SyncAction.objects.latest("pk").cause == "Deleted in Outlook"


def test_a_copy_that_its_owner_deleted_ends_nothing(
    company: Company, alice: User, bob: User
) -> None:
    company.start(bob)
    company.start(alice)
    company.outlook(alice).create("Tea", attendees=people(bob.email))
    company.sync(bob)
    company.outlook(bob).delete("Tea")
    company.sync(bob)
    company.sync(alice)
    assert not Event.objects.get().is_archived


@pytest.mark.parametrize("told_first", [True, False])
def test_a_meeting_deleted_before_its_organizer_ever_connected(
    company: Company, alice: User, bob: User, *, told_first: bool
) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.start(bob)
    company.outlook(alice).create("Tea", attendees=people(bob.email, ANA))
    company.sync(bob)
    assert (here(alice), here(bob)) == (["Tea"], ["Tea"])
    company.outlook(alice).delete("Tea")
    before = company.sandbox.mails()
    if told_first:
        company.sync(bob)
        assert (here(alice), here(bob)) == ([], [])
    company.start(alice)
    in_step(company, bob, alice)
    assert (here(alice), here(bob)) == ([], [])
    assert Event.objects.get().is_archived
    assert company.outlook(alice).events() == []
    assert new_mails(company, before) == []


@pytest.fixture
def seen(company: Company, alice: User, bob: User, charlie: User) -> Event:
    """Alice's meeting, with Charlie, as Bob's Outlook shows it: the only one that is connected."""
    for user in (alice, charlie):
        company.sandbox.add_account(user.email, user.name)
    company.start(bob)
    company.outlook(alice).create("Tea", attendees=people(bob.email, charlie.email, ANA))
    company.sync(bob)
    return Event.objects.get()


def test_a_cancelled_meeting_is_over_for_whoever_never_connects(
    company: Company, alice: User, bob: User, charlie: User, seen: Event
) -> None:
    assert here(alice) == here(bob) == here(charlie) == ["Tea"]
    company.outlook(alice).delete("Tea")
    company.sync(bob)
    assert here(alice) == here(bob) == here(charlie) == []
    assert here(alice, archived=True) == ["Tea"]
    company.sync(bob)
    assert Event.objects.get().is_archived


def test_it_is_over_when_the_last_copy_says_so(
    company: Company, alice: User, bob: User, charlie: User, seen: Event
) -> None:
    company.start(charlie)
    company.outlook(alice).delete("Tea")
    company.sync(bob)
    assert (here(alice), here(bob), here(charlie)) == (["Tea"], [], ["Tea"])
    company.sync(charlie)
    assert here(alice) == here(charlie) == []


@pytest.mark.parametrize("anew", ["bob", "charlie", "alice"])
def test_who_alone_was_taken_off_has_ended_nothing(
    company: Company, alice: User, bob: User, charlie: User, seen: Event, *, anew: str
) -> None:
    """Outlook tells them that it is cancelled; whatever copy comes next brings it back."""
    outlook = company.outlook(alice)
    outlook.update("Tea", attendees=people(charlie.email, ANA))
    company.sync(bob)
    assert here(alice) == here(bob) == []
    before = company.sandbox.mails()
    if anew == "bob":
        outlook.update("Tea", attendees=people(charlie.email, ANA, bob.email))
        company.sync(bob)
    else:
        company.start(charlie if anew == "charlie" else alice)
    in_step(company, bob)
    assert (here(alice), here(charlie)) == (["Tea"], ["Tea"])
    assert here(bob) == (["Tea"] if anew == "bob" else [])
    assert not Event.objects.get().is_archived
    assert {mail for mail in new_mails(company, before) if mail[1] != "invitation"} == set()


def test_who_deletes_the_only_copy_here_leaves_the_meeting_to_the_others(
    company: Company, alice: User, bob: User, charlie: User, seen: Event
) -> None:
    """It goes on in Outlook, where nobody cancelled it."""
    company.outlook(bob).delete("Tea")
    company.sync(bob)
    assert (here(alice), here(bob), here(charlie)) == (["Tea"], [], ["Tea"])


def test_an_undo_brings_an_ended_meeting_back(
    company: Company, alice: User, bob: User, seen: Event
) -> None:
    company.outlook(alice).delete("Tea")
    take_back(company, company.sync(bob))
    assert (here(alice), here(bob)) == (["Tea"], ["Tea"])


def test_a_meeting_whose_copy_its_owner_deleted_first_ends_with_it(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.outlook(alice).create("Tea", attendees=people(bob.email))
    company.sync(bob)
    company.outlook(bob).delete("Tea")
    company.outlook(alice).delete("Tea")
    company.sync(bob)
    company.sync(alice)
    assert Event.objects.get().is_archived


def test_a_meeting_ends_whose_only_copy_is_out_of_reach(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.outlook(alice).create("Tea", attendees=people(bob.email))
    company.sync(bob)
    disconnect(company.mailbox(bob))
    company.outlook(alice).delete("Tea")
    company.sync(alice)
    assert Event.objects.get().is_archived


def test_a_meeting_stays_that_a_copy_still_shows(
    company: Company, alice: User, bob: User, charlie: User
) -> None:
    """Its organizer may keep it in a calendar that is not in sync."""
    for user in (alice, bob, charlie):
        company.start(user)
    outlook = company.outlook(alice)
    other = outlook.ask("POST", "/me/calendars", {"name": "Other"})["id"]
    time = {"dateTime": "2030-03-04T09:00:00", "timeZone": "UTC"}
    guests = people(bob.email, charlie.email)
    tea = {"subject": "Tea", "start": time, "end": time, "attendees": guests}
    outlook.ask("POST", f"/me/calendars/{other}/events", tea)
    company.sync(bob)
    company.sync(charlie)
    company.outlook(bob).delete("Tea")
    company.sync(bob)
    company.sync(alice)
    assert not Event.objects.get().is_archived


def test_a_meeting_stays_whose_own_copy_has_not_joined_it_yet(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    company.outlook(alice).create("Tea", attendees=people(bob.email))
    company.pull(alice)
    company.sync(bob)
    disconnect(company.mailbox(bob))
    company.sync(alice)
    assert not Event.objects.get().is_archived
    assert not SyncAction.objects.filter(kind=SyncAction.Kind.DELETED).exists()
