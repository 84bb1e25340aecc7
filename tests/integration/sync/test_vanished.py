"""A meeting that ended in Outlook before its organizer's own mailbox was read."""

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.sync.models import SyncAction
from support.company import Company
from support.outlook import people


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
