"""Real processes, killed where it hurts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from outlook_sandbox.testing import start_sandbox
from support.outlook import Sandbox
from support.product import Product, running_product
from support.waiting import wait_for

ANA = "ana@elsewhere.org"
TEA = {
    "subject": "Tea",
    "start": "2030-03-04T09:00",
    "end": "2030-03-04T10:00",
    "time_zone": "Europe/Paris",
    "attendees": [{"email": ANA}],
}


@pytest.fixture
def product(tmp_path: Path, django_db_setup: None) -> Iterator[Product]:
    with start_sandbox() as server:
        sandbox = Sandbox(server.url)
        sandbox.reset()
        with running_product(tmp_path, sandbox) as product:
            yield product


def test_a_worker_killed_before_the_answer_leaves_one_event_and_one_mail(product: Product) -> None:
    alice = product.add_user("alice@example.com", "Alice")
    alice.connect_outlook()
    worker = product.start("worker")
    run = alice.start_sync()
    wait_for(lambda: alice.ask("GET", f"/outlook/runs/{run}")["state"] == "done", what="start")

    product.sandbox.fault(method="POST", path="^/me/events$", when="after", delay_seconds=60)
    event = alice.ask("POST", "/events", TEA)
    wait_for(product.sandbox.mails, what="the create to reach Outlook")
    worker.kill()
    worker.wait()

    product.sandbox.control("DELETE", "faults")
    product.start("worker")
    wait_for(
        lambda: alice.ask("GET", f"/events/{event['id']}")["outlook"]["state"] == "synced",
        seconds=90,
        what="another worker to take over",
    )
    outlook = product.sandbox.person("alice@example.com")
    assert [copy["subject"] for copy in outlook.events()] == ["Tea"]
    assert product.sandbox.mails() == [(ANA, "invitation", "Tea")]
