"""The three trees of one event in one mailbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from leansoft.events.fields import Field, Role, Value, Values


class Presence(StrEnum):
    HERE = "here"
    """On this side, the event is on the calendar."""
    DELETED = "deleted"
    """The owner of this copy took it off: archived by the organizer, removed by an attendee."""
    WITHDRAWN = "withdrawn"
    """Somebody else ended it (the organizer archived it, or removed this person): Outlook carries
    that to this mailbox by itself, so Leansoft does nothing to the copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What the calendar says the mailbox should show.

    `values` holds only fields whose home is this mailbox (the projection); a person's own field
    that was never set is absent. Attendees are those whom Outlook tells.
    """

    presence: Presence
    values: Values
    edited_at: Mapping[Field, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """What Outlook says. A cancelled copy counts as gone."""

    here: bool
    values: Values = field(default_factory=dict)
    modified_at: datetime | None = None
    recipients: tuple[str, ...] = ()
    """Addresses of everyone on the copy but its owner: whom Outlook mails about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What each side held when they agreed: Outlook rewrites what it is given."""

    ours: Value
    theirs: Value


Base = Mapping[Field, Pair]


@dataclass(frozen=True, slots=True, kw_only=True)
class Triple:
    """No `local`: no row here. No `remote`: Outlook never showed it. No `base`: never agreed."""

    role: Role
    local: Local | None
    remote: Remote | None
    base: Base | None
    projected: frozenset[Field]
    """The fields whose home is this mailbox; the plan sees nothing else."""
