"""Microsoft tells of a change, and worker and web server bring it in: no poll, nobody who looks."""

from pathlib import Path

from outlook_sandbox.testing import start_sandbox
from support.outlook import Sandbox
from support.product import Colleague, running_product
from support.waiting import wait_for


def test_edit_in_outlook_is_here_at_once(tmp_path: Path, django_db_setup: None) -> None:
    with start_sandbox() as server:
        sandbox = Sandbox(server.url)
        sandbox.reset()
        with running_product(tmp_path, sandbox) as product:
            alice = product.add_user("alice@example.com", "Alice")
            alice.connect_outlook()
            product.start("worker")
            alice.start_sync()
            wait_for(lambda: _is_told(alice), what="the subscription")

            sandbox.person(alice.email).create("Tea")

            wait_for(lambda: "Tea" in _subjects(alice), seconds=8, what="the event")


def _is_told(person: Colleague) -> bool:
    told: bool = person.ask("GET", "/outlook")["notifications"]
    return told


def _subjects(person: Colleague) -> list[str]:
    return [event["subject"] for event in person.ask("GET", "/events")["items"]]
