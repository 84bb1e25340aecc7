"""Settles a write whose answer is not known, by reading: did Outlook do it?

A lost answer, a crash between request and commit, a second worker: all leave an intent. What
Outlook shows equal to the intent becomes the base and counts as nobody's edit; the rest is planned
like anything else.
"""

from django.db import transaction

from leansoft.connections.models import Mailbox
from leansoft.events.fields import Values
from leansoft.events.normalise import same
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import RemoteEvent
from leansoft.graph.errors import NotFound, Refused
from leansoft.reconcile.actions import CreateThere, DeclineThere, DeleteThere
from leansoft.sync import journal, write_there
from leansoft.sync.comments import sent
from leansoft.sync.fold import learn_uid
from leansoft.sync.going_on import check_going_on
from leansoft.sync.load import load
from leansoft.sync.models import EventLink, SyncAction
from leansoft.sync.refusals import refuse
from leansoft.sync.trees import agree, show, show_gone, typed

ENDINGS = {DeleteThere.__name__, DeclineThere.__name__}


def settle_intents(mailbox: Mailbox, calendar: Calendar) -> None:
    """Raises the errors of `leansoft.graph.errors`; what is not settled stays an intent."""
    for link in EventLink.objects.filter(mailbox=mailbox, intent__isnull=False):
        check_going_on(mailbox)
        try:
            settle(link, calendar)
        except Refused as refusal:
            # Outlook took it neither then nor now: the event waits with its reason, alone.
            refuse(load(mailbox, link.pk), refusal)


def settle(link: EventLink, calendar: Calendar) -> None:
    assert link.intent is not None
    values = typed(link.intent["values"])
    if link.intent["kind"] == CreateThere.__name__:
        _settle_create(link, calendar, values)
        return
    assert link.remote_id is not None
    try:
        seen = calendar.get(link.remote_id)
    except NotFound:
        _lost(link, by_us=link.intent["kind"] in ENDINGS)
        return
    _compare(link, seen, values)


def _settle_create(link: EventLink, calendar: Calendar, values: Values) -> None:
    try:
        seen = _find_created(link, calendar, values)
    except NotFound:
        _lost(link, by_us=False)
        return
    with transaction.atomic():
        link.remote_id = seen.id
        _compare(link, seen, values)
        if link.event is not None:
            learn_uid(link.event, seen.ical_uid)


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
def _compare(link: EventLink, seen: RemoteEvent, values: Values) -> None:
    assert link.intent is not None
    show(link, seen)
    held = [f for f in values if f in seen.values and same(f, values[f], seen.values[f])]
    agree(link, held, values, seen.values)
    if link.intent["kind"] not in ENDINGS and len(held) == len(values):
        journal.conclude(link, SyncAction.Outcome.DONE)
        sent(link)
    link.intent = None
    link.remote_changed = True
    link.save()


def _lost(link: EventLink, *, by_us: bool) -> None:
    show_gone(link)
    if by_us:
        link.state = EventLink.State.GONE
        journal.conclude(link, SyncAction.Outcome.DONE)
        sent(link)
    link.intent = None
    link.remote_changed = True
    link.save()
