"""A run as the API and the pages show it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from leansoft.events.fields import Field
from leansoft.sync.models import SyncAction, SyncRun

COUNTED = {
    SyncAction.Kind.CREATED: "created",
    SyncAction.Kind.UPDATED: "updated",
    SyncAction.Kind.DELETED: "deleted",
}


def run_report(run: SyncRun) -> dict[str, Any]:
    """The contract's shape of a run, with its progress and times beside.

    A run that waits has the lines of its plan in `actions`; each has an `id` by which it can be
    answered alone, save those of a first sync, which is answered as a whole.
    """
    actions = list(run.actions.all())
    held = run.held or {}
    refused = [f"{a.subject}: {a.error}" for a in actions if a.outcome == a.Outcome.REFUSED]
    return {
        "id": str(run.pk),
        "state": run.state,
        "cause": run.cause,
        **_planned_or_done(run, actions),
        "reasons": held.get("reasons", []),
        "errors": [*run.errors, *refused],
        "undoes": str(run.undoes_id) if run.undoes_id else None,
        "cannot_restore": run.left,
        "held_run": str(run.held_run_id) if run.held_run_id else None,
        "actions": _waiting_lines(run),
        "progress": run.progress,
        "queued_at": run.queued_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
    }


def plan_report(actions: list[SyncAction]) -> dict[str, Any]:
    """A plan that nobody has started yet, in the shape of a run, with its lines for the page."""
    return {
        "id": None,
        "state": "queued",
        **counts_and_mails(actions),
        "reasons": [],
        "errors": [],
        "actions": [plan_line(action) for action in actions],
    }


def _planned_or_done(run: SyncRun, actions: list[SyncAction]) -> dict[str, Any]:
    """A run that waits has done nothing: it shows what it would do."""
    if run.state != SyncRun.State.WAITING or run.held is None:
        return counts_and_mails(actions)
    return {name: run.held["report"][name] for name in ("pulled", "pushed", "mails")}


def _waiting_lines(run: SyncRun) -> list[dict[str, Any]]:
    if run.state != SyncRun.State.WAITING or run.held is None:
        return []
    lines = [dict(line) for line in run.held["report"]["lines"]]
    return [{"id": line.pop("key", None), **line} for line in lines]


def counts_and_mails(actions: Iterable[SyncAction]) -> dict[str, Any]:
    """How many events changed on each side, and the mails that were foreseen."""
    done = [action for action in actions if action.outcome == SyncAction.Outcome.DONE]
    return {
        "pulled": _count(a.kind for a in done if a.side == SyncAction.Side.LEANSOFT),
        "pushed": _count(a.kind for a in done if a.side == SyncAction.Side.OUTLOOK),
        "mails": [mail for action in done for mail in action.mails],
    }


def count_lines(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """As `counts_and_mails`, of a plan's lines."""
    sides = {"pulled": SyncAction.Side.LEANSOFT, "pushed": SyncAction.Side.OUTLOOK}
    counts = {
        name: _count([line["kind"] for line in lines if line["side"] == side])
        for name, side in sides.items()
    }
    return {**counts, "mails": [mail for line in lines for mail in line["mails"]]}


def plan_line(action: SyncAction) -> dict[str, Any]:
    """One line of a plan, for the page that shows it."""
    return {
        "event": str(action.event_id) if action.event_id else None,
        "subject": action.subject,
        "date": action.occurrence.isoformat() if action.occurrence else None,
        # Null where the time stays: then the event itself has it.
        "when": (action.after or {}).get(Field.WHEN),
        "side": action.side,
        "kind": action.kind,
        "cause": action.cause,
        "mails": action.mails,
    }


def _count(kinds: Iterable[str]) -> dict[str, int]:
    found = Counter(kinds)
    return {name: found[kind] for kind, name in COUNTED.items()}
