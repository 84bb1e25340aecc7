"""How long changes take from one calendar to the other, measured on the last of them.

Each row of the journal says when the other side was changed: in Outlook by its timestamp, put on
this clock, and here by the stamps of the fields that were written. What Outlook does not date, such
as a deletion, is not measured.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.reconcile.actions import (
    Action,
    CreateThere,
    DeclineThere,
    DeleteThere,
    RespondDateThere,
    RespondThere,
)
from leansoft.reconcile.snapshot import Local, LocalDate
from leansoft.sync.models import SyncAction
from leansoft.sync.state.load import Subject
from leansoft.sync.state.trees import is_here, remote_event

LAST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Of the last changes in one direction, in seconds."""

    count: int
    median: float
    worst: float


def delays(mailbox: Mailbox) -> dict[str, Delay | None]:
    """By where the changes were made; None when none was measured yet."""
    return {
        "outlook": _measured(mailbox, SyncAction.Side.LEANSOFT),
        "leansoft": _measured(mailbox, SyncAction.Side.OUTLOOK),
    }


def changed_at(subject: Subject, action: Action, side: str) -> datetime | None:
    """When the side that this action follows was changed, by this clock."""
    skew = timedelta(seconds=subject.mailbox.clock_skew_seconds)
    there = side == SyncAction.Side.OUTLOOK
    moment = _edited_here(subject, action) if there else _modified_there(subject, action)
    return moment + skew if moment is not None else None


def _measured(mailbox: Mailbox, side: str) -> Delay | None:
    # What is older than the connection had nothing to wait for.
    rows = SyncAction.objects.filter(
        run__mailbox=mailbox,
        side=side,
        outcome=SyncAction.Outcome.DONE,
        changed_at__gte=mailbox.started_at or mailbox.connected_at,
    ).order_by("-pk")
    seconds = [
        max((at - changed).total_seconds(), 0.0)
        for at, changed in rows.values_list("at", "changed_at")[:LAST]
        if changed is not None
    ]
    if not seconds:
        return None
    return Delay(count=len(seconds), median=median(seconds), worst=max(seconds))


def _modified_there(subject: Subject, action: Action) -> datetime | None:
    """By Microsoft's clock."""
    day = getattr(action, "day", None)
    if day is not None:
        return subject.triple.dates[day].remote.modified_at if day in subject.triple.dates else None
    seen = remote_event(subject.link)
    return seen.modified_at if seen is not None and is_here(subject.link) else None


def _edited_here(subject: Subject, action: Action) -> datetime | None:
    """By Microsoft's clock, as all stamps of the local tree."""
    skew = timedelta(seconds=subject.mailbox.clock_skew_seconds)
    event, person = subject.event, subject.person
    match action:
        case DeleteThere():
            moment = event.archived_at if event is not None else None
        case DeclineThere():
            moment = person.removed_at if person is not None else None
        case CreateThere():
            # One that comes back was not made just now.
            is_new = event is not None and event.incarnation == 1 and not action.again
            moment = event.created_at if event is not None and is_new else None
        case _:
            return _last_stamp(subject, action)
    return moment - skew if moment is not None else None


def _last_stamp(subject: Subject, action: Action) -> datetime | None:
    day = getattr(action, "day", None)
    local: Local | LocalDate | None = subject.triple.local
    if day is not None:
        local = subject.triple.dates[day].local if day in subject.triple.dates else None
    answers = isinstance(action, RespondThere | RespondDateThere)
    written = {Field.RESPONSE} if answers else set(getattr(action, "values", {}))
    stamps = local.edited_at if local is not None else {}
    return max((at for field, at in stamps.items() if field in written), default=None)
