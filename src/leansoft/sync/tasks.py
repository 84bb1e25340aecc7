"""The jobs. Each fetches its rows and calls one function.

A run's row is made in the transaction of whatever asked for it, together with its job: both exist,
or neither. A run that is still queued serves everybody who asks meanwhile.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.connections.domain.mails import send_due_mails
from leansoft.connections.models import Mailbox, Subscription
from leansoft.graph.notifications import Lifecycle
from leansoft.kit import clock
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.moved import confirm, in_doubt, look_around
from leansoft.sync.preview.held import answer_each, approve
from leansoft.sync.run import execute
from leansoft.sync.timing import subscriptions
from leansoft.sync.timing.neighbours import mailboxes_to_tell
from leansoft.sync.undo.undoing import CannotUndo, check_can_undo

KEEP_QUIET_RUNS = timedelta(hours=1)
STALLED_SECONDS = 10
"""A worker beats every two seconds; one that missed several beats is gone."""
QUEUE_LOCK_SPACE = 20_262
"""Sets these advisory locks apart from those of the rounds, and from anybody else's."""


@transaction.atomic
def sync_mailbox_later(mailbox: Mailbox, cause: SyncRun.Cause) -> SyncRun:
    """The run that will do it: one that waits already, or a new one."""
    # Two that ask at the same moment, as in a burst of notifications, make one run.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [QUEUE_LOCK_SPACE, mailbox.pk])
    # Locking the waiting row keeps a worker from starting it before this transaction commits.
    waiting = SyncRun.objects.select_for_update().filter(
        mailbox=mailbox, state=SyncRun.State.QUEUED, undoes__isnull=True
    )
    run = waiting.first()
    run = run or SyncRun.objects.create(mailbox=mailbox, cause=cause)
    _defer(run)
    return run


def _defer(run: SyncRun) -> None:
    """Once is enough; asking again finds a run whose job was lost."""
    job = sync_mailbox.configure(
        lock=f"mailbox-{run.mailbox_id}",
        queueing_lock=f"run-{run.pk}",
        # A mailbox that Microsoft asked to leave in peace waits alone: others are not held up.
        schedule_at=run.mailbox.blocked_until,
    )
    # The refusal is a unique violation, and would abort the caller's transaction.
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(run_id=str(run.pk))


def sync_event_later(event: Event, *, by: User, announced: bool = False) -> list[SyncRun]:
    """Lets the mailboxes that this change concerns have a round: the organizer's and `by`'s."""
    if announced:
        Event.objects.filter(pk=event.pk).update(announced_version=event.version)
    if in_doubt() is not None:
        return []
    organizers = Q(user__participations__event=event, user__participations__is_organizer=True)
    mailboxes = Mailbox.objects.filter(organizers | Q(user=by), status=Mailbox.Status.CONNECTED)
    # In one order everywhere, so that two edits never wait for each other.
    touched = mailboxes.order_by("pk").distinct()
    return [sync_mailbox_later(mailbox, SyncRun.Cause.EDIT) for mailbox in touched]


@transaction.atomic
def approve_later(
    run: SyncRun, keys: Collection[int] | None = None, *, reject_rest: bool = False
) -> bool:
    """Approves a waiting run and lets a worker carry it out. False when it does not wait.

    `keys`: of these links only; the others wait on, or are put apart.
    """
    if not (approve(run) if keys is None else answer_each(run, keys, reject_rest=reject_rest)):
        return False
    _defer(run)
    return True


@transaction.atomic
def confirm_database() -> bool:
    """Goes on with this database after a doubt. False when there is none."""
    doubted = in_doubt() is not None
    for mailbox in confirm():
        sync_mailbox_later(mailbox, SyncRun.Cause.MANUAL)
    return doubted


@transaction.atomic
def undo_later(run: SyncRun, *, invites: bool) -> SyncRun:
    """The run that will take this one back. Raises `CannotUndo`."""
    # Two that ask at the same moment: the second one sees the first one's undo.
    run = SyncRun.objects.select_for_update(of=["self"]).select_related("mailbox").get(pk=run.pk)
    check_can_undo(run)
    undo = SyncRun.objects.create(
        mailbox=run.mailbox, cause=SyncRun.Cause.UNDO, undoes=run, invites=invites
    )
    _defer(undo)
    return undo


@app.task(name="leansoft.sync_mailbox", pass_context=False)
def sync_mailbox(run_id: str) -> None:
    # What a dead worker wrote is settled by reading.
    run = SyncRun.objects.select_related("mailbox__user").filter(state__in=SyncRun.UNFINISHED)
    for found in run.filter(pk=run_id):
        execute(found)
        _go_on(found)


def _go_on(run: SyncRun) -> None:
    """What a round leaves to do: the rest of a paused one, a second try of one that failed."""
    blocked_until = run.mailbox.blocked_until
    if run.state == SyncRun.State.QUEUED:
        _defer(run)
    elif run.state == SyncRun.State.FAILED and blocked_until and blocked_until > clock.now():
        _try_again(run)
    elif run.undoes_id is not None:
        # An undo looks at its own events alone; whatever else its pull found comes now.
        sync_mailbox_later(run.mailbox, SyncRun.Cause.POLL)
    else:
        _look_after_subscription(run)
    for mailbox in mailboxes_to_tell(run):
        sync_mailbox_later(mailbox, SyncRun.Cause.EDIT)


def _try_again(run: SyncRun) -> None:
    if run.undoes is None:
        sync_mailbox_later(run.mailbox, SyncRun.Cause(run.cause))
        return
    # Its owner may have been faster.
    with suppress(CannotUndo):
        undo_later(run.undoes, invites=run.invites)


def _look_after_subscription(run: SyncRun) -> None:
    """After the first round there can be one; a poll that found news shows that nobody told."""
    if run.cause == SyncRun.Cause.POLL:
        news = run.actions.filter(side=SyncAction.Side.LEANSOFT)
        if news.exists():
            subscriptions.doubt(run.mailbox)
    subscribe_if_due(run.mailbox_id)


def subscribe_if_due(mailbox_id: int) -> None:
    for mailbox in subscriptions.due_mailboxes(clock.now()).filter(pk=mailbox_id):
        _subscribe_later(mailbox)


def _subscribe_later(mailbox: Mailbox) -> None:
    name = f"subscription-{mailbox.pk}"
    job = keep_subscribed.configure(lock=name, queueing_lock=name)
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(mailbox_id=mailbox.pk)


@app.task(name="leansoft.keep_subscribed", pass_context=False)
def keep_subscribed(mailbox_id: int) -> None:
    moment = clock.now()
    for mailbox in subscriptions.due_mailboxes(moment).filter(pk=mailbox_id):
        if subscriptions.keep_subscribed(mailbox, now=moment):
            sync_mailbox_later(mailbox, SyncRun.Cause.POLL)


@app.periodic(cron="* * * * *")
@app.task(name="leansoft.keep_subscriptions", queueing_lock="keep-subscriptions")
def keep_subscriptions(timestamp: int) -> None:  # noqa: ARG001 (Procrastinate passes it)
    for mailbox in subscriptions.due_mailboxes(clock.now()):
        _subscribe_later(mailbox)


def heed_later(subscription: Subscription, lifecycle: Lifecycle) -> None:
    job = heed_lifecycle.configure(queueing_lock=f"{lifecycle.value}-{subscription.remote_id}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(
            mailbox_id=subscription.mailbox_id,
            remote_id=subscription.remote_id,
            lifecycle=lifecycle.value,
        )


@app.task(name="leansoft.heed_lifecycle", pass_context=False)
def heed_lifecycle(mailbox_id: int, remote_id: str, lifecycle: str) -> None:
    event = Lifecycle(lifecycle)
    subscriptions.heed(mailbox_id, remote_id, event)
    subscribe_if_due(mailbox_id)
    if event is Lifecycle.REAUTHORIZATION_REQUIRED:
        return
    for mailbox in Mailbox.objects.filter(pk=mailbox_id, status=Mailbox.Status.CONNECTED):
        sync_mailbox_later(mailbox, SyncRun.Cause.NOTIFICATION)


@app.periodic(cron="* * * * *")
@app.task(name="leansoft.poll_mailboxes", queueing_lock="poll")
def poll_mailboxes(timestamp: int) -> None:  # noqa: ARG001 (Procrastinate passes it)
    if look_around(clock.now()) is not None:
        return
    due = Q(next_sync_at__isnull=True) | Q(next_sync_at__lte=clock.now())
    for mailbox in Mailbox.objects.filter(due, status=Mailbox.Status.CONNECTED):
        sync_mailbox_later(mailbox, SyncRun.Cause.POLL)


def sync_everybody_later() -> None:
    """When what stopped everybody is mended."""
    for mailbox in Mailbox.objects.filter(status=Mailbox.Status.CONNECTED):
        sync_mailbox_later(mailbox, SyncRun.Cause.POLL)


@app.periodic(cron="*/5 * * * *")
@app.task(name="leansoft.send_mails", queueing_lock="send-mails")
def send_mails(timestamp: int) -> None:  # noqa: ARG001 (Procrastinate passes it)
    send_due_mails(clock.now())


@app.periodic(cron="17 * * * *")
@app.task(name="leansoft.forget_quiet_runs", queueing_lock="forget-quiet-runs")
def forget_quiet_runs(timestamp: int) -> None:  # noqa: ARG001 (Procrastinate passes it)
    """Rounds that found nothing to do are no history."""
    quiet = SyncRun.objects.filter(state=SyncRun.State.DONE, actions__isnull=True)
    quiet.filter(ended_at__lt=clock.now() - KEEP_QUIET_RUNS).delete()


@app.periodic(cron="* * * * * */5")
@app.task(name="leansoft.retry_stalled", queueing_lock="retry-stalled")
async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001 (Procrastinate passes it)
    """Jobs of a worker that died go to another one."""
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # The same work waits already, behind the lock that the dead worker's job still holds.
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
