"""Which part of a plan waits for a person's word.

A plan is only as good as what it was made from. An account that was emptied, a mailbox that cannot
be read, a script gone wild: each looks like a wish. What is out of proportion is held; the rest of
the plan goes on.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from leansoft.reconcile.actions import ArchiveHere, DeclineThere, DeleteThere, RemoveHere
from leansoft.reconcile.forecast import Mail
from leansoft.reconcile.plan import Plan

MOST_DELETIONS = 10
LARGEST_SHARE = 0.2
"""More deletions than both on one side, and they are held."""
SMALLEST_SIDE = 5
"""A side of this many events that is gone all at once is held."""
MOST_MAILS = 25
"""Mails that no form has announced; more are held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One event's plan. `announced`: a form named its mails before a person pressed the button."""

    key: int
    plan: Plan
    mails: tuple[Mail, ...]
    announced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`keys`: the events whose plans wait. `reasons`: why, in words for their owner."""

    keys: frozenset[int]
    reasons: tuple[str, ...]


NOTHING_HELD = Held(keys=frozenset(), reasons=())


def examine(planned: Iterable[Planned], *, agreed: int) -> Held:
    """`agreed`: how many events both sides held when they last agreed."""
    plans = list(planned)
    verdicts = [
        _deletions(_keys_with(plans, ArchiveHere | RemoveHere), agreed, "here", "Outlook"),
        _deletions(_keys_with(plans, DeleteThere | DeclineThere), agreed, "in Outlook", "Leansoft"),
        _mails(plans),
    ]
    keys = frozenset().union(*(verdict.keys for verdict in verdicts))
    return Held(keys=keys, reasons=tuple(r for verdict in verdicts for r in verdict.reasons))


def can_be_held(one: Planned) -> bool:
    """Whether the plan deletes or mails anything; only such plans are ever held."""
    endings = ArchiveHere | RemoveHere | DeleteThere | DeclineThere
    return bool(one.mails) or any(isinstance(action, endings) for action in one.plan)


def fingerprints(planned: Iterable[Planned]) -> dict[int, str]:
    """Names each event's very plan."""
    return {one.key: hashlib.sha256(repr(one.plan).encode()).hexdigest() for one in planned}


def fingerprint(plans: Mapping[int, str]) -> str:
    """Names all these plans together: an approval of them covers no others."""
    lines = [f"{key} {plans[key]}" for key in sorted(plans)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _keys_with(plans: list[Planned], kinds: object) -> frozenset[int]:
    return frozenset(
        one.key
        for one in plans
        if any(isinstance(action, kinds) for action in one.plan)  # type: ignore[arg-type]  # a union of classes
    )


def _deletions(keys: frozenset[int], agreed: int, where: str, gone_from: str) -> Held:
    count = len(keys)
    if agreed >= SMALLEST_SIDE and count >= agreed:
        sentence = f"All {count} events are gone from {gone_from} at once."
        return Held(keys=keys, reasons=(f"{sentence} They would be deleted {where}.",))
    if count > MOST_DELETIONS and count > agreed * LARGEST_SHARE:
        sentence = f"{count} of {agreed} events are gone from {gone_from}"
        return Held(keys=keys, reasons=(f"{sentence}, and would be deleted {where}.",))
    return NOTHING_HELD


def _mails(plans: list[Planned]) -> Held:
    unannounced = [one for one in plans if one.mails and not one.announced]
    count = sum(len(one.mails) for one in unannounced)
    if count <= MOST_MAILS:
        return NOTHING_HELD
    people = len({mail.to for one in unannounced for mail in one.mails})
    sentence = f"Outlook would send {count} mails to {people} people, and nobody was told before."
    return Held(keys=frozenset(one.key for one in unannounced), reasons=(sentence,))
