"""Plans that wait for their owner's word, and what the owner says.

A guard looks at a round's whole plan before anything of it is written. What it holds becomes a
waiting run that writes nothing; the rest goes on. An approval covers that very plan: if the world
has changed meanwhile, the new plan waits again. A rejection puts the events apart. The owner may
answer for some of the events only: the others then wait on, in a run of their own, however few.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction

from leansoft.kit import clock
from leansoft.reconcile.guards import (
    Held,
    Planned,
    can_be_held,
    examine,
    fingerprint,
    fingerprints,
)
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.preview.previewed import choose_again
from leansoft.sync.show.report import count_lines, plan_line
from leansoft.sync.state.load import Subject, load_in_turn, new_there
from leansoft.sync.write import journal
from leansoft.sync.write.apply import plan_of


def let_through(run: SyncRun, keys: list[int], *, announced: bool) -> list[int]:
    """The links whose plans may be carried out now; the others wait with a run of their own.

    `announced`: a preview has named all mails of this round. When nothing may go on, the run itself
    is the waiting one: see its state.
    """
    if not keys:
        _settle_waiting(run, kept=None)
        return keys
    # What only comes in deletes nothing and mails nobody: a guard need not look.
    new = new_there(run.mailbox)
    looked_at = [key for key in keys if key not in new]
    harmless = len(keys) - len(looked_at)
    planned = []
    for subject in load_in_turn(run.mailbox, looked_at):
        one = _planned(subject, announced)
        if can_be_held(one):
            planned.append(one)
        else:
            harmless += bool(one.plan)
    held = _with_those_left(run, planned, examine(planned, agreed=_agreed(run)))
    approved = _approved(run, planned)
    waiting = [one for one in planned if one.key in held.keys - approved]
    if not waiting:
        _settle_waiting(run, kept=None)
        return keys
    if approved:
        reasons = _with_those_left(run, waiting, examine(waiting, agreed=_agreed(run))).reasons
        held = replace(held, reasons=reasons or held.reasons)
    _wait(run, held, waiting, alone=len(waiting) == len(planned) and not harmless)
    stay = {one.key for one in waiting}
    return [key for key in keys if key not in stay]


def approve(run: SyncRun) -> bool:
    """Lets the plan be carried out, if it is still the same. False when the run does not wait."""
    if run.state != SyncRun.State.WAITING or run.held is None:
        return False
    return _answer(run, state=SyncRun.State.QUEUED, held={**run.held, "approved": True})


@transaction.atomic
def answer_each(run: SyncRun, keys: Collection[int], *, reject_rest: bool) -> bool:
    """As `approve`, for these links only: the others wait on, or are put apart."""
    if run.state != SyncRun.State.WAITING or run.held is None:
        return False
    rest = set(run.held["keys"]) - set(keys)
    left = _left(run.held, rest)
    run.held = _part(run.held, set(run.held["keys"]) - rest)
    if not approve(run):
        return False
    if reject_rest:
        _put_apart(run, rest)
    elif rest:
        waiting = SyncRun(mailbox=run.mailbox, cause=run.cause, state=SyncRun.State.WAITING)
        waiting.held = left
        waiting.save()
    return True


@transaction.atomic
def reject(run: SyncRun, keys: Collection[int] | None = None) -> bool:
    """Puts the events apart: neither side is changed, and no sync repeats the question. A first
    sync goes back to its choices.

    `keys`: only these links; the others wait on.
    """
    if run.state != SyncRun.State.WAITING or run.held is None:
        return False
    if run.held.get("preview"):
        choose_again(run.mailbox)
        run.refresh_from_db()
        return True
    rest = set(run.held["keys"]) - set(run.held["keys"] if keys is None else keys)
    _put_apart(run, set(run.held["keys"]) - rest)
    if rest:
        return _answer(run, held=_left(run.held, rest))
    return _answer(run, state=SyncRun.State.DONE, ended_at=clock.now())


def keys_of(
    run: SyncRun, *, events: Collection[UUID] = (), lines: Collection[int] = ()
) -> set[int]:
    """The waiting links of these events, and of these lines of the plan. Raises `LookupError` when
    one of them does not wait."""
    waiting: set[int] = set((run.held or {}).get("keys", []))
    links = EventLink.objects.filter(pk__in=waiting, event__in=events)
    found = dict(links.values_list("pk", "event_id"))
    if set(found.values()) != set(events) or not waiting.issuperset(lines):
        raise LookupError
    return {*found, *lines}


def _left(held: Mapping[str, Any], keys: set[int]) -> dict[str, Any]:
    """What its owner leaves waiting, also when it alone would not wait."""
    return {**_part(held, keys), "left": True, "reasons": [_left_waiting(len(keys))]}


def _part(held: Mapping[str, Any], keys: set[int]) -> dict[str, Any]:
    """What is held of these links only."""
    plans = {key: plan for key, plan in held["plans"].items() if int(key) in keys}
    lines = [line for line in held["report"]["lines"] if line["key"] in keys]
    return {
        **held,
        "keys": sorted(keys),
        "plans": plans,
        "fingerprint": fingerprint({int(key): plan for key, plan in plans.items()}),
        "report": {**count_lines(lines), "lines": lines},
    }


def _put_apart(run: SyncRun, keys: Collection[int]) -> None:
    links = EventLink.objects.filter(mailbox=run.mailbox, pk__in=keys)
    links.update(state=EventLink.State.APART, reason=EventLink.Apart.REJECTED)


def _answer(run: SyncRun, **change: Any) -> bool:
    waiting = SyncRun.objects.filter(pk=run.pk, state=SyncRun.State.WAITING)
    answered = waiting.update(**change) == 1
    run.refresh_from_db()
    return answered


def _planned(subject: Subject, announced: bool) -> Planned:
    plan = plan_of(subject)
    mails = journal.mails_of(subject, *plan)
    event = subject.event
    by_form = event is not None and event.announced_version == event.version
    return Planned(key=subject.link.pk, plan=plan, mails=mails, announced=announced or by_form)


def _agreed(run: SyncRun) -> int:
    links = EventLink.objects.filter(mailbox=run.mailbox, state=EventLink.State.LIVE)
    return links.filter(base__isnull=False).count()


def _with_those_left(run: SyncRun, planned: list[Planned], held: Held) -> Held:
    """Events that the owner left to decide later wait, also when they alone would not."""
    runs = SyncRun.objects.filter(mailbox=run.mailbox, state=SyncRun.State.WAITING)
    plans = runs.filter(held__left=True).values_list("held", flat=True)
    left = {key for plan in plans if plan is not None for key in plan["keys"]}
    left = left & {one.key for one in planned} - held.keys
    if not left:
        return held
    reasons = (*held.reasons, _left_waiting(len(left)))
    return replace(held, keys=held.keys | left, reasons=reasons)


def _left_waiting(count: int) -> str:
    return f"You left {count} event{'' if count == 1 else 's'} waiting."


def _approved(run: SyncRun, planned: list[Planned]) -> set[int]:
    """The links whose plans the owner has approved, if they are all as they were then."""
    held = run.held or {}
    if not held.get("approved"):
        return set()
    keys = set(held["keys"])
    current = fingerprints(one for one in planned if one.key in keys)
    return keys if fingerprint(current) == held["fingerprint"] else set()


def _wait(run: SyncRun, held: Held, waiting: list[Planned], *, alone: bool) -> None:
    plans = fingerprints(waiting)
    content = {
        "keys": sorted(plans),
        "plans": plans,
        "fingerprint": fingerprint(plans),
        "reasons": list(held.reasons),
        "report": _report(run, waiting),
    }
    others = SyncRun.objects.filter(mailbox=run.mailbox, state=SyncRun.State.WAITING)
    waits = others.exclude(pk=run.pk).first()
    if waits is None and alone:
        run.state, run.held = SyncRun.State.WAITING, content
        run.save(update_fields=["state", "held"])
        return
    if waits is None:
        waits = SyncRun(mailbox=run.mailbox, cause=run.cause, state=SyncRun.State.WAITING)
    waits.held = {**content, "left": bool(waits.held and waits.held.get("left"))}
    waits.save()
    run.held_run = waits
    run.save(update_fields=["held_run"])
    _settle_waiting(run, kept=waits)


def _settle_waiting(run: SyncRun, *, kept: SyncRun | None) -> None:
    """Runs that wait with a plan that nobody makes any more have nothing left to ask."""
    waiting = SyncRun.objects.filter(mailbox=run.mailbox, state=SyncRun.State.WAITING)
    if kept is not None:
        waiting = waiting.exclude(pk=kept.pk)
    waiting.exclude(pk=run.pk).update(state=SyncRun.State.DONE, ended_at=clock.now())


def _report(run: SyncRun, waiting: list[Planned]) -> dict[str, Any]:
    plans = {one.key: one.plan for one in waiting}
    lines = []
    for subject in load_in_turn(run.mailbox, plans):
        for row in journal.rows_for(subject, plans[subject.link.pk]):
            lines.append({**plan_line(row), "key": subject.link.pk})
    return {**count_lines(lines), "lines": lines}
