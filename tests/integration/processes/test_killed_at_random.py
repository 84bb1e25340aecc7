"""Two workers and a web server, killed with -9 at random during a first sync under faults."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from outlook_sandbox.testing import start_sandbox
from support.outlook import Sandbox
from support.product import Colleague, Product, running_product
from support.waiting import wait_for

IN_OUTLOOK, HERE, MEETINGS = 420, 80, 20
KILLS = 4
LONGEST = 240
"""Seconds; half a minute where nine others compete for two cores."""
SETTLED = (
    "SELECT count(*) FROM sync_eventlink WHERE base IS NOT NULL AND remote_id IS NOT NULL"
    " AND event_id IS NOT NULL AND intent IS NULL AND NOT remote_changed"
)


@pytest.fixture
def product(tmp_path: Path, django_db_setup: None) -> Iterator[Product]:
    with start_sandbox() as server:
        sandbox = Sandbox(server.url)
        sandbox.reset()
        with running_product(tmp_path, sandbox) as product:
            yield product


def test_first_sync_of_500_events_survives_kills_and_faults(product: Product) -> None:
    seed = int(os.environ.get("KILL_SEED") or Random().randrange(10_000))
    print(f"KILL_SEED={seed}")
    random = Random(seed)
    alice = product.add_user("alice@example.com", "Alice")
    alice.connect_outlook()
    outlook = product.sandbox.person(alice.email)
    for number in range(IN_OUTLOOK):
        outlook.create(f"There {number}")
    for number in range(HERE):
        alice.ask("POST", "/events", _plan(number))
    _make_trouble(product.sandbox, random)
    alice.start_sync()

    programs = _Programs(product)
    for _ in range(KILLS):
        time.sleep(random.uniform(0.5, 2))
        programs.kill(random.sample(["worker", "other worker", "web"], random.randint(1, 3)))

    product.sandbox.control("DELETE", "faults")
    wait_for(lambda: _settled(product), seconds=LONGEST, what="everything to settle")
    expected = {f"There {n}" for n in range(IN_OUTLOOK)} | {f"Plan {n}" for n in range(HERE)}
    assert Counter(event["subject"] for event in outlook.events()) == Counter(expected)
    assert Counter(_subjects(alice)) == Counter(expected)
    assert Counter(product.sandbox.mails()) == Counter(
        (_guest(n), "invitation", f"Plan {n}") for n in range(MEETINGS)
    )


class _Programs:
    """Two workers and the web server, each started again when it was killed."""

    def __init__(self, product: Product) -> None:
        self._product = product
        (web,) = product.processes
        self._running = {"web": web}
        for name in ("worker", "other worker"):
            self._start(name)

    def kill(self, names: list[str]) -> None:
        for name in names:
            process = self._running[name]
            process.kill()
            process.wait()
        for name in names:
            self._start(name)

    def _start(self, name: str) -> "subprocess.Popen[bytes]":
        command = ("web", "--port", str(self._product.port)) if name == "web" else ("worker",)
        self._running[name] = self._product.start(*command)
        return self._running[name]


def _plan(number: int) -> dict[str, Any]:
    plan = {
        "subject": f"Plan {number}",
        "start": "2030-05-06T09:00",
        "end": "2030-05-06T10:00",
        "time_zone": "Europe/Paris",
    }
    return {**plan, "attendees": [{"email": _guest(number)}]} if number < MEETINGS else plan


def _guest(number: int) -> str:
    return f"guest{number}@elsewhere.org"


def _make_trouble(sandbox: Sandbox, random: Random) -> None:
    """Lost answers, outages and throttling, here and there."""
    for _ in range(4):
        skip = random.randrange(HERE)
        sandbox.fault(method="POST", path="^/me/events$", when="after", drop=True, skip=skip)
        skip = random.randrange(HERE)
        sandbox.fault(method="POST", path="^/me/events$", status=429, retry_after=1, skip=skip)
    sandbox.fault(method="GET", path="/delta", status=503, retry_after=1, skip=random.randrange(2))


def _settled(product: Product) -> bool:
    with psycopg.connect(product.database_url) as connection:
        return connection.execute(SETTLED).fetchone() == (IN_OUTLOOK + HERE,)


def _subjects(person: Colleague) -> list[str]:
    return [event["subject"] for event in person.ask("GET", "/events?limit=1000")["items"]]
