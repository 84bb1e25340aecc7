"""Starting over: links and cursor are forgotten, and both sides meet again without doubling."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event
from leansoft.calendars.models import Event
from leansoft.kit import clock
from leansoft.sync.control import start_over
from leansoft.sync.leave.orders import Next
from leansoft.sync.leave.removal import Existing
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.foresee import foresee_reset
from leansoft.sync.run import execute
from leansoft.sync.show.status import event_states
from support.company import Company
from support.outlook import people
from support.sides import ANA, OLGA, done_by, here, in_step, lines_of, new_mails, there

ALL = ["From Olga", "Made here", "Made there", "With Bob"]


def reset(company: Company, user: User, existing: Existing, following: Next) -> SyncRun:
    run = start_over(company.mailbox(user), existing=existing, following=following)
    execute(run)
    assert run.state == SyncRun.State.DONE, run.errors
    assert company.mailbox(user).order is None
    return run


def states(user: User) -> set[str | None]:
    shown = event_states(Event.objects.filter(archived_at=None), user)
    return {state["state"] for state in shown.values()}


def test_everything_is_found_again_and_nobody_is_mailed(
    settled: Company, alice: User, bob: User
) -> None:
    before = settled.sandbox.mails()
    keys = set(Event.objects.values_list("pk", flat=True))
    run = reset(settled, alice, Existing.LEAVE, Next.ALL)
    assert {action.kind for action in run.actions.all()} == {"adopted"}
    in_step(settled, alice, bob)
    assert here(alice) == there(settled, alice) == ALL
    assert set(Event.objects.values_list("pk", flat=True)) == keys
    assert settled.sandbox.mails() == before
    assert states(alice) == {"synced"}


def test_the_sync_after_the_reset_writes_nothing(settled: Company, alice: User) -> None:
    reset(settled, alice, Existing.LEAVE, Next.ALL)
    assert settled.sync(alice).actions.count() == 0


def test_edits_after_a_reset_travel_as_before(settled: Company, alice: User) -> None:
    reset(settled, alice, Existing.LEAVE, Next.ALL)
    settled.edit(settled.event(alice, "Made there"), alice, subject="Edited here")
    settled.outlook(alice).update("Made here", subject="Edited there")
    in_step(settled, alice)
    expected = ["Edited here", "Edited there", "From Olga", "With Bob"]
    assert here(alice) == there(settled, alice) == expected


def test_where_both_differ_outlooks_value_stays(settled: Company, alice: User) -> None:
    settled.edit(settled.event(alice, "Made here"), alice, location="Room 1")
    before = settled.sandbox.mails()
    reset(settled, alice, Existing.LEAVE, Next.ALL)
    assert settled.event(alice, "Made here").location == ""
    assert settled.sandbox.mails() == before


def test_new_events_only_leaves_the_rest_apart_on_both_sides(
    settled: Company, alice: User, bob: User
) -> None:
    before = settled.sandbox.mails()
    reset(settled, alice, Existing.LEAVE, Next.NEW)
    settled.edit(settled.event(alice, "Made here"), alice, subject="Only here")
    settled.outlook(alice).update("Made there", subject="Only there")
    settled.create(alice, "New here")
    settled.outlook(alice).create("New there")
    in_step(settled, alice, bob)
    assert here(alice) == sorted(
        ["From Olga", "Made there", "New here", "New there", "Only here", "With Bob"]
    )
    assert there(settled, alice) == sorted(
        ["From Olga", "Made here", "New here", "New there", "Only there", "With Bob"]
    )
    assert new_mails(settled, before) == [(ANA, "update", "Only there")]
    shown = event_states([settled.event(alice, "Only here")], alice)
    (state,) = shown.values()
    assert state == {
        "state": "not_in_outlook",
        "reason": "You chose to sync only what is new.",
    }


def test_what_was_kept_apart_comes_together_after_a_reset_with_all(
    settled: Company, alice: User
) -> None:
    reset(settled, alice, Existing.LEAVE, Next.NEW)
    before = settled.sandbox.mails()
    reset(settled, alice, Existing.LEAVE, Next.ALL)
    assert states(alice) == {"synced"}
    assert settled.sandbox.mails() == before


@pytest.mark.parametrize(
    ("existing", "following", "expected"),
    [
        (Existing.DELETE_LEANSOFT, Next.NEW, ([], ALL)),
        (Existing.DELETE_OUTLOOK, Next.NEW, (ALL, [])),
        (Existing.DELETE_BOTH, Next.NEW, ([], [])),
        (Existing.DELETE_BOTH, Next.ALL, ([], [])),
        # What one side still has, the next sync brings to the other; but nobody is given a copy
        # of somebody else's meeting.
        (Existing.DELETE_LEANSOFT, Next.ALL, (ALL, ALL)),
        (Existing.DELETE_OUTLOOK, Next.ALL, (ALL, ["Made here", "Made there", "With Bob"])),
    ],
)
def test_the_choices_do_what_their_preview_says(
    settled: Company,
    alice: User,
    existing: Existing,
    following: Next,
    expected: tuple[list[str], list[str]],
) -> None:
    foreseen = foresee_reset(settled.mailbox(alice), existing=existing, following=following)
    before = settled.sandbox.mails()
    run = reset(settled, alice, existing, following)
    assert (here(alice), there(settled, alice)) == expected
    assert done_by(run) == lines_of(foreseen)
    assert mailed(foreseen) == sorted((to, kind) for to, kind, _ in new_mails(settled, before))
    after = settled.sandbox.mails()
    settled.sync(alice)
    assert (here(alice), there(settled, alice)) == expected
    assert settled.sandbox.mails() == after


def mailed(plan: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((mail["to"], str(mail["kind"])) for mail in plan["mails"])


def test_what_is_deleted_in_leansoft_is_in_the_archive(settled: Company, alice: User) -> None:
    reset(settled, alice, Existing.DELETE_LEANSOFT, Next.NEW)
    assert here(alice, archived=True) == ALL


def test_a_colleague_follows_what_outlook_carries(settled: Company, alice: User, bob: User) -> None:
    reset(settled, alice, Existing.DELETE_OUTLOOK, Next.ALL)
    in_step(settled, bob, alice)
    assert here(bob) == ["With Bob"]
    # What was cancelled is left to its owner.
    assert there(settled, bob) == ["Canceled: With Bob", "With Bob"]
    assert Event.objects.filter(subject="With Bob").count() == 1


def test_a_deletion_under_way_is_not_forgotten(settled: Company, alice: User) -> None:
    archive_event(settled.event(alice, "Made here"), by=alice, now=clock.now())
    settled.outlook(alice).delete("Made there")
    foreseen = foresee_reset(settled.mailbox(alice), existing=Existing.LEAVE, following=Next.ALL)
    assert mailed(foreseen) == [(ANA, "cancellation")]
    reset(settled, alice, Existing.LEAVE, Next.ALL)
    settled.sync(alice)
    assert here(alice) == there(settled, alice) == ["From Olga", "With Bob"]


def test_a_witness_that_starts_over_moves_the_home(
    settled: Company, alice: User, bob: User
) -> None:
    settled.sandbox.person(OLGA).create("For both", attendees=people(alice.email, bob.email))
    in_step(settled, alice, bob)
    event = settled.event(alice, "For both")
    reset(settled, alice, Existing.LEAVE, Next.ALL)
    in_step(settled, bob, alice)
    settled.sandbox.person(OLGA).update("For both", subject="For both, later")
    in_step(settled, bob, alice)
    event.refresh_from_db()
    assert (event.subject, event.locked) == ("For both, later", True)


def test_an_outage_in_the_middle_only_delays_it(settled: Company, alice: User) -> None:
    settled.sandbox.fault(method="DELETE", path="/events/", when="after", drop=True, skip=1)
    before = settled.sandbox.mails()
    run = start_over(settled.mailbox(alice), existing=Existing.DELETE_OUTLOOK, following=Next.ALL)
    execute(run)
    assert settled.mailbox(alice).order is not None
    settled.sync(alice)
    assert there(settled, alice) == ["Made here", "Made there", "With Bob"]
    kinds = [kind for _, kind, _ in new_mails(settled, before)]
    assert sorted(kinds) == ["cancellation"] * 3 + ["invitation"] * 3
