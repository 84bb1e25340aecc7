"""Settles a write whose answer is not known, by reading: did Outlook do it?

A lost answer, a crash between request and commit, a second worker: all leave an intent. What
Outlook shows equal to the intent becomes the base and counts as nobody's edit; the rest is planned
like anything else.
"""

from datetime import date

from django.db import transaction

from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field, Value, Values, typed
from leansoft.events.normalise import same
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import RemoteEvent
from leansoft.graph.errors import NotFound, Refused
from leansoft.graph.series import RemoteSeries
from leansoft.reconcile.actions import CreateThere, DeclineThere, DeleteThere
from leansoft.reconcile.merge import settled_people
from leansoft.sync.going_on import check_going_on
from leansoft.sync.models import EventLink, SyncAction
from leansoft.sync.read.fold import learn_uid
from leansoft.sync.state.dates import let_master_through
from leansoft.sync.state.load import load
from leansoft.sync.state.refusals import refuse
from leansoft.sync.state.trees import agree, base_of, show, show_gone
from leansoft.sync.write import journal
from leansoft.sync.write import there as write_there
from leansoft.sync.write.answers import keep_answers
from leansoft.sync.write.comments import sent
from leansoft.sync.write.date_there import date_turned_out

ENDINGS = {DeleteThere.__name__, DeclineThere.__name__}


def settle_intents(mailbox: Mailbox, calendar: Calendar) -> None:
    """Raises the errors of `leansoft.graph.errors`; what is not settled stays an intent."""
    for link in EventLink.objects.filter(mailbox=mailbox, intent__isnull=False):
        check_going_on(mailbox)
        try:
            settle(link, calendar)
        except Refused as refusal:
            # Outlook took it neither then nor now: the event waits with its reason, alone.
            refuse(load(mailbox, link.pk), refusal, _day(link))


def settle(link: EventLink, calendar: Calendar) -> None:
    assert link.intent is not None
    values = typed(link.intent["values"])
    if link.intent["kind"] == CreateThere.__name__:
        _settle_create(link, calendar, values)
        return
    assert link.remote_id is not None
    try:
        seen = calendar.whole(calendar.get(link.remote_id))
    except NotFound:
        _lost(link, by_us=link.intent["kind"] in ENDINGS)
        return
    _compare(link, seen, values)


def _settle_create(link: EventLink, calendar: Calendar, values: Values) -> None:
    try:
        seen = calendar.whole(_find_created(link, calendar, values))
    except NotFound:
        _lost(link, by_us=False)
        return
    with transaction.atomic():
        link.remote_id = seen.master.id
        _compare(link, seen, values)
        if link.event is not None:
            learn_uid(link.event, seen.master.ical_uid)


def _find_created(link: EventLink, calendar: Calendar, values: Values) -> RemoteEvent:
    """Looks for what we created; when nothing is there, creates it with the very same content.

    The same transaction id makes a second create harmless even when the look was too early.
    Raises `NotFound` when it was created and is gone, or is not wanted any more.
    """
    if link.remote_id is not None:
        return calendar.get(link.remote_id)
    found = calendar.find_by_marker(write_there.transaction_id(link))
    if found:
        return found[0]
    if link.event is None:
        raise NotFound("The event was removed for good before it reached Outlook.")
    return write_there.create(calendar, link, values)


@transaction.atomic
def _compare(link: EventLink, seen: RemoteSeries, values: Values) -> None:
    assert link.intent is not None
    show(link, seen.master, seen.dates)
    if _turned_out(link, seen, values):
        journal.conclude(link, SyncAction.Outcome.DONE)
        sent(link)
    link.intent = None
    link.remote_changed = True
    link.save()


def _turned_out(link: EventLink, seen: RemoteSeries, values: Values) -> bool:
    """Whether Outlook shows what the intent asked for. The base learns what is there."""
    assert link.intent is not None
    kind, day = link.intent["kind"], _day(link)
    if day is not None:
        held = date_turned_out(link, day, kind, values)
    else:
        held = _whole_turned_out(link, seen, kind, values)
    if held and Field.ATTENDEES in values:
        keep_answers(link, load(link.mailbox, link.pk).triple, day)
    return held


def _whole_turned_out(link: EventLink, seen: RemoteSeries, kind: str, values: Values) -> bool:
    theirs = seen.master.values
    held = [f for f in values if f in theirs and same(f, values[f], theirs[f])]
    agree(link, held, values, theirs)
    if kind == CreateThere.__name__:
        # It was carried out: what differs was edited in Outlook since.
        agree(link, values.keys() - set(held), values, values)
    elif Field.ATTENDEES in values.keys() - set(held):
        _agree_on_people(link, values[Field.ATTENDEES], theirs[Field.ATTENDEES])
    if seen.dates or link.base_dates:
        dates = load(link.mailbox, link.pk).triple.dates
        let_master_through(link, dates, starts_over=Field.WHEN in held)
    return kind not in ENDINGS and len(held) == len(values)


def _agree_on_people(link: EventLink, asked: Value, theirs: Value) -> None:
    pair = (base_of(link) or {}).get(Field.ATTENDEES)
    if pair is not None:
        settled = settled_people(pair, asked, theirs)
        people = Field.ATTENDEES
        agree(link, {people}, {people: settled.ours}, {people: settled.theirs})


def _day(link: EventLink) -> date | None:
    """The date of the series that the intent is about, if it is about one."""
    assert link.intent is not None
    day = link.intent.get("day")
    return None if day is None else date.fromisoformat(day)


def _lost(link: EventLink, *, by_us: bool) -> None:
    show_gone(link)
    if by_us:
        if link.state != EventLink.State.APART:
            link.state = EventLink.State.GONE
        journal.conclude(link, SyncAction.Outcome.DONE)
        sent(link)
    link.intent = None
    link.remote_changed = True
    link.save()
