"""Disconnecting: what stays, what is taken out, and that a return finds its own events again."""

from collections.abc import Callable
from datetime import datetime

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, respond
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Response
from leansoft.kit import clock
from leansoft.sync.control import disconnect, pause, resume
from leansoft.sync.leave.removal import Existing
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.preview.foresee import foresee_disconnect
from leansoft.sync.run import execute, run_now
from support.company import Company
from support.outlook import people
from support.sides import ANA, OLGA, done_by, here, in_step, lines_of, new_mails, there


def leave(company: Company, user: User, existing: Existing) -> SyncRun:
    run = disconnect(company.mailbox(user), existing=existing)
    assert run is not None
    execute(run)
    assert run.state == SyncRun.State.DONE, run.errors
    assert company.mailbox(user).status == Mailbox.Status.DISCONNECTED
    return run


ALL = ["From Olga", "Made here", "Made there", "With Bob"]


def test_leaving_everything_as_it_is_mails_nobody(settled: Company, alice: User) -> None:
    before = settled.sandbox.mails()
    assert disconnect(settled.mailbox(alice)) is None
    assert (here(alice), there(settled, alice)) == (ALL, ALL)
    assert settled.sandbox.mails() == before


def test_what_came_from_outlook_goes_to_the_archive(settled: Company, alice: User) -> None:
    before = settled.sandbox.mails()
    leave(settled, alice, Existing.DELETE_LEANSOFT)
    assert here(alice) == ["Made here", "With Bob"]
    assert here(alice, archived=True) == ["From Olga", "Made there"]
    assert there(settled, alice) == ALL
    assert settled.sandbox.mails() == before


def test_what_leansoft_created_is_taken_out_of_outlook(settled: Company, alice: User) -> None:
    before = settled.sandbox.mails()
    run = leave(settled, alice, Existing.DELETE_OUTLOOK)
    assert there(settled, alice) == ["From Olga", "Made there"]
    assert here(alice) == ALL
    assert sorted(new_mails(settled, before)) == [
        (ANA, "cancellation", "Canceled: Made here"),
        ("bob@example.com", "cancellation", "Canceled: With Bob"),
    ]
    assert [action.cause for action in run.actions.all()] == ["You disconnected Outlook"] * 2


@pytest.mark.parametrize("existing", [e for e in Existing if e is not Existing.LEAVE])
def test_the_preview_says_what_happens(settled: Company, alice: User, existing: Existing) -> None:
    foreseen = foresee_disconnect(settled.mailbox(alice), existing=existing)
    before = settled.sandbox.mails()
    assert (here(alice), there(settled, alice)) == (ALL, ALL)
    run = leave(settled, alice, existing)
    assert done_by(run) == sorted(lines_of(foreseen))
    mailed = sorted((mail["to"], mail["kind"]) for mail in foreseen["mails"])
    assert mailed == sorted((to, kind) for to, kind, _ in new_mails(settled, before))


def test_a_colleagues_meeting_is_nobodys_to_remove(settled: Company, bob: User) -> None:
    leave(settled, bob, Existing.DELETE_BOTH)
    assert here(bob) == there(settled, bob) == ["With Bob"]


def test_an_event_in_a_colleagues_calendar_stays(settled: Company, alice: User, bob: User) -> None:
    settled.sandbox.person(OLGA).create("For both", attendees=people(alice.email, bob.email))
    in_step(settled, alice, bob)
    leave(settled, alice, Existing.DELETE_LEANSOFT)
    assert "For both" in here(alice)
    assert "For both" in here(bob)


@pytest.mark.parametrize("existing", list(Existing))
def test_a_return_doubles_nothing(settled: Company, alice: User, existing: Existing) -> None:
    if existing is Existing.LEAVE:
        disconnect(settled.mailbox(alice))
    else:
        leave(settled, alice, existing)
    settled.start(alice)
    company_before = settled.sandbox.mails()
    in_step(settled, alice)
    assert (here(alice), there(settled, alice)) == (ALL, ALL)
    assert settled.sandbox.mails() == company_before


def test_a_return_after_nothing_was_taken_out_mails_nobody(settled: Company, alice: User) -> None:
    before = settled.sandbox.mails()
    leave(settled, alice, Existing.DELETE_LEANSOFT)
    settled.start(alice)
    in_step(settled, alice)
    assert settled.sandbox.mails() == before


def test_edits_on_both_sides_while_apart_come_together(
    settled: Company, alice: User, bob: User
) -> None:
    disconnect(settled.mailbox(alice))
    settled.edit(settled.event(alice, "Made here"), alice, location="Room 1")
    outlook = settled.outlook(alice)
    outlook.update("Made there", subject="Made there, later")
    outlook.update("With Bob", subject="With Bob, later")
    in_step(settled, bob)
    before = settled.sandbox.mails()
    settled.start(alice)
    in_step(settled, alice, bob)
    expected = ["From Olga", "Made here", "Made there, later", "With Bob, later"]
    assert here(alice) == there(settled, alice) == expected
    assert outlook.event("Made here")["location"]["displayName"] == "Room 1"
    assert new_mails(settled, before) == [(ANA, "update", "Made here")]


def test_what_was_deleted_while_apart_stays_deleted(settled: Company, alice: User) -> None:
    disconnect(settled.mailbox(alice))
    archive_event(settled.event(alice, "Made here"), by=alice, now=clock.now())
    settled.outlook(alice).delete("Made there")
    settled.start(alice)
    in_step(settled, alice)
    assert here(alice) == there(settled, alice) == ["From Olga", "With Bob"]


def test_an_attendee_who_comes_back_has_one_copy(settled: Company, alice: User, bob: User) -> None:
    disconnect(settled.mailbox(bob))
    settled.edit(settled.event(alice, "With Bob"), alice, subject="With Bob, later")
    settled.outlook(bob).respond("With Bob", "accept")
    in_step(settled, alice)
    before = settled.sandbox.mails()
    settled.start(bob)
    in_step(settled, bob, alice)
    assert here(bob) == there(settled, bob) == ["With Bob, later"]
    person = settled.event(alice, "With Bob, later").participants.get(user=bob)
    assert person.response == Response.ACCEPTED
    assert settled.sandbox.mails() == before


def test_an_answer_given_just_before_leaving_is_not_lost(
    settled: Company, alice: User, bob: User
) -> None:
    event = settled.event(bob, "With Bob")
    respond(event, by=bob, response=Response.ACCEPTED, now=clock.now())
    disconnect(settled.mailbox(bob))
    settled.start(bob)
    in_step(settled, bob, alice)
    copy = settled.outlook(bob).event("With Bob")
    assert copy["responseStatus"]["response"] == "accepted"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("skip", [0, 1])
def test_an_outage_in_the_middle_only_delays_it(
    settled: Company, alice: User, when: str, skip: int
) -> None:
    before = settled.sandbox.mails()
    settled.sandbox.fault(method="DELETE", path="/events/", when=when, drop=True, skip=skip)
    run = disconnect(settled.mailbox(alice), existing=Existing.DELETE_BOTH)
    assert run is not None
    execute(run)
    assert settled.mailbox(alice).status == Mailbox.Status.CONNECTED
    run_now(settled.mailbox(alice), SyncRun.Cause.POLL)
    assert settled.mailbox(alice).status == Mailbox.Status.DISCONNECTED
    assert here(alice) == ["Made here", "With Bob"]
    assert there(settled, alice) == ["From Olga", "Made there"]
    assert len(new_mails(settled, before)) == 2
    outcomes = SyncAction.objects.filter(cause="You disconnected Outlook")
    assert set(outcomes.values_list("outcome", flat=True)) == {"done"}


class AtTheNthLook:
    """A clock at which something happens, once."""

    def __init__(self, number: int, act: Callable[[], object]) -> None:
        self._left, self._act = number, act

    def __call__(self) -> datetime:
        self._left -= 1
        if self._left == 0:
            self._act()
        return clock.now()


class AfterTheFirst:
    """A clock at which something happens, once, when the first event was taken out."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act: Callable[[], object] | None = act

    def __call__(self) -> datetime:
        first = SyncAction.objects.filter(cause="You disconnected Outlook", outcome="done")
        if self._act is not None and first.exists():
            act, self._act = self._act, None
            act()
        return clock.now()


class Killed(BaseException):
    """The worker died."""


def die() -> None:
    raise Killed


def test_a_worker_that_dies_in_the_middle_is_replaced(settled: Company, alice: User) -> None:
    before = settled.sandbox.mails()
    run = disconnect(settled.mailbox(alice), existing=Existing.DELETE_OUTLOOK)
    assert run is not None
    with pytest.raises(Killed):
        execute(run, clock=AfterTheFirst(die))
    assert len(there(settled, alice)) == 3
    execute(run)
    assert there(settled, alice) == ["From Olga", "Made there"]
    assert len(new_mails(settled, before)) == 2


def test_a_pause_in_the_middle_holds_it(settled: Company, alice: User) -> None:
    run = disconnect(settled.mailbox(alice), existing=Existing.DELETE_OUTLOOK)
    assert run is not None
    execute(run, clock=AfterTheFirst(lambda: pause(settled.mailbox(alice))))
    mailbox = settled.mailbox(alice)
    assert mailbox.status == Mailbox.Status.PAUSED
    resume(mailbox)
    settled.try_sync(alice)
    assert settled.mailbox(alice).status == Mailbox.Status.DISCONNECTED
    assert there(settled, alice) == ["From Olga", "Made there"]


def test_leaving_at_once_in_the_middle_leaves_nothing_half_done(
    settled: Company, alice: User
) -> None:
    settled.sandbox.fault(method="DELETE", path="/events/", when="before", drop=True)
    run = disconnect(settled.mailbox(alice), existing=Existing.DELETE_OUTLOOK)
    assert run is not None
    execute(run)
    disconnect(settled.mailbox(alice))
    assert not EventLink.objects.filter(reason=EventLink.Apart.TAKEN_OUT).exists()
    settled.start(alice)
    in_step(settled, alice)
    assert here(alice) == there(settled, alice) == ALL


def test_what_outlook_refuses_to_give_up_stays_on_both_sides(settled: Company, alice: User) -> None:
    settled.sandbox.fault(
        method="DELETE", path="/events/", when="before", status=403, code="ErrorAccessDenied"
    )
    run = leave(settled, alice, Existing.DELETE_BOTH)
    assert len(there(settled, alice)) == 3
    assert "With Bob" in here(alice)
    assert run.actions.filter(outcome="refused").count() == 1


def test_an_event_changed_at_the_last_moment_goes_with_the_mails_of_then(
    settled: Company, alice: User
) -> None:
    event = settled.outlook(alice).event("Made here")

    def invite() -> None:
        settled.outlook(alice).ask(
            "PATCH", f"/me/events/{event['id']}", {"attendees": people(ANA, OLGA)}
        )

    run = disconnect(settled.mailbox(alice), existing=Existing.DELETE_OUTLOOK)
    assert run is not None
    execute(run, clock=AtTheNthLook(4, invite))
    action = SyncAction.objects.get(subject="Made here", kind="deleted", run=run)
    assert {mail["to"] for mail in action.mails} == {ANA, OLGA}
    assert Event.objects.filter(subject="Made here", archived_at=None).exists()
