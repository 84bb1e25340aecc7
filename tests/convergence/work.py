"""Leansoft's workers and Microsoft's courier, without processes: they do what is due when asked."""

from django.db import connection

from convergence.world import World
from leansoft.connections.models import Mailbox
from leansoft.sync import tasks
from leansoft.sync.models import SyncRun
from outlook_sandbox.subscriptions.delivery import deliver
from support.jobs import do_jobs

UNFINISHED = [SyncRun.State.QUEUED, SyncRun.State.RUNNING]


def queue_round(mailbox: Mailbox, cause: SyncRun.Cause) -> SyncRun:
    """The run that a worker would take next for this mailbox: that of a worker that died, one that
    an edit or a notification asked for, else a new one."""
    waiting = SyncRun.objects.filter(mailbox=mailbox, state__in=UNFINISHED, undoes=None)
    return waiting.last() or tasks.sync_mailbox_later(mailbox, cause)


def do_round(run: SyncRun) -> None:
    tasks.sync_mailbox(str(run.pk))
    run.refresh_from_db()


def do_errands(world: World) -> None:
    """What is announced arrives, and workers do what is due besides rounds."""
    deliver(world.sandbox)
    tasks.keep_subscriptions(0)
    do_jobs(but=tasks.sync_mailbox.name)


def after_commit() -> None:
    """What waits for the end of a transaction: here the history is one, and never ends."""
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for hooked in waiting:
        hooked[1]()
