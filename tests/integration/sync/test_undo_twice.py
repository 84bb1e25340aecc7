"""An undo is a run like any other: it can be taken back, and break off half way."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from convergence.crashes import Crash, CrashPoints
from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event
from leansoft.calendars.models import Event
from leansoft.kit import clock
from leansoft.sync.models import SyncRun
from leansoft.sync.run import execute
from leansoft.sync.show.report import run_report
from leansoft.sync.tasks import sync_mailbox, sync_mailbox_later, undo_later
from leansoft.sync.undo.undoing import CannotUndo
from support.company import Company
from support.undoing import in_outlook, nothing_follows, take_back

ANA = "ana@elsewhere.org"

Change = Callable[[Company, User], None]


@pytest.fixture
def started(company: Company, alice: User) -> Company:
    company.start(alice)
    return company


def here() -> list[tuple[Any, ...]]:
    """What people see of each event in Leansoft."""
    return [
        (e.subject, e.location, e.is_archived, e.organizer.show_as, sorted(map(str, e.attendees)))
        for e in Event.objects.order_by("created_at")
    ]


def create_here(company: Company, alice: User) -> None:
    company.create(alice, "New", ANA)


def create_there(company: Company, alice: User) -> None:
    company.outlook(alice).create("New")


def edit_here(company: Company, alice: User) -> None:
    company.edit(company.event(alice, "Tea"), alice, subject="Coffee", show_as="free")


def edit_there(company: Company, alice: User) -> None:
    company.outlook(alice).update("Tea", subject="Coffee", location={"displayName": "Garden"})


def delete_here(company: Company, alice: User) -> None:
    archive_event(company.event(alice, "Tea"), by=alice, now=clock.now())


def delete_there(company: Company, alice: User) -> None:
    company.outlook(alice).delete("Tea")


CHANGES = [create_here, create_there, edit_here, edit_there, delete_here, delete_there]


@pytest.mark.parametrize("change", CHANGES)
def test_an_undo_is_undone_and_that_too(started: Company, alice: User, change: Change) -> None:
    started.create(alice, "Tea")
    started.sync(alice)
    change(started, alice)
    run = started.sync(alice)
    after = (here(), in_outlook(started, alice))
    undo = take_back(started, run)["run"]
    undone = (here(), in_outlook(started, alice))
    assert undone != after
    redo = take_back(started, undo)["run"]
    assert (here(), in_outlook(started, alice)) == after
    nothing_follows(started, alice)
    take_back(started, redo)
    assert (here(), in_outlook(started, alice)) == undone
    nothing_follows(started, alice)


def test_an_adoption_is_taken_back_and_made_again(company: Company, alice: User) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.create(alice, "Tea", location="Kitchen")
    company.outlook(alice).create("Tea", location={"displayName": "Garden"})
    undo = take_back(company, company.start(alice))["run"]
    redo = take_back(company, undo)["run"]
    assert Event.objects.get().location == "Garden"
    company.edit(Event.objects.get(), alice, location="Roof")
    company.sync(alice)
    assert in_outlook(company, alice)[0]["place"] == "Roof"
    take_back(company, redo)
    assert Event.objects.get().location == "Roof"
    assert in_outlook(company, alice)[0]["place"] == "Roof"
    nothing_follows(company, alice)


def test_colleagues_are_back_in_step_when_a_meeting_is_created_anew(
    started: Company, alice: User, bob: User
) -> None:
    started.start(bob)
    event = started.create(alice, "Tea", bob.email)
    run = started.sync(alice)
    started.sync(bob)
    undo = take_back(started, run)["run"]
    started.sync(bob)
    take_back(started, undo)
    started.sync(bob)
    started.edit(event, bob, categories=["Blue"])
    started.sync(bob)
    live = [copy for copy in in_outlook(started, bob) if not copy["isCancelled"]]
    assert [copy["categories"] for copy in live] == [["Blue"]]
    nothing_follows(started, alice, bob)


def test_a_run_is_undone_once(started: Company, alice: User) -> None:
    started.create(alice, "Tea")
    run = started.sync(alice)
    first = undo_later(run, invites=False)
    with pytest.raises(CannotUndo, match="undone already"):
        undo_later(run, invites=False)
    with pytest.raises(CannotUndo, match="still at work"):
        undo_later(first, invites=False)
    execute(first)
    with pytest.raises(CannotUndo, match="undone already"):
        undo_later(run, invites=False)
    assert run_report(first)["undoes"] == str(run.pk)


def test_a_run_that_changed_nothing_or_waits_is_not_undone(started: Company, alice: User) -> None:
    with pytest.raises(CannotUndo, match="changed nothing"):
        undo_later(started.sync(alice), invites=False)
    started.create(alice, "All hands", *[f"{n}@elsewhere.org" for n in range(26)])
    with pytest.raises(CannotUndo, match="waits for your answer"):
        undo_later(started.try_sync(alice), invites=False)


def test_an_undo_of_many_deletions_asks_no_guard(started: Company, alice: User) -> None:
    for number in range(12):
        started.create(alice, f"Event {number}")
    undo = take_back(started, started.sync(alice))["run"]
    assert in_outlook(started, alice) == []
    take_back(started, undo)
    assert len(in_outlook(started, alice)) == 12


def test_an_undo_that_microsoft_stops_is_done_again(started: Company, alice: User) -> None:
    started.create(alice, "Tea", ANA)
    run = started.sync(alice)
    started.sandbox.fault(method="DELETE", status=503, when="before", times=10)
    stopped = undo_later(run, invites=False)
    execute(stopped)
    assert stopped.state == SyncRun.State.FAILED
    nothing_follows(started, alice)
    started.sandbox.control("DELETE", "faults")
    take_back(started, run)
    assert (in_outlook(started, alice), here()[0][2]) == ([], False)


def test_an_undo_whose_answer_was_lost_mails_once(started: Company, alice: User) -> None:
    started.create(alice, "Tea", ANA)
    run = started.sync(alice)
    started.sandbox.fault(method="DELETE", when="after", drop=True)
    broken = undo_later(run, invites=False)
    execute(broken)
    assert broken.state == SyncRun.State.FAILED
    nothing_follows(started, alice)
    again = undo_later(run, invites=False)
    execute(again)
    assert again.state == SyncRun.State.DONE
    kinds = [kind for _, kind, _ in started.sandbox.mails()]
    assert (kinds, here()[0][2]) == (["invitation", "cancellation"], False)
    nothing_follows(started, alice)


POINTS = range(2, 20, 6)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("change", CHANGES)
def test_an_undo_that_dies_anywhere_is_finished_by_the_next_worker(
    started: Company, alice: User, change: Change, point: int
) -> None:
    started.create(alice, "Tea", ANA)
    started.sync(alice)
    before = (here(), in_outlook(started, alice))
    change(started, alice)
    run = started.sync(alice)
    changed, mails = in_outlook(started, alice), len(started.sandbox.mails())
    undo = undo_later(run, invites=True)
    crashes = CrashPoints()
    with crashes.watching_commits(), suppress(Crash), crashes.crashing_at(point):
        execute(undo)
    sync_mailbox(str(undo.pk))
    started.sync(alice)
    # The event that the run made stays on the side where it was not made.
    kept_here = [e for e in here() if e[0] == "New"] if change is create_here else []
    kept_there = changed if change is create_there else before[1]
    assert [e for e in here() if not e[2]] == [*before[0], *kept_here]
    assert in_outlook(started, alice) == kept_there
    mailed = [(to, kind) for to, kind, _ in started.sandbox.mails()[mails:]]
    assert len(mailed) == len(set(mailed))
    nothing_follows(started, alice)


def test_other_changes_wait_for_the_round_after_the_undo(started: Company, alice: User) -> None:
    started.create(alice, "Tea")
    run = started.sync(alice)
    started.outlook(alice).create("Other")
    sync_mailbox(str(undo_later(run, invites=False).pk))
    assert not Event.objects.filter(subject="Other").exists()
    (next_round,) = SyncRun.objects.filter(state=SyncRun.State.QUEUED)
    execute(next_round)
    assert Event.objects.filter(subject="Other").exists()


def test_a_sync_asked_for_meanwhile_is_a_run_of_its_own(started: Company, alice: User) -> None:
    started.create(alice, "Tea")
    undo = undo_later(started.sync(alice), invites=False)
    asked = sync_mailbox_later(started.mailbox(alice), SyncRun.Cause.MANUAL)
    assert asked != undo
