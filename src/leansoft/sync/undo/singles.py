"""A date that a run took out of a series comes back as an event of its own: nobody puts a single
date back into a series in Outlook."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from uuid import UUID, uuid5

from leansoft.calendars.domain.singles import create_from_date
from leansoft.calendars.models import Event
from leansoft.calendars.values import shared_values, when_value
from leansoft.events.fields import Field, Role, Values, plain
from leansoft.events.recurrence import yields
from leansoft.reconcile.actions import Cause
from leansoft.reconcile.snapshot import DateTriple, Presence
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.state.load import Subject
from leansoft.sync.state.projection import outlook_attendees
from leansoft.sync.undo.dates import comes_with_range, starts_dates_over
from leansoft.sync.undo.decision import Act, Single, Step, readable
from leansoft.sync.undo.effects import DateOut, Effect

NO_WAY_BACK = "Outlook takes no single date back into a series"


def with_singles(effect: Effect, subject: Subject, step: Step, *, invites: bool) -> Step:
    """The step, with the events that dates become which the run had taken out."""
    left = list(step.left)
    singles: dict[date, Single] = {}
    may_invite = step.may_invite
    for day, out in sorted(effect.dates_out.items()):
        why = _hindrance(subject, step, day)
        if why is not None:
            left += [f"On {day:%-d %B %Y}: {why}"] if why else []
            continue
        asks = not out.here_first and _is_told_to_people(subject, out)
        singles[day] = Single(held=_own(out), only_here=asks and not invites)
        may_invite |= asks
        left.append(_sentence(day, singles[day]))
    return replace(step, singles=singles, left=tuple(left), may_invite=may_invite)


def _hindrance(subject: Subject, step: Step, day: date) -> str | None:
    """Why it does not come back: a sentence, "" for nothing to say, None when it can."""
    event = subject.event
    assert event is not None
    if comes_with_range(subject, step, day) or starts_dates_over(subject, step):
        return ""
    if not event.is_series or not yields(when_value(event), day):
        return "The series no longer has this date."
    if subject.triple.dates.get(day, DateTriple()).local.presence is Presence.HERE:
        return ""
    if subject.triple.role is not Role.ORGANIZER:
        return f"{NO_WAY_BACK}. To have it again, ask {event.organizer} to invite you."
    if event.locked:
        return "Its content is decided in another mailbox now, so it stays out."
    stays = step.act in {Act.NOTHING, Act.EDIT} and not event.is_archived
    return None if stays else f"{NO_WAY_BACK}, so it stays out."


def _is_told_to_people(subject: Subject, out: DateOut) -> bool:
    assert subject.event is not None
    return bool(out.held.get(Field.ATTENDEES, outlook_attendees(subject.event)))


def _own(out: DateOut) -> Values:
    return {f: readable(f, value) for f, value in out.held.items()}


def _sentence(day: date, single: Single) -> str:
    back = f"On {day:%-d %B %Y}: {NO_WAY_BACK}, so it comes back as an event of its own"
    if single.only_here:
        return f"{back}, here only: to have it in Outlook, invite people again."
    return f"{back}."


def bring_back(run: SyncRun, subject: Subject, step: Step, *, now: datetime) -> Iterator[int]:
    """Makes the events; answers the links of those that go to Outlook. Raises `CalendarError`."""
    series, owner = subject.event, subject.mailbox.user
    assert series is not None
    for day, single in step.singles.items():
        key, is_there = _key(run, series, day)
        if not is_there:
            event = create_from_date(series, day, key=key, by=owner, held=single.held, now=now)
            _enter(run, event, only_here=single.only_here)
        going = EventLink.objects.filter(mailbox=run.mailbox, event=key)
        yield from going.exclude(state=EventLink.State.APART).values_list("pk", flat=True)


def _key(run: SyncRun, series: Event, day: date) -> tuple[UUID, bool]:
    """The event that the date is to become, and whether it is there already: an undo that has to
    begin again makes no second one."""
    assert run.undoes_id is not None
    for number in count():
        key = uuid5(run.undoes_id, f"{series.pk} {day} {number}")
        event = Event.objects.filter(pk=key).first()
        if event is None or not event.is_archived:
            return key, event is not None
    raise AssertionError("There is always another number.")


def _enter(run: SyncRun, event: Event, *, only_here: bool) -> None:
    Event.objects.filter(pk=event.pk).update(announced_version=event.version)
    link = EventLink(mailbox=run.mailbox, event=event)
    if only_here:
        link.state, link.reason = EventLink.State.APART, EventLink.Apart.UNDONE
    link.save()
    shared = shared_values(event)
    SyncAction.objects.create(
        run=run,
        event=event,
        subject=event.subject[:255],
        side=SyncAction.Side.LEANSOFT,
        kind=SyncAction.Kind.CREATED,
        cause=Cause.UNDONE,
        after=plain({f: shared[f] for f in (Field.SUBJECT, Field.WHEN, Field.ATTENDEES)}),
    )
