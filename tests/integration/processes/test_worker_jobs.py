"""Jobs that a job asks for: they appear together with what they are about."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from leansoft.accounts.models import User
from leansoft.connections.models import Mailbox
from leansoft.servers import WorkerConnector
from leansoft.sync.models import SyncRun
from leansoft.sync.tasks import sync_mailbox_later
from support.jobs import forget_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("kept", [True, False])
def test_a_job_asked_for_in_a_worker_shares_the_fate_of_its_run(alice: User, kept: bool) -> None:
    mailbox = Mailbox.objects.create(user=alice, status=Mailbox.Status.CONNECTED)
    forget_jobs()
    seen_early: list[int] = []

    def look() -> None:
        seen_early.append(ProcrastinateJob.objects.count())
        connection.close()

    def ask() -> None:
        with suppress(InterruptedError), transaction.atomic():
            sync_mailbox_later(mailbox, SyncRun.Cause.POLL)
            other = threading.Thread(target=look)
            other.start()
            other.join()
            if not kept:
                raise InterruptedError
        connection.close()

    asyncio.run(_as_a_worker(ask))

    assert seen_early == [0]
    assert (SyncRun.objects.count(), ProcrastinateJob.objects.count()) == (kept, kept)
    forget_jobs()


async def _as_a_worker(job: Callable[[], None]) -> None:
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(WorkerConnector(app.connector)) as worker_app:
        async with worker_app.open_async():
            await asyncio.to_thread(job)
