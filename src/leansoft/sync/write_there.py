"""Carries out the part of a plan that writes in Outlook.

Each write is: intent committed, request, answer committed. An intent that has no answer is settled
by reading before the event is planned again, so a crash or a lost answer repeats nothing.
"""

from datetime import datetime
from typing import assert_never

from django.db import transaction

from leansoft.events.fields import Field, Response, Values
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import RemoteEvent
from leansoft.graph.errors import Conflict, DuplicateTransaction, NotFound, Refused
from leansoft.reconcile.actions import (
    ActionThere,
    CreateThere,
    DeclineThere,
    DeleteThere,
    RespondThere,
    UpdateThere,
)
from leansoft.sync import journal
from leansoft.sync.load import Subject
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.observe import ask
from leansoft.sync.refusals import refuse
from leansoft.sync.trees import agree, plain, remote_event, show, show_gone, typed
from leansoft.sync.write_here import Stale, hold


def write_there(
    run: SyncRun, calendar: Calendar, subject: Subject, action: ActionThere, *, now: datetime
) -> None:
    """Raises `Stale` when either side changed since it was loaded, and the errors of
    `leansoft.graph.errors` that concern the mailbox rather than this event."""
    _commit_intent(subject, action, now)
    try:
        seen = _request(calendar, subject, action)
    except Conflict as conflict:
        _forget_intent(subject.link)
        assert subject.link.remote_id is not None
        ask(subject.mailbox, calendar, subject.link.remote_id)
        raise Stale from conflict
    except NotFound as missing:
        _gone(subject.link)
        raise Stale from missing
    except Refused as refusal:
        refuse(subject, refusal)
        outcome = SyncAction.Outcome.REFUSED
        journal.record(run, subject, action, outcome=outcome, error=refusal.sentence)
        return
    _commit_answer(run, subject, action, seen)


@transaction.atomic
def _commit_intent(subject: Subject, action: ActionThere, now: datetime) -> None:
    hold(subject)
    link = subject.link
    if isinstance(action, CreateThere):
        _begin_incarnation(subject, action)
    values = plain(getattr(action, "values", {}))
    link.intent = {"kind": type(action).__name__, "values": values, "at": now.isoformat()}
    if isinstance(action, RespondThere):
        link.intent["values"] = {str(Field.RESPONSE): str(action.response)}
    link.save()


def _begin_incarnation(subject: Subject, action: CreateThere) -> None:
    event, link = subject.event, subject.link
    assert event is not None
    if action.again:
        event.incarnation += 1
        event.save(update_fields=["incarnation"])
    link.incarnation, link.epoch = event.incarnation, event.epoch
    link.base, link.remote, link.remote_id = None, None, None
    link.state = EventLink.State.LIVE


def _request(calendar: Calendar, subject: Subject, action: ActionThere) -> RemoteEvent | None:
    """The event as Outlook answers it; None when it is gone by our own act."""
    link = subject.link
    if isinstance(action, CreateThere):
        return create(calendar, link, action.values)
    seen = remote_event(link)
    assert seen is not None
    match action:
        case UpdateThere():
            html = _current_html(calendar, seen, action.values)
            return calendar.update(seen.id, action.values, etag=seen.etag, html_base=html)
        case DeleteThere():
            calendar.delete(seen.id, etag=seen.etag)
            return None
        case DeclineThere():
            answer = Response.DECLINED
            calendar.respond(seen.id, answer, send_response=action.send_response)
            return None
        case RespondThere():
            calendar.respond(seen.id, action.response)
            return calendar.get(seen.id)
        case _:
            assert_never(action)


def create(calendar: Calendar, link: EventLink, values: Values) -> RemoteEvent:
    """Creates the event at most once, however often it is called for one incarnation.

    Raises `NotFound` when Outlook created it earlier and has lost it since.
    """
    name = transaction_id(link)
    try:
        return calendar.create(values, transaction_id=name, marker=name)
    except DuplicateTransaction as duplicate:
        if duplicate.existing_id is None:
            raise NotFound("Created before, and Outlook does not say as what.") from duplicate
        return calendar.get(duplicate.existing_id)


def transaction_id(link: EventLink) -> str:
    """Names one incarnation of one event: the same for every attempt (event.md §9)."""
    return f"{link.event_id}:{link.incarnation}"


def _current_html(calendar: Calendar, seen: RemoteEvent, values: Values) -> str | None:
    """The body to splice a new text into, where a join block has to survive."""
    if Field.BODY not in values or not seen.values.get(Field.ONLINE_MEETING):
        return None
    return calendar.get(seen.id).html


@transaction.atomic
def _commit_answer(
    run: SyncRun, subject: Subject, action: ActionThere, seen: RemoteEvent | None
) -> None:
    journal.record(run, subject, action)
    if seen is None:
        _gone(subject.link)
        subject.link.state = EventLink.State.GONE
        subject.link.save()
        return
    answered(subject.link, seen)


def answered(link: EventLink, seen: RemoteEvent) -> None:
    """Outlook holds what the intent says: the base learns the fields written, and only those."""
    assert link.intent is not None
    written = typed(link.intent["values"])
    link.remote_id = seen.id
    show(link, seen)
    agree(link, written, written, seen.values)
    link.intent, link.refusal = None, None
    link.remote_changed = True
    link.save()
    remember_uid(link, seen)


def remember_uid(link: EventLink, seen: RemoteEvent) -> None:
    """By the iCalUId a colleague's copy is recognised as the same meeting."""
    event = link.event
    if event is not None and seen.ical_uid and seen.ical_uid not in event.ical_uids:
        event.ical_uids = [*event.ical_uids, seen.ical_uid]
        event.save(update_fields=["ical_uids"])


def _gone(link: EventLink) -> None:
    show_gone(link)
    link.intent = None
    link.remote_changed = True
    link.save()


def _forget_intent(link: EventLink) -> None:
    link.intent = None
    link.save()
