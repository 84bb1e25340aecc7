"""Where an event's content lives: only connecting, disconnecting and losing a witness move it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from leansoft.accounts.models import User
from leansoft.calendars.domain.errors import Locked
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.reconcile.actions import Agree
from leansoft.sync.control import disconnect
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.state.homes import leave_homes, move_home, settle_home
from leansoft.sync.state.load import Subject, load
from leansoft.sync.write.here import write_here
from support.company import Company
from support.outlook import people

OLGA = "olga@elsewhere.org"


def copy_of(user: User) -> Subject:
    mailbox = Mailbox.objects.get(user=user)
    return load(mailbox, EventLink.objects.get(mailbox=mailbox).pk)


def home_of(event: Event) -> tuple[bool, int]:
    """(locked, epoch) as they are now."""
    return Event.objects.values_list("locked", "epoch").get(pk=event.pk)


def test_the_organizers_copy_takes_the_home_back(alice: User, tea_with_bob: Event) -> None:
    move_home(tea_with_bob, locked=True)
    epoch = Event.objects.get().epoch
    subject = settle_home(copy_of(alice))
    assert subject.event is not None
    assert (subject.event.locked, subject.event.epoch) == (False, epoch + 1)


def test_an_attendees_copy_takes_over_from_an_organizer_who_left(
    alice: User, bob: User, tea_with_bob: Event
) -> None:
    Mailbox.objects.filter(user=alice).update(status=Mailbox.Status.DISCONNECTED)
    subject = settle_home(copy_of(bob))
    assert subject.event is not None
    assert (subject.event.locked, subject.event.epoch) == (True, tea_with_bob.epoch + 1)


@pytest.mark.parametrize("status", sorted(Mailbox.HOME))
def test_the_organizers_trouble_moves_no_home(
    alice: User, bob: User, tea_with_bob: Event, status: str
) -> None:
    Mailbox.objects.filter(user=alice).update(status=status)
    settle_home(copy_of(bob))
    assert home_of(tea_with_bob) == (False, tea_with_bob.epoch)


def test_a_copy_that_is_gone_moves_no_home(alice: User, bob: User, tea_with_bob: Event) -> None:
    Mailbox.objects.filter(user=alice).update(status=Mailbox.Status.DISCONNECTED)
    EventLink.objects.filter(mailbox__user=bob).update(remote=None)
    settle_home(copy_of(bob))
    assert home_of(tea_with_bob) == (False, tea_with_bob.epoch)


def test_a_disconnected_organizer_leaves_the_content_to_the_copies(
    company: Company, alice: User, tea_with_bob: Event
) -> None:
    disconnect(company.mailbox(alice))
    assert home_of(tea_with_bob) == (True, tea_with_bob.epoch + 1)
    with pytest.raises(Locked):
        company.edit(tea_with_bob, alice, subject="Coffee")


def test_a_disconnected_organizer_keeps_what_nobody_elses_mailbox_shows(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Alone")
    company.sync(alice)
    disconnect(company.mailbox(alice))
    company.edit(event, alice, subject="Still mine")
    assert home_of(event) == (False, event.epoch)


def test_an_attendee_who_leaves_moves_no_home(
    company: Company, bob: User, tea_with_bob: Event
) -> None:
    disconnect(company.mailbox(bob))
    assert home_of(tea_with_bob) == (False, tea_with_bob.epoch)


def test_a_witness_who_leaves_voids_what_was_agreed(company: Company, bob: User) -> None:
    company.sandbox.add_account(OLGA, "Olga")
    company.start(bob)
    company.sandbox.person(OLGA).create("Pitch", attendees=people(bob.email))
    company.sync(bob)
    event = Event.objects.get()
    leave_homes(company.mailbox(bob))
    assert home_of(event) == (True, event.epoch + 1)


def test_a_move_keeps_an_edit_made_since_the_event_was_read(
    company: Company, alice: User, tea_with_bob: Event
) -> None:
    company.edit(tea_with_bob, alice, subject="Coffee")
    assert tea_with_bob.subject == "Tea"
    move_home(tea_with_bob, locked=True)
    assert (Event.objects.get().subject, Event.objects.get().locked) == ("Coffee", True)


def test_moving_twice_counts_once(tea_with_bob: Event) -> None:
    move_home(tea_with_bob, locked=True)
    move_home(tea_with_bob, locked=True)
    assert home_of(tea_with_bob) == (True, tea_with_bob.epoch + 1)


def test_agreeing_anew_revives_nothing_from_before_a_move(alice: User, tea_with_bob: Event) -> None:
    move_home(tea_with_bob, locked=True)
    subject = copy_of(alice)
    run = SyncRun.objects.create(mailbox=subject.mailbox, cause=SyncRun.Cause.MANUAL)
    write_here(run, subject, Agree(fields=frozenset({Field.SUBJECT})), now=clock.now())
    base = copy_of(alice).triple.base
    assert base is not None
    assert {Field.SUBJECT, Field.LOCATION} & base.keys() == {Field.SUBJECT}


def test_a_copy_with_an_older_list_takes_nobody_off_who_has_a_copy(
    company: Company, alice: User, bob: User, charlie: User
) -> None:
    for user in (alice, bob, charlie):
        company.sandbox.add_account(user.email, user.name)
    company.sandbox.add_account(OLGA, "Olga")
    olga = company.sandbox.person(OLGA)
    olga.create("Pitch", attendees=people(bob.email))
    # Outlook tells of each of them only that person: the list on Bob's copy stays the first.
    olga.update("Pitch", attendees=people(bob.email, charlie.email))
    olga.update("Pitch", attendees=people(bob.email, charlie.email, alice.email))
    for user in (alice, bob, charlie):
        company.start(user)
    company.outlook(alice).delete("Pitch")
    company.sync(alice)
    company.outlook(bob).update("Pitch", showAs="oof")
    company.sync(bob)
    company.sync(charlie)
    company.sync(bob)
    assert company.event(charlie, "Pitch") == company.event(bob, "Pitch")


class Crash(BaseException):
    """The worker is gone. No handler of errors sees it."""


def test_a_home_moves_together_with_what_comes_in(company: Company, alice: User, bob: User) -> None:
    """Else an edit would fit between, and Outlook's value take its place."""
    company.start(alice)
    company.start(bob)
    company.outlook(alice).create("Tea", attendees=people(bob.email))
    company.sync(bob)

    def crash(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith('INSERT INTO "sync_syncaction"'):
            raise Crash
        return execute(sql, *args)

    with connection.execute_wrapper(crash), pytest.raises(Crash):
        company.sync(alice)
    with pytest.raises(Locked):
        company.edit(Event.objects.get(), alice, subject="Coffee")
    company.sync(alice)
    company.edit(Event.objects.get(), alice, subject="Coffee")
    company.sync(alice)
    assert company.outlook(alice).event("Coffee")
