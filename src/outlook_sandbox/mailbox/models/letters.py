"""The wording of mail: what a person finds in the inbox."""

from datetime import datetime

from outlook_sandbox.mail import MailKind
from outlook_sandbox.mailbox.models.body import as_text
from outlook_sandbox.mailbox.models.event import Person
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.rule_text import day_text, rule_text
from outlook_sandbox.mailbox.models.times import ONE_DAY, wall_of

CANCELED = "Canceled: "
_PREFIXES = {
    "accepted": "Accepted: ",
    "tentativelyAccepted": "Tentative: ",
    "declined": "Declined: ",
}


def subject_of(kind: MailKind, item: Item, verb: str) -> str:
    subject: str = item.content["subject"]
    if kind is MailKind.CANCELLATION:
        return CANCELED + subject
    if kind is MailKind.RESPONSE:
        return _PREFIXES[verb] + subject
    if kind is MailKind.NOTICE:
        return f"Meeting Forward Notification: {subject}"
    return subject


def answer_of(subject: str) -> str:
    """The response that a subject announces."""
    return next(verb for verb, prefix in _PREFIXES.items() if subject.startswith(prefix))


def when_text(item: Item) -> str:
    start, end = wall_of(item.content["start"]), wall_of(item.content["end"])
    zone = item.content["start"]["timeZone"]
    if item.content["isAllDay"]:
        last = end - ONE_DAY
        until = f" – {_day(last)}" if last > start else ""
        return f"{_day(start)}{until}, all day"
    if start.date() == end.date():
        return f"{_day(start)}, {start:%H:%M}–{end:%H:%M} ({zone})"
    return f"{_day(start)}, {start:%H:%M} – {_day(end)}, {end:%H:%M} ({zone})"


def _day(when: datetime) -> str:
    return f"{when:%A}, {day_text(when)}"


def place_text(item: Item) -> str:
    return "; ".join(p["displayName"] for p in item.content["locations"] if p["displayName"])


def letter(kind: MailKind, item: Item, sender: Person, comment: str | None, verb: str) -> str:
    lines = [f"When: {when_text(item)}"]
    if item.type == "seriesMaster":
        lines.append(f"Repeats: {rule_text(item.content['recurrence'])}")
    if place := place_text(item):
        lines.append(f"Where: {place}")
    lines.append(f"Organizer: {item.event.organizer.name} <{item.event.organizer.address}>")
    if kind is not MailKind.RESPONSE and item.attendees:
        people = ", ".join(attendee.name for attendee in item.attendees)
        lines.append(f"Invited: {people}")
    if kind is MailKind.RESPONSE:
        lines.insert(0, f"{sender.name} answered: {_PREFIXES[verb].strip(': ').lower()}.")
    if comment:
        lines += ["", comment]
    if kind in (MailKind.INVITATION, MailKind.UPDATE) and item.content["body"]:
        lines += ["", as_text(item.content["body"]).replace("\r\n", "\n")]
    return "\n".join(lines)
