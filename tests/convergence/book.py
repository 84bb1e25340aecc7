"""The book of what happened: what people did, what Leansoft wrote in Outlook, and its rounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from leansoft.events.fields import Field, Value
from outlook_sandbox.mail import Mail

NOBODY: frozenset[str] = frozenset()


class Side(StrEnum):
    HERE = "here"
    THERE = "there"


class Kind(StrEnum):
    CREATE = "create"
    EDIT = "edit"
    ARCHIVE = "archive"
    """The organizer ends it, on either side."""
    UNARCHIVE = "unarchive"
    FOREVER = "forever"
    RESPOND = "respond"
    LEAVE = "leave"
    """An attendee takes it off their calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something a person did about an event.

    `label` stays on an event for good, see `label_of`. `values`: what it changed, and to what;
    `before`: what was there.
    `added`, `removed`: people whom it puts on the event, or takes off. `names`: it changed whom the
    description names.
    """

    kind: Kind
    side: Side
    label: str
    by: str
    at: datetime
    values: Mapping[Field, Value] = field(default_factory=dict)
    before: Mapping[Field, Value] = field(default_factory=dict)
    added: frozenset[str] = NOBODY
    removed: frozenset[str] = NOBODY
    names: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One request of Leansoft's that may change a calendar in Outlook.

    `action` names the journal's row that announced it. `changed`: Outlook carried it out, whatever
    it answered; `answered`: it said so, and was heard. `quiet`: people who take part without
    Outlook's knowledge.
    """

    who: str
    at: datetime
    method: str
    path: str
    kind: str
    label: str
    values: Mapping[str, Value]
    send_response: bool
    action: int | None
    quiet: frozenset[str]
    changed: bool
    answered: bool
    mails: tuple[Mail, ...]

    def __str__(self) -> str:
        return f"{self.who}: {self.kind} of {self.label} {sorted(self.values)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round that was carried through. `knows`: what happened before that, it was told."""

    who: str
    knows: datetime
    began: datetime
    ended: datetime
    requests: int


@dataclass(slots=True)
class Book:
    acts: list[Act] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)

    def forget_answer(self, who: str) -> None:
        """The worker died, so that nobody knows whether it wrote its last answer down."""
        number = next((n for n, w in reversed([*enumerate(self.writes)]) if w.who == who), None)
        if number is not None:
            self.writes[number] = replace(self.writes[number], answered=False)

    def about(self, label: str) -> list[Act]:
        return [act for act in self.acts if act.label == label]

    def met(self, one: Act | Write, other: Act | Write, who: str) -> bool:
        """Whether both happened with no whole round of this person's between them."""
        first, last = sorted((one.at, other.at))
        return not any(first < r.knows and r.ended < last for r in self.rounds if r.who == who)


def label_of(subject: str) -> str:
    """Every event's subject begins with a word of its own, whatever else changes."""
    for prefix in ("Accepted: ", "Tentative: ", "Declined: ", "Canceled: "):
        subject = subject.removeprefix(prefix)
    return subject.partition(" ")[0]
