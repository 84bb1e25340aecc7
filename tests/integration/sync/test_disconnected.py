"""What waited in a mailbox when its owner disconnected it reaches Outlook no more."""

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event
from leansoft.calendars.models import Event
from leansoft.kit import clock
from leansoft.sync.control import disconnect
from support.company import Company


def test_somebody_whose_removal_never_left_stays_on_the_event(
    company: Company, alice: User, bob: User
) -> None:
    company.sandbox.add_account(bob.email, bob.name)
    company.start(alice)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    company.edit(event, alice, attendees=[])
    disconnect(company.mailbox(alice))
    company.start(bob)
    event.refresh_from_db()
    assert [person.email for person in event.attendees] == [bob.email]


@pytest.mark.parametrize("known", [False, True], ids=["copy still to be read", "copy known"])
def test_a_meeting_whose_end_never_left_goes_on(
    company: Company, alice: User, bob: User, *, known: bool
) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    if known:
        company.sync(bob)
    archive_event(event, by=alice, now=clock.now())
    disconnect(company.mailbox(alice))
    company.sync(bob)
    assert not Event.objects.get().is_archived
    assert company.outlook(bob).event("Tea")


def test_a_meeting_whose_end_has_left_stays_archived(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    company.sandbox.control("PUT", "switches", {"delivery_seconds": 600})
    archive_event(tea_with_bob, by=alice, now=clock.now())
    company.sync(alice)
    disconnect(company.mailbox(alice))
    company.sync(bob)
    assert Event.objects.get().is_archived
