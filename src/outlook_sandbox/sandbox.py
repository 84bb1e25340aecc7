"""The sandbox as one object: its state, and what every service needs from it."""

import secrets
import threading
from collections.abc import Hashable
from datetime import date, datetime

from outlook_sandbox.http import Json
from outlook_sandbox.identity.models import Directory
from outlook_sandbox.mailbox.models.event import Event
from outlook_sandbox.mailbox.models.mailbox import Mailbox
from outlook_sandbox.mailbox.models.times import instant_of
from outlook_sandbox.randomness import Randomness
from outlook_sandbox.store import State, StateFile
from outlook_sandbox.subscriptions.models import queue_notifications
from outlook_sandbox.switches import Switches


class Sandbox:
    """Not thread-safe by itself: the application holds `lock` while it handles a request."""

    def __init__(self, state_file: StateFile | None = None, seed: int | None = None) -> None:
        """Without a seed every run is different, so that nothing from an earlier one fits."""
        self.state_file = state_file
        fresh = Randomness(seed=secrets.randbits(63) if seed is None else seed)
        self.state = (state_file.load() if state_file else None) or State(random=fresh)
        self.lock = threading.RLock()
        self.wake = threading.Event()
        """Set when a notification may be due."""
        self.cause = "sandbox"
        """What the mail that is sent now goes back to, such as "POST /v1.0/me/events"."""
        self.notes: list[str] = []
        """Leniencies of the request at hand."""
        self.in_flight: dict[tuple[str, str], int] = {}
        self.recent: dict[tuple[str, str], list[float]] = {}
        """Times of the requests of the last ten minutes by application and mailbox."""
        self.answers: dict[str, list[tuple[datetime, float]]] = {}
        """When subscribers answered and how long they took, by host."""
        self.lists: dict[Hashable, list[tuple[Event, date | None]]] = {}
        """What is being paged through; see `odata.page_of_items`."""

    @property
    def directory(self) -> Directory:
        return self.state.directory

    @property
    def switches(self) -> Switches:
        return self.state.switches

    @property
    def random(self) -> Randomness:
        return self.state.random

    def now(self) -> datetime:
        return self.state.clock.now()

    def instant(self, value: Json) -> datetime:
        """Of a dateTimeTimeZone that was read from a request."""
        return instant_of(value, floating=False)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def announce(self, mailbox: Mailbox, item_id: str, change: str, etag: str) -> None:
        """An event has changed: subscribers hear of it."""
        if self.state.subscriptions:
            queue_notifications(self, mailbox.account_id, item_id, change, etag)
            self.wake.set()

    def reset(self) -> None:
        """Empty, real time, no faults, every switch at its default.

        The signing key stays. Randomness goes on where it was: a token or an id from before can
        never mean something else afterwards.
        """
        key = self.directory.signing_key
        self.state = State(random=self.random)
        self.directory.signing_key = key
        self.forget()

    def forget(self) -> None:
        """What belongs to a state that is no more."""
        self.recent.clear()
        self.lists.clear()
        self.answers.clear()

    def save(self) -> None:
        if self.state_file is not None:
            self.state_file.save(self.state)
