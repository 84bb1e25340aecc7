"""What Leansoft keeps in the small world: rows of events, each person's part, links to copies."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from convergence.model.outlook import Copy
from leansoft.events.fields import Field, Value
from leansoft.reconcile.actions import ActionThere
from leansoft.reconcile.forecast import Mail
from leansoft.reconcile.snapshot import Pair


@dataclass(slots=True)
class Part:
    """Somebody's own share of an event."""

    values: dict[Field, Value] = field(default_factory=dict)
    edited_at: dict[Field, datetime] = field(default_factory=dict)
    removed: bool = False
    grouped: bool = False
    """Here by a copy that came through a group, or was forwarded: no list names this person."""


@dataclass(slots=True)
class Row:
    """An event. `values` are the shared ones; `parts` of users, also of the organizer."""

    key: int
    label: str
    organizer: str
    values: dict[Field, Value]
    edited_at: dict[Field, datetime] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    uids: set[int] = field(default_factory=set)
    archived: bool = False
    locked: bool = False
    epoch: int = 0
    incarnation: int = 0
    version: int = 1


@dataclass(slots=True)
class Seen:
    """A copy as Outlook last showed it."""

    uid: int
    label: str
    organizer: str
    is_organizer: bool
    cancelled: bool
    mark: str
    etag: int
    modified_at: datetime
    values: dict[Field, Value]

    @classmethod
    def of(cls, copy: Copy) -> "Seen":
        people = copy.values[Field.ATTENDEES]
        spelled = [{**person, "email": person["email"].casefold()} for person in people]
        values = {**copy.values, Field.ATTENDEES: spelled}
        return cls(
            copy.uid,
            copy.label,
            copy.organizer,
            copy.owner == copy.organizer,
            copy.cancelled,
            copy.mark,
            copy.etag,
            copy.modified_at,
            values,
        )


@dataclass(slots=True)
class Intent:
    """A write whose answer is not known yet."""

    at: datetime
    action: ActionThere
    mark: str
    values: dict[Field, Value]
    mails: tuple[Mail, ...]


NUMBERS: Iterator[int] = count()


@dataclass(slots=True)
class Link:
    """One event in one mailbox: two of the three trees. `number`: in the order of making."""

    row: Row | None = None
    remote_id: int | None = None
    seen: Seen | None = None
    here: bool = False
    missed: bool = False
    """Outlook had it, and lost it before it was seen."""
    base: dict[Field, Pair] | None = None
    intent: Intent | None = None
    live: bool = True
    apart: bool = False
    epoch: int = 0
    incarnation: int = 0
    changed: bool = False
    planned: int = 0
    number: int = field(default_factory=NUMBERS.__next__)


@dataclass(slots=True)
class Box:
    """A user's connection. `cursor`: how much of Outlook's log was read; None: everything."""

    owner: str
    connected: bool = False
    cursor: int | None = None
    links: list[Link] = field(default_factory=list)
