"""Reads Outlook: everything the first time, then what changed.

The delta round comes before the listing: what changes between the two is seen by the next round,
so nothing falls into a gap. The cursor is saved after the pages that it stands for were stored; a
crash repeats them, and a repeated sight changes nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from leansoft.connections.models import Mailbox
from leansoft.graph.calendar import Calendar
from leansoft.graph.errors import ResyncRequired
from leansoft.sync.models import EventLink
from leansoft.sync.observe import ask, observe

BEHIND = timedelta(days=30)
AHEAD = timedelta(days=365)
MARGIN = timedelta(days=60)
"""The window never slides (delta.md §2): a new one is opened this long before its end."""

Report = Callable[[str, int], None]


def pull(mailbox: Mailbox, calendar: Calendar, *, now: datetime, report: Report) -> None:
    """Brings the remote tree of every event up to date.

    `report(phase, count)` is called as events arrive. Raises the errors of `leansoft.graph.errors`.
    """
    fresh = _needs_new_window(mailbox, now)
    try:
        _follow(mailbox, calendar, None if fresh else mailbox.delta_link, now, report)
    except ResyncRequired:
        # The cursor expired (delta.md §5): a full round, then a comparison with what we know.
        fresh = True
        _follow(mailbox, calendar, None, now, report)
    if fresh or mailbox.listed_at is None:
        _list_everything(mailbox, calendar, report)
        mailbox.listed_at = now
        keep(mailbox, "listed_at")


def _needs_new_window(mailbox: Mailbox, now: datetime) -> bool:
    if not mailbox.delta_link or mailbox.window_end_at is None or mailbox.listed_at is None:
        return True
    return mailbox.window_end_at - now < AHEAD - MARGIN


def _follow(
    mailbox: Mailbox, calendar: Calendar, link: str | None, now: datetime, report: Report
) -> None:
    """One delta round from this link to its end; a full one without a link."""
    start, end = now - BEHIND, now + AHEAD
    begun_without = link is None
    count = 0
    while True:
        page = calendar.delta(link, start=start, end=end)
        for seen in page.changed:
            observe(mailbox, calendar, seen)
        for remote_id in page.removed:
            ask(mailbox, calendar, remote_id)
        count += len(page.changed)
        report("Reading changes from Outlook", count)
        if page.delta_link is not None:
            break
        link = page.next_link
    mailbox.delta_link = page.delta_link
    if begun_without:
        mailbox.window_end_at = end
    keep(mailbox, "delta_link", "window_end_at")


def keep(mailbox: Mailbox, *names: str) -> None:
    """Saves what a round learned, unless the connection it belongs to was ended meanwhile."""
    Mailbox.objects.filter(pk=mailbox.pk, started_at=mailbox.started_at).exclude(
        status=Mailbox.Status.DISCONNECTED
    ).update(**{name: getattr(mailbox, name) for name in names})


def _list_everything(mailbox: Mailbox, calendar: Calendar, report: Report) -> None:
    """All of time, page by page; then asks for whatever we know and did not see."""
    seen_ids: set[str] = set()
    next_link: str | None = None
    while True:
        page = calendar.list_events(next_link)
        for seen in page.events:
            seen_ids.add(seen.id)
            observe(mailbox, calendar, seen)
        report("Reading the Outlook calendar", len(seen_ids))
        next_link = page.next_link
        if next_link is None:
            break
    known = EventLink.objects.filter(mailbox=mailbox, remote__here=True)
    for remote_id in known.values_list("remote_id", flat=True):
        if remote_id is not None and remote_id not in seen_ids:
            ask(mailbox, calendar, remote_id)
