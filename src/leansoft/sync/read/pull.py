"""Reads Outlook: everything the first time, then what changed.

The delta round comes before the listing: what changes between the two is seen by the next round,
so nothing falls into a gap. The cursor is saved after the pages that it stands for were stored; a
crash repeats them, and a repeated sight changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from leansoft.connections.models import Mailbox
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import RemoteEvent
from leansoft.graph.errors import ResyncRequired
from leansoft.sync.models import EventLink
from leansoft.sync.read.observe import SERIES, ask, ask_for_absent, observe, read_series

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
    reader = Reader(mailbox, calendar)
    try:
        _follow(reader, None if fresh else mailbox.delta_link, now, report)
    except ResyncRequired:
        # The cursor expired (delta.md §5): a full round, then a comparison with what we know.
        fresh = True
        _follow(reader, None, now, report)
    if fresh or mailbox.listed_at is None:
        _list_everything(reader, report)
        mailbox.listed_at = now
        keep(mailbox, "listed_at")


def _needs_new_window(mailbox: Mailbox, now: datetime) -> bool:
    if not mailbox.delta_link or mailbox.window_end_at is None or mailbox.listed_at is None:
        return True
    return mailbox.window_end_at - now < AHEAD - MARGIN


class Reader:
    """Takes pages in. A series is read once, whatever part of it shows up, however often; after the
    last page, so that no page tells of a change that came after the reading."""

    def __init__(self, mailbox: Mailbox, calendar: Calendar) -> None:
        self.mailbox, self.calendar = mailbox, calendar
        self._due: dict[str, None] = {}
        self._read: set[str] = set()
        self._said: dict[str, int] = {}

    def take(self, events: Iterable[RemoteEvent]) -> None:
        sights = [seen for seen in events if self._is_news(seen)]
        doubtful = observe(self.mailbox, [seen for seen in sights if seen.kind not in SERIES])
        ask(self.mailbox, self.calendar, *doubtful)
        named = (seen.series_master_id or seen.id for seen in sights if seen.kind in SERIES)
        self._due |= dict.fromkeys(named)

    def _is_news(self, seen: RemoteEvent) -> bool:
        """Not when a page before has said the very same: the list repeats what delta has shown."""
        said = hash(msgspec.json.encode(seen))
        before, self._said[seen.id] = self._said.get(seen.id), said
        return said != before

    def read_series(self) -> None:
        due = [name for name in self._due if name not in self._read]
        self._due.clear()
        self._read.update(due)
        read_series(self.mailbox, self.calendar, *due)

    def ask_for_absent(self, remote_ids: Sequence[str]) -> None:
        for name in remote_ids:
            self._said.pop(name, None)
        ask_for_absent(self.mailbox, self.calendar, *remote_ids)


def _follow(reader: Reader, link: str | None, now: datetime, report: Report) -> None:
    """One delta round from this link to its end; a full one without a link."""
    mailbox, calendar = reader.mailbox, reader.calendar
    start, end = now - BEHIND, now + AHEAD
    begun_without = link is None
    count = 0
    while True:
        page = calendar.delta(link, start=start, end=end)
        reader.take(page.changed)
        reader.ask_for_absent(page.removed)
        count += len(page.changed)
        if page.changed:
            report("Reading changes from Outlook", count)
        if page.delta_link is not None:
            break
        link = page.next_link
    reader.read_series()
    if begun_without:
        mailbox.window_end_at = end
    elif page.delta_link == mailbox.delta_link:
        return
    mailbox.delta_link = page.delta_link
    keep(mailbox, "delta_link", "window_end_at")


def keep(mailbox: Mailbox, *names: str) -> None:
    """Saves what a round learned, unless the connection it belongs to was ended meanwhile."""
    Mailbox.objects.filter(pk=mailbox.pk, started_at=mailbox.started_at).exclude(
        status=Mailbox.Status.DISCONNECTED
    ).update(**{name: getattr(mailbox, name) for name in names})


def _list_everything(reader: Reader, report: Report) -> None:
    """All of time, page by page; then asks for whatever we know and did not see."""
    seen_ids: set[str] = set()
    next_link: str | None = None
    while True:
        page = reader.calendar.list_events(next_link)
        seen_ids.update(seen.id for seen in page.events)
        reader.take(page.events)
        report("Reading the Outlook calendar", len(seen_ids))
        next_link = page.next_link
        if next_link is None:
            break
    reader.read_series()
    known = EventLink.objects.filter(mailbox=reader.mailbox, remote__here=True)
    ids = known.values_list("remote_id", flat=True)
    reader.ask_for_absent([name for name in ids if name is not None and name not in seen_ids])
