"""What a run did to each event, all its journal rows taken together. No queries, no clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from leansoft.events.fields import AS_SERIES, Field, Value, Values, typed
from leansoft.events.normalise import same
from leansoft.sync.models import SyncAction

Kind, Side = SyncAction.Kind, SyncAction.Side
Alone = Collection[tuple[UUID, date]]
"""Dates of series to which alone the mailbox's owner is invited."""
Key = tuple[UUID | int, date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field from `before` to `after`. `known`: it had a value before."""

    before: Value
    after: Value
    known: bool
    disputed: bool = False
    """The sides held different values before, so that only one of them can come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOut:
    """A date that left its series, with what was different on it until then. `here_first`: it was
    taken out in Leansoft, and the run told Outlook."""

    here_first: bool
    held: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """`event` is None when its row was removed for good since. `day`: the mailbox's owner is
    invited to this date of the series alone."""

    event: UUID | None
    day: date | None
    subject: str
    created: frozenset[str]
    """Sides that had not shown it before the run, and did after it."""
    deleted: frozenset[str]
    kinds: frozenset[str]
    changes: Mapping[Field, Change]
    answered: bool
    """The person's answer went to the organizer."""
    dates: Mapping[date, Mapping[Field, Change]]
    """Of a series: what changed on single dates, beside what the run did to the whole."""
    dates_out: Mapping[date, DateOut]
    dates_back: frozenset[date]
    """Dates that came back into the series."""
    mails: tuple[Mapping[str, Any], ...]


def effects_of(rows: Iterable[SyncAction], *, alone: Alone = ()) -> list[Effect]:
    """One for each event, in the order in which the run came to it. What was not done has none."""
    by_event: dict[Key, list[SyncAction]] = {}
    for row in rows:
        if row.outcome == SyncAction.Outcome.DONE:
            by_event.setdefault(_key(row, alone), []).append(row)
    return [_effect(found, day) for (_, day), found in by_event.items()]


def _key(row: SyncAction, alone: Alone) -> Key:
    """Rows whose event was removed for good belong to nobody, so each stands alone."""
    if row.event_id is None:
        return row.pk, None
    day = row.occurrence
    return row.event_id, day if day is not None and (row.event_id, day) in alone else None


def _effect(everything: list[SyncAction], day: date | None) -> Effect:
    rows = [row for row in everything if row.occurrence == day]
    dated = [row for row in everything if row.occurrence is not None] if day is None else []
    changed = _dates([row for row in dated if row.kind == Kind.UPDATED and row.after])
    last = {row.occurrence: row for row in dated if row.occurrence and row.kind != Kind.UPDATED}
    return Effect(
        event=everything[0].event_id,
        day=day,
        subject=everything[-1].subject,
        created=_crossed(rows, first=Kind.CREATED, last=Kind.CREATED),
        deleted=_crossed(rows, first=Kind.DELETED, last=Kind.DELETED),
        kinds=frozenset(row.kind for row in rows),
        changes=_changes(rows),
        answered=any(_is_answer(row) for row in rows),
        dates=changed,
        dates_out={
            d: _out(row, changed.get(d, {})) for d, row in last.items() if row.kind == Kind.DELETED
        },
        dates_back=frozenset(d for d, row in last.items() if row.kind == Kind.CREATED),
        mails=tuple(mail for row in everything for mail in row.mails),
    )


def _out(row: SyncAction, changes: Mapping[Field, Change]) -> DateOut:
    before = {f: change.before for f, change in changes.items()}
    # A new rule dropped what was on it: those values are kept as lost.
    shown = {**typed(row.lost), **typed(row.before), **before}
    held = {f: v for f, v in shown.items() if v != AS_SERIES}
    return DateOut(here_first=row.side == Side.OUTLOOK, held=held)


def _crossed(rows: list[SyncAction], *, first: str, last: str) -> frozenset[str]:
    """Sides on which the event's coming and going began and ended so."""
    sides = set()
    for side in Side.values:
        kinds = [r.kind for r in rows if r.side == side and r.kind in {Kind.CREATED, Kind.DELETED}]
        if kinds and (kinds[0], kinds[-1]) == (first, last):
            sides.add(side)
    return frozenset(sides)


def _changes(rows: list[SyncAction]) -> dict[Field, Change]:
    """From the first value to the last. What Leansoft showed before is what comes back."""
    fields = dict.fromkeys(name for row in rows for name in row.after)
    return {Field(name): _change(Field(name), rows) for name in fields}


def _dates(rows: list[SyncAction]) -> dict[date, Mapping[Field, Change]]:
    days = dict.fromkeys(row.occurrence for row in rows if row.occurrence is not None)
    return {day: _changes([row for row in rows if row.occurrence == day]) for day in days}


def equal(field: Field, one: Value, other: Value) -> bool:
    """As `same`; "as the series" is a value of its own."""
    return bool(one == other) if AS_SERIES in (one, other) else same(field, one, other)


def _change(field: Field, rows: list[SyncAction]) -> Change:
    name = str(field)
    written = [row for row in rows if name in row.after]
    firsts = {row.side: row for row in reversed(written)}
    start = firsts.get(Side.LEANSOFT) or firsts[Side.OUTLOOK]
    before = start.before.get(name)
    return Change(
        before=before,
        after=written[-1].after[name],
        known=name in start.before,
        disputed=any(not equal(field, r.before.get(name), before) for r in firsts.values()),
    )


def _is_answer(row: SyncAction) -> bool:
    """An answer is a verb: its row names no values."""
    return row.side == Side.OUTLOOK and row.kind == Kind.UPDATED and not row.after
