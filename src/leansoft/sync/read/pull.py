"""Reads Outlook: everything the first time, then what changed.

The cursor is taken before the list is read: what changes between the two is seen by the next round,
so nothing falls into a gap. It is saved after the pages that it stands for were stored; a crash
repeats them, and a repeated sight changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

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
    reader = Reader(mailbox, calendar)
    if _needs_new_window(mailbox, now):
        _read_everything(reader, now, report)
        return
    try:
        _follow(reader, now, report)
    except ResyncRequired:
        # The cursor expired (delta.md §5): a full round, then a comparison with what we know.
        _read_everything(reader, now, report)


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

    def take(self, events: Sequence[RemoteEvent]) -> None:
        doubtful = observe(self.mailbox, [seen for seen in events if seen.kind not in SERIES])
        ask(self.mailbox, self.calendar, *doubtful)
        named = (seen.series_master_id or seen.id for seen in events if seen.kind in SERIES)
        self._due |= dict.fromkeys(named)

    def read_series(self) -> None:
        due = list(self._due)
        self._due.clear()
        read_series(self.mailbox, self.calendar, *due)

    def ask_for_absent(self, remote_ids: Iterable[str]) -> None:
        ask_for_absent(self.mailbox, self.calendar, *remote_ids)


def _follow(reader: Reader, now: datetime, report: Report) -> None:
    """One delta round from the cursor to its end."""
    mailbox = reader.mailbox
    link: str | None = mailbox.delta_link
    count = 0
    while True:
        page = reader.calendar.delta(link, start=now - BEHIND, end=now + AHEAD)
        if page.changed:
            reader.take(page.changed)
            count += len(page.changed)
            report("Reading changes from Outlook", count)
        reader.ask_for_absent(page.removed)
        if page.delta_link is not None:
            break
        link = page.next_link
    reader.read_series()
    if page.delta_link != mailbox.delta_link:
        mailbox.delta_link = page.delta_link
        keep(mailbox, "delta_link")


def _read_everything(reader: Reader, now: datetime, report: Report) -> None:
    """The list shows all of time; of the delta round before it only the cursor is needed. Then
    asks for whatever we, or that round, know of and the list did not show."""
    mailbox, end = reader.mailbox, now + AHEAD
    cursor, named = _open_window(reader.calendar, now - BEHIND, end)
    shown = _take_list(reader, report)
    known = EventLink.objects.filter(mailbox=mailbox, remote__here=True)
    ids = filter(None, known.values_list("remote_id", flat=True))
    reader.ask_for_absent(sorted({*ids, *named} - shown))
    mailbox.delta_link, mailbox.window_end_at, mailbox.listed_at = cursor, end, now
    keep(mailbox, "delta_link", "window_end_at", "listed_at")


def _open_window(calendar: Calendar, start: datetime, end: datetime) -> tuple[str, set[str]]:
    """The cursor from which changes in this window are followed, and the ids of what is in it."""
    named: set[str] = set()
    link: str | None = None
    while True:
        page = calendar.window(link, start=start, end=end)
        named |= page.names
        if page.delta_link is not None:
            return page.delta_link, named
        link = page.next_link


def _take_list(reader: Reader, report: Report) -> set[str]:
    """Takes all of the calendar in, page by page; answers the ids."""
    shown: set[str] = set()
    link: str | None = None
    while True:
        page = reader.calendar.list_events(link)
        shown.update(seen.id for seen in page.events)
        reader.take(page.events)
        report("Reading the Outlook calendar", len(shown))
        link = page.next_link
        if link is None:
            break
    reader.read_series()
    return shown


def keep(mailbox: Mailbox, *names: str) -> None:
    """Saves what a round learned, unless the connection it belongs to was ended meanwhile."""
    Mailbox.objects.filter(pk=mailbox.pk, started_at=mailbox.started_at).exclude(
        status=Mailbox.Status.DISCONNECTED
    ).update(**{name: getattr(mailbox, name) for name in names})
