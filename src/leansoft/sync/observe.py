"""Puts what Outlook shows into the remote tree. Nothing is decided here, no event is touched."""

from django.db import transaction

from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import Kind, RemoteEvent
from leansoft.graph.errors import NotFound
from leansoft.sync.match import find_row
from leansoft.sync.models import EventLink
from leansoft.sync.trees import is_here, show, show_gone

PARTS_OF_SERIES = {Kind.OCCURRENCE, Kind.EXCEPTION}


def observe(mailbox: Mailbox, calendar: Calendar, seen: RemoteEvent) -> None:
    """Records one event as Outlook shows it. The same sight twice changes nothing."""
    if seen.kind in PARTS_OF_SERIES:
        return  # read with their series
    link = EventLink.objects.filter(mailbox=mailbox, remote_id=seen.id).first()
    if link is not None and not is_here(link) and not seen.is_cancelled:
        # Delta replays old states: a deleted event comes back only when Outlook says so itself.
        ask(mailbox, calendar, seen.id)
        return
    if not seen.complete:
        # Delta promises no more than "at least the changed properties" (delta.md §4).
        ask(mailbox, calendar, seen.id)
        return
    record(mailbox, link or EventLink(mailbox=mailbox, remote_id=seen.id), seen)


def ask(mailbox: Mailbox, calendar: Calendar, remote_id: str) -> None:
    """Settles a suspicion by a direct question: absence from a list or view is no evidence."""
    link = EventLink.objects.filter(mailbox=mailbox, remote_id=remote_id).first()
    try:
        seen = calendar.get(remote_id)
    except NotFound:
        if link is not None and show_gone(link):
            link.remote_changed = True
            link.save()
        return
    if seen.kind not in PARTS_OF_SERIES:
        record(mailbox, link or EventLink(mailbox=mailbox, remote_id=remote_id), seen)


@transaction.atomic
def record(mailbox: Mailbox, link: EventLink, seen: RemoteEvent) -> EventLink:
    """Stores the sight on its link, and finds the row that it belongs to."""
    if show(link, seen):
        link.remote_changed = True
    if seen.kind is Kind.MASTER:
        link.state, link.reason = EventLink.State.APART, EventLink.Apart.SERIES
    elif link.reason == EventLink.Apart.SERIES:
        link.state, link.reason = EventLink.State.LIVE, ""
    link.save()
    if link.event is None and link.base is None and link.state == EventLink.State.LIVE:
        row = find_row(mailbox, seen)
        if row is not None:
            return _attach(link, row)
    return link


def _attach(link: EventLink, row: Event) -> EventLink:
    """Joins the sight with the row, through the row's own link when it has one."""
    own = EventLink.objects.filter(mailbox=link.mailbox, event=row).first()
    if own is None:
        link.event = row
        link.save()
        return link
    if own.remote_id is not None and is_here(own):
        link.state, link.reason = EventLink.State.APART, EventLink.Apart.COPY
        link.save()
        return link
    return _take_over(own, link, row)


def _take_over(own: EventLink, link: EventLink, row: Event) -> EventLink:
    """The row's link follows its event to the new id; a base of an earlier life is void."""
    if own.state == EventLink.State.GONE:
        own.base, own.state = None, EventLink.State.LIVE
    own.remote_id, own.remote, own.remote_changed = link.remote_id, link.remote, True
    own.incarnation = row.incarnation
    link.delete()
    own.save()
    return own
