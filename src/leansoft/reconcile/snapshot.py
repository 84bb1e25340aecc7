"""The three trees of one event in one mailbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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
    PUT_AWAY = "put away"
    """An attendee's, taken off when they started over or disconnected: they have not left it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What the calendar says the mailbox should show.

    `values` holds only fields whose home is this mailbox (the projection); a person's own field
    that was never set is absent. Attendees are those whom Outlook tells.

    `fresh`: own fields that the person changed since this copy was first seen, of a copy on which
    both sides never agreed.
    """

    presence: Presence
    values: Values
    edited_at: Mapping[Field, datetime] = field(default_factory=dict)
    fresh: frozenset[Field] = frozenset()


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
class LocalDate:
    """One date of a series as the calendar shows it. `values` holds what is not as the series."""

    presence: Presence = Presence.HERE
    values: Values = field(default_factory=dict)
    edited_at: Mapping[Field, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteDate:
    """The same date as Outlook shows it. `cancelled`: its organizer took it out, and this
    attendee's copy still shows that."""

    here: bool = True
    cancelled: bool = False
    values: Values = field(default_factory=dict)
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateBase:
    """What both sides last agreed on for a date; one that was never different is as the series."""

    gone: bool = False
    ours: Values = field(default_factory=dict)
    theirs: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTriple:
    local: LocalDate = LocalDate()
    remote: RemoteDate = RemoteDate()
    base: DateBase = DateBase()


@dataclass(frozen=True, slots=True, kw_only=True)
class Triple:
    """No `local`: no row here. No `remote`: Outlook never showed it. No `base`: never agreed."""

    role: Role
    local: Local | None
    remote: Remote | None
    base: Base | None
    projected: frozenset[Field]
    """The fields whose home is this mailbox; the plan sees nothing else."""
    dates: Mapping[date, DateTriple] = field(default_factory=dict)
    """Of a series: every date that is, or was, not simply as the series on either side. A date is
    named by the day of its original slot."""
