"""Puts what Outlook shows into the remote tree. Nothing is decided here, no event is touched."""

import logging

from django.db import transaction

from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import Kind, RemoteEvent
from leansoft.graph.errors import NotFound, Refused
from leansoft.sync.match import find_row
from leansoft.sync.models import EventLink
from leansoft.sync.trees import is_here, remote_event, show, show_gone

logger = logging.getLogger(__name__)

PARTS_OF_SERIES = {Kind.OCCURRENCE, Kind.EXCEPTION}


def observe(mailbox: Mailbox, calendar: Calendar, seen: RemoteEvent) -> None:
    """Records one event as Outlook shows it. The same sight twice changes nothing."""
    if seen.kind in PARTS_OF_SERIES:
        return  # read with their series
    link = EventLink.objects.filter(mailbox=mailbox, remote_id=seen.id).first()
    if not seen.complete or (link is not None and _is_doubtful(link, seen)):
        ask(mailbox, calendar, seen.id)
        return
    record(mailbox, link or EventLink(mailbox=mailbox, remote_id=seen.id), seen)


def _is_doubtful(link: EventLink, seen: RemoteEvent) -> bool:
    """Delta replays old states (delta.md §4): what is older than what we know, or says that a
    deleted event is there, counts only when Outlook says so itself."""
    if not is_here(link):
        return not seen.is_cancelled
    before = remote_event(link)
    if before is None or before.modified_at is None or seen.modified_at is None:
        return False
    return seen.modified_at < before.modified_at


def ask(mailbox: Mailbox, calendar: Calendar, remote_id: str) -> None:
    """Settles a suspicion by a direct question: absence from a list or view is no evidence."""
    link = EventLink.objects.filter(mailbox=mailbox, remote_id=remote_id).first()
    try:
        seen = calendar.get(remote_id)
    except NotFound:
        if link is not None:
            _record_gone(mailbox, link)
        return
    except Refused as error:
        # No answer about this event; what we know of it stays, and the others go on.
        logger.warning("Outlook does not say what became of %s: %s", remote_id, error)
        return
    if seen.kind not in PARTS_OF_SERIES:
        record(mailbox, link or EventLink(mailbox=mailbox, remote_id=remote_id), seen)


@transaction.atomic
def record(mailbox: Mailbox, link: EventLink, seen: RemoteEvent) -> EventLink:
    """Stores the sight on its link, and finds the row that it belongs to."""
    if show(link, seen):
        link.remote_changed = True
    _set_apart(link, seen)
    link.save()
    if seen.is_cancelled and link.event is not None:
        return _promote_copy(mailbox, link)
    if link.event is None and link.base is None and link.state == EventLink.State.LIVE:
        row = find_row(mailbox, seen)
        if row is not None:
            return attach(link, row)
    return link


def _set_apart(link: EventLink, seen: RemoteEvent) -> None:
    """What cannot be synced yet is listed with its reason, and let in again when it can."""
    if seen.kind is Kind.MASTER:
        link.state, link.reason = EventLink.State.APART, EventLink.Apart.SERIES
    elif Field.WHEN not in seen.values:
        link.state, link.reason = EventLink.State.APART, EventLink.Apart.UNREADABLE
    elif link.reason in {EventLink.Apart.SERIES, EventLink.Apart.UNREADABLE}:
        link.state, link.reason = EventLink.State.LIVE, ""


@transaction.atomic
def _record_gone(mailbox: Mailbox, link: EventLink) -> None:
    if show_gone(link):
        link.remote_changed = True
        link.save()
        if link.event is not None:
            _promote_copy(mailbox, link)


def _promote_copy(mailbox: Mailbox, link: EventLink) -> EventLink:
    """When the copy that was kept in sync is gone, another copy of the same meeting takes over."""
    copies = EventLink.objects.filter(
        mailbox=mailbox, state=EventLink.State.APART, reason=EventLink.Apart.COPY
    )
    for copy in copies.filter(remote__here=True):
        seen = remote_event(copy)
        if seen is not None and link.event is not None and find_row(mailbox, seen) == link.event:
            return _take_over(link, copy, link.event)
    return link


def attach(link: EventLink, row: Event) -> EventLink:
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
