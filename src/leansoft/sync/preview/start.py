"""The first sync: its preview, and its start with the choices that were made."""

from functools import partial
from typing import Any

from django.db import transaction

from leansoft.connections.calendar import open_calendar
from leansoft.connections.models import Mailbox
from leansoft.kit import clock
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.preview.choices import Existing, Invitations, Past, with_past
from leansoft.sync.preview.previewed import forget_preview
from leansoft.sync.preview.rehearse import fingerprint, foresee, planned
from leansoft.sync.read.pull import pull
from leansoft.sync.run import mailbox_lock
from leansoft.sync.show.report import plan_report
from leansoft.sync.tasks import sync_mailbox_later


def preview(
    mailbox: Mailbox, *, existing: str, invitations: str, past: str = Past.QUIET
) -> dict[str, Any]:
    """What the next sync would do with these choices, in the shape of a run.

    Reads Outlook and remembers what it saw; changes no event on either side. `fingerprint` names
    this plan: see `start_sync`. Raises the errors of `leansoft.graph.errors`.
    """
    with mailbox_lock(mailbox):
        now = clock.now()
        pull(mailbox, open_calendar(mailbox), now=now, report=lambda *_: None)
        if mailbox.last_sync_at is None:
            mailbox.existing = with_past(Existing(existing), Past(past))
            mailbox.invitations = Invitations(invitations)
        actions = foresee(partial(planned, mailbox, now=now))
    mailbox.refresh_from_db()
    return {**plan_report(actions), "fingerprint": fingerprint(actions)}


def read_so_far(mailbox: Mailbox) -> int:
    """How many of Outlook's events are known: a first reading keeps every page as it comes."""
    return EventLink.objects.filter(mailbox=mailbox, remote__isnull=False).count()


@transaction.atomic
def start_sync(
    mailbox: Mailbox,
    *,
    existing: str,
    invitations: str,
    past: str = Past.QUIET,
    previewed: str = "",
) -> SyncRun:
    """Lets the first sync begin. Starting twice keeps the first choices.

    `previewed`: the fingerprint of the plan that its owner has seen. If the plan is another one by
    then, it is shown, and waits. Without it the plan is carried out whatever it is.
    """
    started = Mailbox.objects.filter(pk=mailbox.pk, status=Mailbox.Status.CHOOSING).update(
        status=Mailbox.Status.CONNECTED,
        existing=with_past(Existing(existing), Past(past)),
        invitations=Invitations(invitations),
        started_at=clock.now(),
    )
    mailbox.refresh_from_db()
    if not started:
        return sync_mailbox_later(mailbox, SyncRun.Cause.MANUAL)
    forget_preview(mailbox)
    run = sync_mailbox_later(mailbox, SyncRun.Cause.START)
    run.previewed = previewed
    run.save(update_fields=["previewed"])
    return run
