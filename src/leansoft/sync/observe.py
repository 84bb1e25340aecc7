"""Puts what Outlook shows into the remote tree. Nothing is decided here, no event is touched."""

import logging
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import Kind, RemoteEvent
from leansoft.graph.errors import NotFound, Refused
from leansoft.graph.series import SeriesDate
from leansoft.sync.match import find_date, find_row
from leansoft.sync.models import EventLink
from leansoft.sync.trees import is_here, remote_event, show, show_gone

logger = logging.getLogger(__name__)

Dates = Mapping[date, SeriesDate]
NO_DATES: Dates = {}
SERIES = {Kind.MASTER, Kind.OCCURRENCE, Kind.EXCEPTION}


def observe(mailbox: Mailbox, calendar: Calendar, seen: RemoteEvent) -> str | None:
    """Records one event as Outlook shows it. The same sight twice changes nothing.

    Answers the id of a series that it is, or belongs to: a series is read whole, never put
    together from what a list shows of it. See `read_series`.
    """
    if seen.kind in SERIES:
        return seen.series_master_id or seen.id
    link = EventLink.objects.filter(mailbox=mailbox, remote_id=seen.id).first()
    if not seen.complete or (link is not None and _is_doubtful(link, seen)):
        ask(mailbox, calendar, seen.id)
        return None
    record(mailbox, link or EventLink(mailbox=mailbox, remote_id=seen.id), seen)
    return None


def read_series(mailbox: Mailbox, calendar: Calendar, remote_id: str) -> None:
    """Records a series and every date of it that differs."""
    link = EventLink.objects.filter(mailbox=mailbox, remote_id=remote_id).first()
    try:
        series = calendar.series(remote_id)
    except NotFound:
        if link is not None:
            _record_gone(mailbox, link)
        return
    except Refused as error:
        logger.warning("Outlook does not show the series %s: %s", remote_id, error)
        return
    link = link or EventLink(mailbox=mailbox, remote_id=remote_id)
    record(mailbox, link, series.master, series.dates)


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
    if seen.kind in SERIES:
        read_series(mailbox, calendar, seen.series_master_id or remote_id)
    else:
        record(mailbox, link or EventLink(mailbox=mailbox, remote_id=remote_id), seen)


@transaction.atomic
def record(
    mailbox: Mailbox, link: EventLink, seen: RemoteEvent, dates: Dates = NO_DATES
) -> EventLink:
    """Stores the sight on its link, and finds the row that it belongs to. `dates`: a series'."""
    if show(link, seen, dates):
        link.remote_changed = True
    _set_apart(link, seen)
    link.save()
    if seen.is_cancelled and link.event is not None:
        return _promote_copy(mailbox, link)
    if link.event is None and link.base is None and link.state == EventLink.State.LIVE:
        invitation = find_date(mailbox, seen)
        if invitation is not None:
            return attach(link, *invitation)
        row = find_row(mailbox, seen)
        if row is not None:
            return attach(link, row)
    return link


def _set_apart(link: EventLink, seen: RemoteEvent) -> None:
    """What cannot be synced yet is listed with its reason, and let in again when it can."""
    if Field.WHEN not in seen.values:
        link.state, link.reason = EventLink.State.APART, EventLink.Apart.UNREADABLE
    elif link.reason == EventLink.Apart.UNREADABLE:
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


def attach(link: EventLink, row: Event, day: date | None = None) -> EventLink:
    """Joins the sight with the row, through the row's own link when it has one.

    `day`: the copy invites to this date of the series alone.
    """
    own = EventLink.objects.filter(mailbox=link.mailbox, event=row, date=day).first()
    if own is None:
        link.event, link.date = row, day
        link.save()
        return link
    if own.remote_id is not None and is_here(own):
        link.state, link.reason = EventLink.State.APART, EventLink.Apart.COPY
        link.save()
        return link
    return _take_over(own, link, row)


def _take_over(own: EventLink, link: EventLink, row: Event) -> EventLink:
    """The row's link follows its event to the new id; a base of an earlier life is void."""
    if own.state == EventLink.State.GONE or own.reason == EventLink.Apart.UNDONE:
        own.base, own.state, own.reason = None, EventLink.State.LIVE, ""
    own.base_dates = {} if own.base is None else own.base_dates
    own.remote_id, own.remote, own.remote_changed = link.remote_id, link.remote, True
    own.incarnation = row.incarnation
    link.delete()
    own.save()
    return own
