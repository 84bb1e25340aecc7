"""What waited in a mailbox when its owner disconnected it reaches Outlook no more."""

from leansoft.accounts.models import User
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
