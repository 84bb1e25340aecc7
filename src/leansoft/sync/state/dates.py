"""The three trees of a series' dates.

Local: `Override` and `PersonalOverride` rows and the excluded days. Remote: `link.remote["dates"]`,
`{day: SeriesDate}`. Base: `link.base_dates`, `{day: {"gone"} or {"ours", "theirs"}}`. In each, what
is not named is as the series says.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from leansoft.calendars.models import Channel, Event, Override, Participant, PersonalOverride
from leansoft.calendars.overrides import personal_overrides_of, personal_values_on, proposals_on
from leansoft.calendars.values import attendee_value, when_value
from leansoft.events.fields import (
    AS_SERIES,
    DATED,
    PERSONAL,
    Field,
    Role,
    Value,
    Values,
    plain,
    typed,
)
from leansoft.events.normalise import same
from leansoft.events.recurrence import yields
from leansoft.graph.series import DateState, SeriesDate
from leansoft.reconcile.snapshot import (
    DateBase,
    DateTriple,
    LocalDate,
    Presence,
    RemoteDate,
)
from leansoft.sync.models import EventLink

Answers = Callable[[Mapping[str, Value]], dict[str, Value]]
"""Leaves only the answers that the organizer's copy knows best."""


def remote_dates(link: EventLink) -> dict[date, SeriesDate]:
    """What Outlook last showed of the dates that are not as the master."""
    stored = (link.remote or {}).get("dates") or {}
    return {
        date.fromisoformat(day): msgspec.convert(one, SeriesDate) for day, one in stored.items()
    }


def stored_dates(dates: Mapping[date, SeriesDate]) -> dict[str, Any]:
    return {day.isoformat(): msgspec.to_builtins(one) for day, one in dates.items()}


def base_dates(link: EventLink) -> dict[date, DateBase]:
    return {date.fromisoformat(day): _base(one) for day, one in link.base_dates.items()}


def _base(stored: Mapping[str, Any]) -> DateBase:
    ours, theirs = (typed(stored.get(side, {})) for side in ("ours", "theirs"))
    return DateBase(gone=stored.get("gone", False), ours=ours, theirs=theirs)


def keep_base(link: EventLink, day: date, base: DateBase) -> None:
    """Puts the base of one date into the link; one that says nothing takes no room."""
    stored = dict(link.base_dates)
    stored.pop(day.isoformat(), None)
    if base.gone:
        stored[day.isoformat()] = {"gone": True}
    elif base.ours or base.theirs:
        stored[day.isoformat()] = {"ours": plain(base.ours), "theirs": plain(base.theirs)}
    link.base_dates = stored


def agree_date(
    link: EventLink, day: date, fields: Iterable[Field], ours: Values, theirs: Values
) -> None:
    """Both sides hold these values of the date now; a field that is not in them is as the
    series."""
    before = _base(link.base_dates.get(day.isoformat(), {}))
    sides = []
    for known, now in ((before.ours, ours), (before.theirs, theirs)):
        side = dict(known)
        for f in fields:
            side.pop(f, None)
            if now.get(f, AS_SERIES) != AS_SERIES:
                side[f] = now[f]
        sides.append(side)
    keep_base(link, day, DateBase(ours=sides[0], theirs=sides[1]))


def keep_own_base(link: EventLink) -> None:
    """The home of the content moved: only what the person has of their own still holds."""
    for day, base in base_dates(link).items():
        keep_base(link, day, DateBase(ours=_own(base.ours), theirs=_own(base.theirs)))


def _own(values: Values) -> Values:
    return {f: value for f, value in values.items() if f in PERSONAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """A series as one mailbox has to show it. `projected`: the fields that live there; `skew`: how
    far this clock runs ahead of Microsoft's."""

    event: Event
    person: Participant | None
    role: Role
    projected: frozenset[Field]
    tally: Answers
    skew: timedelta


def triples_of_dates(link: EventLink, view: SeriesView) -> dict[date, DateTriple]:
    """Every date of the series that is, or was, not simply as the series says."""
    local = _local_dates(view)
    usual = view.tally(_shown(link).get(str(Field.TALLY), {}))
    remote = {day: _remote_date(one, view, usual) for day, one in remote_dates(link).items()}
    base = base_dates(link)
    return {
        day: DateTriple(
            local=local.get(day, LocalDate()),
            remote=remote.get(day, RemoteDate()),
            base=base.get(day, DateBase()),
        )
        for day in local.keys() | remote.keys() | base.keys()
        if _is_date_of_both(link, view.event, day)
    }


def _is_date_of_both(link: EventLink, event: Event, day: date) -> bool:
    """Whatever else is known of a day that a new rule does not yield is of the past."""
    shown = _shown(link).get(str(Field.WHEN))
    rules = [when_value(event), *([shown] if shown and shown.get("rrule") else [])]
    return all(yields(when, day) for when in rules)


def _shown(link: EventLink) -> Mapping[str, Value]:
    """What Outlook last showed of the series itself."""
    event = (link.remote or {}).get("event") or {}
    values: Mapping[str, Value] = event.get("values", {})
    return values


def _remote_date(seen: SeriesDate, view: SeriesView, usual: Value) -> RemoteDate:
    """`usual`: the answers to the series."""
    values = {f: value for f, value in seen.values.items() if f in view.projected}
    if Field.TALLY in values:
        values[Field.TALLY] = view.tally(values[Field.TALLY])
        if same(Field.TALLY, values[Field.TALLY], usual):
            # It differs only in those whose own copies we read.
            del values[Field.TALLY]
    return RemoteDate(
        here=seen.state is not DateState.GONE,
        cancelled=seen.state is DateState.CANCELLED,
        values=values,
        modified_at=seen.modified_at,
    )


def _local_dates(view: SeriesView) -> dict[date, LocalDate]:
    event, person = view.event, view.person
    shared = {row.date: row for row in event.overrides.all()}
    own = personal_overrides_of(person) if person is not None else {}
    answered = _days_with_answers(event) if Field.TALLY in view.projected else set()
    days = shared.keys() | own.keys() | set(event.excluded) | answered
    return {day: _local_date(view, day, shared.get(day), own.get(day)) for day in days}


def _local_date(
    view: SeriesView, day: date, shared: Override | None, own: PersonalOverride | None
) -> LocalDate:
    content = shared if view.role is not Role.ATTENDEE else None
    rows = [row for row in (content, own) if row is not None]
    held = {f: value for row in rows for f, value in typed(row.values).items()}
    if Field.ATTENDEES in held:
        held[Field.ATTENDEES] = _told(view.event, held[Field.ATTENDEES])
        usual = _told(view.event, map(attendee_value, view.event.attendees))
        if same(Field.ATTENDEES, held[Field.ATTENDEES], usual):
            # It differs only in people of whom Outlook never hears.
            del held[Field.ATTENDEES]
    held |= _tally_on(view, day, shared)
    if proposals := proposals_on(view.event, day):
        held[Field.PROPOSALS] = proposals
    edits = {f: at for row in rows for f, at in row.edited_at.items()}
    return LocalDate(
        presence=_presence(view, day, shared, own),
        values={f: value for f, value in held.items() if f in view.projected},
        edited_at={Field(f): datetime.fromisoformat(at) - view.skew for f, at in edits.items()},
    )


def _is_invited(view: SeriesView, shared: Override | None) -> bool:
    """Whether the date's own list of people, if it has one, names this person."""
    people = shared.values.get(str(Field.ATTENDEES)) if shared is not None else None
    if people is None or view.person is None or view.person.is_organizer:
        return True
    return any(person["email"] == view.person.email for person in people)


def _presence(
    view: SeriesView, day: date, shared: Override | None, own: PersonalOverride | None
) -> Presence:
    organizes = view.role is Role.ORGANIZER
    if day in view.event.excluded or not _is_invited(view, shared):
        return Presence.DELETED if organizes else Presence.WITHDRAWN
    taken_off = own is not None and own.removed_at is not None
    return Presence.DELETED if taken_off and not organizes else Presence.HERE


def _days_with_answers(event: Event) -> set[date]:
    """Dates for which somebody gave an answer of their own, or proposed another time."""
    return {
        row.date
        for person in event.participants.all()
        if not person.is_organizer
        for row in person.overrides.all()
        if str(Field.RESPONSE) in row.values or row.proposed
    }


def _tally_on(view: SeriesView, day: date, shared: Override | None) -> dict[Field, Value]:
    """The answers for this date where they are not as for the series."""
    named = shared.values.get(str(Field.ATTENDEES)) if shared is not None else None
    people = [p for p in view.event.participants.all() if not p.is_organizer and p.email]
    if named is None:
        people = [person for person in people if not person.is_guest]
    else:
        addresses = {person["email"] for person in named}
        people = [person for person in people if person.email in addresses]
    answers = {str(p.email): personal_values_on(p, day)[Field.RESPONSE] for p in people}
    usual = {p.email: p.response for p in view.event.attendees if p.email}
    on_this_date = view.tally(answers)
    if same(Field.TALLY, on_this_date, view.tally(usual)):
        return {}
    return {Field.TALLY: on_this_date}


def _told(event: Event, people: Iterable[Value]) -> list[Value]:
    """Of the people on one date, those whom Outlook tells."""
    quiet = {p.email for p in event.participants.all() if p.channel != Channel.OUTLOOK}
    return [person for person in people if person["email"] and person["email"] not in quiet]


def let_master_through(
    link: EventLink, dates: Mapping[date, DateTriple], *, starts_over: bool
) -> None:
    """What the re-read after a write of ours to the master shows below it is nobody's edit: it
    comes in, except where a change or deletion waits here. `starts_over`: the rule or the time
    changed, so that whatever stands on a date here was put there since."""
    shown = remote_dates(link)
    if starts_over:
        link.base_dates = {}
    for day, dated in dates.items():
        base = DateBase() if starts_over else dated.base
        waiting = {
            f
            for f in DATED
            if not same(f, dated.local.values.get(f, AS_SERIES), base.ours.get(f, AS_SERIES))
        }
        if dated.local.presence is Presence.DELETED:
            waiting = set(DATED)
        if not waiting or base.gone:
            continue
        now = shown[day].values if day in shown else {}
        agree_date(link, day, waiting, base.ours, now)


def forget_local_change(link: EventLink, dates: Mapping[date, DateTriple]) -> None:
    """Outlook's rule stands, and ours fell with its dates: what is missing since is no edit, and
    comes in again where Outlook still has it."""
    for day, dated in dates.items():
        if not dated.base.gone:
            ours, theirs = (
                {f: v for f, v in side.items() if f in dated.local.values}
                for side in (dated.base.ours, dated.base.theirs)
            )
            keep_base(link, day, replace(dated.base, ours=ours, theirs=theirs))
