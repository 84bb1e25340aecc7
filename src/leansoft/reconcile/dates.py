"""The table, for one date of a series.

The series itself is planned first (`plan`); a date holds only what differs from it, so a new name
for the series and a new name for one date never conflict.

| local \\ remote | here                                | cancelled | gone               |
|-----------------|-------------------------------------|-----------|--------------------|
| here            | field by field                      | –         | take it out here   |
| taken out       | take it out there, unless edited    | agreed    | agreed             |
| withdrawn       | –                                   | –         | –                  |

A date cannot be put back in Outlook, so its deletion there stands. One that waits here yields to a
real edit there. A witness copy speaks for the series: what it shows as cancelled is taken out.
"""

from datetime import date

from leansoft.events.fields import (
    AS_SERIES,
    DATED,
    READ_ONLY,
    SHARED,
    Field,
    Response,
    Role,
    Value,
    Values,
)
from leansoft.events.normalise import same
from leansoft.events.recurrence import slot
from leansoft.reconcile.actions import (
    Action,
    AgreeDate,
    Cause,
    DeclineDateThere,
    DeleteDateThere,
    RemoveDateHere,
    RespondDateThere,
    RestoreDateHere,
    UpdateDateHere,
    UpdateDateThere,
)
from leansoft.reconcile.merge import Decision, Verdict, decide_date
from leansoft.reconcile.snapshot import DateTriple, Presence, Triple

Plan = tuple[Action, ...]
NOTHING: Plan = ()

CONTENT = (SHARED & DATED) - READ_ONLY
"""Fields whose change on one date is an edit of its content."""


def plan_dates(triple: Triple) -> Plan:
    """What to do about the dates of a series whose master both sides hold, or will hold: of one
    that Outlook does not have yet nothing comes in."""
    there = triple.remote is not None and triple.remote.here
    return tuple(
        action
        for day in sorted(triple.dates)
        for action in _plan_date(triple, day, triple.dates[day])
        if there or not isinstance(action, UpdateDateHere)
    )


def dates_edited_there(triple: Triple) -> bool:
    """Whether somebody edited a date in Outlook since both agreed."""
    return any(
        dated.remote.here and not dated.remote.cancelled and _edited_there(triple, dated)
        for dated in triple.dates.values()
    )


def _plan_date(triple: Triple, day: date, dated: DateTriple) -> Plan:
    witness = triple.role is Role.WITNESS
    there = dated.remote.here and not dated.remote.cancelled
    match dated.local.presence:
        case Presence.WITHDRAWN if witness and there:
            return (_restore(day, dated),)
        case Presence.WITHDRAWN | Presence.PUT_AWAY:
            return NOTHING
        case Presence.DELETED:
            return _plan_taken_out_here(triple, day, dated)
        case Presence.HERE if there:
            return _plan_fields(triple, day, dated)
        case Presence.HERE if dated.remote.cancelled and not witness:
            return NOTHING  # the organizer's own mailbox says so too
        case Presence.HERE:
            return (_take_out(triple, day, dated),)


def _take_out(triple: Triple, day: date, dated: DateTriple) -> RemoveDateHere:
    return RemoveDateHere(
        day=day,
        excluded=triple.role is Role.ORGANIZER or dated.remote.cancelled,
        cause=Cause.DELETED_THERE,
        lost={f: v for f, v in dated.local.values.items() if f in CONTENT},
    )


def _plan_taken_out_here(triple: Triple, day: date, dated: DateTriple) -> Plan:
    if not dated.remote.here or dated.remote.cancelled:
        return NOTHING if dated.base.gone else (AgreeDate(day=day, gone=True),)
    if dated.base.gone:
        # It had gone on both sides and is back: they were invited anew.
        return (_restore(day, dated),)
    if triple.role is not Role.ORGANIZER:
        said, known = (side.values.get(Field.RESPONSE) for side in (dated.local, dated.remote))
        declined = said == Response.DECLINED != known
        return (DeclineDateThere(day=day, cause=Cause.DELETED_HERE, send_response=declined),)
    if _edited_there(triple, dated):
        return (_restore(day, dated),)
    return (DeleteDateThere(day=day, cause=Cause.DELETED_HERE),)


def _edited_there(triple: Triple, dated: DateTriple) -> bool:
    """Whether Outlook shows a value that somebody gave to this very date since both agreed."""
    before = dated.base.theirs
    return any(
        not same(f, value, before.get(f, AS_SERIES))
        for f, value in dated.remote.values.items()
        if f in CONTENT & triple.projected
    )


def _restore(day: date, dated: DateTriple) -> RestoreDateHere:
    cause = Cause.EDIT_BEATS_DELETION
    return RestoreDateHere(day=day, values=dated.remote.values, cause=cause)


def _plan_fields(triple: Triple, day: date, dated: DateTriple) -> Plan:
    decisions = decide_date(triple, dated)
    incoming = [d for d in decisions if d.verdict is Verdict.PULL]
    outgoing = [d for d in decisions if d.verdict is Verdict.PUSH]
    agreed = frozenset(d.field for d in decisions if d.verdict is Verdict.AGREED)
    # A new rule may have brought a date back that had gone on both sides.
    known = agreed or dated.base.gone
    actions: list[Action] = [AgreeDate(day=day, fields=agreed)] if known else []
    if incoming:
        actions.append(
            UpdateDateHere(
                day=day,
                values={d.field: d.value for d in incoming},
                cause=_cause(incoming, Cause.CHANGED_THERE),
                lost=_lost(incoming),
            )
        )
    answer = next((d for d in outgoing if d.field is Field.RESPONSE), None)
    if answer is not None:
        response = Response(answer.value)
        actions.append(RespondDateThere(day=day, response=response, cause=Cause.ANSWERED_HERE))
    written = [d for d in outgoing if d.field is not Field.RESPONSE]
    if written:
        actions.append(
            UpdateDateThere(
                day=day,
                values={d.field: _written(triple, day, d) for d in written},
                states={d.field: d.value for d in written},
                cause=_cause(written, Cause.CHANGED_HERE),
                lost=_lost(written),
            )
        )
    return tuple(actions)


def _written(triple: Triple, day: date, decision: Decision) -> Value:
    """Outlook has no word for "as the series": it is given the series' value."""
    if decision.value != AS_SERIES:
        return decision.value
    assert triple.local is not None
    theirs = triple.remote.values if triple.remote else {}
    values = {**theirs, **triple.local.values}
    if decision.field is Field.WHEN:
        return slot(values[Field.WHEN], day)
    return values[decision.field]


def _cause(decisions: list[Decision], one_sided: Cause) -> Cause:
    both = any(d.lost is not None for d in decisions)
    return Cause.CHANGED_ON_BOTH if both else one_sided


def _lost(decisions: list[Decision]) -> Values:
    return {d.field: d.lost for d in decisions if d.lost is not None}
