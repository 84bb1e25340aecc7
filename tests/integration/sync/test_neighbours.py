"""What one mailbox's round means for the other mailboxes of its events."""

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import edit_event
from leansoft.calendars.models import Event
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.sync.preview.start import start_sync
from leansoft.sync.show.status import event_states
from leansoft.sync.tasks import sync_event_later
from support.company import Company
from support.jobs import do_jobs, forget_jobs


def state_for(user: User, event: Event) -> str | None:
    event.refresh_from_db()
    return event_states([event], user)[event.pk]["state"]


def test_a_colleagues_round_leaves_nobody_waiting(company: Company, alice: User, bob: User) -> None:
    company.sandbox.add_account(bob.email, bob.name)
    company.start(alice)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    forget_jobs()
    start_sync(company.connect(bob), existing="push", invitations="send")
    do_jobs()
    assert state_for(bob, event) == "synced"
    assert state_for(alice, event) == "synced"


def test_an_attendees_own_edit_leaves_the_organizer_synced(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    forget_jobs()
    values = {Field.SHOW_AS: "free"}
    event = edit_event(tea_with_bob, by=bob, values=values, now=clock.now())
    sync_event_later(event, by=bob)
    do_jobs()
    assert (state_for(alice, event), state_for(bob, event)) == ("synced", "synced")
    forget_jobs()
