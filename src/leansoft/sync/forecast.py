"""Whom Outlook will mail for an act, asked before the act: what the form says beside its button."""

from typing import Any

from leansoft.accounts.models import User
from leansoft.calendars.models import Channel, Event
from leansoft.calendars.values import shared_values
from leansoft.connections.models import Mailbox
from leansoft.events.fields import SHARED, Field, Values
from leansoft.events.normalise import same
from leansoft.reconcile.forecast import Mail, MailKind, forecast_update
from leansoft.sync.journal import mail_entries
from leansoft.sync.models import EventLink
from leansoft.sync.projection import outlook_attendees

MOST_NAMES = 5

VERBS = {
    frozenset({"invitation"}): "invite",
    frozenset({"cancellation"}): "send a cancellation to",
}


def forecast_act(
    act: str, event: Event | None, values: Values, *, by: User
) -> list[dict[str, Any]]:
    """Mails of creating, editing, deleting, archiving or unarchiving, one entry per recipient.

    Nobody is mailed when the organizer's mailbox is not connected, or the event is kept apart.
    """
    if not _reaches_outlook(event, by):
        return []
    return mail_entries(_mails(act, event, values), event)


def _mails(act: str, event: Event | None, values: Values) -> tuple[Mail, ...]:
    people = outlook_attendees(event) if event else []
    present = [person["email"] for person in people]
    match act:
        case "create":
            told = _told(event, values.get(Field.ATTENDEES, []))
            return _to([person["email"] for person in told], MailKind.INVITATION)
        case "unarchive":
            return _to(present, MailKind.INVITATION)
        case "delete" | "archive":
            return _to(present, MailKind.CANCELLATION)
        case _:
            types = {person["email"]: person["type"] for person in people}
            return forecast_update(_changed(event, values), present=present, types=types)


def _to(emails: list[str], kind: MailKind) -> tuple[Mail, ...]:
    return tuple(Mail(to=email, kind=kind) for email in sorted(set(emails)))


def _changed(event: Event | None, values: Values) -> Values:
    """The shared fields that differ, with the attendees as Outlook would be told."""
    assert event is not None
    now = {**shared_values(event), Field.ATTENDEES: outlook_attendees(event)}
    then = dict(values)
    if Field.ATTENDEES in then:
        then[Field.ATTENDEES] = _told(event, then[Field.ATTENDEES])
    return {f: v for f, v in then.items() if f in SHARED and not same(f, v, now[f])}


def _told(event: Event | None, people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of these people, those whom Outlook tells: with an address, and not taking part quietly."""
    quiet = {p.email for p in event.attendees if p.channel != Channel.OUTLOOK} if event else set()
    organizer = {event.organizer.email} if event else set()
    return [p for p in people if p["email"] and p["email"] not in quiet | organizer]


def _reaches_outlook(event: Event | None, by: User) -> bool:
    mailbox = Mailbox.objects.filter(user=by, status__in=Mailbox.HOME).first()
    if mailbox is None:
        return False
    if event is None:
        return True
    if event.organizer.user_id != by.pk:
        return False
    apart = EventLink.State.APART
    return not EventLink.objects.filter(mailbox=mailbox, event=event, state=apart).exists()


def sentence(mails: list[dict[str, Any]], names: dict[str, str]) -> str:
    """What the form says: "Outlook will mail 3 people: Ana, Bo, Chi." Empty when nobody is mailed.

    `names`: names by address; an address without one stands for itself.
    """
    parts = [
        _part("will", [m for m in mails if m["certain"]], names),
        _part("may", [m for m in mails if not m["certain"]], names),
    ]
    return " ".join(part for part in parts if part)


def _part(modal: str, mails: list[dict[str, Any]], names: dict[str, str]) -> str:
    if not mails:
        return ""
    verb = VERBS.get(frozenset(mail["kind"] for mail in mails), "mail")
    people = [names.get(mail["to"], mail["to"]) for mail in mails]
    shown = ", ".join(people[:MOST_NAMES])
    if len(people) > MOST_NAMES:
        shown += f" and {len(people) - MOST_NAMES} more"
    count = "1 person" if len(people) == 1 else f"{len(people)} people"
    return f"Outlook {modal} {verb} {count}: {shown}."
