"""The journal: every write on either side, with its cause, both values and the mails foreseen."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from leansoft.calendars.models import Event, Participant
from leansoft.events.fields import AS_SERIES, Field, Value, Values, plain
from leansoft.graph.codec import RemoteEvent
from leansoft.graph.series import SeriesDate
from leansoft.kit import clock
from leansoft.kit.rows import insert_rows
from leansoft.reconcile.actions import (
    Action,
    Adopt,
    ArchiveHere,
    Cause,
    CreateHere,
    CreateThere,
    DeclineDateThere,
    DeclineThere,
    DeleteDateThere,
    DeleteThere,
    RemoveDateHere,
    RemoveHere,
    RespondDateThere,
    RespondThere,
    RestoreDateHere,
    RestoreHere,
    UpdateDateHere,
    UpdateDateThere,
    UpdateHere,
    UpdateThere,
)
from leansoft.reconcile.audience import Audience, forecast_plan, types_of
from leansoft.reconcile.dates import CONTENT
from leansoft.reconcile.forecast import ChangedDate, Mail
from leansoft.reconcile.snapshot import DateTriple
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.show.delays import changed_at
from leansoft.sync.state.dates import remote_dates
from leansoft.sync.state.load import Subject
from leansoft.sync.state.trees import remote_event
from leansoft.sync.write.comments import comment_of

Kind, Side = SyncAction.Kind, SyncAction.Side

ROWS: dict[type, tuple[str, str]] = {
    CreateThere: (Side.OUTLOOK, Kind.CREATED),
    UpdateThere: (Side.OUTLOOK, Kind.UPDATED),
    RespondThere: (Side.OUTLOOK, Kind.UPDATED),
    DeleteThere: (Side.OUTLOOK, Kind.DELETED),
    DeclineThere: (Side.OUTLOOK, Kind.DELETED),
    UpdateDateThere: (Side.OUTLOOK, Kind.UPDATED),
    RespondDateThere: (Side.OUTLOOK, Kind.UPDATED),
    DeleteDateThere: (Side.OUTLOOK, Kind.DELETED),
    DeclineDateThere: (Side.OUTLOOK, Kind.DELETED),
    CreateHere: (Side.LEANSOFT, Kind.CREATED),
    RestoreHere: (Side.LEANSOFT, Kind.CREATED),
    UpdateHere: (Side.LEANSOFT, Kind.UPDATED),
    ArchiveHere: (Side.LEANSOFT, Kind.DELETED),
    RemoveHere: (Side.LEANSOFT, Kind.DELETED),
    UpdateDateHere: (Side.LEANSOFT, Kind.UPDATED),
    RemoveDateHere: (Side.LEANSOFT, Kind.DELETED),
    RestoreDateHere: (Side.LEANSOFT, Kind.CREATED),
    Adopt: (Side.LEANSOFT, Kind.ADOPTED),
}
"""Bookkeeping (`Agree`, `AgreeDate`, `LetGo`) writes on neither side and has no row."""


def row_for(subject: Subject, action: Action) -> SyncAction | None:
    """The journal's row for an action, not saved yet; None for bookkeeping."""
    return next(iter(rows_for(subject, [action])), None)


def rows_for(subject: Subject, plan: Sequence[Action]) -> list[SyncAction]:
    """As `row_for`, for a whole plan: each as things are after those before it."""
    mails = forecast_plan(plan, _audience(subject))
    return [
        _row(subject, action, told)
        for action, told in zip(plan, mails, strict=True)
        if type(action) in ROWS
    ]


def _row(subject: Subject, action: Action, mails: tuple[Mail, ...]) -> SyncAction:
    side, kind = ROWS[type(action)]
    values: Values = getattr(action, "values", {})
    day: date | None = getattr(action, "day", None)
    goes = kind == Kind.DELETED and day is not None
    return SyncAction(
        event=subject.event,
        subject=subject_line(subject)[:255],
        # A guest's copy is about one date alone.
        occurrence=day or subject.link.date,
        side=side,
        kind=kind,
        cause=_cause(subject, action),
        before=plain(_held(subject, side, day) if goes else _before(subject, side, values, day)),
        after=plain(values),
        lost=plain(getattr(action, "lost", {})),
        mails=mail_entries(mails, subject.event),
        changed_at=changed_at(subject, action, side),
    )


def _cause(subject: Subject, action: Action) -> str:
    comment = comment_of(subject, action)
    said = f", with the comment “{comment}”" if comment else ""
    return f"{getattr(action, 'cause', '')}{said}"


def record(run: SyncRun, subject: Subject, *plan: Action) -> None:
    rows = rows_for(subject, plan)
    for row in rows:
        row.run = run
    SyncAction.objects.bulk_create(rows)


def record_all(run: SyncRun, planned: Iterable[tuple[Subject, Action]]) -> None:
    """As `record`, for one action of each of many events."""
    rows = [row for subject, action in planned for row in rows_for(subject, [action])]
    for row in rows:
        row.run = run
    insert_rows(rows)


def record_created(
    run: SyncRun, planned: Iterable[tuple[Subject, CreateHere]], events: Iterable[Event]
) -> None:
    """As `record`, for copies that came in as these events."""
    rows = []
    for (subject, action), event in zip(planned, events, strict=True):
        row = row_for(subject, action)
        assert row is not None
        row.run, row.event = run, event
        rows.append(row)
    insert_rows(rows)


def announcement(run: SyncRun, subject: Subject, action: Action) -> SyncAction:
    """The row of a write in Outlook, unsaved: not done until the answer says so.

    Saved before its request leaves, so that the mails that it may cause are written down whatever
    becomes of the answer.
    """
    row = row_for(subject, action)
    assert row is not None
    row.run, row.outcome = run, SyncAction.Outcome.FAILED
    return row


def announce(run: SyncRun, subject: Subject, action: Action) -> SyncAction:
    """As `announcement`, saved."""
    row = announcement(run, subject, action)
    row.save()
    return row


def conclude(link: EventLink, outcome: SyncAction.Outcome, error: str = "") -> None:
    """What became of the write that this link's intent is about."""
    _announced(link).update(outcome=outcome, error=error, at=clock.now())


def withdraw(link: EventLink) -> None:
    """The request changed nothing, and the event is planned anew."""
    _announced(link).delete()


def _announced(link: EventLink) -> QuerySet[SyncAction]:
    assert link.intent is not None
    # An intent from before the journal kept its row has none.
    return SyncAction.objects.filter(pk__in=[link.intent.get("action")])


def note_lost_date(run: SyncRun, event: Event, day: date, lost: Values, *, cause: str) -> None:
    """What stood on one date here is no more, and no action of the plan says so."""
    SyncAction.objects.create(
        run=run,
        event=event,
        subject=event.subject,
        occurrence=day,
        side=Side.LEANSOFT,
        kind=Kind.DELETED,
        cause=cause,
        lost=plain(lost),
    )


def note_organizer(run: SyncRun, event: Event, *, before: Participant) -> None:
    SyncAction.objects.create(
        run=run,
        event=event,
        subject=event.subject,
        side=Side.LEANSOFT,
        kind=Kind.UPDATED,
        cause=f"{Cause.CHANGED_THERE}: {event.organizer} organizes it, no longer {before}",
    )


def note_mistake(run: SyncRun, link_id: int) -> None:
    """An event that failed for a reason of ours, so that its owner reads of it."""
    link = EventLink.objects.select_related("event").get(pk=link_id)
    seen = remote_event(link)
    name = link.event.subject if link.event else str(seen and seen.values.get(Field.SUBJECT, ""))
    run.errors = [*run.errors, f"“{name}” could not be synced: Leansoft made a mistake here."]


def mails_of(subject: Subject, *plan: Action) -> tuple[Mail, ...]:
    """Whom Outlook will mail when this is done in this mailbox, one thing after the other."""
    return tuple(mail for told in forecast_plan(plan, _audience(subject)) for mail in told)


def _audience(subject: Subject) -> Audience:
    """Outlook sends updates for the organizer alone: what others write to their own copy tells
    nobody, but for an answer."""
    seen, shown = remote_event(subject.link), remote_dates(subject.link)
    if seen is not None and not seen.is_organizer:
        return Audience(organizer=_organizer(subject.event, seen))
    return Audience(
        people=types_of(seen.values.get(Field.ATTENDEES, [])) if seen is not None else {},
        dates={day: _changed_date(one) for day, one in shown.items() if one.id is not None},
        organizer=_organizer(subject.event, seen),
    )


def _changed_date(shown: SeriesDate) -> ChangedDate:
    people = shown.values.get(Field.ATTENDEES)
    return ChangedDate(
        people=None if people is None else types_of(people),
        certain=not CONTENT.isdisjoint(shown.values),
    )


def mail_entries(mails: Iterable[Mail], event: Event | None) -> list[dict[str, Any]]:
    """Mails as the API shows them: one entry per recipient."""
    key = str(event.pk) if event is not None else None
    return [
        {"to": mail.to, "kind": str(mail.kind), "event": key, "certain": mail.certain}
        for mail in mails
    ]


def subject_line(subject: Subject) -> str:
    if subject.event is not None:
        return subject.event.subject
    seen = remote_event(subject.link)
    return str(seen.values.get(Field.SUBJECT, "")) if seen else ""


def _organizer(event: Event | None, seen: RemoteEvent | None) -> str | None:
    if seen is not None:
        return str(seen.organizer["email"])
    return event.organizer.email if event is not None else None


def _held(subject: Subject, side: str, day: date | None) -> Values:
    """What differs on this date there: the last word about a date that goes."""
    dated = subject.triple.dates[day] if day is not None else DateTriple()
    return (dated.remote if side == Side.OUTLOOK else dated.local).values


def _before(subject: Subject, side: str, values: Values, day: date | None) -> dict[Field, Value]:
    """What the written side held in these fields until now."""
    triple = subject.triple
    if day is not None:
        shown = _held(subject, side, day)
        return {f: shown.get(f, AS_SERIES) for f in values}
    tree = triple.remote if side == Side.OUTLOOK else triple.local
    held = tree.values if tree is not None else {}
    return {field: held[field] for field in values if field in held}
