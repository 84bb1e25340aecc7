"""Whom Outlook will mail for an act, asked before the act: what the form says beside its button."""

from datetime import date
from typing import Any

from django.db import transaction

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import unarchive_event
from leansoft.calendars.domain.when import is_left
from leansoft.calendars.models import Channel, Event
from leansoft.calendars.occurrences import event_on
from leansoft.calendars.overrides import overrides_of, personal_overrides_of
from leansoft.calendars.values import shared_values, when_value
from leansoft.connections.models import Mailbox
from leansoft.events.fields import SHARED, Field, Values
from leansoft.events.normalise import same
from leansoft.events.recurrence import cut_before
from leansoft.reconcile.audience import types_of
from leansoft.reconcile.dates import CONTENT
from leansoft.reconcile.forecast import (
    ChangedDate,
    Mail,
    MailKind,
    forecast_deletion,
    forecast_update,
)
from leansoft.sync.models import EventLink
from leansoft.sync.state.load import kept_elsewhere, link_new_events, load_many
from leansoft.sync.state.projection import outlook_attendees
from leansoft.sync.write.apply import plan_of
from leansoft.sync.write.journal import mail_entries, mails_of

MOST_NAMES = 5

VERBS = {
    frozenset({"invitation"}): "invite",
    frozenset({"cancellation"}): "send a cancellation to",
}


def forecast_act(
    act: str, event: Event | None, values: Values, *, by: User
) -> list[dict[str, Any]]:
    """Mails of creating, editing, deleting, archiving or unarchiving, one entry per recipient.

    `event` may be one date of a series (`calendars.occurrences.event_on`). Nobody is mailed when
    the organizer's mailbox is not connected, or the event is kept apart.
    """
    ends = act in {"delete", "archive"}
    if not _reaches_outlook(event, by, ends=ends):
        return []
    if act == "unarchive":
        return _of_unarchiving(event, by)
    return mail_entries(_mails(act, event, values), event)


def forecast_following(
    act: str, event: Event, day: date, values: Values, *, by: User
) -> list[dict[str, Any]]:
    """Mails of editing or deleting the dates of a series from this one on.

    The old series ends before it; an edit makes a new one, to which everybody is invited.
    """
    when = when_value(event)
    if not is_left(when, event.excluded, before=day):
        return forecast_act(act, event, values, by=by)
    end = forecast_act("edit", event, {Field.WHEN: cut_before(when, day)}, by=by)
    if act == "delete" or not _reaches_outlook(event, by):
        return end
    people = _told(event, values.get(Field.ATTENDEES, outlook_attendees(event)))
    invitations = _to([person["email"] for person in people], MailKind.INVITATION)
    # What differs on later dates goes along to the new series, unless that has other times.
    later = [] if Field.WHEN in values else _changed_dates(event, after=day)
    usual = [person["email"] for person in people]
    told = [usual if one.people is None else one.people for one in later]
    updates = [Mail(to=to, kind=MailKind.UPDATE) for some in told for to in some]
    return end + mail_entries([*invitations, *updates], event)


def _mails(act: str, event: Event | None, values: Values) -> tuple[Mail, ...]:
    people = outlook_attendees(event) if event else []
    present = [person["email"] for person in people]
    match act:
        case "create":
            told = _told(event, values.get(Field.ATTENDEES, []))
            return _to([person["email"] for person in told], MailKind.INVITATION)
        case "delete" | "archive":
            return forecast_deletion(present, _changed_dates(event))
        case _:
            types = types_of(people)
            changed, dates = _changed(event, values), _changed_dates(event)
            return forecast_update(changed, present=present, types=types, dates=dates)


def _of_unarchiving(event: Event | None, by: User) -> list[dict[str, Any]]:
    """The act itself, and what is planned then, in a transaction that is taken back."""
    assert event is not None
    mailbox = Mailbox.objects.get(user=by)
    with transaction.atomic():
        unarchive_event(event, by=by)
        link_new_events(mailbox)
        links = EventLink.objects.filter(mailbox=mailbox, event=event, date__isnull=True)
        subjects = load_many(mailbox, list(links.values_list("pk", flat=True)))
        mails = [mail for subject in subjects for mail in mails_of(subject, *plan_of(subject))]
        transaction.set_rollback(True)
    return mail_entries(mails, event)


def _to(emails: list[str], kind: MailKind) -> tuple[Mail, ...]:
    return tuple(Mail(to=email, kind=kind) for email in sorted(set(emails)))


def _changed_dates(event: Event | None, *, after: date = date.min) -> list[ChangedDate]:
    """Dates that Outlook shows as different, from `after` on: also where only what is the
    organizer's own differs."""
    assert event is not None
    shared = overrides_of(event)
    own = {day for day, row in personal_overrides_of(event.organizer).items() if row.values}
    days = sorted(shared.keys() | own)
    return [
        _changed_date(event, day, shared.get(day, {}))
        for day in days
        if day >= after and day not in event.excluded
    ]


def _changed_date(event: Event, day: date, shared: Values) -> ChangedDate:
    has_own_people = Field.ATTENDEES in shared
    people = types_of(outlook_attendees(event_on(event, day))) if has_own_people else None
    return ChangedDate(people=people, certain=not CONTENT.isdisjoint(shared))


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


def _reaches_outlook(event: Event | None, by: User, *, ends: bool = False) -> bool:
    """`ends`: by an act that takes all of it off, which reaches other calendars too."""
    mailbox = Mailbox.objects.filter(user=by, status__in=Mailbox.HOME).first()
    if mailbox is None:
        return False
    if event is None:
        return True
    if event.organizer.user_id != by.pk:
        return False
    links = EventLink.objects.filter(mailbox=mailbox, event=event)
    apart = links.filter(state=EventLink.State.APART)
    if ends:
        # One date of a series has no rule.
        apart = apart.exclude(kept_elsewhere(), event__rrule=event.rrule)
    return not apart.exists()


def sentence(mails: list[dict[str, Any]], names: dict[str, str]) -> str:
    """What the form says: "Outlook will mail 3 people: Ana, Bo, Chi." Empty when nobody is mailed.

    `names`: names by address; an address without one stands for itself.
    """
    told = {mail["to"] for mail in mails if mail["certain"]}
    parts = [
        _part("will", [m for m in mails if m["certain"]], names),
        _part("may", [m for m in mails if m["to"] not in told], names),
    ]
    return " ".join(part for part in parts if part)


def _part(modal: str, mails: list[dict[str, Any]], names: dict[str, str]) -> str:
    if not mails:
        return ""
    verb = VERBS.get(frozenset(mail["kind"] for mail in mails), "mail")
    # Somebody can get several mails: a series has one for each date that differs.
    people = [names.get(to, to) for to in dict.fromkeys(mail["to"] for mail in mails)]
    shown = ", ".join(people[:MOST_NAMES])
    if len(people) > MOST_NAMES:
        shown += f" and {len(people) - MOST_NAMES} more"
    count = "1 person" if len(people) == 1 else f"{len(people)} people"
    return f"Outlook {modal} {verb} {count}: {shown}."
