"""A backup of the database is restored under real processes, with PostgreSQL's own copy."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from outlook_sandbox.testing import start_sandbox
from support.outlook import Sandbox
from support.product import Colleague, Product, running_product
from support.waiting import wait_for

EMAIL, ANA = "alice@example.com", "ana@elsewhere.org"


@pytest.fixture
def product(tmp_path: Path, django_db_setup: None) -> Iterator[Product]:
    with start_sandbox() as server:
        sandbox = Sandbox(server.url)
        sandbox.reset()
        with running_product(tmp_path, sandbox) as product:
            product.start("worker")
            yield product


def test_a_restored_backup_waits_for_a_word_and_then_doubles_nothing(product: Product) -> None:
    alice = product.add_user(EMAIL, "Alice")
    alice.connect_outlook()
    alice.start_sync()
    wait_for(lambda: status(alice)["last_sync_at"], what="the first sync")
    backup = copy_of(product)

    product.start_web()
    product.start("worker")
    alice.ask("POST", "/events", meeting("Tea"))
    wait_for(lambda: subjects_there(product) == ["Tea"], what="the meeting in Outlook")
    wait_for(product.sandbox.mails, what="the invitation")
    restore(product, backup)
    product.start_web()
    product.start("worker")

    wait_for(lambda: status(alice)["state"] == "paused", what="the doubt")
    assert "it was restored" in status(alice)["reason"]
    assert subjects_here(alice) == []
    assert product.run("outlook", "confirm").startswith("Confirmed.")
    wait_for(lambda: subjects_here(alice) == ["Tea"], what="the meeting here")
    product.run("outlook", "sync", EMAIL)
    assert (subjects_here(alice), subjects_there(product)) == (["Tea"], ["Tea"])
    assert product.sandbox.mails() == [(ANA, "invitation", "Tea")]
    assert product.run("outlook", "confirm") == "There is nothing to confirm.\n"


def meeting(subject: str) -> dict[str, Any]:
    when = {"start": "2030-03-04T09:00", "end": "2030-03-04T10:00", "time_zone": "Europe/Paris"}
    return {"subject": subject, **when, "attendees": [{"email": ANA}]}


def status(person: Colleague) -> dict[str, Any]:
    found: dict[str, Any] = person.ask("GET", "/outlook")
    return found


def subjects_here(person: Colleague) -> list[str]:
    return [event["subject"] for event in person.ask("GET", "/events")["items"]]


def subjects_there(product: Product) -> list[str]:
    return [event["subject"] for event in product.sandbox.person(EMAIL).events()]


def copy_of(product: Product) -> str:
    """The name of a copy of the product's database. Everything is stopped for it."""
    product.stop()
    product.processes.clear()
    name = f"{_name(product)}_backup"
    _tell(product, "CREATE DATABASE {} TEMPLATE {}", name, _name(product))
    return name


def restore(product: Product, backup: str) -> None:
    product.stop()
    product.processes.clear()
    _tell(product, "DROP DATABASE {} WITH (FORCE)", _name(product))
    _tell(product, "CREATE DATABASE {} TEMPLATE {}", _name(product), backup)


def _name(product: Product) -> str:
    return urlsplit(product.database_url).path.removeprefix("/")


def _tell(product: Product, statement: str, *names: str) -> None:
    server = product.database_url.replace(f"/{_name(product)}", "/postgres", 1)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
