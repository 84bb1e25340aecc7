"""Plans that wait for their owner's word, and what the owner says.

A guard looks at a round's whole plan before anything of it is written. What it holds becomes a
waiting run that writes nothing; the rest goes on. An approval covers that very plan: if the world
has changed meanwhile, the new plan waits again. A rejection puts the events apart.
"""

from typing import Any

from django.db import transaction

from leansoft.kit import clock
from leansoft.reconcile.guards import Held, Planned, can_be_held, examine, fingerprint
from leansoft.sync import journal
from leansoft.sync.apply import plan_of
from leansoft.sync.load import Subject, load_in_turn, new_there
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.report import counts_and_mails


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
    held = examine(planned, agreed=_agreed(run))
    waiting = [one for one in planned if one.key in held.keys]
    if not waiting or _is_approved(run, waiting):
        _settle_waiting(run, kept=None)
        return keys
    _wait(run, held, waiting, alone=len(waiting) == len(planned) and not harmless)
    return [key for key in keys if key not in held.keys]


def approve(run: SyncRun) -> bool:
    """Lets the plan be carried out, if it is still the same. False when the run does not wait."""
    if run.state != SyncRun.State.WAITING or run.held is None:
        return False
    return _answer(run, state=SyncRun.State.QUEUED, held={**run.held, "approved": True})


@transaction.atomic
def reject(run: SyncRun) -> bool:
    """Puts the events apart: neither side is changed, and no sync repeats the question."""
    if run.state != SyncRun.State.WAITING or run.held is None:
        return False
    links = EventLink.objects.filter(mailbox=run.mailbox, pk__in=run.held["keys"])
    links.update(state=EventLink.State.APART, reason=EventLink.Apart.REJECTED)
    return _answer(run, state=SyncRun.State.DONE, ended_at=clock.now())


def _answer(run: SyncRun, **change: Any) -> bool:
    waiting = SyncRun.objects.filter(pk=run.pk, state=SyncRun.State.WAITING)
    answered = waiting.update(**change) == 1
    run.refresh_from_db()
    return answered


def _planned(subject: Subject, announced: bool) -> Planned:
    plan = plan_of(subject)
    mails = [mail for action in plan for mail in journal.mails_of(subject, action)]
    event = subject.event
    by_form = event is not None and event.announced_version == event.version
    return Planned(
        key=subject.link.pk, plan=plan, mails=tuple(mails), announced=announced or by_form
    )


def _agreed(run: SyncRun) -> int:
    links = EventLink.objects.filter(mailbox=run.mailbox, state=EventLink.State.LIVE)
    return links.filter(base__isnull=False).count()


def _is_approved(run: SyncRun, waiting: list[Planned]) -> bool:
    held = run.held or {}
    return bool(held.get("approved")) and held["fingerprint"] == fingerprint(waiting)


def _wait(run: SyncRun, held: Held, waiting: list[Planned], *, alone: bool) -> None:
    content = {
        "keys": sorted(held.keys),
        "fingerprint": fingerprint(waiting),
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
    waits.held = content
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
    rows: list[SyncAction] = []
    plans = {one.key: one.plan for one in waiting}
    for subject in load_in_turn(run.mailbox, plans):
        found = (journal.row_for(subject, action) for action in plans[subject.link.pk])
        rows += [row for row in found if row is not None]
    lines = [
        {"subject": row.subject, "side": row.side, "kind": row.kind, "mails": row.mails}
        for row in rows
    ]
    return {**counts_and_mails(rows), "lines": lines}
