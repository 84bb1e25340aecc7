"""An Outlook in memory: it rewrites what it is given, mails people, and carries copies late."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from leansoft.events.fields import Field, Response, Value, Values
from leansoft.reconcile.forecast import MailKind

BEGIN = datetime(2030, 1, 7, 9, tzinfo=UTC)
CONTENT = frozenset({Field.SUBJECT, Field.BODY})
SHARED = CONTENT | {Field.ATTENDEES}
NEW_COPY: Values = {Field.SHOW_AS: "tentative", Field.RESPONSE: Response.NOT_RESPONDED}
DEFAULTS: Values = {
    Field.SUBJECT: "", Field.BODY: "", Field.ATTENDEES: [], Field.SHOW_AS: "busy",
}  # fmt: skip


class NotThere(Exception):
    """No such copy, or no longer."""


class Changed(Exception):
    """The copy is not the one with this etag any more."""


@dataclass(slots=True)
class Copy:
    """One person's copy of a meeting. `label` is the truth that no program sees."""

    id: int
    label: str
    uid: int
    owner: str
    organizer: str
    values: dict[Field, Value]
    mark: str
    modified_at: datetime
    etag: int = 0
    cancelled: bool = False
    gone: bool = False

    @property
    def invited(self) -> list[str]:
        return addresses(self.values[Field.ATTENDEES])


@dataclass(slots=True)
class Letter:
    """A mail on its way: what it brings to the copy of its recipient. Without content: the end."""

    due_at: datetime
    meeting: Copy
    to: str
    kind: MailKind
    content: dict[Field, Value] = field(default_factory=dict)


class Outlook:
    def __init__(self, people: Iterable[str]) -> None:
        self.copies: dict[int, Copy] = {}
        self.log: dict[str, list[int]] = {who: [] for who in people}
        self.mails: list[tuple[str, MailKind]] = []
        self.post: list[Letter] = []
        self.used: dict[str, int] = {}
        self.now, self.delay = BEGIN, timedelta()

    def of(self, owner: str) -> list[Copy]:
        return [c for c in self.copies.values() if c.owner == owner and not c.gone]

    def get(self, copy_id: int) -> Copy:
        copy = self.copies[copy_id]
        if copy.gone:
            raise NotThere
        return copy

    def create(self, owner: str, label: str, values: Values, mark: str = "") -> Copy:
        """Once for each mark."""
        if mark in self.used:
            return self.get(self.used[mark])
        held = {**DEFAULTS, **_rewritten(values)}
        uid = len(self.copies) + 1
        copy = self._new(label=label, uid=uid, owner=owner, organizer=owner, values=held, mark=mark)
        if mark:
            self.used[mark] = copy.id
        self._send(copy, copy.invited, MailKind.INVITATION)
        return copy

    def change(self, copy_id: int, values: Values, etag: int | None = None) -> Copy:
        copy = self._held(copy_id, etag)
        before = copy.invited
        copy.values |= _rewritten(values)
        self._touch(copy)
        if copy.owner == copy.organizer:
            after = copy.invited
            self._send(copy, [e for e in after if e not in before], MailKind.INVITATION)
            self._send(copy, [e for e in before if e not in after], MailKind.CANCELLATION)
            if values.keys() & CONTENT:
                self._send(copy, [e for e in after if e in before], MailKind.UPDATE)
        return copy

    def delete(self, copy_id: int, etag: int | None = None) -> None:
        copy = self._held(copy_id, etag)
        copy.gone = True
        self._touch(copy)
        if copy.owner == copy.organizer:
            self._send(copy, copy.invited, MailKind.CANCELLATION)

    def answer(self, copy_id: int, answer: Response, *, tell: bool) -> Copy:
        copy = self.get(copy_id)
        if tell:
            self.mails.append((copy.organizer, MailKind.RESPONSE))
        copy.values[Field.RESPONSE] = str(answer)
        copy.values[Field.SHOW_AS] = "busy" if answer is Response.ACCEPTED else "tentative"
        copy.gone = answer is Response.DECLINED
        self._touch(copy)
        return copy

    def deliver(self) -> None:
        """Whatever has arrived by now."""
        if not self.post:
            return
        due = [letter for letter in self.post if letter.due_at <= self.now]
        self.post = [letter for letter in self.post if letter.due_at > self.now]
        for letter in due:
            self._arrive(letter)

    def _arrive(self, letter: Letter) -> None:
        meeting, who = letter.meeting, letter.to
        copies = [c for c in self.of(who) if c.uid == meeting.uid]
        if not copies:
            if letter.kind is MailKind.INVITATION:
                values = {**DEFAULTS, **letter.content, **NEW_COPY}
                self._new(
                    label=meeting.label,
                    uid=meeting.uid,
                    owner=who,
                    organizer=meeting.owner,
                    values=values,
                    mark="",
                )
            return
        copy = copies[0]
        copy.cancelled = letter.kind is MailKind.CANCELLATION
        copy.values |= letter.content
        self._touch(copy)

    def _send(self, meeting: Copy, people: Iterable[str], kind: MailKind) -> None:
        content = {f: meeting.values[f] for f in SHARED} if kind != MailKind.CANCELLATION else {}
        for who in people:
            self.mails.append((who, kind))
            if who in self.log:
                self.post.append(Letter(self.now + self.delay, meeting, who, kind, dict(content)))

    def _new(self, **facts: Any) -> Copy:
        copy = Copy(id=len(self.copies) + 1, modified_at=self.now, **facts)
        self.copies[copy.id] = copy
        self._touch(copy)
        return copy

    def _held(self, copy_id: int, etag: int | None) -> Copy:
        copy = self.get(copy_id)
        if etag is not None and etag != copy.etag:
            raise Changed
        return copy

    def _touch(self, copy: Copy) -> None:
        copy.etag += 1
        copy.modified_at = self.now
        self.log[copy.owner].append(copy.id)


def addresses(people: Value) -> list[str]:
    return [person["email"].casefold() for person in people]


def _rewritten(values: Values) -> dict[Field, Value]:
    """Trims subjects, lays out bodies anew, spells addresses its own way."""
    held = dict(values)
    if Field.SUBJECT in held:
        held[Field.SUBJECT] = held[Field.SUBJECT].strip()
    if Field.BODY in held:
        held[Field.BODY] = held[Field.BODY].replace(" ", "  ") + "\n"
    if Field.ATTENDEES in held:
        people = held[Field.ATTENDEES]
        held[Field.ATTENDEES] = [{**p, "email": p["email"].upper()} for p in people]
    return held
