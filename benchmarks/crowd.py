"""What many connected mailboxes cost, from what one round and one change cost.

The cost is time on the processor of web server, worker and PostgreSQL together, without what they
spend when nothing happens; that comes on top once.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.calendars import Filled
from benchmarks.live import wait_until_told
from benchmarks.stage import Stage
from benchmarks.table import Row
from support.waiting import wait_for

EMAILS = [f"crowd-{number}@bench.example" for number in range(10)]
MAILBOXES, CHANGES_A_DAY, DAY = 10_000, 20, 86_400
IDLE_SECONDS = 10
BUSY = "SELECT count(*) FROM sync_syncrun WHERE state IN ('queued', 'running')"
ARRIVED = "SELECT count(*) FROM calendars_event WHERE subject = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Seconds on the processor."""

    idle_each_second: float
    poll: float
    change: float

    def share(self, *, polls_a_day: float) -> float:
        """Of this machine, in the steady state."""
        daily = polls_a_day * self.poll + CHANGES_A_DAY * self.change
        return (self.idle_each_second + MAILBOXES * daily / DAY) / (os.cpu_count() or 1)


def calendars() -> list[Filled]:
    return [Filled(email=email, singles=1) for email in EMAILS]


def measure(on: Stage, times: int) -> Iterator[Row]:
    on.inside("connect", *EMAILS)
    on.inside("start", *EMAILS)
    wait_until_told(on, EMAILS)
    costs = _costs(on, times // len(EMAILS))
    pace = on.inside("pace")
    yield Row(
        work=f"{MAILBOXES:,} mailboxes, {CHANGES_A_DAY} changes a day each",
        measured=f"{costs.share(**pace):.0%} of {os.cpu_count()} cores",
        aim="< 25 %",
        notes=f"{costs.poll * 1000:.0f} ms of processor a poll, {costs.change * 1000:.0f} ms a "
        f"change told and taken in, {costs.idle_each_second:.1%} of a core at rest; "
        f"{pace['polls_a_day']:.0f} requests per idle mailbox and day",
    )


def _costs(on: Stage, times: int) -> Costs:
    idle = _spent(on, lambda _: time.sleep(IDLE_SECONDS), 1, idle=0) / IDLE_SECONDS
    return Costs(
        idle_each_second=idle,
        poll=_spent(on, lambda _: _poll(on), times, idle=idle) / (times * len(EMAILS)),
        change=_spent(on, _changing(on), times, idle=idle) / (times * len(EMAILS)),
    )


def _spent(on: Stage, work: Callable[[int], object], times: int, *, idle: float) -> float:
    before, begun = on.cpu_seconds(), time.monotonic()
    for number in range(times):
        work(number)
    return on.cpu_seconds() - before - idle * (time.monotonic() - begun)


def _poll(on: Stage) -> None:
    on.inside("queue_polls", *EMAILS)
    _wait_until_quiet(on)


def _changing(on: Stage) -> Callable[[int], None]:
    people = [on.sandbox.person(email) for email in EMAILS]
    events = [(person, person.events()[0]["id"]) for person in people]

    def change(number: int) -> None:
        subject = f"Told {number}"
        for person, event_id in events:
            person.ask("PATCH", f"/me/events/{event_id}", {"subject": subject})
        wait_for(lambda: on.query(ARRIVED, subject)[0] == len(EMAILS), what="the changes")
        _wait_until_quiet(on)

    return change


def _wait_until_quiet(on: Stage) -> None:
    wait_for(lambda: on.query(BUSY)[0] == 0, seconds=120, what="the rounds to end")
