"""What a run did to each event, all its journal rows taken together. No queries, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from leansoft.events.fields import AS_SERIES, Field, Value
from leansoft.events.normalise import same
from leansoft.sync.models import SyncAction

Kind, Side = SyncAction.Kind, SyncAction.Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field from `before` to `after`. `known`: it had a value before."""

    before: Value
    after: Value
    known: bool
    disputed: bool = False
    """The sides held different values before, so that only one of them can come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """`event` is None when its row was removed for good since."""

    event: UUID | None
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
    days_gone: frozenset[date]
    """Dates that left the series, or came back into it."""
    mails: tuple[Mapping[str, Any], ...]


def effects_of(rows: Iterable[SyncAction]) -> list[Effect]:
    """One for each event, in the order in which the run came to it. What was not done has none."""
    done = [row for row in rows if row.outcome == SyncAction.Outcome.DONE]
    first = {_key(row): place for place, row in reversed(list(enumerate(done)))}
    ordered = sorted(done, key=lambda row: (first[_key(row)], row.pk))
    return [_effect(list(group)) for _, group in groupby(ordered, key=_key)]


def _key(row: SyncAction) -> str:
    """Rows whose event was removed for good belong to nobody, so each stands alone."""
    return str(row.event_id or row.pk)


def _effect(everything: list[SyncAction]) -> Effect:
    rows = [row for row in everything if row.occurrence is None]
    return Effect(
        event=everything[0].event_id,
        subject=everything[-1].subject,
        created=_crossed(rows, first=Kind.CREATED, last=Kind.CREATED),
        deleted=_crossed(rows, first=Kind.DELETED, last=Kind.DELETED),
        kinds=frozenset(row.kind for row in rows),
        changes=_changes(rows),
        answered=any(_is_answer(row) for row in rows),
        dates=_dates([row for row in everything if row.kind == Kind.UPDATED and row.after]),
        days_gone=frozenset(
            row.occurrence
            for row in everything
            if row.occurrence is not None and row.kind != Kind.UPDATED
        ),
        mails=tuple(mail for row in everything for mail in row.mails),
    )


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
