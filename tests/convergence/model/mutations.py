# ruff: noqa: ARG005 (a broken function does not look at what it is given)
"""The plan, and the little shell around it, broken on purpose in one small way each."""

from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from convergence.model import shell
from convergence.model.outlook import Outlook
from leansoft.events.fields import Values
from leansoft.reconcile import forecast, merge
from leansoft.reconcile import plan as planning
from leansoft.reconcile.snapshot import Presence, Triple

Broken = AbstractContextManager[Any]


def people_resent_as_ours() -> Broken:
    """A change of people sends our list, without those whom only Outlook knows of."""
    return mock.patch.object(merge, "merge_people", lambda pair, ours, theirs: ours)


def withdrawn_taken_for_deleted() -> Broken:
    """What somebody else ended is declined in the attendee's own mailbox too."""
    right = planning._presence

    def presence(triple: Triple) -> Presence:
        found = right(triple)
        return Presence.DELETED if found is Presence.WITHDRAWN else found

    return mock.patch.object(planning, "_presence", presence)


def removals_answered() -> Broken:
    """Whoever takes a meeting off their calendar tells its organizer, unasked."""
    return mock.patch.object(planning, "_declined", return_value=True)


def losers_forgotten() -> Broken:
    """A value that loses a merge is written down nowhere."""
    return mock.patch.object(planning, "_lost", return_value={})


def deletions_undone() -> Broken:
    """What was deleted here comes back whenever Outlook still has it."""
    return mock.patch.object(planning, "changed_there", return_value={"anything"})


def edits_beat_every_deletion() -> Broken:
    """What was deleted in Outlook is created again for the sake of edits that nobody made."""
    return mock.patch.object(planning, "changed_here", return_value={"anything"})


def etag_dropped() -> Broken:
    """Writes go out whatever happened since the event was read."""
    right = Outlook.change

    def change(self: Outlook, copy_id: int, values: Values, etag: int | None = None) -> Any:
        return right(self, copy_id, values)

    return mock.patch.object(Outlook, "change", change)


def marks_forgotten() -> Broken:
    """Each attempt of a create calls itself something else."""
    right = Outlook.create

    def create(self: Outlook, owner: str, label: str, values: Values, mark: str = "") -> Any:
        return right(self, owner, label, values)

    return mock.patch.object(Outlook, "create", create)


def intents_forgotten() -> Broken:
    """A write without an answer is taken for one that did not happen."""

    def forget(self: shell.Shell, box: Any, link: Any) -> None:
        link.intent = None

    return mock.patch.object(shell.Shell, "_settle", forget)


def updates_not_foreseen() -> Broken:
    """Nobody is told beforehand whom a change mails."""
    return mock.patch.object(forecast, "forecast_update", return_value=())


MUTATIONS = [
    people_resent_as_ours,
    withdrawn_taken_for_deleted,
    removals_answered,
    losers_forgotten,
    deletions_undone,
    edits_beat_every_deletion,
    etag_dropped,
    marks_forgotten,
    intents_forgotten,
    updates_not_foreseen,
]
