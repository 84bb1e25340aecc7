"""The first sync: its preview, and its start with the choices that were made."""

from datetime import datetime
from typing import Any

from django.db import transaction

from leansoft.connections.calendar import open_calendar
from leansoft.connections.models import Mailbox
from leansoft.kit import clock
from leansoft.reconcile.plan import plan
from leansoft.sync import journal
from leansoft.sync.choices import Existing, Invitations, apply_choices
from leansoft.sync.load import link_new_events, links_to_plan, load
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.pull import pull
from leansoft.sync.report import plan_report
from leansoft.sync.run import mailbox_lock
from leansoft.sync.tasks import sync_mailbox_later


def preview(mailbox: Mailbox, *, existing: str, invitations: str) -> dict[str, Any]:
    """What the next sync would do with these choices, in the shape of a run.

    Reads Outlook and remembers what it saw; changes no event on either side.

    The plan is made by the very code that the sync runs, in a transaction that is taken back, so
    that the two cannot differ. Raises the errors of `leansoft.graph.errors`.
    """
    with mailbox_lock(mailbox):
        pull(mailbox, open_calendar(mailbox), now=clock.now(), report=lambda *_: None)
        with transaction.atomic():
            if mailbox.last_sync_at is None:
                mailbox.existing = Existing(existing)
                mailbox.invitations = Invitations(invitations)
            actions = planned(mailbox, now=clock.now())
            transaction.set_rollback(True)
    mailbox.refresh_from_db()
    return plan_report(actions)


def start_sync(mailbox: Mailbox, *, existing: str, invitations: str) -> SyncRun:
    """Lets the first sync begin. Starting twice keeps the first choices."""
    started = Mailbox.objects.filter(pk=mailbox.pk, status=Mailbox.Status.CHOOSING).update(
        status=Mailbox.Status.CONNECTED,
        existing=Existing(existing),
        invitations=Invitations(invitations),
        started_at=clock.now(),
    )
    mailbox.refresh_from_db()
    cause = SyncRun.Cause.START if started else SyncRun.Cause.MANUAL
    return sync_mailbox_later(mailbox, cause)


def planned(mailbox: Mailbox, *, now: datetime) -> list[SyncAction]:
    """What a round would write on what is known of Outlook now. Carries out the first sync's
    choices on our own rows: for a transaction that is taken back."""
    link_new_events(mailbox)
    if mailbox.last_sync_at is None:
        apply_choices(mailbox, now=now)
    rows = []
    for key in links_to_plan(mailbox):
        subject = load(mailbox, key)
        rows += [journal.row_for(subject, action) for action in plan(subject.triple)]
    return [row for row in rows if row is not None]
