"""An Outlook that does what it is told, for rehearsals: its answers are put together from what is
known of the real one, so that what a round plans after a write is foreseen too."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from leansoft.calendars.rule_changes import is_new_range
from leansoft.events.fields import AS_SERIES, Field, Response, ShowAs, Value, Values
from leansoft.events.normalise import same
from leansoft.events.recurrence import yields
from leansoft.graph.codec import Kind, RemoteEvent
from leansoft.graph.series import DateState, RemoteSeries, SeriesDate
from leansoft.reconcile.actions import (
    ActionThere,
    CreateThere,
    DeclineDateThere,
    DeclineThere,
    DeleteDateThere,
    DeleteThere,
    RespondDateThere,
    RespondThere,
    UpdateDateThere,
    UpdateThere,
)
from leansoft.reconcile.forecast import MailKind
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.state.dates import remote_dates
from leansoft.sync.state.load import Subject
from leansoft.sync.state.trees import remote_event
from leansoft.sync.write.there import begin, commit_answer

Dates = Mapping[date, SeriesDate]

NOT_ANSWERED = "none"
SHOWN_AS = {
    Response.ACCEPTED: ShowAs.BUSY,
    Response.TENTATIVELY_ACCEPTED: ShowAs.TENTATIVE,
}
"""What an answer makes of the person's availability (operations.md §5)."""


def is_obliged(subject: Subject, action: ActionThere) -> bool:
    """Whether more may be planned after this write than the plan says already: below a series the
    dates wait for their master, and a second half for the cut of the first."""
    event = subject.event
    return event is not None and event.is_series and not isinstance(action, CreateThere)


def oblige(run: SyncRun, subject: Subject, action: ActionThere, *, now: datetime) -> None:
    """Writes down what the round would, as if Outlook had done it. Raises `Stale`."""
    subject = begin(run, subject, action, now=now)
    if isinstance(action, UpdateDateThere) and _is_open(run, subject, action):
        _say_may(subject)
    commit_answer(subject, action, _answer(subject, action))


def _is_open(run: SyncRun, subject: Subject, action: UpdateDateThere) -> bool:
    """Whether the series was written just before, and nobody knows if this date followed it there:
    one that differs may keep what it showed, so that there is less to write."""
    if action.day not in remote_dates(subject.link):
        return False
    rows = run.actions.filter(event=subject.event, side=SyncAction.Side.OUTLOOK, occurrence=None)
    return any(not action.values.keys().isdisjoint(row.after) for row in rows)


def _say_may(subject: Subject) -> None:
    assert subject.link.intent is not None
    row = SyncAction.objects.get(pk=subject.link.intent["action"])
    # Whoever is to be invited to the date anew may be on it still.
    still = [{**m, "kind": MailKind.UPDATE} for m in row.mails if m["kind"] == MailKind.INVITATION]
    row.mails = [{**mail, "certain": False} for mail in [*row.mails, *still]]
    row.save(update_fields=["mails"])


def _answer(subject: Subject, action: ActionThere) -> RemoteSeries | None:
    seen, dates = remote_event(subject.link), remote_dates(subject.link)
    assert seen is not None
    match action:
        case UpdateThere():
            return _updated(seen, dates, action.values)
        case RespondThere():
            values = {**seen.values, **_answered(action.response)}
            return RemoteSeries(master=replace(seen, values=values), dates=dates)
        case UpdateDateThere():
            changed = _changed(seen, dates.get(action.day), action.states)
            return RemoteSeries(master=seen, dates={**dates, action.day: changed})
        case RespondDateThere():
            changed = _changed(seen, dates.get(action.day), _answered(action.response))
            return RemoteSeries(master=seen, dates={**dates, action.day: changed})
        case DeleteDateThere() | DeclineDateThere():
            gone = SeriesDate(state=DateState.GONE)
            return RemoteSeries(master=seen, dates={**dates, action.day: gone})
        case DeleteThere() | DeclineThere():
            return None
        case CreateThere():
            raise AssertionError("A create is foreseen by its plan.")
        case _:
            assert_never(action)


def _updated(seen: RemoteEvent, dates: Dates, values: Values) -> RemoteSeries:
    after: dict[Field, Value] = {**seen.values, **values}
    if Field.ATTENDEES in values:
        after[Field.TALLY] = _tally(seen, values[Field.ATTENDEES])
    kind = Kind.MASTER if after[Field.WHEN].get("rrule") else Kind.SINGLE
    master = replace(seen, values=after, kind=kind)
    kept = _kept(seen.values[Field.WHEN], after[Field.WHEN], dates)
    own = {day: replace(one, values=_own(master, one.values)) for day, one in kept.items()}
    return RemoteSeries(master=master, dates=own)


def _kept(before: Value, after: Value, dates: Dates) -> dict[date, SeriesDate]:
    """A new time or pattern drops what differs; a new range only what lies outside."""
    if before == after:
        return dict(dates)
    if not is_new_range(before, after):
        return {}
    return {day: one for day, one in dates.items() if yields(after, day)}


def _changed(seen: RemoteEvent, known: SeriesDate | None, states: Values) -> SeriesDate:
    known = known or SeriesDate(state=DateState.CHANGED, id="rehearsed")
    values = {**known.values, **states}
    if Field.ATTENDEES in states:
        people = states[Field.ATTENDEES]
        values[Field.TALLY] = AS_SERIES if people == AS_SERIES else _tally(seen, people)
    return replace(known, values=_own(seen, values), id=known.id or "rehearsed")


def _own(master: RemoteEvent, values: Values) -> dict[Field, Value]:
    return {f: value for f, value in values.items() if not _is_as_series(master, f, value)}


def _is_as_series(seen: RemoteEvent, field: Field, value: Value) -> bool:
    return value == AS_SERIES or (field in seen.values and same(field, value, seen.values[field]))


def _tally(seen: RemoteEvent, people: Value) -> dict[str, Value]:
    given = seen.values.get(Field.TALLY, {})
    return {person["email"]: given.get(person["email"], NOT_ANSWERED) for person in people}


def _answered(response: Response) -> dict[Field, Value]:
    shown = SHOWN_AS.get(response)
    own: dict[Field, Value] = {Field.RESPONSE: str(response)}
    return {**own, Field.SHOW_AS: str(shown)} if shown else own
