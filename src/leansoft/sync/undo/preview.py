"""What an undo would do, shown before it."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from leansoft.connections.calendar import open_calendar
from leansoft.kit import clock
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.preview.rehearse import rehearse_event
from leansoft.sync.read.pull import pull
from leansoft.sync.run import mailbox_lock
from leansoft.sync.show.report import counts_and_mails, plan_line
from leansoft.sync.show.status import held_links
from leansoft.sync.state.load import Subject, load_in_turn
from leansoft.sync.undo.effects import Effect
from leansoft.sync.undo.undoing import (
    GOES_ON,
    OFF_THERE,
    TOOK_OFF,
    check_can_undo,
    effects_of_undone,
    links_of,
    name_of,
    take_back,
)
from leansoft.sync.write import journal


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
    keys: list[int] = []
    may_invite = False
    held = held_links(run.mailbox)
    for effect, subject in _subjects(run):
        taken = take_back(run, effect, subject, held=held, now=clock.now())
        may_invite |= taken.step.may_invite
        keys += taken.singles
        if subject is not None and taken.step.act in OFF_THERE:
            there.append(journal.row_for(subject, TOOK_OFF))
        elif subject is not None and taken.step.act in GOES_ON:
            keys.append(subject.link.pk)
    for subject in load_in_turn(run.mailbox, keys):
        there += rehearse_event(run, subject, clock.now())
    return [*run.actions.all(), *(row for row in there if row is not None)], may_invite


def _subjects(run: SyncRun) -> Iterator[tuple[Effect, Subject | None]]:
    effects = effects_of_undone(run)
    links = links_of(run.mailbox, effects)
    loaded = load_in_turn(run.mailbox, [links[n] for n in map(name_of, effects) if n in links])
    for effect in effects:
        yield effect, next(loaded) if name_of(effect) in links else None
