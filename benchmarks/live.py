"""From an edit on one side to the other, through web server, queue and worker."""

import statistics
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg

from benchmarks.calendars import Filled
from benchmarks.stage import Stage
from benchmarks.table import Row, duration
from support.product import Colleague
from support.waiting import wait_for

EMAIL = "live@bench.example"
AIM = "median ≤ 150 ms, p99 ≤ 1 s"
SUBJECT = "SELECT subject FROM calendars_event WHERE id = %s"
SUBSCRIBED = (
    "SELECT count(*) FROM connections_subscription s JOIN connections_mailbox m"
    " ON m.id = s.mailbox_id WHERE s.remote_id <> '' AND m.account = ANY(%s)"
)
EVENT = "SELECT id FROM calendars_event WHERE subject = 'Event 0' ORDER BY created_at DESC"


def calendars() -> list[Filled]:
    return [Filled(email=EMAIL, singles=1)]


def measure(on: Stage, times: int) -> Iterator[Row]:
    on.inside("connect", EMAIL)
    on.inside("start", EMAIL)
    wait_until_told(on, [EMAIL])
    event_id = str(on.query(EVENT)[0])
    token = on.product.run("token", "create", EMAIL).strip()
    alice = Colleague(on.product, EMAIL, token)
    yield _row("Edit in Leansoft → in Outlook", _edits_here(on, alice, event_id, times))
    yield _row("Edit in Outlook → here, by notification", _edits_there(on, event_id, times))


def wait_until_told(on: Stage, emails: list[str]) -> None:
    wait_for(lambda: on.query(SUBSCRIBED, emails)[0] == len(emails), what="the subscriptions")


def _edits_here(on: Stage, alice: Colleague, event_id: str, times: int) -> Iterator[float]:
    for number in range(times):
        on.forget_requests()
        begun = time.time()
        alice.ask("PATCH", f"/events/{event_id}", {"subject": f"Here {number}"})
        written = wait_for(lambda: _written_at(on.requests()), what="the edit in Outlook")
        yield written - begun
        _rest()


def _written_at(requests: list[dict[str, Any]]) -> float | None:
    patches = [entry for entry in requests if entry["method"] == "PATCH"]
    return datetime.fromisoformat(patches[0]["at"]).timestamp() if patches else None


def _edits_there(on: Stage, event_id: str, times: int) -> Iterator[float]:
    outlook = on.sandbox.person(EMAIL)
    (event,) = outlook.events()
    with psycopg.connect(on.product.database_url, autocommit=True) as connection:
        for number in range(times):
            begun = time.time()
            outlook.ask("PATCH", f"/me/events/{event['id']}", {"subject": f"There {number}"})
            while connection.execute(SUBJECT, [event_id]).fetchone() != (f"There {number}",):
                assert time.time() - begun < 60, "The edit does not arrive."
                time.sleep(0.002)
            yield time.time() - begun
            _rest()


def _rest() -> None:
    """The next edit is not to find the round of the last one still at work."""
    time.sleep(1)


def _row(work: str, durations: Iterator[float]) -> Row:
    found = sorted(durations)
    p99 = statistics.quantiles(found, n=100, method="inclusive")[98]
    measured = f"{duration(statistics.median(found))}, p99 {duration(p99)}"
    return Row(work=work, measured=measured, aim=AIM, notes=f"{len(found)} edits")
