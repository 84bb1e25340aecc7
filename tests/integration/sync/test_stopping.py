"""Pausing and disconnecting stop a round that is under way, and what the mailbox would learn."""

from collections.abc import Callable
from datetime import datetime

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, delete_forever, edit_event
from leansoft.calendars.models import Event
from leansoft.connections.calendar import open_calendar
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.sync.control import disconnect, pause
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.preview.start import start_sync
from leansoft.sync.read.pull import pull
from leansoft.sync.run import run_now
from leansoft.sync.show.status import event_states
from support.company import Company

ANA = "ana@elsewhere.org"
UNDER_WAY = 40
"""The twenty that Outlook has answered, and the twenty that left meanwhile."""


class Interruption:
    """A clock at which something happens, once, as soon as Outlook holds an event."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act: Callable[[], object] | None = act

    def __call__(self) -> datetime:
        if self._act is not None and EventLink.objects.filter(remote_id__isnull=False).exists():
            act, self._act = self._act, None
            act()
        return clock.now()


def reconnect(company: Company, user: User) -> None:
    disconnect(company.mailbox(user))
    mailbox = company.connect(user)
    start_sync(mailbox, existing="keep_local", invitations="quiet")


@pytest.fixture
def waiting(company: Company, alice: User) -> Mailbox:
    """Connected; nothing of these meetings is in Outlook yet."""
    for number in range(UNDER_WAY + 5):
        company.create(alice, f"Meeting {number}", ANA)
    mailbox = company.connect(alice)
    start_sync(mailbox, existing="push", invitations="send")
    return mailbox


def test_a_pause_stops_the_round_after_what_is_under_way(
    company: Company, alice: User, waiting: Mailbox
) -> None:
    interruption = Interruption(lambda: pause(company.mailbox(alice)))
    run = run_now(waiting, SyncRun.Cause.MANUAL, clock=interruption)
    assert run.state == SyncRun.State.DONE
    assert company.mailbox(alice).status == Mailbox.Status.PAUSED
    assert len(company.outlook(alice).events()) == UNDER_WAY
    assert len(company.sandbox.mails()) == UNDER_WAY


def test_a_round_of_an_earlier_connection_writes_nothing_more(
    company: Company, alice: User, waiting: Mailbox
) -> None:
    interruption = Interruption(lambda: reconnect(company, alice))
    run_now(waiting, SyncRun.Cause.MANUAL, clock=interruption)
    assert company.mailbox(alice).last_sync_at is None
    company.sync(alice)
    assert len(company.outlook(alice).events()) == UNDER_WAY
    assert len(company.sandbox.mails()) == UNDER_WAY


def test_a_cursor_of_an_earlier_connection_is_not_kept(company: Company, alice: User) -> None:
    company.start(alice)
    mailbox = company.mailbox(alice)
    reconnect(company, alice)
    pull(mailbox, open_calendar(mailbox), now=clock.now(), report=lambda *_: None)
    assert mailbox.delta_link
    now = company.mailbox(alice)
    assert (now.delta_link, now.listed_at) == ("", None)


def test_a_paused_organizers_deletion_for_good_answers_for_nobody_else(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    pause(company.mailbox(alice))
    delete_forever(archive_event(tea_with_bob, by=alice, now=clock.now()), by=alice)
    before = company.sandbox.mails()
    company.sync(bob)
    assert len(company.outlook(bob).events()) == 1
    assert company.sandbox.mails() == before


def test_a_waiting_change_says_what_it_waits_for(
    company: Company, alice: User, waiting: Mailbox
) -> None:
    run_now(waiting, SyncRun.Cause.MANUAL)
    event = Event.objects.get(subject="Meeting 1")
    edit_event(event, by=alice, values={Field.SUBJECT: "Renamed"}, now=clock.now())

    def reason() -> str | None:
        return event_states([Event.objects.get(pk=event.pk)], alice)[event.pk]["reason"]

    assert reason() == "The change is on its way to Outlook."
    pause(company.mailbox(alice))
    assert reason() == "It goes to Outlook when you resume the sync."
    Mailbox.objects.filter(user=alice).update(status=Mailbox.Status.NEEDS_RECONNECT)
    assert reason() == "It goes to Outlook when you have signed in at Microsoft again."
