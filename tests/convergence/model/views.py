"""The three trees of an event in the small world, and the homes of its fields."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from convergence.model.outlook import SHARED, Outlook, addresses
from convergence.model.rows import Box, Link, Part, Row
from leansoft.events.fields import Field, Response, Role, Value, Values
from leansoft.reconcile.actions import Action, ActionThere
from leansoft.reconcile.forecast import Mail, forecast
from leansoft.reconcile.snapshot import Local, Pair, Presence, Remote, Triple

OWN = frozenset({Field.SHOW_AS, Field.RESPONSE})
FIELDS = {
    Role.ORGANIZER: SHARED | {Field.SHOW_AS},
    Role.WITNESS: (SHARED | OWN) - {Field.BODY},
    Role.ATTENDEE: OWN,
}


@dataclass(slots=True)
class Write:
    """What was asked of Outlook, and what came of it. `arrived_at`: None when it was lost on its
    way."""

    who: str
    label: str
    action: ActionThere
    asked_at: datetime
    arrived_at: datetime | None = None
    changed: bool = False
    unforeseen: bool = False
    answered: bool = False

    def __str__(self) -> str:
        fields = getattr(self.action, "values", {})
        return " ".join([type(self.action).__name__, self.label, *fields])


def nothing(writing: bool) -> None:
    pass


@dataclass(slots=True)
class Store:
    """What Leansoft remembers, and what it says that each mailbox should show."""

    outlook: Outlook
    boxes: dict[str, Box]
    rows: list[Row] = field(default_factory=list)
    lost: list[tuple[str, Field, Value]] = field(default_factory=list)
    """The journal: values that lost, with their events' labels."""
    writes: list[Write] = field(default_factory=list)
    before: Callable[[bool], None] = nothing
    after: Callable[[bool], None] = nothing
    """Around every request; they may raise `NoAnswer`, or end the worker. True: it writes."""
    between: Callable[[], None] = lambda: None
    """Between any two actions the worker may end, too."""
    approving: bool = False
    """Whether owners let pass what a guard holds."""
    holding: set[str] = field(default_factory=set)
    """In whose round a guard holds something."""
    unsettled: int = 0

    def triple(self, box: Box, link: Link) -> Triple | None:
        row = link.row
        role = self._role(box, link)
        base: dict[Field, Pair] | None = link.base
        if base is not None and row is not None and link.epoch < row.epoch:
            base = {f: pair for f, pair in base.items() if f in OWN}
        remote = self._remote(link, role)
        if row is not None and not link.live and link.incarnation < row.incarnation:
            base, remote = None, None
        local = None if row is None else self._local(box, row, role)
        if row is not None and box.owner not in row.parts and is_unexplained(link, row, base):
            waits = self._removal_waits(box, row)
            local = local if waits else Local(presence=Presence.HERE, values={})
        if local is None and remote is None and base is None:
            return None
        return Triple(role=role, local=local, remote=remote, base=base, projected=FIELDS[role])

    def _role(self, box: Box, link: Link) -> Role:
        if link.row is None:
            organizes = link.seen is None or link.seen.is_organizer
            return Role.ORGANIZER if organizes else Role.WITNESS
        if link.row.organizer == box.owner:
            return Role.ORGANIZER
        witness = link.row.locked and self._witness(link.row) is link
        return Role.WITNESS if witness else Role.ATTENDEE

    def _witness(self, row: Row) -> Link | None:
        """The oldest live copy: it is no better when somebody else connects."""
        copies = (
            link
            for box in self.boxes.values()
            if box.connected and box.owner != row.organizer
            for link in box.links
            if link.row is row and link.live
        )
        return min(copies, key=lambda link: link.number, default=None)

    @staticmethod
    def _remote(link: Link, role: Role) -> Remote | None:
        seen = link.seen
        if seen is None:
            return Remote(here=False) if link.missed else None
        people = seen.values[Field.ATTENDEES]
        return Remote(
            here=link.here,
            values={f: v for f, v in seen.values.items() if f in FIELDS[role]},
            modified_at=seen.modified_at,
            recipients=tuple(person["email"] for person in people),
        )

    def _local(self, box: Box, row: Row, role: Role) -> Local:
        part = row.parts.get(box.owner)
        own = part.values if part else {}
        values = {f: v for f, v in {**row.values, **own}.items() if f in FIELDS[role]}
        edited = {**row.edited_at, **(part.edited_at if part else {})}
        return Local(presence=presence_of(row, part, role), values=values, edited_at=edited)

    def _removal_waits(self, box: Box, row: Row) -> bool:
        home = self.boxes.get(row.organizer)
        return any(
            box.owner in addresses(link.base[Field.ATTENDEES].theirs)
            for link in (home.links if home is not None and home.connected else ())
            if link.row is row and link.live and link.base and Field.ATTENDEES in link.base
        )

    def _settle_home(self, box: Box, link: Link) -> bool:
        """Answers whether the home moved."""
        row = link.row
        if row is None or not link.here:
            return False
        if row.organizer == box.owner:
            wanted = False
        else:
            home = self.boxes.get(row.organizer)
            wanted = row.locked or home is None or not home.connected
        if row.locked == wanted:
            return False
        self.move_home(row, locked=wanted)
        return True

    @staticmethod
    def move_home(row: Row, *, locked: bool) -> None:
        row.locked = locked
        row.epoch += 1
        row.version += 1


def agree(link: Link, fields: Iterable[Field], ours: Values, theirs: Values) -> None:
    """Both sides hold these now."""
    base = dict(link.base or {})
    for name in fields:
        if name in ours and name in theirs:
            base[name] = Pair(ours=ours[name], theirs=theirs[name])
    link.base = base


def mails_of(link: Link, triple: Triple | None, action: Action) -> tuple[Mail, ...]:
    remote, seen = triple.remote if triple else None, link.seen
    people = seen.values[Field.ATTENDEES] if seen else []
    return forecast(
        action,
        present=remote.recipients if remote else (),
        types={person["email"]: person["type"] for person in people},
        organizer=seen.organizer if seen else None,
    )


def is_unexplained(link: Link, row: Row, base: object) -> bool:
    """A copy is here that no list of people explains, or none that still holds: a witness may
    have an old one."""
    return link.here and (row.locked or base is None or link.epoch < row.epoch)


def presence_of(row: Row, part: Part | None, role: Role) -> Presence:
    if role is Role.ORGANIZER:
        return Presence.DELETED if row.archived else Presence.HERE
    if part is None:
        return Presence.WITHDRAWN
    if part.removed:
        return Presence.DELETED
    return Presence.WITHDRAWN if row.archived else Presence.HERE


def sync_parts(row: Row, users: Container[str]) -> None:
    """A user on the list has a part in the event; somebody taken off has none, unless no list ever
    named them."""
    invited = set(invited_to(row))
    for who, part in list(row.parts.items()):
        if who != row.organizer and who not in invited and not part.grouped:
            del row.parts[who]
    for who in sorted(invited):
        if who in users:
            unanswered = Part(values={Field.RESPONSE: str(Response.NOT_RESPONDED)})
            row.parts.setdefault(who, unanswered).grouped = False


def invited_to(row: Row) -> list[str]:
    return addresses(row.values.get(Field.ATTENDEES, []))


def label_of(link: Link) -> str:
    if link.row is not None:
        return link.row.label
    return link.seen.label if link.seen else ""
