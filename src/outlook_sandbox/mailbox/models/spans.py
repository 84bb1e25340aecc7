"""Which events may lie in a window, without looking at every event of a large mailbox."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import datetime

from outlook_sandbox.mailbox.models.event import Event

Entry = tuple[float, float, str]


class Spans:
    """Single events sorted by their start, and the ids of all series.

    Derived from the events and never saved.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        self._series: dict[str, None] = {}
        self._singles: list[Entry] = []
        self._longest = 0.0
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        if event.span is None:
            self._series[event.id] = None
            return
        start, end = event.span
        self._longest = max(self._longest, end - start)
        insort(self._singles, (start, end, event.id))

    def discard(self, event: Event) -> None:
        """Takes out what was added with the same span."""
        if event.span is None:
            self._series.pop(event.id, None)
            return
        entry = (*event.span, event.id)
        place = bisect_left(self._singles, entry)
        if place < len(self._singles) and self._singles[place] == entry:
            del self._singles[place]

    def between(self, low: datetime, high: datetime) -> Iterator[str]:
        """Ids of every series and of the single events that touch the window."""
        yield from self._series
        first, last = low.timestamp(), high.timestamp()
        place = bisect_left(self._singles, (first - self._longest, 0.0, ""))
        while place < len(self._singles) and self._singles[place][0] <= last:
            if self._singles[place][1] >= first:
                yield self._singles[place][2]
            place += 1
