"""Who is mailed when an organizer changes a meeting (operations.md §3)."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from outlook_sandbox.http import Json
from outlook_sandbox.mail import MailKind
from outlook_sandbox.mailbox.models.draft import Draft
from outlook_sandbox.mailbox.models.event import WHEN_FIELDS, Attendee, Event, copied
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.meetings import send_cancellation, send_request

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Before:
    """What the mail rules need to know of the item as it was."""

    item: Item
    content: Json
    attendees: list[Attendee]

    @classmethod
    def of(cls, item: Item) -> "Before":
        """A copy: the stored event is changed in place."""
        frozen = Item(copied(item.event), item.day)
        return cls(frozen, frozen.content, list(frozen.attendees))


def mail_update(sandbox: "Sandbox", before: Before, item: Item, draft: Draft) -> None:
    added, removed, kept = _difference(before.attendees, item.attendees, draft)
    if removed:
        send_cancellation(sandbox, before.item, removed)
    loud: set[str] = (
        set(draft.named) - set(sandbox.switches.silent_properties) - {"attendees", "transactionId"}
    )
    if not sandbox.switches.mail_on_unchanged_patch:
        loud = {_stored_as(n) for n in loud}
        loud = {n for n in loud if before.content.get(n) != item.content.get(n)}
    if added:
        send_request(sandbox, item, added, MailKind.INVITATION)
        _mail_exceptions(sandbox, item.event if item.day is None else None, added)
    if not loud:
        types = {a.key: a.type for a in before.attendees}
        send_request(sandbox, item, [a for a in kept if a.type != types[a.key]], MailKind.UPDATE)
        return
    asks_again = any(before.content.get(name) != item.content.get(name) for name in WHEN_FIELDS)
    if asks_again and sandbox.switches.time_change_resets_responses:
        _reset(item)
    send_request(sandbox, item, kept, MailKind.UPDATE, asks_again=asks_again)
    _mail_exceptions(sandbox, item.event if item.day is None else None, kept)


def _difference(
    before: list[Attendee], after: list[Attendee], draft: Draft
) -> tuple[list[Attendee], list[Attendee], list[Attendee]]:
    """Added, removed and kept people."""
    if draft.attendees is None:
        return [], [], after
    had, has = {a.key for a in before}, {a.key for a in after}
    return (
        [a for a in after if a.key not in had],
        [a for a in before if a.key not in has],
        [a for a in after if a.key in had],
    )


def _mail_exceptions(sandbox: "Sandbox", series: Event | None, people: list[Attendee]) -> None:
    """One more mail for each changed instance of the series."""
    if series is None or not sandbox.switches.mail_per_exception:
        return
    keys = {attendee.key for attendee in people}
    for item in changed_instances(series):
        send_request(sandbox, item, [a for a in item.attendees if a.key in keys], MailKind.UPDATE)


def changed_instances(series: Event) -> list[Item]:
    """Dates that the organizer changed; an answer to one date alone does not count."""
    invited = {attendee.key for attendee in series.attendees}
    return [
        Item(series, date.fromisoformat(day))
        for day, override in sorted(series.overrides.items())
        if override.content
        or (override.attendees is not None and {a.key for a in override.attendees} != invited)
    ]


def _reset(item: Item) -> None:
    """Everybody is asked again. An occurrence without a list of its own has nobody to reset."""
    if item.day is None or (item.override and item.override.attendees is not None):
        for attendee in item.attendees:
            attendee.response, attendee.responded_at, attendee.proposed = "none", None, None


def _stored_as(name: str) -> str:
    return "locations" if name == "location" else name
