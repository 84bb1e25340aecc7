"""What a round would write on what is known of Outlook now, played by the very code that the round
runs, in a transaction that is taken back: so the two cannot differ."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.kit.shares import shares
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.preview.choices import apply_choices
from leansoft.sync.preview.obliging import is_obliged, oblige
from leansoft.sync.read.vanished import archive_vanished
from leansoft.sync.state.homes import settle_home
from leansoft.sync.state.load import Subject, link_new_events, links_to_plan, load, load_many
from leansoft.sync.write import journal
from leansoft.sync.write.apply import MOST_ROUNDS, THERE, plan_of, write_first_here
from leansoft.sync.write.here import Stale
from leansoft.sync.write.many_adopted import link_what_is_alike
from leansoft.sync.write.many_here import let_new_ones_in


def foresee(play: Callable[[], list[SyncAction]]) -> list[SyncAction]:
    """The rows of what `play` does in our own database, which is then as before."""
    with transaction.atomic():
        rows = play()
        transaction.set_rollback(True)
    named = {row.event_id for row in rows if row.event_id is not None}
    known = set(Event.objects.filter(pk__in=named).values_list("pk", flat=True))
    for row in rows:
        # An event that only the rehearsal made has no name yet.
        row.event_id = row.event_id if row.event_id in known else None
    return rows


def planned(mailbox: Mailbox, *, now: datetime) -> list[SyncAction]:
    """What a round would write: for a transaction that is taken back."""
    run = SyncRun.objects.create(mailbox=mailbox, cause=SyncRun.Cause.START)
    # A rehearsal is of a round that is under way.
    Mailbox.objects.filter(pk=mailbox.pk).update(status=Mailbox.Status.CONNECTED)
    link_new_events(mailbox)
    archive_vanished(run, now=now)
    if mailbox.last_sync_at is None:
        apply_choices(mailbox, now=now)
    there: list[SyncAction] = []
    for some in shares(links_to_plan(mailbox)):
        left = link_what_is_alike(run, let_new_ones_in(run, some))
        for subject in load_many(mailbox, left):
            there += rehearse_event(run, subject, now)
    return [*run.actions.all(), *there]


def fingerprint(rows: Iterable[SyncAction]) -> str:
    """Names what is foreseen: two that are equal write and mail the same."""
    lines = sorted(
        repr((row.event_id, row.subject, row.occurrence, row.side, row.kind))
        + repr((row.before, row.after, row.lost, row.mails))
        for row in rows
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def rehearse_event(run: SyncRun, subject: Subject, now: datetime) -> list[SyncAction]:
    """Writes what comes first here, and answers the rows of what then goes to Outlook; of a
    series, as if Outlook had done one thing after the other."""
    if subject.event is not None and subject.event.continues_id is not None:
        # The first half, rehearsed since, may have taken this one with it.
        subject = load(subject.mailbox, subject.link.pk)
    for _ in range(MOST_ROUNDS * (1 + len(subject.triple.dates))):
        subject = settle_home(subject)
        plan = plan_of(subject)
        if not plan:
            break
        first, *later = plan
        # An event before it may have changed this one.
        with suppress(Stale):
            if not isinstance(first, THERE):
                write_first_here(run, subject, first, *later, now=now)
            elif is_obliged(subject, first):
                oblige(run, subject, first, now=now)
            else:
                return journal.rows_for(subject, plan)
        subject = load(subject.mailbox, subject.link.pk)
    return []
