"""A run about a series and its dates is taken back: both sides show again what they showed before,
date by date, but for what the undo's preview listed; and taking that back does it all again.

Checked without the journal, by what people see. People do to a series whatever they may do, here
and in Outlook (`support.series_acts`), before the run and perhaps after it.
"""

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from convergence.series import disagreements, new_history
from leansoft.accounts.models import User
from leansoft.calendars.domain.errors import CalendarError
from leansoft.calendars.models import Event
from leansoft.calendars.occurrences import occurrences
from leansoft.calendars.queries import events_for
from leansoft.kit import clock
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.run import execute
from leansoft.sync.show.report import plan_line
from leansoft.sync.tasks import undo_later
from leansoft.sync.undo.preview import preview_undo
from leansoft.sync.undo.undoing import CannotUndo, check_can_undo
from support.pictures import Picture, facts_here, seen_there, surprises
from support.series_acts import ACTS
from support.series_history import (
    History,
    Nothing,
    comes_by_itself,
    line_of,
)

Sides = tuple[Picture, Picture]


def play_seed(seed: int) -> tuple[list[str], list[str]]:
    """The story, and what is wrong."""
    with new_history(seed) as history:
        history.trouble = 0
        return history.story, list(_play(history))


def _play(h: History) -> Iterator[str]:
    for user in (h.alice, h.bob):
        h.sync(user)
    _act(h, h.random.choice([1, 3, 6]))
    h.settle()
    _act(h, h.random.choice([1, 1, 2, 3]))
    user = h.random.choice([h.alice, h.alice, h.alice, h.bob])
    before = _sides(h, user)
    run = h.sync(user)
    after = _sides(h, user)
    if h.random.random() < 0.3:
        _act(h, 1)
        h.sync(user)
    then = _sides(h, user)
    invites = h.random.random() < 0.3
    undo, now = yield from _undo(h, user, run, (before, after, then), invites=invites)
    if undo is not None:
        h.tell("--- and that")
        yield from _undo(h, user, undo, (then, now, _sides(h, user)), invites=False)


def _act(h: History, times: int) -> None:
    for _ in range(times):
        act = h.random.choice(ACTS)
        h.tell(act.__name__)
        with suppress(CalendarError, Nothing, httpx.HTTPError, AssertionError):
            act(h)


def _undo(
    h: History, user: User, run: SyncRun, seen: tuple[Sides, Sides, Sides], *, invites: bool
) -> Generator[str, None, tuple[SyncRun | None, Sides]]:
    """Finds what is wrong; answers the undo, unless there is nothing to take back."""
    try:
        check_can_undo(run)
    except CannotUndo as cannot:
        h.tell(str(cannot))
        return None, seen[2]
    h.tell(f"--- {user.name} takes it back{', with invitations' if invites else ''}")
    foreseen = preview_undo(run, invites=invites)
    sent = len(h.company.sandbox.mails())
    undo = undo_later(run, invites=invites)
    execute(undo, clock=clock.now)
    h.tell(f"  {undo.state} {undo.errors}")
    for row in undo.actions.all():
        h.tell(f"  {row.side} {row.kind} {row.occurrence or ''} {row.subject} {row.after}")
    for one in foreseen["cannot_restore"]:
        h.tell(f"  not restored: {one['subject']}: {one['reason']}")
    now = _sides(h, user)
    yield from _differences(undo, foreseen)
    yield from _mails(h.company.sandbox.mails()[sent:], foreseen["mails"])
    for side, (old, new, last, shown) in enumerate(zip(*seen, now, strict=True)):
        for found in surprises(old, new, last, shown, foreseen["cannot_restore"]):
            yield f"{'in Outlook' if side else 'here'}: {found}"
    yield from _rests(h, user)
    return undo, now


def _differences(undo: SyncRun, foreseen: dict[str, Any]) -> Iterator[str]:
    if undo.state != SyncRun.State.DONE:
        yield f"failed: {undo.errors}"
    rows = list(undo.actions.all())
    guessed = any(_is_of_series(plan_line(row)) for row in rows)
    said, done, ours = (
        Counter(_line(line, guessed) for line in lines)
        for lines in (
            foreseen["actions"],
            map(plan_line, rows),
            (plan_line(row) for row in rows if not comes_by_itself(row, rows)),
        )
    )
    yield from (f"unforeseen: {line}" for line in ours - said)
    # What comes back after a write is Outlook's to say, and only guessed.
    owed = (line for line in said - done if line[1:3] != ("leansoft", "updated"))
    yield from (f"foreseen, not done: {line}" for line in owed if GUESSED not in line)


GUESSED = "as Outlook shows the date after its series was written"


def _is_of_series(line: dict[str, Any]) -> bool:
    return bool(line["side"] == "outlook" and line["kind"] == "updated" and not line["date"])


def _line(line: dict[str, Any], guessed: bool) -> Any:
    subject, side, kind, day, mails = line_of(line)
    if guessed and day and (side, kind) == ("outlook", "updated"):
        return subject, side, kind, day, GUESSED
    return subject, side, kind, day, mails


def _mails(sent: list[tuple[str, str, str]], foreseen: list[dict[str, Any]]) -> Iterator[str]:
    mails = Counter((to, kind) for to, kind, _ in sent)
    will = Counter((m["to"], m["kind"]) for m in foreseen if m["certain"])
    may = Counter((m["to"], m["kind"]) for m in foreseen)
    yield from (f"mail foreseen, and not sent: {one}" for one in will - mails)
    yield from (f"mail sent, and not foreseen: {one}" for one in mails - may)


def _rests(h: History, user: User) -> Iterator[str]:
    """The next round writes nothing, and what is in step is the same on both sides."""
    rows = [str(row) for row in h.sync(user).actions.all()]
    if rows:
        yield f"the next round writes: {rows}"
    h.settle()
    if not EventLink.objects.filter(state=EventLink.State.APART).exists():
        yield from disagreements(h)


# What both sides show, date by date


def _sides(h: History, user: User) -> Sides:
    return _here(h, user), _there(h, user)


def _here(h: History, user: User) -> Picture:
    found: dict[Any, dict[str, Any]] = {}

    def mine(event: Event) -> Any:
        people = event.participants.all()
        return next((p for p in people if p.user_id == user.pk and p.removed_at is None), None)

    for event in events_for(user).filter(participants__user=user):
        if event.is_series and (person := mine(event)) is not None:
            found[event.pk, None] = facts_here(event, person, event.starts_at)
        for one in occurrences(event, h.stretch, only=lambda e: mine(e) is not None):
            if (person := mine(one.event)) is not None:
                found[event.pk, one.day] = facts_here(one.event, person, one.starts_at)
    return found


def _there(h: History, user: User) -> Picture:
    copies = h.outlooks[user.pk].ask("GET", f"/me/calendarView?{h.window}")["value"]
    links = EventLink.objects.filter(mailbox__user=user, event__isnull=False)
    known = {link.remote_id: link for link in links.select_related("event")}
    found: dict[Any, dict[str, Any]] = {}
    for copy in copies:
        link = known.get(copy["seriesMasterId"] or copy["id"])
        if link is not None and not copy["isCancelled"]:
            found[link.event_id, link.date or _day(copy, link.event)] = seen_there(copy)
    return found


def _day(copy: dict[str, Any], event: Event | None) -> date | None:
    assert event is not None
    if not copy["seriesMasterId"]:
        return None
    start = datetime.fromisoformat(copy["originalStart"])
    place = event.time_zone if not event.all_day else ""
    return start.astimezone(ZoneInfo(place)).date() if place else start.date()
