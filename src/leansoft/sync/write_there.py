"""Carries out the part of a plan that writes in Outlook.

Each write is: intent committed, request, answer committed. An intent that has no answer is settled
by reading before the event is planned again, so a crash or a lost answer repeats nothing.
"""

from datetime import datetime
from typing import assert_never

from django.db import transaction

from leansoft.calendars.models import Event
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
from leansoft.sync.comments import comment_of, sent
from leansoft.sync.fold import learn_uid
from leansoft.sync.going_on import check_going_on
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
    subject = _commit_intent(run, subject, action, now)
    try:
        seen = _request(calendar, subject, action)
    except Conflict as conflict:
        journal.withdraw(subject.link)
        _forget_intent(subject.link)
        assert subject.link.remote_id is not None
        ask(subject.mailbox, calendar, subject.link.remote_id)
        raise Stale from conflict
    except NotFound as missing:
        if not isinstance(action, CreateThere):
            journal.withdraw(subject.link)
        _gone(subject.link, by_us=isinstance(action, DeleteThere | DeclineThere))
        raise Stale from missing
    except Refused as refusal:
        refuse(subject, refusal)
        return
    _commit_answer(subject, action, seen)


@transaction.atomic
def _commit_intent(run: SyncRun, subject: Subject, action: ActionThere, now: datetime) -> Subject:
    subject = hold(subject)
    check_going_on(subject.mailbox)
    link = subject.link
    if isinstance(action, CreateThere):
        _begin_incarnation(subject, action)
    values = plain(getattr(action, "values", {}))
    if isinstance(action, RespondThere):
        values = {str(Field.RESPONSE): str(action.response)}
    link.intent = {
        "kind": type(action).__name__,
        "values": values,
        # Kept here, because the event's row may be removed for good before the answer.
        "transaction_id": f"{link.event_id}:{link.incarnation}",
        "comment": comment_of(subject, action),
        "at": now.isoformat(),
        "action": journal.announce(run, subject, action),
    }
    link.save()
    return subject


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
            calendar.respond(
                seen.id,
                Response.DECLINED,
                comment=_comment(link),
                send_response=action.send_response,
            )
            return None
        case RespondThere():
            calendar.respond(seen.id, action.response, comment=_comment(link))
            return calendar.get(seen.id)
        case _:
            assert_never(action)


def _comment(link: EventLink) -> str:
    assert link.intent is not None
    return str(link.intent["comment"])


def create(calendar: Calendar, link: EventLink, values: Values) -> RemoteEvent:
    """Creates the event at most once, however often it is called for one incarnation.

    Raises `NotFound` when Outlook created it earlier and has lost it since.
    """
    name = transaction_id(link)
    try:
        return calendar.create(values, transaction_id=name, marker=name)
    except DuplicateTransaction as duplicate:
        if duplicate.existing_id is not None:
            return calendar.get(duplicate.existing_id)
        found = calendar.find_by_marker(name)
        if not found:
            raise NotFound("Created before, and Outlook no longer has it.") from duplicate
        return found[0]


def transaction_id(link: EventLink) -> str:
    """Names one incarnation of one event: the same for every attempt (event.md §9)."""
    assert link.intent is not None
    return str(link.intent["transaction_id"])


def _current_html(calendar: Calendar, seen: RemoteEvent, values: Values) -> str | None:
    """The body to splice a new text into, where a join block has to survive."""
    if Field.BODY not in values or not seen.values.get(Field.ONLINE_MEETING):
        return None
    return calendar.get(seen.id).html


@transaction.atomic
def _commit_answer(subject: Subject, action: ActionThere, seen: RemoteEvent | None) -> None:
    journal.conclude(subject.link, SyncAction.Outcome.DONE)
    sent(subject.link)
    if seen is None:
        _gone(subject.link, by_us=True)
        return
    if isinstance(action, RespondThere):
        _keep_pending_show_as(subject, seen)
    answered(subject.link, seen)
    if isinstance(action, CreateThere):
        _take_what_came_with_it(subject, seen)


def _take_what_came_with_it(subject: Subject, seen: RemoteEvent) -> None:
    """A new event's join link, and a tally in which nobody can have answered yet: answers that were
    given here before stand until Outlook has others."""
    link, local = subject.link, subject.triple.local
    assert local is not None
    assert subject.event is not None
    url = seen.values.get(Field.ONLINE_MEETING_URL)
    Event.objects.filter(pk=subject.event.pk).update(online_meeting_url=url)
    held = {**local.values, Field.ONLINE_MEETING_URL: url}
    agree(link, {Field.ONLINE_MEETING_URL, Field.TALLY}, held, seen.values)
    link.save()


def _keep_pending_show_as(subject: Subject, seen: RemoteEvent) -> None:
    """Answering sets show-as in Outlook: a side effect, and a waiting change of ours wins."""
    assert subject.triple.local is not None
    held = subject.triple.local.values.get(Field.SHOW_AS)
    pair = (subject.link.base or {}).get(str(Field.SHOW_AS))
    if pair and held != pair["ours"]:
        pair["theirs"] = seen.values.get(Field.SHOW_AS, pair["theirs"])


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
    if link.event is not None:
        # By the iCalUId a colleague's copy is recognised as the same meeting.
        learn_uid(link.event, seen.ical_uid)


def _gone(link: EventLink, *, by_us: bool) -> None:
    """`by_us`: what we asked for is done, so that nobody takes it for a deletion in Outlook."""
    show_gone(link)
    if by_us:
        link.state = EventLink.State.GONE
    link.intent = None
    link.remote_changed = True
    link.save()


def _forget_intent(link: EventLink) -> None:
    link.intent = None
    link.save()
