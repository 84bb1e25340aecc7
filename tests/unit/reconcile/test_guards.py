"""What is out of proportion waits for a person's word."""

import pytest

from leansoft.reconcile.actions import (
    Action,
    ArchiveHere,
    Cause,
    CreateThere,
    DeleteThere,
    UpdateHere,
)
from leansoft.reconcile.forecast import Mail, MailKind
from leansoft.reconcile.guards import (
    NOTHING_HELD,
    Planned,
    examine,
    fingerprint,
    fingerprints,
)

GONE_THERE = ArchiveHere(cause=Cause.DELETED_THERE)
GONE_HERE = DeleteThere(cause=Cause.DELETED_HERE)
EDIT = UpdateHere(values={}, cause=Cause.CHANGED_THERE)
INVITE = CreateThere(values={}, cause=Cause.NEW_HERE)


def plans(
    action: Action, count: int, *, mails: int = 0, announced: bool = False, first: int = 0
) -> list[Planned]:
    sent = tuple(Mail(to=f"{n}@example.org", kind=MailKind.INVITATION) for n in range(mails))
    return [
        Planned(key=first + n, plan=(action,), mails=sent, announced=announced)
        for n in range(count)
    ]


@pytest.mark.parametrize("action", [GONE_THERE, GONE_HERE])
@pytest.mark.parametrize(
    ("count", "agreed", "held"),
    [
        (10, 20, False),  # no more than ten
        (11, 54, True),  # more than a fifth
        (11, 55, False),  # a fifth
        (5, 5, True),  # the whole side
        (4, 4, False),  # too few to be a pattern
        (5, 6, False),
    ],
)
def test_deletions_out_of_proportion_are_held(
    action: Action, count: int, agreed: int, held: bool
) -> None:
    verdict = examine(plans(action, count), agreed=agreed)
    assert verdict.keys == (frozenset(range(count)) if held else frozenset())
    assert bool(verdict.reasons) is held


def test_the_rest_of_the_plan_goes_on() -> None:
    verdict = examine([*plans(GONE_THERE, 20), *plans(EDIT, 3, first=100)], agreed=40)
    assert verdict.keys == frozenset(range(20))


def test_mails_over_the_budget_are_held() -> None:
    assert examine(plans(INVITE, 25, mails=1), agreed=0) == NOTHING_HELD
    assert examine(plans(INVITE, 26, mails=1), agreed=0).keys == frozenset(range(26))
    assert examine(plans(INVITE, 1, mails=26), agreed=0).keys == {0}


def test_announced_mails_are_not_counted() -> None:
    assert examine(plans(INVITE, 40, mails=1, announced=True), agreed=0) == NOTHING_HELD
    mixed = [*plans(INVITE, 40, mails=1, announced=True), *plans(INVITE, 1, mails=26, first=99)]
    assert examine(mixed, agreed=0).keys == {99}


def test_an_approval_covers_one_plan_only() -> None:
    one, other = plans(GONE_THERE, 3), plans(GONE_THERE, 4)
    assert name(one) == name(list(reversed(one)))
    assert name(one) != name(other)
    assert name(one) != name(plans(GONE_HERE, 3))


def name(planned: list[Planned]) -> str:
    return fingerprint(fingerprints(planned))
