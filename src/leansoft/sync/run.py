"""One round for one mailbox: settle what is open, read Outlook, plan, guard, write.

Only one round per mailbox goes on at a time, on all machines: an advisory lock sees to it, whoever
starts the round (a job, the command line, the preview).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction

from leansoft.connections.calendar import open_calendar
from leansoft.connections.models import Integration, Mailbox
from leansoft.graph.calendar import Calendar
from leansoft.graph.errors import (
    BudgetSpent,
    GraphError,
    MailboxUnavailable,
    OperatorFault,
    ReconnectRequired,
    TransientError,
)
from leansoft.kit import clock as wall_clock
from leansoft.kit.shares import shares
from leansoft.sync.going_on import Stopped, check_going_on
from leansoft.sync.leave.orders import carry_out
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.moved import look_around, sentence
from leansoft.sync.preview.choices import apply_choices
from leansoft.sync.preview.held import let_through
from leansoft.sync.preview.previewed import is_asked, may_begin
from leansoft.sync.read.audit import audit_if_due
from leansoft.sync.read.pull import keep, pull
from leansoft.sync.read.settle import settle_intents
from leansoft.sync.read.vanished import archive_vanished
from leansoft.sync.state.load import has_unlinked, link_new_events, links_to_plan
from leansoft.sync.timing.pace import back_off, until_next_poll
from leansoft.sync.timing.subscriptions import is_told
from leansoft.sync.undo.undoing import undo
from leansoft.sync.write.apply import Unsettled, settle_event
from leansoft.sync.write.journal import note_mistake
from leansoft.sync.write.many_adopted import link_what_is_alike
from leansoft.sync.write.many_here import let_new_ones_in
from leansoft.sync.write.many_there import write_together
from leansoft.sync.write.many_updated import take_changes_in

logger = logging.getLogger(__name__)

LOCK_SPACE = 20_261
"""Sets these advisory locks apart from anybody else's in the database."""

LEARNED = ("state", "progress", "errors", "held", "previewed", "held_run", "left", "ended_at")
"""What a round writes into its run: others may give it another cause meanwhile."""

Clock = Callable[[], datetime]


def run_now(mailbox: Mailbox, cause: SyncRun.Cause, *, clock: Clock = wall_clock.now) -> SyncRun:
    """Runs a round here and now, and waits for it."""
    run = SyncRun.objects.create(mailbox=mailbox, cause=cause)
    execute(run, clock=clock)
    return run


def execute(run: SyncRun, *, clock: Clock = wall_clock.now) -> None:
    """Carries a queued run out. An error ends in the run's record, in words for its owner.

    A run that has spent the mailbox's budget is queued again: it goes on when `blocked_until` is
    over. One that another worker has carried out meanwhile is left as it is.
    """
    with mailbox_lock(run.mailbox):
        run.mailbox.refresh_from_db(from_queryset=Mailbox.objects.select_related("user"))
        if not _begin(run, clock()):
            return
        try:
            _round(run, clock)
            if run.state != SyncRun.State.WAITING:
                run.state = SyncRun.State.DONE
        except Stopped:
            run.state = SyncRun.State.DONE
        except BudgetSpent as pause:
            run.state = SyncRun.State.QUEUED
            _block(run.mailbox, pause, clock())
        except GraphError as error:
            _note_failure(run, error, clock())
        except Exception:
            logger.exception("Run %s failed.", run.pk)
            _fail(run, "Leansoft made a mistake here. The administrator finds it in the log.")
        _end(run, clock())


@contextmanager
def mailbox_lock(mailbox: Mailbox) -> Iterator[None]:
    """Held by one round at a time; the database drops it when its holder dies.

    Within a transaction it is held until that ends: nobody begins before what was read here is
    committed, and a transaction that failed takes no order to unlock.
    """
    if connection.in_atomic_block:
        _call("pg_advisory_xact_lock", mailbox)
        yield
        return
    _call("pg_advisory_lock", mailbox)
    try:
        yield
    finally:
        _call("pg_advisory_unlock", mailbox)


def _call(function: str, mailbox: Mailbox) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCK_SPACE, mailbox.pk])


def _round(run: SyncRun, clock: Clock) -> None:
    mailbox = run.mailbox
    if mailbox.status != Mailbox.Status.CONNECTED:
        return
    doubt = look_around(clock())
    if doubt is not None:
        raise OperatorFault(doubt.label, sentence=sentence(doubt))
    if not Integration.current().is_configured:
        raise OperatorFault("The integration is switched off.", sentence=SWITCHED_OFF)
    calendar = open_calendar(mailbox)
    if mailbox.order is not None:
        _obey(run, calendar, clock)
        if mailbox.status != Mailbox.Status.CONNECTED:
            return
    settle_intents(mailbox, calendar)
    first = mailbox.last_sync_at is None
    pull(mailbox, calendar, now=clock(), report=partial(_progress, run))
    audit_if_due(run, calendar, now=clock())
    if run.undoes is not None:
        keys = undo(run, calendar, clock=clock, report=partial(_progress, run))
        _write(run, calendar, clock, keys)
        return
    if first and not may_begin(run, now=clock()):
        return
    if has_unlinked(mailbox):
        link_new_events(mailbox)
        archive_vanished(run, now=clock())
    if first:
        apply_choices(mailbox, now=clock())
    _write(run, calendar, clock, let_through(run, list(links_to_plan(mailbox)), announced=first))


def _obey(run: SyncRun, calendar: Calendar, clock: Clock) -> None:
    """What the owner ordered comes first, on what Outlook holds now."""
    pull(run.mailbox, calendar, now=clock(), report=partial(_progress, run))
    carry_out(run, calendar, clock=clock, report=partial(_progress, run))


SWITCHED_OFF = "The Outlook integration is switched off in the settings."


def _write(run: SyncRun, calendar: Calendar, clock: Clock, keys: list[int]) -> None:
    done = 0
    for some in shares(keys):
        _progress(run, "Bringing both calendars together", done, len(keys))
        for key in _settle_together(run, calendar, clock, some):
            check_going_on(run.mailbox)
            _settle(run, calendar, clock, key)
        done += len(some)


def _settle_together(run: SyncRun, calendar: Calendar, clock: Clock, keys: list[int]) -> list[int]:
    """What many events have in common is done for all of them; answers those that are left."""
    if len(keys) < 2:
        return keys
    try:
        left = take_changes_in(run, link_what_is_alike(run, let_new_ones_in(run, keys)))
        return write_together(run, calendar, left, clock=clock)
    except (GraphError, Stopped):
        raise
    except Exception:
        # One event's trouble is not the others': alone, each goes on. A write that was begun is
        # settled by the next round.
        logger.exception("Run %s goes on one by one.", run.pk)
        open_ = EventLink.objects.filter(pk__in=keys, intent__isnull=False)
        begun = set(open_.values_list("pk", flat=True))
        return [key for key in keys if key not in begun]


def _settle(run: SyncRun, calendar: Calendar, clock: Clock, key: int) -> None:
    try:
        settle_event(run, calendar, key, clock=clock)
    except (GraphError, Stopped):
        raise
    except Unsettled as error:
        logger.warning("%s", error)
    except Exception:
        # One event's trouble is not the others': it is recorded, and they go on.
        logger.exception("Link %s failed.", key)
        note_mistake(run, key)


def _progress(run: SyncRun, phase: str, done: int, total: int | None = None) -> None:
    run.progress = {"phase": phase, "done": done, "total": total}
    run.save(update_fields=["progress"])


def _begin(run: SyncRun, now: datetime) -> bool:
    """False when the run is over, or waits for its owner: a worker that was thought dead did it."""
    run.state, run.started_at, run.errors = SyncRun.State.RUNNING, now, []
    unfinished = SyncRun.objects.filter(pk=run.pk, state__in=SyncRun.UNFINISHED)
    return unfinished.update(state=run.state, started_at=now, errors=[]) == 1


@transaction.atomic
def _end(run: SyncRun, now: datetime) -> None:
    mailbox = run.mailbox
    went_well = run.state in {SyncRun.State.DONE, SyncRun.State.WAITING}
    run.ended_at = now if run.state in {SyncRun.State.DONE, SyncRun.State.FAILED} else None
    run.save(update_fields=LEARNED)
    if went_well and mailbox.status == Mailbox.Status.CONNECTED:
        if not is_asked(mailbox):
            mailbox.last_sync_at = now
        mailbox.failures = 0
        mailbox.next_sync_at = now + until_next_poll(
            now=now,
            looked_at=mailbox.looked_at or mailbox.started_at,
            time_zone=mailbox.user.time_zone,
            told=is_told(mailbox, now),
        )
    keep(mailbox, "last_sync_at", "next_sync_at", "failures", "spent")


def _note_failure(run: SyncRun, error: GraphError, now: datetime) -> None:
    """Who acts next is in the type of the error; the token keeper has marked the mailbox."""
    logger.warning("Run %s: %s (%s)", run.pk, error, error.code)
    _fail(run, error.sentence)
    mailbox = run.mailbox
    # A round that got on, and then lost an answer, is not the next in a row.
    got_on = run.actions.filter(outcome=SyncAction.Outcome.DONE).exists()
    mailbox.failures = 1 if got_on else mailbox.failures + 1
    match error:
        case TransientError():
            _block(mailbox, error, now)
        case ReconnectRequired() | MailboxUnavailable():
            needs_owner = isinstance(error, ReconnectRequired)
            status = Mailbox.Status.NEEDS_RECONNECT if needs_owner else Mailbox.Status.ERROR
            mailbox.status, mailbox.reason = status, error.sentence
            keep(mailbox, "status", "reason")
        case _:
            mailbox.next_sync_at = now + _back_off(mailbox)


def _block(mailbox: Mailbox, error: TransientError, now: datetime) -> None:
    wait = timedelta(seconds=error.retry_after) if error.retry_after else _back_off(mailbox)
    mailbox.blocked_until = mailbox.next_sync_at = now + wait
    keep(mailbox, "blocked_until")


def _back_off(mailbox: Mailbox) -> timedelta:
    return back_off(failures=mailbox.failures, mailbox_id=mailbox.pk)


def _fail(run: SyncRun, sentence: str) -> None:
    run.state = SyncRun.State.FAILED
    run.errors = [*run.errors, sentence]
