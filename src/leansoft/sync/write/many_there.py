"""Writes many events to Outlook, which works on four at a time (batch-and-throttling.md §1).

The rules of a single write hold for each: its intent is committed before the batch leaves, its
answer is committed by itself, and an answer that is lost is settled by reading. While one batch is
under way, the answers of the last one and the intents of the next are written down.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from leansoft.graph.batch import MOST_ITEMS, Flight
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import RemoteEvent
from leansoft.graph.errors import GraphError
from leansoft.kit.shares import shares
from leansoft.reconcile.actions import CreateThere, UpdateThere
from leansoft.sync.models import SyncRun
from leansoft.sync.state.homes import home_moves
from leansoft.sync.state.load import load_many
from leansoft.sync.write.apply import mark_planned, next_action, plan_of
from leansoft.sync.write.here import Stale
from leansoft.sync.write.there import Write, begin_all, finish, request

logger = logging.getLogger(__name__)


def write_together(
    run: SyncRun, calendar: Calendar, keys: Sequence[int], *, clock: Callable[[], datetime]
) -> list[int]:
    """Creates and changes those of these events in Outlook whose plans begin with that.

    Answers the links that are left to settle. Raises what concerns the whole mailbox.
    """
    settled: set[int] = set()
    air = _Air(calendar)
    try:
        for some in shares(keys, of=MOST_ITEMS):
            writes = _writes(run, some)
            begun = begin_all(run, writes, now=clock()) if writes else []
            settled |= _settled(run, air.send(begun))
    except Exception:
        # What is under way was begun, and its answers count.
        air.land()
        raise
    settled |= _settled(run, air.land())
    return [key for key in keys if key not in settled]


def _writes(run: SyncRun, keys: Sequence[int]) -> list[Write]:
    found: list[Write] = []
    for subject in load_many(run.mailbox, keys):
        action = None if home_moves(subject) else next_action(subject)
        if isinstance(action, CreateThere | UpdateThere):
            found.append((subject, action))
    return found


class _Air:
    """One batch at a time is under way."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._writes: Sequence[Write] = ()
        self._flight: Flight[RemoteEvent | None] | None = None

    def send(self, writes: Sequence[Write]) -> list[int]:
        """Waits for the batch under way, sends this one, then commits what the other brought.

        Answers the links that the other was about.
        """
        flight, landed = self._flight, self._writes
        self._flight, self._writes = None, ()
        answers = flight.land() if flight is not None else []
        try:
            if writes:
                self._flight = self._calendar.depart(
                    [partial(request, subject=subject, action=action) for subject, action in writes]
                )
                self._writes = writes
        except Exception:
            self._finish(landed, answers)
            raise
        self._finish(landed, answers)
        return [subject.link.pk for subject, _ in landed]

    def land(self) -> list[int]:
        return self.send(())

    def _finish(
        self, writes: Sequence[Write], answers: Sequence[RemoteEvent | GraphError | None]
    ) -> None:
        """Every answer is committed before an error that concerns the mailbox is raised."""
        failure: GraphError | None = None
        for (subject, action), answer in zip(writes, answers, strict=True):
            try:
                finish(self._calendar, subject, action, answer)
            except Stale:
                logger.info("Event %s changed while it was written.", subject.link.event_id)
            except GraphError as error:
                failure = failure or error
        if failure is not None:
            raise failure


def _settled(run: SyncRun, keys: Sequence[int]) -> set[int]:
    """Those that have nothing left to do."""
    done = [subject for subject in load_many(run.mailbox, keys) if not plan_of(subject)]
    for subject in done:
        mark_planned(subject)
    return {subject.link.pk for subject in done}
