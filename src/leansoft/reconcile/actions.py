"""What a plan consists of. Every action says why in one of these causes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from leansoft.events.fields import Field, Response, Value, Values


class Cause(StrEnum):
    NEW_HERE = "New in Leansoft"
    NEW_THERE = "New in Outlook"
    FOUND_ON_BOTH = "Found on both sides"
    CHANGED_HERE = "Changed in Leansoft"
    CHANGED_THERE = "Changed in Outlook"
    CHANGED_ON_BOTH = "Changed on both sides"
    DELETED_HERE = "Deleted in Leansoft"
    DELETED_THERE = "Deleted in Outlook"
    ANSWERED_HERE = "Answered in Leansoft"
    UNDONE = "A round was undone"
    STARTED_OVER = "You started over"
    DISCONNECTED = "You disconnected Outlook"
    EDIT_BEATS_DELETION = "Edited on one side after the other had deleted it"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateThere:
    """Creates the event in Outlook; `again` when an earlier incarnation was deleted there."""

    values: Values
    cause: Cause
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateThere:
    """Writes these fields to Outlook. `lost` holds Outlook's values that a newer edit replaces."""

    values: Values
    cause: Cause
    lost: Mapping[Field, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteThere:
    """The organizer's copy goes; Outlook cancels."""

    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineThere:
    """The attendee's copy goes; the organizer hears of it only when asked to."""

    cause: Cause
    send_response: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondThere:
    response: Response
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateHere:
    values: Values
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateHere:
    """Takes these values in. `lost` holds values of ours that Outlook's replace."""

    values: Values
    cause: Cause
    lost: Mapping[Field, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopt:
    """Links what both sides hold already. Outlook's values come in; nothing is written there."""

    values: Values
    cause: Cause = Cause.FOUND_ON_BOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveHere:
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveHere:
    """Takes the mailbox's owner off; the event stays for everybody else."""

    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreHere:
    """Back on the calendar, as Outlook holds it. `lost` holds edits of ours that had waited."""

    values: Values
    cause: Cause
    lost: Mapping[Field, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDateThere:
    """Writes these fields of one date of a series. `states` says which of them are as the series
    again, which Outlook has no word for: `values` then repeats the series' value."""

    day: date
    values: Values
    states: Values
    cause: Cause
    lost: Mapping[Field, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteDateThere:
    """The organizer takes one date out of the series; Outlook cancels it."""

    day: date
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineDateThere:
    """An attendee takes one date off their calendar."""

    day: date
    cause: Cause
    send_response: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondDateThere:
    day: date
    response: Response
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDateHere:
    """Takes these values of one date in; a value may be "as the series"."""

    day: date
    values: Values
    cause: Cause
    lost: Mapping[Field, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveDateHere:
    """`excluded`: out of the series, for everybody; else off this person's calendar alone."""

    day: date
    excluded: bool
    cause: Cause
    lost: Mapping[Field, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreDateHere:
    day: date
    values: Values
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeDate:
    """Nothing to write for this date; `gone`: both sides are without it."""

    day: date
    fields: frozenset[Field] = frozenset()
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree:
    """Nothing to write: the base learns what both sides hold."""

    fields: frozenset[Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """Neither side has it any more: the link rests."""


DateActionThere: TypeAlias = UpdateDateThere | DeleteDateThere | DeclineDateThere | RespondDateThere
DateActionHere: TypeAlias = UpdateDateHere | RemoveDateHere | RestoreDateHere
ActionThere: TypeAlias = (
    CreateThere | UpdateThere | DeleteThere | DeclineThere | RespondThere | DateActionThere
)
ActionHere: TypeAlias = (
    CreateHere | UpdateHere | Adopt | ArchiveHere | RemoveHere | RestoreHere | DateActionHere
)
Bookkeeping: TypeAlias = Agree | LetGo | AgreeDate
Action: TypeAlias = ActionThere | ActionHere | Bookkeeping
