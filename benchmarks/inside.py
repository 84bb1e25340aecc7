"""What a benchmark does inside Leansoft: a process of its own, so that its memory can be read.

`python -m benchmarks.inside VERB ARGUMENTS…` prints its answer as JSON. The measured code is that
of a worker's job; only the queue is left out.
"""

import cProfile
import json
import pstats
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 (Django has to be ready first)

from leansoft.accounts.domain.users import create_user  # noqa: E402
from leansoft.accounts.models import User  # noqa: E402
from leansoft.calendars.domain.events import create_event, edit_event  # noqa: E402
from leansoft.calendars.models import Event  # noqa: E402
from leansoft.connections.microsoft import transport  # noqa: E402
from leansoft.connections.models import Mailbox  # noqa: E402
from leansoft.events.fields import Field  # noqa: E402
from leansoft.events.slots import instant_text  # noqa: E402
from leansoft.kit import clock  # noqa: E402
from leansoft.servers import spare_collector  # noqa: E402
from leansoft.sync.models import EventLink, SyncRun  # noqa: E402
from leansoft.sync.preview.start import start_sync  # noqa: E402
from leansoft.sync.run import execute, run_now  # noqa: E402
from leansoft.sync.tasks import sync_mailbox_later  # noqa: E402
from leansoft.sync.timing.pace import LOOKING, until_next_poll  # noqa: E402
from support.company import Company  # noqa: E402
from support.outlook import Sandbox  # noqa: E402

PASSWORD = "correct horse battery"


def connect(*emails: str) -> None:
    """People with a mailbox whose first sync has not begun."""
    company = Company(Sandbox(settings.MICROSOFT_LOGIN_URL))
    for email in emails:
        company.connect(create_user(email=email, name=email, password=PASSWORD))


def start(*emails: str) -> None:
    """Queues the first sync."""
    for email in emails:
        start_sync(_mailbox(email), existing="push", invitations="quiet")


def first_sync(email: str, profile: str = "") -> dict[str, Any]:
    """Carries the first sync out, here and now."""
    mailbox = _mailbox(email)
    run = start_sync(mailbox, existing="push", invitations="quiet")
    with profiled(profile):
        took = _timed(lambda: execute(run))
    return {**took, "links": EventLink.objects.filter(mailbox=mailbox).count(), **_errors(run)}


def rounds(email: str, times: str = "1", profile: str = "") -> list[dict[str, Any]]:
    """This many rounds of the poll, one after the other."""
    mailbox = _mailbox(email)
    with profiled(profile):
        return [_timed(lambda: run_now(mailbox, SyncRun.Cause.POLL)) for _ in range(int(times))]


def create(email: str, count: str) -> None:
    """Events in Leansoft, an hour each."""
    user = User.objects.get(email=email)
    begin = clock.now().replace(microsecond=0)
    for number in range(int(count)):
        at = begin + timedelta(hours=number)
        when = {
            "start": instant_text(at),
            "end": instant_text(at + timedelta(hours=1)),
            "zone": "Europe/Berlin",
            "all_day": False,
        }
        values = {Field.SUBJECT: f"Plan {number}", Field.WHEN: when, Field.BODY: "Agenda"}
        create_event(user, values=values, now=clock.now())


def edit(email: str, count: str) -> None:
    """Renames this many events in Leansoft without guests: a guard would hold so many mails."""
    user = User.objects.get(email=email)
    own = Event.objects.filter(participants__user=user, participants__is_organizer=True)
    alone = own.filter(rrule="").exclude(participants__is_organizer=False)
    for event in alone.order_by("created_at")[: int(count)]:
        values = {Field.SUBJECT: f"{event.subject}, renamed"}
        edit_event(event, by=user, values=values, now=clock.now())


def queue_polls(*emails: str) -> dict[str, Any]:
    """As the poll does when these mailboxes are due."""
    mailboxes = [_mailbox(email) for email in emails]
    return _timed(lambda: [sync_mailbox_later(m, SyncRun.Cause.POLL) for m in mailboxes])


def pace() -> dict[str, float]:
    """How often a mailbox is asked whose owner looked in the morning, when Microsoft tells."""
    morning = clock.now().replace(hour=9, minute=0)
    at, polls = morning + LOOKING, 0
    while at < morning + timedelta(days=1):
        at += until_next_poll(now=at, looked_at=morning, time_zone="UTC", told=True)
        polls += 1
    return {"polls_a_day": polls}


def _mailbox(email: str) -> Mailbox:
    return Mailbox.objects.select_related("user").get(user__email=email)


def _errors(run: SyncRun) -> dict[str, Any]:
    return {"errors": run.errors} if run.errors else {}


def _timed(work: Callable[[], object]) -> dict[str, Any]:
    begun, spent = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - spent,
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    """The most that this process has held in memory. What `getrusage` says of it begins with what
    its parent held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


@contextmanager
def profiled(path: str) -> Iterator[None]:
    """Writes where the time went into this file; without a name nothing is watched."""
    if not path:
        yield
        return
    with cProfile.Profile() as watch:
        yield
    with open(path, "w") as file:
        pstats.Stats(watch, stream=file).sort_stats("cumulative").print_stats(90)


VERBS: dict[str, Callable[..., Any]] = {
    verb.__name__: verb
    for verb in (connect, start, first_sync, rounds, create, edit, queue_polls, pace)
}


if __name__ == "__main__":
    # As a worker that has been at work for a while.
    spare_collector()
    transport()
    print(json.dumps(VERBS[sys.argv[1]](*sys.argv[2:])))
