"""What an undo writes in Leansoft: one event, within the caller's transaction."""

from datetime import date, datetime

from leansoft.calendars.domain.dates import edit_occurrence
from leansoft.calendars.domain.events import bump, edit_event
from leansoft.calendars.domain.incoming import (
    accept_values,
    archive_incoming,
    remove_incoming,
    restore_incoming,
)
from leansoft.calendars.domain.incoming_dates import accept_date, remove_date, restore_date
from leansoft.calendars.models import Channel, Event, Participant
from leansoft.calendars.occurrences import event_on
from leansoft.calendars.overrides import series_values
from leansoft.calendars.values import attendee_value, personal_values
from leansoft.events.fields import AS_SERIES, Field, Response, Role, Value, Values
from leansoft.reconcile.snapshot import Presence
from leansoft.sync.models import EventLink
from leansoft.sync.state.load import Subject
from leansoft.sync.undo.decision import Act, Step

State, Apart = EventLink.State, EventLink.Apart


def put_back(subject: Subject, step: Step, *, now: datetime) -> None:
    """Does on this side what the step says. Raises `CalendarError`."""
    match step.act:
        case Act.OFF_HERE:
            _put_values_back(subject, step.values)
            _take_off(subject, now)
            _set_apart(subject)
        case Act.OFF_BOTH:
            _take_off(subject, now)
            _set_everybody_apart(subject)
        case Act.OFF_THERE:
            _set_everybody_apart(subject)
        case Act.BACK_HERE:
            _bring_back(subject)
            _set_apart(subject)
        case Act.ANEW:
            _begin_anew(subject)
        case Act.REJOIN:
            _bring_back(subject)
            _rejoin(subject)
        case Act.PART:
            _put_values_back(subject, step.values)
            _set_apart(subject)
        case Act.EDIT:
            _edit(subject, step, now)
        case Act.NOTHING:
            pass


def _edit(subject: Subject, step: Step, now: datetime) -> None:
    """The values as edits of the mailbox's owner, whose mails have been shown to them."""
    event, owner, day = _event(subject), subject.mailbox.user, subject.link.date
    if day is not None:
        edit_occurrence(event, day, by=owner, values=step.values, now=now)
        return
    values = dict(step.values)
    if Field.ATTENDEES in values:
        values[Field.ATTENDEES] = with_others(event, values[Field.ATTENDEES])
    event = edit_event(event, by=owner, values=values, now=now)
    for day, changed in step.dates.items():
        on_date = _values_on(event, subject.person, day, changed)
        event = edit_occurrence(event, day, by=owner, values=on_date, now=now)
    Event.objects.filter(pk=event.pk).update(announced_version=event.version)


def _values_on(event: Event, person: Participant | None, day: date, values: Values) -> Values:
    """What the fields are on this date, "as the series" spelt out."""
    series = {**series_values(event, day), **(personal_values(person) if person else {})}
    found = {f: series.get(f) if value == AS_SERIES else value for f, value in values.items()}
    if values.get(Field.ATTENDEES, AS_SERIES) != AS_SERIES:
        found[Field.ATTENDEES] = with_others(event_on(event, day), values[Field.ATTENDEES])
    return {f: value for f, value in found.items() if value is not None}


def with_others(event: Event, told: list[Value]) -> list[Value]:
    """People whom Outlook tells, and those on the event of whom it never hears."""
    emails = {person["email"] for person in told}
    others = [p for p in event.attendees if p.channel != Channel.OUTLOOK or not p.email]
    return [*told, *(attendee_value(p) for p in others if p.email not in emails)]


def keep_in_step(event: Event) -> None:
    """Outlook did not let the event go: its links go on as before."""
    undone = event.links.filter(state=State.APART, reason=Apart.UNDONE)
    undone.update(state=State.LIVE, reason="")


def starts_over(subject: Subject) -> bool:
    """Whether it is to be created anew already."""
    behind = subject.link.incarnation < _event(subject).incarnation
    return subject.link.state == State.GONE and behind


def _put_values_back(subject: Subject, values: Values) -> None:
    day = subject.link.date
    if values and day is not None:
        accept_date(_event(subject), subject.person, day, values)
    elif values:
        accept_values(_event(subject), subject.person, values)


def _take_off(subject: Subject, now: datetime) -> None:
    event, person, day = _event(subject), subject.person, subject.link.date
    if subject.triple.role is Role.ORGANIZER:
        archive_incoming(event, now=now)
        return
    assert person is not None
    if day is not None:
        remove_date(event, person, day, now=now)
    else:
        remove_incoming(event, person, now=now)


def _bring_back(subject: Subject) -> None:
    assert subject.triple.local is not None
    if subject.triple.local.presence is Presence.HERE:
        return
    day = subject.link.date
    if day is not None:
        restore_date(_event(subject), subject.person, day)
    else:
        restore_incoming(_event(subject), subject.person)


def _begin_anew(subject: Subject) -> None:
    event, link = _event(subject), subject.link
    _bring_back(subject)
    if not starts_over(subject):
        event.incarnation += 1
    event.participants.filter(is_organizer=False).update(response=Response.NOT_RESPONDED)
    bump(event)
    event.links.filter(state=State.APART, reason=Apart.UNDONE).update(state=State.GONE, reason="")
    link.state, link.reason = State.GONE, ""
    link.save()


def _rejoin(subject: Subject) -> None:
    """Both sides meet as if for the first time: Outlook's values come in."""
    link = subject.link
    link.state, link.reason, link.base, link.remote_changed = State.LIVE, "", None, True
    link.save()


def _set_apart(subject: Subject) -> None:
    subject.link.state, subject.link.reason = State.APART, Apart.UNDONE
    subject.link.refusal = None
    subject.link.save()


def _set_everybody_apart(subject: Subject) -> None:
    """Outlook's end of the meeting is not the end of it here, in nobody's mailbox."""
    _event(subject).links.exclude(state=State.APART).update(state=State.APART, reason=Apart.UNDONE)
    _set_apart(subject)


def _event(subject: Subject) -> Event:
    assert subject.event is not None
    return subject.event
