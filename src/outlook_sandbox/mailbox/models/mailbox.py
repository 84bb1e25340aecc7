"""A mailbox: its calendars, its events, and the log that delta reads."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.exceptions import item_not_found, malformed_id
from outlook_sandbox.mailbox.models.event import Event
from outlook_sandbox.mailbox.models.spans import Spans
from outlook_sandbox.mailbox.models.times import instant_of

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.identity.models import Account
    from outlook_sandbox.sandbox import Sandbox

_ID = re.compile(r"A[AQ]MkA[0-9A-Za-z_-]{8,}={0,2}|AAkAL[0-9A-Za-z_-]{8,}={0,2}")
_OCCURRENCE = re.compile(r"(?P<stem>.+)OCC(?P<day>\d{8})(?P<tail>=*)")


class Calendar(msgspec.Struct, kw_only=True):
    id: str
    name: str
    color: str = "auto"
    hex_color: str = ""
    is_default: bool = False
    change_key: str = ""


class Category(msgspec.Struct, kw_only=True):
    id: str
    name: str
    color: str = "none"


class Tombstone(msgspec.Struct, kw_only=True):
    seq: int
    at: datetime
    calendar_id: str
    immutable_id: str
    days: list[str] = []
    """The dates of a deleted series' occurrences, for `delta_series_tombstones: all`."""


class Transaction(msgspec.Struct, kw_only=True):
    event_id: str
    digest: str
    """Of the content it came with."""


class Mailbox(msgspec.Struct, kw_only=True, dict=True):
    account_id: str
    time_zone: str = "UTC"
    calendars: dict[str, Calendar] = {}
    events: dict[str, Event] = {}
    aliases: dict[str, str] = {}
    """Event ids by immutable id."""
    by_uid: dict[str, list[str]] = {}
    """Event ids by uid: copies are found by it when mail arrives."""
    transactions: dict[str, Transaction] = {}
    categories: list[Category] = []
    settings: Json = {}
    tombstones: dict[str, Tombstone] = {}
    seq: int = 0
    log: list[tuple[int, str]] = []
    """Ids in the order of their changes; an entry is stale when the item has a newer one."""
    delta_generation: int = 0

    @classmethod
    def new(cls, sandbox: "Sandbox", account: "Account") -> "Mailbox":
        mailbox = cls(account_id=account.id)
        mailbox.add_calendar(sandbox, "Calendar", is_default=True)
        return mailbox

    def add_calendar(self, sandbox: "Sandbox", name: str, *, is_default: bool = False) -> Calendar:
        calendar = Calendar(
            id="AAMkA" + sandbox.random.token(27) + "AAA=",
            name=name,
            is_default=is_default,
            change_key=new_change_key(sandbox),
        )
        self.calendars[calendar.id] = calendar
        return calendar

    @cached_property
    def spans(self) -> Spans:
        return Spans(self.events.values())

    @property
    def default_calendar(self) -> Calendar:
        return next(c for c in self.calendars.values() if c.is_default)

    def calendar(self, calendar_id: str) -> Calendar:
        check_id(calendar_id)
        if calendar_id not in self.calendars:
            raise item_not_found()
        return self.calendars[calendar_id]

    def events_in(self, calendar_id: str) -> Iterator[Event]:
        return (e for e in self.events.values() if e.calendar_id == calendar_id)

    def find(self, item_id: str) -> tuple[Event, date | None]:
        """An event, and the date if the id is that of an occurrence."""
        check_id(item_id)
        event_id = self.aliases.get(item_id, item_id)
        if event_id in self.events:
            return self.events[event_id], None
        match = _OCCURRENCE.fullmatch(item_id)
        if match is None:
            raise item_not_found()
        master_id = match["stem"] + match["tail"]
        master = self.events.get(self.aliases.get(master_id, master_id))
        if master is None or not master.is_series:
            raise item_not_found()
        return master, datetime.strptime(match["day"], "%Y%m%d").date()  # noqa: DTZ007 (a date)

    def copies_of(self, uid: str) -> list[Event]:
        return [self.events[i] for i in self.by_uid.get(uid, []) if i in self.events]

    def insert(self, sandbox: "Sandbox", event: Event) -> None:
        self.events[event.id] = event
        self.aliases[event.immutable_id] = event.id
        self.by_uid.setdefault(event.uid, []).append(event.id)
        self._mark(sandbox, event)
        sandbox.announce(self, event.id, "created", event.etag)

    def touch(self, sandbox: "Sandbox", event: Event) -> None:
        """`event` has changed: new change key, new place in the log."""
        event.modified_at = sandbox.now()
        self._mark(sandbox, event)
        sandbox.announce(self, event.id, "updated", event.etag)

    def _mark(self, sandbox: "Sandbox", event: Event) -> None:
        self.seq += 1
        event.seq = self.seq
        self.spans.discard(event)
        event.span = None if event.is_series else _span(event)
        self.spans.add(event)
        event.change_key = new_change_key(sandbox)
        self.log.append((self.seq, event.id))

    def remove(self, sandbox: "Sandbox", event: Event, days: list[str] | None = None) -> None:
        """To Deleted Items, which is out of every view."""
        self._bury(sandbox, event, days or [])
        self.spans.discard(event)
        del self.events[event.id]
        self.aliases.pop(event.immutable_id, None)
        self.by_uid[event.uid].remove(event.id)
        sandbox.announce(self, event.id, "deleted", event.etag)

    def _bury(self, sandbox: "Sandbox", event: Event, days: list[str]) -> None:
        self.seq += 1
        self.log.append((self.seq, event.id))
        self.tombstones[event.id] = Tombstone(
            seq=self.seq,
            at=sandbox.now(),
            calendar_id=event.calendar_id,
            immutable_id=event.immutable_id,
            days=days,
        )

    def move(self, sandbox: "Sandbox", event: Event, calendar: Calendar) -> None:
        """To another calendar: gone from the first, and with another id in the second."""
        self._bury(sandbox, event, [])
        self.spans.discard(event)
        del self.events[event.id]
        self.by_uid[event.uid].remove(event.id)
        event.id = new_event_id(sandbox)
        event.calendar_id = calendar.id
        self.insert(sandbox, event)

    def changes_after(self, position: int) -> Iterator[tuple[int, str]]:
        """Log entries that still stand, oldest first."""
        start = bisect_right(self.log, position, key=lambda entry: entry[0])
        for index in range(start, len(self.log)):
            seq, item_id = self.log[index]
            event = self.events.get(item_id)
            tombstone = self.tombstones.get(item_id)
            current = event.seq if event else tombstone.seq if tombstone else 0
            if current == seq:
                yield seq, item_id


def _span(event: Event) -> tuple[float, float]:
    floating = event.content["isAllDay"]
    start, end = (instant_of(event.content[n], floating=floating) for n in ("start", "end"))
    return start.timestamp(), end.timestamp()


def check_id(item_id: str) -> None:
    """Foreign or cut ids are malformed, not unknown (operations.md §9)."""
    if not _ID.fullmatch(item_id):
        raise malformed_id()


def new_event_id(sandbox: "Sandbox") -> str:
    return "AAMkA" + sandbox.random.token(48) + "AAA="


def new_immutable_id(sandbox: "Sandbox") -> str:
    return "AAkAL" + sandbox.random.token(48) + "AAA="


def new_uid(sandbox: "Sandbox") -> str:
    """A GlobalObjectId of 56 bytes in hex (event.md §7)."""
    created = int(sandbox.now().timestamp() * 10_000_000) + 116_444_736_000_000_000
    return (
        "040000008200E00074C5B7101A82E008"
        + "00000000"
        + created.to_bytes(8, "little").hex().upper()
        + "00" * 8
        + "10000000"
        + sandbox.random.digest()[:16].hex().upper()
    )


def new_change_key(sandbox: "Sandbox") -> str:
    return sandbox.random.token(24) + "=="


def occurrence_id(event_id: str, day: date) -> str:
    """Synthetic but addressable; it stays when the occurrence becomes an exception."""
    stem = event_id.rstrip("=")
    return f"{stem}OCC{day:%Y%m%d}" + "=" * (len(event_id) - len(stem))
