"""Carries out the part of a plan that writes in Leansoft: one action, one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from leansoft.calendars.domain.incoming import (
    accept_html,
    accept_values,
    archive_incoming,
    end_incoming,
    join,
    remove_incoming,
    restore_incoming,
    silence,
)
from leansoft.calendars.domain.incoming_dates import forget_dates, forget_own_dates
from leansoft.calendars.models import Event, Participant
from leansoft.calendars.values import when_value
from leansoft.events.fields import AS_SERIES, PERSONAL, Field, Role, Values
from leansoft.events.normalise import same, same_dates
from leansoft.graph.codec import RemoteEvent
from leansoft.reconcile.actions import (
    ActionHere,
    Adopt,
    Agree,
    AgreeDate,
    ArchiveHere,
    Bookkeeping,
    Cause,
    CreateHere,
    LetGo,
    RemoveDateHere,
    RemoveHere,
    RestoreDateHere,
    RestoreHere,
    UpdateDateHere,
    UpdateHere,
)
from leansoft.reconcile.dates import CONTENT
from leansoft.reconcile.snapshot import DateTriple, Presence
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.read.fold import learn_uid, lock_uids
from leansoft.sync.read.match import find_row
from leansoft.sync.read.observe import attach
from leansoft.sync.read.vanished import ends_with
from leansoft.sync.state.html import own_html
from leansoft.sync.state.load import Subject
from leansoft.sync.write import journal
from leansoft.sync.write.agreement import agree_on_dates, agree_on_what_is_held
from leansoft.sync.write.create_here import create_here, readable, sight
from leansoft.sync.write.date_here import OnDateHere, settle_new_rule, write_dates_here
from leansoft.sync.write.guest_here import GUEST_ACTIONS, write_guest_here

OF_A_DATE = CONTENT | PERSONAL
"""What somebody sets on single dates."""


class Stale(Exception):
    """The event changed since the plan saw it: plan again."""


@transaction.atomic
def write_here(
    run: SyncRun, subject: Subject, action: ActionHere | Bookkeeping, *, now: datetime
) -> None:
    """Raises `Stale` when the event changed since it was loaded."""
    subject = hold(subject)
    if isinstance(action, CreateHere):
        if not _is_here_meanwhile(subject):
            (created,) = create_here(run, [(subject, action)])
            created.link.save()
        return
    journal.record(run, subject, action)
    if subject.link.date is not None and isinstance(action, GUEST_ACTIONS):
        write_guest_here(subject, action, now=now)
        return
    match action:
        case UpdateDateHere() | RemoveDateHere() | RestoreDateHere() | AgreeDate():
            write_dates_here(subject, [action], now=now)
        case Adopt():
            _adopt(run, subject, action.values)
        case UpdateHere():
            _accept(subject, action.values)
            if Field.WHEN in action.values:
                settle_new_rule(run, subject, ours_lost=Field.WHEN in action.lost, now=now)
        case RestoreHere():
            _restore(subject, action.values)
        case ArchiveHere():
            assert subject.event is not None
            archive_incoming(subject.event, now=now)
            _rest(subject.link)
        case RemoveHere():
            _remove(subject, now)
        case Agree():
            agree_on_what_is_held(subject, action.fields)
        case LetGo():
            _rest(subject.link)


@transaction.atomic
def write_dates(
    run: SyncRun, subject: Subject, actions: Sequence[OnDateHere], *, now: datetime
) -> None:
    """As `write_here`, for several dates of a series that do not depend on each other."""
    subject = hold(subject)
    journal.record(run, subject, *actions)
    write_dates_here(subject, actions, now=now)


def hold(subject: Subject) -> Subject:
    """Locks the event for the rest of the transaction and answers it as it is now.

    Raises `Stale` when it is not what the plan saw.
    """
    if subject.event is None:
        return subject
    event = Event.objects.select_for_update().filter(pk=subject.event.pk).first()
    if event is None or event.version != subject.version:
        raise Stale
    person = event.participants.filter(user=subject.mailbox.user).first()
    subject.link.event = event
    return replace(subject, event=event, person=person)


def hold_unchanged(subjects: Sequence[Subject]) -> set[int]:
    """Locks these events for the rest of the transaction; answers the links of those that are what
    the plan saw. One that somebody else holds is not waited for, as it is about to change."""
    events = Event.objects.select_for_update(skip_locked=True)
    named = events.filter(pk__in=[subject.link.event_id for subject in subjects])
    versions = dict(named.values_list("pk", "version"))
    return {
        subject.link.pk
        for subject in subjects
        if subject.event is None or versions.get(subject.event.pk) == subject.version
    }


def _is_here_meanwhile(subject: Subject) -> bool:
    """Another mailbox's round may have made the row since: then this copy joins it."""
    seen = sight(subject)
    if seen.ical_uid is None:
        return False
    lock_uids([seen.ical_uid])
    row = find_row(subject.mailbox, seen)
    if row is not None:
        attach(subject.link, row)
    return row is not None


def _adopt(run: SyncRun, subject: Subject, values: Values) -> None:
    event = subject.event
    assert event is not None
    link = subject.link
    if subject.triple.role is Role.ORGANIZER:
        _silence_unknown(subject, event, values)
    person = _part(subject)
    alike = _dates_alike(subject, event) if event.is_series else []
    if event.is_series:
        # Outlook's other dates come in too, one by one; nothing of ours is written over them.
        _note_lost_dates(run, subject)
        forget_own_dates(person, but=alike)
        if subject.triple.role is not Role.ATTENDEE:
            forget_dates(event, but=alike, left_out=_left_out(subject, event))
    link.base_dates = {}
    accept_values(event, person, readable(values))
    _keep_html(event, sight(subject), values)
    link.state, link.incarnation, link.epoch = EventLink.State.LIVE, event.incarnation, event.epoch
    link.save()
    agree_on_what_is_held(subject, frozenset(values))
    agree_on_dates(subject, dict.fromkeys(alike, OF_A_DATE))
    learn_uid(event, sight(subject).ical_uid)


def _dates_alike(subject: Subject, event: Event) -> list[date]:
    """Dates that differ from the series in the same way on both sides."""
    if not same_dates(sight(subject).values[Field.WHEN], when_value(event)):
        return []
    return [
        day
        for day, dated in subject.triple.dates.items()
        if dated.local.presence is Presence.HERE
        and (dated.remote.here and not dated.remote.cancelled)
        and not _differing(dated)
    ]


def _left_out(subject: Subject, event: Event) -> list[date]:
    """Dates that a person took out of a series which both sides once shared: that goes its way, as
    the deletion of a whole event does."""
    seen = sight(subject)
    if seen.ical_uid not in event.ical_uids:
        return []
    return event.excluded if same_dates(seen.values[Field.WHEN], when_value(event)) else []


def _differing(dated: DateTriple) -> frozenset[Field]:
    ours, theirs = dated.local.values, dated.remote.values
    return frozenset(
        f for f in OF_A_DATE if not same(f, ours.get(f, AS_SERIES), theirs.get(f, AS_SERIES))
    )


def _note_lost_dates(run: SyncRun, subject: Subject) -> None:
    event = subject.event
    assert event is not None
    for day, dated in subject.triple.dates.items():
        lost = {f: dated.local.values[f] for f in _differing(dated) & dated.local.values.keys()}
        if lost:
            journal.note_lost_date(run, event, day, lost, cause=Cause.FOUND_ON_BOTH)


def _silence_unknown(subject: Subject, event: Event, values: Values) -> None:
    """People whom somebody added here stay on the event, but Outlook must not mail them. A list
    that nobody changed here came from Outlook, through somebody else's copy."""
    local = subject.triple.local
    if local is None or Field.ATTENDEES not in values or Field.ATTENDEES not in event.edited_at:
        return
    known = {person["email"].casefold() for person in values[Field.ATTENDEES]}
    ours = {person["email"] for person in local.values.get(Field.ATTENDEES, [])}
    silence(event, ours - known)


def _part(subject: Subject) -> Participant:
    """Of somebody whom no list explains, too."""
    assert subject.event is not None
    mailbox = subject.mailbox
    return subject.person or join(subject.event, mailbox.user, email=mailbox.account)


def _accept(subject: Subject, values: Values) -> None:
    take_in(subject, values)
    held = from_outlook(subject, values)
    agree_on_what_is_held(subject, held, merged=frozenset(values) - held)


def take_in(subject: Subject, values: Values) -> None:
    """Outlook's values become the event's; what both sides agree on is left as it is."""
    assert subject.event is not None
    accept_values(subject.event, _part(subject), readable(values))
    _keep_html(subject.event, sight(subject), values)


def from_outlook(subject: Subject, values: Values) -> frozenset[Field]:
    """Fields that take Outlook's own value, and not one that was merged from both."""
    assert subject.triple.remote is not None
    theirs = subject.triple.remote.values
    return frozenset(f for f in values if f in theirs and same(f, values[f], theirs[f]))


def _restore(subject: Subject, values: Values) -> None:
    assert subject.event is not None
    restore_incoming(subject.event, subject.person)
    subject.link.state = EventLink.State.LIVE
    subject.link.save()
    _accept(subject, values)


def _remove(subject: Subject, now: datetime) -> None:
    assert subject.event is not None
    assert subject.person is not None
    remove_incoming(subject.event, subject.person, now=now)
    _rest(subject.link)
    if ends_with(subject.link, subject.event):
        end_incoming(subject.event, subject.person)


def _rest(link: EventLink) -> None:
    link.state = EventLink.State.GONE
    link.intent = None
    link.save()


def _keep_html(event: Event, seen: RemoteEvent, values: Values) -> None:
    if Field.BODY in values:
        accept_html(event, own_html(seen))
