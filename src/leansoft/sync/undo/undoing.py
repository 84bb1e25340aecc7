"""An undo at work: one event, one transaction, so that repeating it changes nothing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from django.db import transaction

from leansoft.calendars.domain.errors import CalendarError
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import AS_SERIES, Values, plain
from leansoft.graph.calendar import Calendar
from leansoft.reconcile.actions import Cause, DeleteThere
from leansoft.reconcile.snapshot import DateTriple, Presence
from leansoft.sync.going_on import check_going_on
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.show.status import held_links
from leansoft.sync.state.load import Subject, load
from leansoft.sync.state.refusals import is_refused
from leansoft.sync.state.trees import is_here
from leansoft.sync.undo.dates import dropped, with_dates
from leansoft.sync.undo.decision import Act, Step, decide, outlook_has_news, stay
from leansoft.sync.undo.effects import Effect, Kind, Side, effects_of
from leansoft.sync.undo.restore import keep_in_step, put_back
from leansoft.sync.undo.singles import bring_back, with_singles
from leansoft.sync.undo.words import losses
from leansoft.sync.write.here import Stale
from leansoft.sync.write.there import write_there

MOST_TRIES = 3

OFF_THERE = {Act.OFF_THERE, Act.OFF_BOTH}
GOES_ON = {Act.EDIT, Act.ANEW, Act.REJOIN}
"""After these the event is planned, and the plan carries them to Outlook."""

ROWS = {
    Act.OFF_HERE: Kind.DELETED,
    Act.OFF_BOTH: Kind.DELETED,
    Act.BACK_HERE: Kind.CREATED,
    Act.ANEW: Kind.CREATED,
    Act.REJOIN: Kind.CREATED,
    Act.PART: Kind.PARTED,
    Act.EDIT: Kind.UPDATED,
}
"""How the journal shows what was written here."""

Named: TypeAlias = tuple[UUID | None, date | None]
"""An event, or the date of a series to which alone somebody is invited."""

TOOK_OFF = DeleteThere(cause=Cause.UNDONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was done about one event. `singles`: the links of what dates of it have become,
    where that goes to Outlook."""

    step: Step
    singles: list[int]


class CannotUndo(Exception):
    """The message is for the person."""


def check_can_undo(run: SyncRun) -> None:
    """Raises `CannotUndo`."""
    if run.state == SyncRun.State.WAITING:
        raise CannotUndo("This round waits for your answer: nothing of it has been done yet.")
    if run.state in {SyncRun.State.QUEUED, SyncRun.State.RUNNING}:
        raise CannotUndo("This round is still at work: wait until it has finished.")
    if is_undone(run):
        raise CannotUndo("This round has been undone already.")
    if not run.actions.filter(outcome=SyncAction.Outcome.DONE).exists():
        raise CannotUndo("This round changed nothing, so there is nothing to undo.")


def is_undone(run: SyncRun) -> bool:
    """By an undo that did not fail, and was not undone itself."""
    undos = run.undone.exclude(state=SyncRun.State.FAILED)
    return any(not is_undone(undo) for undo in undos)


def undo(
    run: SyncRun,
    calendar: Calendar,
    *,
    clock: Callable[[], datetime],
    report: Callable[[str, int, int], None],
) -> list[int]:
    """Takes back what `run.undoes` did, here and by deleting there.

    Answers the links whose events are to be planned, for the rest of it.
    """
    keys = []
    effects, held = effects_of_undone(run), held_links(run.mailbox)
    for done, effect in enumerate(effects):
        report("Taking back what the round did", done, len(effects))
        check_going_on(run.mailbox)
        taken, link = undo_here(run, effect, held=held, now=clock())
        if link is None:
            continue
        keys += taken.singles
        if taken.step.act in OFF_THERE:
            _delete_there(run, calendar, effect, link, clock)
        elif taken.step.act in GOES_ON or run.actions.filter(event=effect.event).exists():
            keys.append(link)
    run.save(update_fields=["left"])
    live = EventLink.objects.filter(pk__in=keys).exclude(state=EventLink.State.APART)
    return list(live.values_list("pk", flat=True))


def effects_of_undone(run: SyncRun) -> list[Effect]:
    assert run.undoes is not None
    return effects_of(run.undoes.actions.all(), alone=_invited_to_alone(run.mailbox))


def _invited_to_alone(mailbox: Mailbox) -> set[tuple[UUID, date]]:
    """The dates of series of which this mailbox shows nothing else."""
    links = EventLink.objects.filter(mailbox=mailbox, event__isnull=False)
    whole = links.filter(date__isnull=True).values("event")
    alone = links.filter(date__isnull=False).exclude(event__in=whole)
    return {(event, day) for event, day in alone.values_list("event_id", "date") if event and day}


@transaction.atomic
def undo_here(
    run: SyncRun, effect: Effect, *, held: set[int], now: datetime
) -> tuple[Taken, int | None]:
    """The part in Leansoft. Answers what was done, and the event's link when there is one."""
    event = Event.objects.select_for_update().filter(pk__in=[effect.event]).first()
    key = links_of(run.mailbox, [effect]).get(name_of(effect)) if event is not None else None
    subject = load(run.mailbox, key) if key is not None else None
    return take_back(run, effect, subject, held=held, now=now), key


def links_of(mailbox: Mailbox, effects: Iterable[Effect]) -> dict[Named, int]:
    """The links of these events, and of dates of series that stand alone."""
    events = [effect.event for effect in effects if effect.event is not None]
    links = EventLink.objects.filter(mailbox=mailbox, event__in=events)
    return {(event, day): key for event, day, key in links.values_list("event_id", "date", "pk")}


def name_of(effect: Effect) -> Named:
    return effect.event, effect.day


def take_back(
    run: SyncRun, effect: Effect, subject: Subject | None, *, held: set[int], now: datetime
) -> Taken:
    """Does on our rows what can be done about this event, and notes what cannot."""
    if subject is None:
        step = stay("It is no longer in Leansoft, or no longer kept in step with Outlook.")
    elif subject.link.pk in held:
        step = stay("It waits for your answer on the Outlook page.")
    else:
        step = with_dates(effect, subject, decide(effect, subject, invites=run.invites))
        step = with_singles(effect, subject, step, invites=run.invites)
    lost, singles = losses(effect, subject, step), []
    if subject is not None:
        try:
            singles = _carry_out(run, subject, step, now)
        except CalendarError as error:
            lost.append(str(error))
    _leave(run, effect, lost)
    return Taken(step=step, singles=singles)


@transaction.atomic
def _carry_out(run: SyncRun, subject: Subject, step: Step, now: datetime) -> list[int]:
    """Answers the links of what dates of it have become. Raises `CalendarError`."""
    rows = [*_row(run, subject, step), *_date_rows(run, subject, step)]
    put_back(subject, step, now=now)
    SyncAction.objects.bulk_create(rows)
    return list(bring_back(run, subject, step, now=now))


def _row(run: SyncRun, subject: Subject, step: Step) -> Iterator[SyncAction]:
    """The journal's row, with the values as they are before the step."""
    assert subject.triple.local is not None
    here_already = subject.triple.local.presence is Presence.HERE
    nothing_here = step.act in {Act.ANEW, Act.REJOIN} and here_already
    only_dates = step.act is Act.EDIT and not step.values
    if step.act in ROWS and not nothing_here and not only_dates:
        yield _written(run, subject, step, subject.triple.local.values, step.values)


def _date_rows(run: SyncRun, subject: Subject, step: Step) -> Iterator[SyncAction]:
    gone = {day: dict.fromkeys(held, AS_SERIES) for day, held in dropped(subject, step).items()}
    for day, values in {**gone, **step.dates}.items():
        dated = subject.triple.dates.get(day, DateTriple())
        held = {**dict.fromkeys(values, AS_SERIES), **dated.local.values}
        row = _written(run, subject, step, held, values)
        row.occurrence = day
        yield row


def _written(
    run: SyncRun, subject: Subject, step: Step, held: Values, values: Values
) -> SyncAction:
    assert subject.event is not None
    return SyncAction(
        run=run,
        event=subject.event,
        occurrence=subject.link.date,
        subject=subject.event.subject[:255],
        side=Side.LEANSOFT,
        kind=ROWS[step.act],
        cause=Cause.UNDONE,
        before=plain({field: held[field] for field in values if field in held}),
        after=plain(values),
    )


def _delete_there(
    run: SyncRun, calendar: Calendar, effect: Effect, link_id: int, clock: Callable[[], datetime]
) -> None:
    """Deletes Outlook's copy, unless it shows something that is nowhere else."""
    tries = 0
    while is_here((subject := load(run.mailbox, link_id)).link):
        if tries == MOST_TRIES or outlook_has_news(subject) or is_refused(subject):
            assert subject.event is not None
            keep_in_step(subject.event)
            why = (subject.link.refusal or {}).get("why", "It was changed in Outlook meanwhile.")
            _leave(run, effect, [f"It stays in Outlook. {why}"])
            return
        tries += 1
        with suppress(Stale):
            write_there(run, calendar, subject, TOOK_OFF, now=clock())


def _leave(run: SyncRun, effect: Effect, sentences: list[str]) -> None:
    """Said once, however often the undo had to begin again."""
    event = str(effect.event) if effect.event else None
    found = [{"event": event, "subject": effect.subject, "reason": one} for one in sentences]
    run.left = [*run.left, *(one for one in found if one not in run.left)]
