"""Writes to one date of a series in Outlook.

A plain occurrence is asked for first: it has an id of its own only where it is shown. The id of one
that differs is known from the reading of the series, and its etag with it; that one is asked for
only where what is written builds on what Outlook holds.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, assert_never

from leansoft.events.fields import AS_SERIES, Field, Response, Values
from leansoft.events.normalise import same
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import Kind, RemoteEvent
from leansoft.graph.errors import Conflict
from leansoft.graph.series import DateState
from leansoft.reconcile.actions import (
    DateActionThere,
    DeclineDateThere,
    DeleteDateThere,
    RespondDateThere,
    UpdateDateThere,
)
from leansoft.reconcile.snapshot import DateBase, DateTriple
from leansoft.sync.models import EventLink
from leansoft.sync.state.dates import agree_date, keep_base, remote_dates
from leansoft.sync.state.trees import remote_event

DATE_ACTIONS = (UpdateDateThere, DeleteDateThere, DeclineDateThere, RespondDateThere)


def states_of(action: DateActionThere) -> Values:
    """What the date says afterwards, "as the series" included."""
    match action:
        case UpdateDateThere():
            return action.states
        case RespondDateThere():
            return {Field.RESPONSE: str(action.response)}
        case DeleteDateThere() | DeclineDateThere():
            return {}
        case _:
            assert_never(action)


def request_for_date(
    calendar: Calendar, link: EventLink, action: DateActionThere, *, comment: str
) -> None:
    """Raises `NotFound` when the date, or the series, is gone; `Conflict` when it is not what the
    plan saw."""
    master = remote_event(link)
    assert master is not None
    instance = _instance(calendar, link, master, action)
    match action:
        case UpdateDateThere():
            calendar.update(
                instance.id,
                action.values,
                etag=instance.etag,
                html_base=instance.html,
                unaddressed=instance.unaddressed,
            )
        case DeleteDateThere():
            calendar.delete(instance.id, etag=instance.etag)
        case DeclineDateThere():
            calendar.respond(
                instance.id,
                Response.DECLINED,
                comment=comment,
                send_response=action.send_response,
            )
        case RespondDateThere():
            calendar.respond(instance.id, action.response, comment=comment)
        case _:
            assert_never(action)


class _Instance(NamedTuple):
    """`html`: the body to splice a new text into, where a join block has to survive."""

    id: str
    etag: str
    html: str | None = None
    unaddressed: Sequence[Mapping[str, Any]] = ()


def _instance(
    calendar: Calendar, link: EventLink, master: RemoteEvent, action: DateActionThere
) -> _Instance:
    known = remote_dates(link).get(action.day)
    written: Values = action.values if isinstance(action, UpdateDateThere) else {}
    if known is None or known.id is None:
        seen = calendar.instance(master.id, master.values[Field.WHEN], action.day)
        changed = seen.kind is Kind.EXCEPTION
    elif Field.BODY in written or Field.ATTENDEES in written:
        seen = calendar.get(known.id)
        changed = seen.etag != known.etag
    else:
        return _Instance(known.id, known.etag)
    if changed:
        raise Conflict("This date of the series is no longer what it was.")
    splices = Field.BODY in written and seen.values.get(Field.ONLINE_MEETING)
    html = seen.html if splices else None
    return _Instance(seen.id, seen.etag, html, seen.unaddressed)


def date_answered(link: EventLink, action: DateActionThere, dated: DateTriple) -> None:
    """Outlook did it: the base learns what was written, and only that."""
    if isinstance(action, DeleteDateThere | DeclineDateThere):
        keep_base(link, action.day, DateBase(gone=True))
        return
    shown = shown_on(link, action.day)
    states = states_of(action)
    if isinstance(action, RespondDateThere):
        # Answering sets show-as in Outlook: a side effect, and a waiting change of ours wins.
        before = dated.base.ours.get(Field.SHOW_AS, AS_SERIES)
        if not same(Field.SHOW_AS, dated.local.values.get(Field.SHOW_AS, AS_SERIES), before):
            agree_date(link, action.day, {Field.SHOW_AS}, dated.base.ours, shown)
    agree_date(link, action.day, states, states, shown)


def date_turned_out(link: EventLink, day: date, kind: str, states: Values) -> bool:
    """An intent whose answer got lost: whether Outlook shows what it asked for. The base learns
    what is there."""
    if kind in {DeleteDateThere.__name__, DeclineDateThere.__name__}:
        gone = day in remote_dates(link) and remote_dates(link)[day].state is DateState.GONE
        if gone:
            keep_base(link, day, DateBase(gone=True))
        return gone
    shown = shown_on(link, day)
    held = [f for f, state in states.items() if same(f, state, shown.get(f, AS_SERIES))]
    agree_date(link, day, held, states, shown)
    return len(held) == len(states)


def shown_on(link: EventLink, day: date) -> Values:
    shown = remote_dates(link).get(day)
    return shown.values if shown is not None else {}
