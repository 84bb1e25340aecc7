"""An attendee's answer in Leansoft and what Outlook does beside it."""

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, respond
from leansoft.calendars.models import Event
from leansoft.events.fields import Response
from leansoft.kit import clock
from support.company import Company


def test_accepting_keeps_a_show_as_chosen_just_before(
    company: Company, bob: User, tea_with_bob: Event
) -> None:
    company.edit(tea_with_bob, bob, show_as="free")
    respond(tea_with_bob, by=bob, response=Response.ACCEPTED, now=clock.now())
    company.sync(bob)
    assert tea_with_bob.participants.get(user=bob).show_as == "free"
    copy = company.outlook(bob).event("Tea")
    assert (copy["showAs"], copy["responseStatus"]["response"]) == ("free", "accepted")


def test_accepting_after_taking_oneself_off_accepts(
    company: Company, bob: User, tea_with_bob: Event
) -> None:
    archive_event(tea_with_bob, by=bob, now=clock.now())
    respond(tea_with_bob, by=bob, response=Response.ACCEPTED, now=clock.now())
    company.sync(bob)
    copy = company.outlook(bob).event("Tea")
    assert copy["responseStatus"]["response"] == "accepted"
    assert tea_with_bob.participants.get(user=bob).removed_at is None
