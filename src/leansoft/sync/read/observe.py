"""Puts what Outlook shows into the remote tree. Nothing is decided here, no event is touched."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from django.db import transaction

from leansoft.calendars.domain.incoming import readmit
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.graph.batch import MOST_ITEMS
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import Kind, RemoteEvent
from leansoft.graph.errors import GraphError, NotFound, Refused
from leansoft.graph.series import SeriesDate
from leansoft.kit.rows import insert_rows
from leansoft.kit.shares import shares
from leansoft.sync.models import EventLink
from leansoft.sync.read.match import find_date, find_row, strangers
from leansoft.sync.state.trees import is_here, remote_event, show, show_gone

logger = logging.getLogger(__name__)

Dates = Mapping[date, SeriesDate]
NO_DATES: Dates = {}
T = TypeVar("T")
PASSING = {EventLink.Apart.UNREADABLE, EventLink.Apart.ELSEWHERE}
"""Reasons to be apart that are over when Outlook shows the event, and that it can be read."""
SERIES = {Kind.MASTER, Kind.OCCURRENCE, Kind.EXCEPTION}


def observe(mailbox: Mailbox, sights: Iterable[RemoteEvent]) -> list[str]:
    """Records single events as a page shows them. The same sight twice changes nothing.

    Answers the ids of those that have to be asked for.
    """
    shown = {seen.id: seen for seen in sights}
    links = _links(mailbox, shown)
    doubtful: list[str] = []
    new: list[RemoteEvent] = []
    for seen in shown.values():
        link = _current(links.get(seen.id))
        if not seen.complete or (link is not None and _is_doubtful(link, seen)):
            doubtful.append(seen.id)
        elif link is None:
            new.append(seen)
        else:
            record(mailbox, link, seen)
    second = _second_copies(mailbox, new)
    _record_new(mailbox, [(seen, NO_DATES) for seen in new if seen.id not in second])
    return [*doubtful, *second]


def _links(mailbox: Mailbox, remote_ids: Iterable[str]) -> dict[str | None, EventLink]:
    links = EventLink.objects.filter(mailbox=mailbox, remote_id__in=list(remote_ids))
    return {link.remote_id: link for link in links.select_related("event")}


def _second_copies(mailbox: Mailbox, new: Sequence[RemoteEvent]) -> list[str]:
    """Ids of copies of meetings of which another copy is here: an old state of one that is gone
    looks like that (delta.md §4)."""
    uids = {seen.ical_uid for seen in new} - {None}
    links = EventLink.objects.filter(mailbox=mailbox, event__ical_uids__overlap=list(uids))
    here = links.filter(remote__here=True).values_list("event__ical_uids", flat=True)
    held = {uid for found in here for uid in found}
    return [seen.id for seen in new if seen.ical_uid in held]


def _current(link: EventLink | None) -> EventLink | None:
    """The link to this copy. A second copy may have taken the first one's place just now."""
    if link is None or link.reason != EventLink.Apart.COPY:
        return link
    return _links(link.mailbox, [str(link.remote_id)]).get(link.remote_id)


def _record_new(mailbox: Mailbox, sights: Sequence[tuple[RemoteEvent, Dates]]) -> None:
    """`sights`: what no link knows, with the dates of a series."""
    unknown = strangers(mailbox, [seen for seen, _ in sights])
    links = []
    for seen, dates in sights:
        link = EventLink(mailbox=mailbox, remote_id=seen.id)
        if seen.id in unknown:
            _put_down(link, seen, dates)
            links.append(link)
        else:
            record(mailbox, link, seen, dates)
    insert_rows(links)


def ask(mailbox: Mailbox, calendar: Calendar, *remote_ids: str) -> None:
    """Settles suspicions by direct questions: absence from a list or view is no evidence."""
    series: list[str] = []
    for some in shares(remote_ids, of=MOST_ITEMS):
        links = _links(mailbox, some)
        for remote_id, seen in zip(some, _answers(calendar, Calendar.get, some), strict=True):
            link = _current(links.get(remote_id))
            if seen is None:
                _record_gone(mailbox, link)
            elif isinstance(seen, Refused):
                # No answer about this event; what we know of it stays, and the others go on.
                logger.warning("Outlook does not say what became of %s: %s", remote_id, seen)
            elif seen.kind in SERIES:
                series.append(seen.series_master_id or remote_id)
            else:
                record(mailbox, link or EventLink(mailbox=mailbox, remote_id=remote_id), seen)
    read_series(mailbox, calendar, *dict.fromkeys(series))


def ask_for_absent(mailbox: Mailbox, calendar: Calendar, *remote_ids: str) -> None:
    """The same for what the calendar does not show: it may be in another one of the mailbox."""
    ask(mailbox, calendar, *remote_ids)
    for some in shares(remote_ids, of=MOST_ITEMS):
        links = _links(mailbox, some).values()
        kept = [link for link in links if is_here(link) and link.state == EventLink.State.LIVE]
        names = [str(link.remote_id) for link in kept]
        for link, elsewhere in zip(
            kept, _answers(calendar, Calendar.is_elsewhere, names), strict=True
        ):
            if elsewhere is True:
                link.state, link.reason = EventLink.State.APART, EventLink.Apart.ELSEWHERE
                link.save(update_fields=["state", "reason"])


def read_series(mailbox: Mailbox, calendar: Calendar, *remote_ids: str) -> None:
    """Records whole series, with every date of them that differs."""
    for some in shares(remote_ids, of=MOST_ITEMS):
        links = _links(mailbox, some)
        new: list[tuple[RemoteEvent, Dates]] = []
        for remote_id, series in zip(some, _answers(calendar, Calendar.series, some), strict=True):
            link = _current(links.get(remote_id))
            if series is None:
                _record_gone(mailbox, link)
            elif isinstance(series, Refused):
                logger.warning("Outlook does not show the series %s: %s", remote_id, series)
            elif link is None:
                new.append((series.master, series.dates))
            else:
                record(mailbox, link, series.master, series.dates)
        _record_new(mailbox, new)


def _answers(
    calendar: Calendar, verb: Callable[[Calendar, str], T], remote_ids: Sequence[str]
) -> Iterator[T | Refused | None]:
    """What Outlook says of each; None when it has no such event.

    Raises an error that concerns more than one event, in its turn.
    """
    for answer in calendar.together([partial(_of, verb, name) for name in remote_ids]):
        if isinstance(answer, NotFound):
            yield None
        elif isinstance(answer, GraphError) and not isinstance(answer, Refused):
            raise answer
        else:
            yield answer


def _of(verb: Callable[[Calendar, str], T], remote_id: str, calendar: Calendar) -> T:
    return verb(calendar, remote_id)


def _is_doubtful(link: EventLink, seen: RemoteEvent) -> bool:
    """Delta replays old states (delta.md §4): what is older than what we know, or says that a
    deleted event is there, counts only when Outlook says so itself."""
    if not is_here(link):
        return not seen.is_cancelled
    before = remote_event(link)
    if before is None or before.modified_at is None or seen.modified_at is None:
        return False
    return seen.modified_at < before.modified_at


@transaction.atomic
def record(
    mailbox: Mailbox, link: EventLink, seen: RemoteEvent, dates: Dates = NO_DATES
) -> EventLink:
    """Stores the sight on its link, and finds the row that it belongs to. `dates`: a series'."""
    if not _put_down(link, seen, dates):
        return link
    link.save()
    if seen.is_cancelled and link.event is not None:
        return _promote_copy(mailbox, link)
    if link.event is None and link.base is None and link.state == EventLink.State.LIVE:
        return join_row(mailbox, link, seen)
    return link


def join_row(mailbox: Mailbox, link: EventLink, seen: RemoteEvent) -> EventLink:
    """Joins the sight with the row that it belongs to, when there is one."""
    invitation = find_date(mailbox, seen)
    if invitation is not None:
        return attach(link, *invitation)
    row = find_row(mailbox, seen)
    return link if row is None else attach(link, row)


def _put_down(link: EventLink, seen: RemoteEvent, dates: Dates) -> bool:
    """Puts the sight into the unsaved link; answers whether it is news."""
    before = link.state, link.reason
    if show(link, seen, dates):
        link.remote_changed = True
        if link.state == EventLink.State.GONE and is_here(link):
            _begin_again(link)
        _set_apart(link, seen)
        return True
    _set_apart(link, seen)
    return link.pk is None or before != (link.state, link.reason)


def _begin_again(link: EventLink) -> None:
    """Outlook brings it back, as when somebody is invited again: another life begins, in which
    nothing is agreed on and which its owner has not left."""
    link.base, link.state, link.reason = None, EventLink.State.LIVE, ""
    if link.event is not None:
        readmit(link.event, link.mailbox.user, day=link.date)


def _set_apart(link: EventLink, seen: RemoteEvent) -> None:
    """What cannot be synced yet is listed with its reason, and let in again when it can."""
    if Field.WHEN not in seen.values:
        link.state, link.reason = EventLink.State.APART, EventLink.Apart.UNREADABLE
    elif link.reason in PASSING:
        link.state, link.reason = EventLink.State.LIVE, ""


@transaction.atomic
def _record_gone(mailbox: Mailbox, link: EventLink | None) -> None:
    if link is not None and show_gone(link):
        link.remote_changed = True
        if link.reason == EventLink.Apart.ELSEWHERE:
            link.state, link.reason = EventLink.State.LIVE, ""
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
    # One that is cancelled brings nothing back, as when a meeting was made again.
    if own.remote_id is not None and (is_here(own) or not is_here(link)):
        link.state, link.reason = EventLink.State.APART, EventLink.Apart.COPY
        link.save()
        return link
    return _take_over(own, link, row)


def _take_over(own: EventLink, link: EventLink, row: Event) -> EventLink:
    """The row's link follows its event to the new id; a base of an earlier life is void."""
    if own.state == EventLink.State.GONE or own.reason == EventLink.Apart.UNDONE:
        _begin_again(own)
    own.base_dates = {} if own.base is None else own.base_dates
    own.remote_id, own.remote, own.remote_changed = link.remote_id, link.remote, True
    own.incarnation = row.incarnation
    link.delete()
    own.save()
    return own
