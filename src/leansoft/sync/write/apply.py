"""Plans one event after the other and carries the plans out until nothing is left to do.

One action at a time, each only if both sides are still what the plan saw; after each the event is
read and planned again. A plan with nothing in it is what ends an event's turn. Only what comes in
of a series' dates comes in together.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from leansoft.graph.calendar import Calendar
from leansoft.reconcile.actions import (
    Action,
    ActionHere,
    Bookkeeping,
    CreateThere,
    DeclineThere,
    DeleteThere,
    LetGo,
    RespondThere,
    UpdateThere,
)
from leansoft.reconcile.plan import Plan, plan
from leansoft.reconcile.snapshot import Presence
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.state.homes import home_moves, settle_home
from leansoft.sync.state.html import follow_html
from leansoft.sync.state.load import Subject, load
from leansoft.sync.state.refusals import is_date_refused, is_refused, refused_dates
from leansoft.sync.state.rules import expressible, not_in_outlook, version_planned, waits_for_cut
from leansoft.sync.write import journal
from leansoft.sync.write.comments import with_comment
from leansoft.sync.write.date_here import ON_DATES_HERE, OnDateHere
from leansoft.sync.write.date_there import DATE_ACTIONS
from leansoft.sync.write.here import Stale, write_dates, write_here
from leansoft.sync.write.there import write_there

logger = logging.getLogger(__name__)

MOST_ROUNDS = 12
MOST_WRITES = 3
"""For an event, and as many again for each date of a series that differs.

More than any sequence of honest answers needs. An Outlook that never agrees is not chased, least
of all with writes, which may mail people."""

THERE = (CreateThere, UpdateThere, DeleteThere, DeclineThere, RespondThere, *DATE_ACTIONS)


class Unsettled(Exception):
    """The event differed after every write. It waits for the next change on either side."""


def next_action(subject: Subject) -> Action | None:
    """The first thing to do about this event; None when nothing is left."""
    return next(iter(plan_of(subject)), None)


def plan_of(subject: Subject) -> Plan:
    """The plan, leaving out what Outlook has refused before, what it cannot take, and what is done
    already."""
    waits = is_refused(subject) or waits_for_cut(subject)
    return tuple(
        action
        for planned in with_comment(subject, plan(subject.triple))
        if (action := expressible(planned)) is not None
        and not _is_held_back(subject, action, waits)
        and not (isinstance(action, LetGo) and _rests(subject.link))
    )


def _is_held_back(subject: Subject, action: Action, waits: bool) -> bool:
    remote = subject.triple.remote
    absent = remote is None or not remote.here
    stays_here = absent and not_in_outlook(subject) is not None
    if isinstance(action, DATE_ACTIONS):
        # Other dates go on when one is refused, and all of them when the series is.
        missing = absent and (waits or stays_here)
        return missing or is_date_refused(subject, action.day)
    return (waits or stays_here) and isinstance(action, THERE)


def _rests(link: EventLink) -> bool:
    return link.state == EventLink.State.GONE and link.intent is None


def settle_event(
    run: SyncRun, calendar: Calendar, link_id: int, *, clock: Callable[[], datetime]
) -> None:
    """Brings one event to agreement. Raises `Unsettled`, and the errors of `leansoft.graph`
    that concern the whole mailbox."""
    writes = rounds = 0
    while True:
        subject = load(run.mailbox, link_id)
        if home_moves(subject):
            subject = _move_home(run, subject, now=clock())
        if subject.link.reason == EventLink.Apart.ELSEWHERE:
            _take_off_elsewhere(subject.link)
        if subject.link.state == EventLink.State.APART:
            return  # it turned out to be a second copy of another row's meeting
        todo = plan_of(subject)
        if not todo:
            mark_planned(subject)
            return
        rounds += 1
        writes += isinstance(todo[0], THERE)
        scale = 1 + len(subject.triple.dates)
        if rounds > MOST_ROUNDS * scale or writes > MOST_WRITES * scale:
            break
        try:
            _begin(run, calendar, subject, todo, now=clock())
        except Stale:
            logger.info("Event %s changed while it was planned: again.", subject.link.event_id)
    mark_planned(load(run.mailbox, link_id))
    raise Unsettled(f"Link {link_id} did not settle.")


def _take_off_elsewhere(link: EventLink) -> None:
    """Nothing else is done in another calendar of the mailbox."""
    link.state, link.reason = EventLink.State.LIVE, ""
    link.save(update_fields=["state", "reason"])


@transaction.atomic
def _move_home(run: SyncRun, subject: Subject, *, now: datetime) -> Subject:
    """Together with what comes in then: nobody edits meanwhile what Outlook's values replace."""
    assert subject.event is not None
    organizer = subject.event.organizer
    subject = settle_home(subject)
    if subject.event is not None and subject.event.organizer.email != organizer.email:
        journal.note_organizer(run, subject.event, before=organizer)
    for _ in range(MOST_ROUNDS * (1 + len(subject.triple.dates))):
        todo = plan_of(subject)
        if not todo or isinstance(todo[0], THERE):
            break
        write_first_here(run, subject, todo[0], *todo[1:], now=now)
        subject = load(run.mailbox, subject.link.pk)
    return subject


def _begin(
    run: SyncRun, calendar: Calendar, subject: Subject, todo: Plan, *, now: datetime
) -> None:
    """Carries out what comes first."""
    first = todo[0]
    if isinstance(first, THERE):
        write_there(run, calendar, subject, first, now=now)
    else:
        write_first_here(run, subject, first, *todo[1:], now=now)


def write_first_here(
    run: SyncRun, subject: Subject, first: ActionHere | Bookkeeping, *later: Action, now: datetime
) -> None:
    """What comes in of single dates comes in together: there may be hundreds."""
    dates: list[OnDateHere] = []
    for action in (first, *later):
        if not isinstance(action, ON_DATES_HERE):
            break
        dates.append(action)
    if len(dates) > 1:
        write_dates(run, subject, dates, now=now)
    else:
        write_here(run, subject, first, now=now)


def mark_planned(subject: Subject) -> None:
    """Only if Outlook showed nothing new meanwhile; a newer edit here keeps its higher version."""
    link = subject.link
    follow_html(subject)
    # In a filter, None would mean JSON's null.
    shown = Q(remote__isnull=True) if link.remote is None else Q(remote=link.remote)
    EventLink.objects.filter(shown, pk=link.pk).update(
        planned_version=version_planned(subject),
        remote_changed=False,
        refusal=link.refusal if is_refused(subject) else None,
        refused_dates=refused_dates(subject),
    )
    if link.state == EventLink.State.GONE and _is_on_both_sides(subject):
        # Somebody who was taken off, or left, was invited again to the same copy.
        rests = EventLink.objects.filter(pk=link.pk, state=EventLink.State.GONE)
        rests.update(state=EventLink.State.LIVE)


def _is_on_both_sides(subject: Subject) -> bool:
    local, remote = subject.triple.local, subject.triple.remote
    here = local is not None and local.presence is Presence.HERE
    return here and remote is not None and remote.here
