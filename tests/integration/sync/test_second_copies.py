"""Delta shows again what an event was a while ago (delta.md §4), also one that is gone."""

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.connections.calendar import open_calendar
from leansoft.sync.models import EventLink
from leansoft.sync.read.observe import ask, observe
from leansoft.sync.state.trees import remote_event
from support.company import Company
from support.outlook import people

OLGA = "olga@elsewhere.org"


def test_copy_that_is_gone_never_takes_the_place_of_one_that_comes(
    company: Company, alice: User
) -> None:
    company.start(alice)
    company.sandbox.add_account(OLGA)
    olga, outlook = company.sandbox.person(OLGA), company.outlook(alice)
    olga.create("Tea", attendees=people(alice.email))
    company.sync(alice)
    old = remote_event(EventLink.objects.get())
    assert old is not None

    outlook.delete("Tea")
    company.sync(alice)
    olga.update("Tea", location={"displayName": "Garden"})
    company.sync(alice)
    mailbox = company.mailbox(alice)
    ask(mailbox, open_calendar(mailbox), *observe(mailbox, [old]))

    outlook.respond("Tea", "decline")
    olga.update("Tea", subject="Cocoa")
    company.sync(alice)
    event = Event.objects.get()
    assert (event.subject, event.is_archived) == ("Cocoa", False)
    assert [one["subject"] for one in outlook.events()] == ["Cocoa"]
    assert not EventLink.objects.filter(event=None).exists()
