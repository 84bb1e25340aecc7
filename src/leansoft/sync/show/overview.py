"""Every mailbox as an administrator may see it: how the sync is, and nothing of what it carries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from procrastinate.contrib.django.models import ProcrastinateJob

from leansoft.connections.models import Mailbox
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.timing.subscriptions import can_be_told, is_told

ENDED = [SyncRun.State.DONE, SyncRun.State.FAILED]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxOverview:
    """`trouble` and `refused` name no event: an administrator sees nobody's content."""

    mailbox: Mailbox
    # Why the last round that ended failed, if it did.
    trouble: str
    # Events that Outlook does not take.
    refused: int
    is_held: bool
    is_told: bool
    # Until when Microsoft asked to be left in peace.
    blocked_until: datetime | None
    jobs: int

    @property
    def is_well(self) -> bool:
        """Nobody has to do anything about it."""
        is_kept = self.mailbox.status == Mailbox.Status.CONNECTED
        return is_kept and not (self.trouble or self.refused or self.is_held)


def mailbox_overviews(now: datetime) -> list[MailboxOverview]:
    """As many queries however many mailboxes."""
    mailboxes = list(
        Mailbox.objects.select_related("user", "subscription")
        .annotate(refused=Count("links", filter=_refused()))
        .order_by("user__name", "pk")
    )
    runs = SyncRun.objects.filter(mailbox__in=mailboxes)
    last = runs.filter(state__in=ENDED).order_by("mailbox", "-ended_at").distinct("mailbox")
    troubles = {
        run.mailbox_id: _own_words(run.errors[-1])
        for run in last
        if run.state == SyncRun.State.FAILED and run.errors
    }
    held = set(runs.filter(state=SyncRun.State.WAITING).values_list("mailbox_id", flat=True))
    jobs = _jobs_by_lock()
    return [
        MailboxOverview(
            mailbox=mailbox,
            trouble=troubles.get(mailbox.pk, ""),
            refused=mailbox.refused,
            is_held=mailbox.pk in held,
            is_told=can_be_told() and is_told(mailbox, now),
            blocked_until=_later(mailbox.blocked_until, now),
            jobs=jobs.get(f"mailbox-{mailbox.pk}", 0),
        )
        for mailbox in mailboxes
    ]


def _refused() -> Q:
    return Q(links__state=EventLink.State.LIVE, links__refusal__isnull=False)


def _own_words(sentence: str) -> str:
    """What stands behind a colon are Microsoft's words, which may quote an event."""
    return sentence.partition(": ")[0]


def _later(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment > now else None


def _jobs_by_lock() -> dict[str, int]:
    open_ones = ProcrastinateJob.objects.filter(status__in=["todo", "doing"])
    jobs = open_ones.filter(lock__startswith="mailbox-")
    return dict(jobs.values_list("lock").annotate(Count("pk")))
