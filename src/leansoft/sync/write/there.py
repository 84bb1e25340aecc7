"""Carries out the part of a plan that writes in Outlook.

Each write is: intent committed, request, answer committed. An intent that has no answer is settled
by reading before the event is planned again, so a crash or a lost answer repeats nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from django.db import transaction

from leansoft.calendars.models import Event
from leansoft.events.fields import Field, Response, Values, plain
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import Kind, RemoteEvent
from leansoft.graph.errors import (
    Conflict,
    DuplicateTransaction,
    GraphError,
    NotFound,
    Refused,
)
from leansoft.graph.series import RemoteSeries
from leansoft.kit.rows import insert_rows, update_rows
from leansoft.reconcile.actions import (
    ActionThere,
    CreateThere,
    DeclineThere,
    DeleteThere,
    RespondThere,
    UpdateThere,
)
from leansoft.sync.going_on import check_going_on
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.read.fold import learn_uid
from leansoft.sync.read.observe import ask
from leansoft.sync.state.dates import let_master_through
from leansoft.sync.state.load import Subject
from leansoft.sync.state.refusals import refuse
from leansoft.sync.state.trees import agree, remote_event, show, show_gone
from leansoft.sync.write import journal
from leansoft.sync.write.answers import keep_answers
from leansoft.sync.write.comments import comment_of, sent
from leansoft.sync.write.date_there import (
    DATE_ACTIONS,
    date_answered,
    request_for_date,
    states_of,
)
from leansoft.sync.write.here import Stale, hold, hold_unchanged

Answer: TypeAlias = RemoteEvent | GraphError | None
"""To a write: the event then, None when our own act ended it, or why it was not done."""
Write: TypeAlias = tuple[Subject, ActionThere]


def write_there(
    run: SyncRun, calendar: Calendar, subject: Subject, action: ActionThere, *, now: datetime
) -> None:
    """Raises `Stale` when either side changed since it was loaded, and the errors of
    `leansoft.graph.errors` that concern the mailbox rather than this event."""
    subject = begin(run, subject, action, now=now)
    try:
        answer: Answer = request(calendar, subject, action)
    except GraphError as error:
        answer = error
    finish(calendar, subject, action, answer)


def finish(calendar: Calendar, subject: Subject, action: ActionThere, answer: Answer) -> None:
    """Commits what became of a write that has begun. Raises as `write_there`."""
    try:
        if isinstance(answer, GraphError):
            raise answer
    except Conflict as conflict:
        _look_again(subject, calendar)
        raise Stale from conflict
    except NotFound as missing:
        if isinstance(action, DATE_ACTIONS):
            # The date, or the whole series.
            _look_again(subject, calendar)
            raise Stale from missing
        if not isinstance(action, CreateThere):
            journal.withdraw(subject.link)
        _gone(subject.link, by_us=isinstance(action, DeleteThere | DeclineThere))
        raise Stale from missing
    except Refused as refusal:
        refuse(subject, refusal, getattr(action, "day", None))
    else:
        commit_answer(subject, action, _read_whole(calendar, subject.link, answer))


def _read_whole(
    calendar: Calendar, link: EventLink, seen: RemoteEvent | None
) -> RemoteSeries | None:
    """With the dates of a series: a write may have touched them too."""
    if seen is None:
        return None
    try:
        return calendar.whole(seen)
    except NotFound as missing:
        # It was done, and somebody has deleted the event since.
        journal.conclude(link, SyncAction.Outcome.DONE)
        _gone(link, by_us=False)
        raise Stale from missing


def _look_again(subject: Subject, calendar: Calendar) -> None:
    """Nothing was written, because Outlook's event is not what the plan saw."""
    journal.withdraw(subject.link)
    subject.link.intent = None
    subject.link.save()
    assert subject.link.remote_id is not None
    ask(subject.mailbox, calendar, subject.link.remote_id)


@transaction.atomic
def begin(run: SyncRun, subject: Subject, action: ActionThere, *, now: datetime) -> Subject:
    """Commits the intent of a write, and answers what it is about then. Raises `Stale`."""
    subject = hold(subject)
    check_going_on(subject.mailbox)
    _intend(subject, action, journal.announce(run, subject, action), now)
    subject.link.save()
    return subject


@transaction.atomic
def begin_all(run: SyncRun, writes: Sequence[Write], *, now: datetime) -> list[Write]:
    """As `begin`, for many: answers those whose intents are committed. What somebody changes now,
    or has changed, is planned again later."""
    check_going_on(run.mailbox)
    unchanged = hold_unchanged([subject for subject, _ in writes])
    begun = [(subject, action) for subject, action in writes if subject.link.pk in unchanged]
    rows = [journal.announcement(run, subject, action) for subject, action in begun]
    insert_rows(rows)
    for (subject, action), row in zip(begun, rows, strict=True):
        _intend(subject, action, row, now)
    update_rows((subject.link for subject, _ in begun), INTENDED)
    return begun


INTENDED = (
    *("intent", "incarnation", "epoch", "base", "remote", "remote_id", "base_dates", "state"),
)
"""What an intent changes in its link."""


def _intend(subject: Subject, action: ActionThere, row: SyncAction, now: datetime) -> None:
    """Puts the intent into the unsaved link."""
    link = subject.link
    if isinstance(action, CreateThere):
        _begin_incarnation(subject, action)
    link.intent = {
        "kind": type(action).__name__,
        "values": plain(_written(action)),
        "day": action.day.isoformat() if isinstance(action, DATE_ACTIONS) else None,
        # Kept here, because the event's row may be removed for good before the answer.
        "transaction_id": f"{link.event_id}:{link.incarnation}",
        "comment": comment_of(subject, action),
        "at": now.isoformat(),
        "action": row.pk,
    }


def _written(action: ActionThere) -> Values:
    """What Outlook holds once this is done."""
    match action:
        case CreateThere() | UpdateThere():
            return action.values
        case RespondThere():
            return {Field.RESPONSE: str(action.response)}
        case DeleteThere() | DeclineThere():
            return {}
        case _:
            return states_of(action)


def _begin_incarnation(subject: Subject, action: CreateThere) -> None:
    event, link = subject.event, subject.link
    assert event is not None
    if action.again:
        event.incarnation += 1
        event.save(update_fields=["incarnation"])
    link.incarnation, link.epoch = event.incarnation, event.epoch
    link.base, link.remote, link.remote_id = None, None, None
    link.base_dates = {}
    link.state = EventLink.State.LIVE


def request(calendar: Calendar, subject: Subject, action: ActionThere) -> RemoteEvent | None:
    """The event as Outlook answers it; None when it is gone by our own act.

    Before its first request it only builds that.
    """
    link = subject.link
    if isinstance(action, CreateThere):
        return create(calendar, link, action.values)
    seen = remote_event(link)
    assert seen is not None
    match action:
        case UpdateThere():
            return calendar.update(
                seen.id,
                action.values,
                etag=seen.etag,
                html_base=_current_html(calendar, seen, action.values),
                drop_recurrence=seen.kind is Kind.MASTER,
                unaddressed=seen.unaddressed,
            )
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
            request_for_date(calendar, link, action, comment=_comment(link))
            return seen


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
def commit_answer(subject: Subject, action: ActionThere, seen: RemoteSeries | None) -> None:
    """Outlook has done what `begin` announced, and holds this now; None: it is gone, as asked."""
    journal.conclude(subject.link, SyncAction.Outcome.DONE)
    sent(subject.link)
    if seen is None:
        _gone(subject.link, by_us=True)
        return
    if isinstance(action, RespondThere):
        _keep_pending_show_as(subject, seen.master)
    if isinstance(action, CreateThere):
        _take_what_came_with_it(subject, seen.master)
    _answered(subject, action, seen)


def _take_what_came_with_it(subject: Subject, seen: RemoteEvent) -> None:
    """A new event's join link. Times proposed before are of no use now."""
    link, local = subject.link, subject.triple.local
    assert local is not None
    assert subject.event is not None
    url = seen.values.get(Field.ONLINE_MEETING_URL)
    Event.objects.filter(pk=subject.event.pk).update(online_meeting_url=url)
    held = {**local.values, Field.ONLINE_MEETING_URL: url, Field.PROPOSALS: {}}
    agree(link, {Field.ONLINE_MEETING_URL, Field.PROPOSALS}, held, seen.values)


def _keep_pending_show_as(subject: Subject, seen: RemoteEvent) -> None:
    """Answering sets show-as in Outlook: a side effect, and a waiting change of ours wins."""
    assert subject.triple.local is not None
    held = subject.triple.local.values.get(Field.SHOW_AS)
    pair = (subject.link.base or {}).get(str(Field.SHOW_AS))
    if pair and held != pair["ours"]:
        pair["theirs"] = seen.values.get(Field.SHOW_AS, pair["theirs"])


def _answered(subject: Subject, action: ActionThere, seen: RemoteSeries) -> None:
    """Outlook holds what the intent says: the base learns the fields written, and only those."""
    link, master, dates = subject.link, seen.master, subject.triple.dates
    link.remote_id = master.id
    show(link, master, seen.dates)
    if isinstance(action, DATE_ACTIONS):
        date_answered(link, action, dates[action.day])
    else:
        written = _written(action)
        agree(link, written, written, master.values)
        let_master_through(link, dates, starts_over=Field.WHEN in written)
        link.refusal = None
    if Field.ATTENDEES in _written(action):
        keep_answers(link, subject.triple, getattr(action, "day", None))
    link.intent = None
    link.remote_changed = True
    link.save()
    if link.event is not None:
        # By the iCalUId a colleague's copy is recognised as the same meeting.
        learn_uid(link.event, master.ical_uid)


def _gone(link: EventLink, *, by_us: bool) -> None:
    """`by_us`: what we asked for is done, so that nobody takes it for a deletion in Outlook."""
    show_gone(link)
    if by_us and link.state != EventLink.State.APART:
        link.state = EventLink.State.GONE
    link.intent = None
    link.remote_changed = True
    link.save()
