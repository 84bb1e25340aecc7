"""A meeting that ended in Outlook before its organizer's own mailbox was read."""

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.sync.control import disconnect
from leansoft.sync.models import SyncAction
from support.company import Company
from support.outlook import people
from support.sides import ANA, here, in_step, new_mails


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
        # Perhaps only Bob was taken off: as long as nobody reads Alice's mailbox, it may be there.
        assert (here(alice), here(bob)) == (["Tea"], [])
    company.start(alice)
    in_step(company, bob, alice)
    assert (here(alice), here(bob)) == ([], [])
    assert Event.objects.get().is_archived
    assert company.outlook(alice).events() == []
    assert new_mails(company, before) == []


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
