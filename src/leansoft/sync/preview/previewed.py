"""The first sync does what its preview showed, or shows the new plan and waits.

The form of the preview carries its fingerprint to the run that it starts. Until a round has found
that this is still the plan, nothing is written: not by that run, and by no other. When both
calendars have moved on, the run waits with the new plan; an approval stands for that one.
"""

from datetime import datetime

from django.db import transaction

from leansoft.connections.models import Mailbox
from leansoft.kit import clock
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.preview.rehearse import fingerprint, foresee, planned
from leansoft.sync.show.report import counts_and_mails, plan_line

UNSEEN = "unseen"
"""The fingerprint of no plan: whoever starts without having seen one is shown it first."""

CHANGED = (
    "Your choices, Outlook or Leansoft changed after you saw the preview. "
    "This is what would happen now."
)
NOT_SEEN = "The first sync was started before its preview was shown. This is what would happen."


def may_begin(run: SyncRun, *, now: datetime) -> bool:
    """Whether the first sync may write. If not, the run waits with the plan, or names the one that
    does."""
    expecting = _expecting(run.mailbox)
    if expecting is None:
        # Also when an order of its owner made this run forget what it waited for.
        run.previewed = ""
        return True
    rows = foresee(lambda: planned(run.mailbox, now=now))
    found = fingerprint(rows)
    asked = expecting.state == SyncRun.State.WAITING
    if found == expecting.previewed and not asked:
        forget_preview(run.mailbox)
        run.previewed = ""
        return True
    if found != expecting.previewed:
        _show(expecting if asked else run, rows, found, seen=expecting.previewed != UNSEEN)
    if asked:
        run.held_run = expecting
    return False


def is_asked(mailbox: Mailbox) -> bool:
    """Whether the first sync has still to find, or to be told, that its plan is the one shown."""
    return mailbox.last_sync_at is None and _expecting(mailbox) is not None


def forget_preview(mailbox: Mailbox) -> None:
    """No round waits for a plan of before."""
    runs = SyncRun.objects.filter(mailbox=mailbox).exclude(previewed="")
    waiting = runs.filter(state=SyncRun.State.WAITING)
    waiting.update(state=SyncRun.State.DONE, ended_at=clock.now())
    runs.update(previewed="")


@transaction.atomic
def choose_again(mailbox: Mailbox) -> None:
    """The owner does not want this plan: both sides stay as they are until other choices."""
    forget_preview(mailbox)
    Mailbox.objects.filter(pk=mailbox.pk, status__in=Mailbox.HOME).update(
        status=Mailbox.Status.CHOOSING, started_at=None
    )
    mailbox.refresh_from_db()


def _expecting(mailbox: Mailbox) -> SyncRun | None:
    return SyncRun.objects.filter(mailbox=mailbox).exclude(previewed="").first()


def _show(run: SyncRun, rows: list[SyncAction], found: str, *, seen: bool) -> None:
    SyncRun.objects.filter(mailbox=run.mailbox).exclude(pk=run.pk).update(previewed="")
    run.state, run.previewed = SyncRun.State.WAITING, found
    run.held = {
        "keys": [],
        "fingerprint": found,
        "reasons": [CHANGED if seen else NOT_SEEN],
        "report": {**counts_and_mails(rows), "lines": [plan_line(row) for row in rows]},
        "preview": True,
    }
    run.save()
