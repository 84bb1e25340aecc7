"""What an undo would do, shown before it."""

from typing import Any

from django.db import transaction

from leansoft.connections.calendar import open_calendar
from leansoft.kit import clock
from leansoft.sync import journal
from leansoft.sync.apply import plan_of
from leansoft.sync.load import load
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.pull import pull
from leansoft.sync.report import counts_and_mails, plan_line
from leansoft.sync.run import mailbox_lock
from leansoft.sync.undoing import (
    GOES_ON,
    OFF_THERE,
    TOOK_OFF,
    check_can_undo,
    effects_of_undone,
    undo_here,
)


def preview_undo(run: SyncRun, *, invites: bool) -> dict[str, Any]:
    """The undo of this run, in the shape of a run, with `cannot_restore` beside.

    Reads Outlook first. The undo itself is rehearsed by the code that carries it out, in a
    transaction that is taken back. `may_invite`: whether `invites` makes a difference. Raises
    `CannotUndo`, and the errors of `leansoft.graph.errors`.
    """
    check_can_undo(run)
    mailbox = run.mailbox
    with mailbox_lock(mailbox):
        pull(mailbox, open_calendar(mailbox), now=clock.now(), report=lambda *_: None)
        with transaction.atomic():
            rehearsal = SyncRun.objects.create(
                mailbox=mailbox, cause=SyncRun.Cause.UNDO, undoes=run, invites=invites
            )
            rows, may_invite = _rehearse(rehearsal)
            transaction.set_rollback(True)
    return {
        "id": None,
        "state": "queued",
        "undoes": str(run.pk),
        **counts_and_mails(rows),
        "reasons": [],
        "errors": [],
        "cannot_restore": rehearsal.left,
        "may_invite": may_invite,
        "actions": [plan_line(row) for row in rows],
    }


def _rehearse(run: SyncRun) -> tuple[list[SyncAction], bool]:
    there: list[SyncAction | None] = []
    may_invite = False
    for effect in effects_of_undone(run):
        step, link = undo_here(run, effect, now=clock.now())
        if link is None:
            continue
        may_invite |= step.may_invite
        subject = load(run.mailbox, link)
        if step.act in OFF_THERE:
            there.append(journal.row_for(subject, TOOK_OFF))
        elif step.act in GOES_ON:
            there += [journal.row_for(subject, action) for action in plan_of(subject)]
    return [*run.actions.all(), *(row for row in there if row is not None)], may_invite
