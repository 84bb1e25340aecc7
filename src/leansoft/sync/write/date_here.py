"""Carries out what a plan says about single dates of a series in Leansoft, many at once."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeAlias

from leansoft.calendars.domain.incoming import archive_incoming
from leansoft.calendars.domain.incoming_dates import (
    accept_date,
    drop_stale_dates,
    exclude_date,
    remove_date,
    restore_date,
)
from leansoft.calendars.models import Event
from leansoft.events.fields import AS_SERIES, Field, Values
from leansoft.events.normalise import own_text
from leansoft.reconcile.actions import (
    AgreeDate,
    DateActionHere,
    RemoveDateHere,
    RestoreDateHere,
    UpdateDateHere,
)
from leansoft.reconcile.snapshot import DateBase
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.state.dates import forget_local_change, keep_base
from leansoft.sync.state.load import Subject, load
from leansoft.sync.write import journal
from leansoft.sync.write.agreement import agree_on_dates

OnDateHere: TypeAlias = DateActionHere | AgreeDate
ON_DATES_HERE = (UpdateDateHere, RemoveDateHere, RestoreDateHere, AgreeDate)
NO_FIELDS: frozenset[Field] = frozenset()
NO_SUCH_DATE = "The series no longer has this date"


def write_dates_here(subject: Subject, actions: Iterable[OnDateHere], *, now: datetime) -> None:
    agreed: dict[date, frozenset[Field]] = {}
    for action in actions:
        fields = _write(subject, action, now)
        if fields is not None:
            agreed[action.day] = agreed.get(action.day, NO_FIELDS) | fields
    agree_on_dates(subject, agreed)


def _write(subject: Subject, action: OnDateHere, now: datetime) -> frozenset[Field] | None:
    """Answers the fields in which both sides hold the same of this date now; None when the base
    knows already."""
    event, day = subject.event, action.day
    assert event is not None
    match action:
        case UpdateDateHere():
            accept_date(event, subject.person, day, _readable(event, action.values))
            return frozenset(action.values)
        case RemoveDateHere(excluded=True):
            exclude_date(event, day)
            _agree_on_absence(subject.link, day)
        case RemoveDateHere():
            assert subject.person is not None
            remove_date(event, subject.person, day, now=now)
            _agree_on_absence(subject.link, day)
        case RestoreDateHere():
            restore_date(event, subject.person, day)
            keep_base(subject.link, day, DateBase())
            subject.link.save()
        case AgreeDate(gone=True):
            _agree_on_absence(subject.link, day)
        case AgreeDate():
            return action.fields
    return None


def settle_new_rule(run: SyncRun, subject: Subject, *, ours_lost: bool, now: datetime) -> None:
    """Outlook's rule or time has come in: what stands here on dates that it does not yield goes
    into the journal. `ours_lost`: it replaced a rule that was changed here too."""
    fresh = load(subject.mailbox, subject.link.pk)
    event = fresh.event
    assert event is not None
    for day, values in drop_stale_dates(event).items():
        journal.note_lost_date(run, event, day, values, cause=NO_SUCH_DATE)
    if not ours_lost:
        return
    # Dates that fell with our rule are nobody's edit, and its second half never came to be.
    forget_local_change(fresh.link, load(subject.mailbox, subject.link.pk).triple.dates)
    fresh.link.save()
    for rest in event.continued_by.filter(archived_at=None, links__remote__isnull=True):
        archive_incoming(rest, now=now)


def _readable(event: Event, values: Values) -> Values:
    """Bodies without what we put around the person's own words; answers one by one."""
    readable = dict(values)
    if readable.get(Field.BODY, AS_SERIES) != AS_SERIES:
        readable[Field.BODY] = own_text(readable[Field.BODY])
    if readable.get(Field.TALLY) == AS_SERIES:
        readable[Field.TALLY] = {p.email: p.response for p in event.attendees if p.email}
    if readable.get(Field.PROPOSALS) == AS_SERIES:
        readable[Field.PROPOSALS] = {}
    return readable


def _agree_on_absence(link: EventLink, day: date) -> None:
    keep_base(link, day, DateBase(gone=True))
    link.save()
