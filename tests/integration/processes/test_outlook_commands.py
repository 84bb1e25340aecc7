"""`leansoft outlook …` beside a running product: what it prints, and its exit status."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from outlook_sandbox.testing import start_sandbox
from support.outlook import CLIENT_ID, SECRET, Sandbox
from support.product import Colleague, Product, running_product
from support.shell import Shell
from support.waiting import free_port, wait_for

EMAIL = "alice@example.com"


@pytest.fixture(scope="module")
def product(django_db_setup: None) -> Iterator[Product]:
    """Web server and worker, with Alice's first sync done."""
    with start_sandbox() as server, TemporaryDirectory(prefix="leansoft-commands-") as folder:
        sandbox = Sandbox(server.url)
        sandbox.reset()
        with running_product(Path(folder), sandbox) as product:
            product.start("worker")
            alice = product.add_user(EMAIL, "Alice")
            alice.connect_outlook()
            alice.start_sync()
            wait_for(lambda: _is_synced(alice), what="the first sync")
            yield product


def _is_synced(person: Colleague) -> bool:
    return bool(person.ask("GET", "/outlook")["last_sync_at"])


def outlook(product: Product, *words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        Shell.command("outlook", *words), env=product.environment, input=stdin,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def printed(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_status_has_the_shape_of_the_contract(product: Product) -> None:
    done = outlook(product, "status", "--json")
    report = printed(done)
    (mailbox,) = report["mailboxes"]
    assert (done.returncode, report["enabled"]) == (0, True)
    assert (mailbox["user"], mailbox["account"], mailbox["state"]) == (EMAIL, EMAIL, "connected")
    assert (mailbox["reason"], isinstance(mailbox["notifications"], bool)) == (None, True)
    assert mailbox["last_sync_at"]


def test_status_for_people_is_a_line_per_mailbox(product: Product) -> None:
    first, second = outlook(product, "status").stdout.splitlines()
    assert first == "The integration is switched on."
    assert second.startswith(f"{EMAIL}: connected, last sync 20")


def test_preview_prints_the_plan_and_writes_nothing(product: Product) -> None:
    product.sandbox.person(EMAIL).create("Tea")
    plan = printed(outlook(product, "sync", EMAIL, "--preview", "--json"))
    assert set(plan) >= {"pulled", "pushed", "mails", "reasons", "errors"}
    people = outlook(product, "sync", EMAIL, "--preview")
    assert people.stdout.startswith("Would write:\n  to Outlook: ")
    assert (people.returncode, people.stderr) == (0, "")


def test_sync_waits_and_prints_the_run(product: Product) -> None:
    done = outlook(product, "sync", EMAIL, "--json")
    run = printed(done)
    assert (done.returncode, run["state"], run["errors"]) == (0, "done", [])
    assert set(run["pushed"]) == set(run["pulled"]) == {"created", "updated", "deleted"}
    assert outlook(product, "sync", EMAIL).stdout.startswith("The run is done.\n")


def test_failed_sync_is_one_clear_line(product: Product) -> None:
    product.sandbox.fault(path="calendarView|events", status=503, times=20)
    try:
        failed = outlook(product, "sync", EMAIL)
    finally:
        product.sandbox.control("DELETE", "faults")
    assert failed.returncode == 1
    assert failed.stdout.startswith("The run is failed.")
    assert failed.stderr.strip() == (
        "Microsoft cannot be reached at the moment. Leansoft will try again."
    )


def test_doctor_finds_nothing_that_keeps_the_sync_from_working(product: Product) -> None:
    done = outlook(product, "doctor", "--json")
    report = printed(done)
    assert [check for check in report["checks"] if not check["ok"]] == []
    assert (done.returncode, report["ok"]) == (0, True)
    names = [check["name"] for check in report["checks"]]
    assert names == [
        "database", "migrations", "installation", "worker", "queue", "zones", "integration",
        "secret", "mailboxes", "mail", "sign-in", "clock", "credentials", "address",
        "notifications",
    ]  # fmt: skip
    warned = {check["name"] for check in report["checks"] if check["warning"]}
    assert {"secret", "mail"} <= warned
    assert "ok       database" in outlook(product, "doctor").stdout


def test_doctor_names_a_wrong_secret_and_configure_mends_it(product: Product) -> None:
    wish = [
        "configure", "--client-id", CLIENT_ID, "--client-secret-stdin",
        "--secret-expires", "2031-01-31",
    ]  # fmt: skip
    assert outlook(product, *wish, stdin="wrong").returncode == 0
    sick = outlook(product, "doctor", "--json")
    faults = {c["name"]: c["message"] for c in printed(sick)["checks"] if not c["ok"]}
    assert sick.returncode == 1
    assert faults["credentials"].startswith("The client secret is wrong.")
    mended = outlook(product, *wish, stdin=SECRET)
    assert mended.stdout.startswith("Outlook is switched on. The redirect URI to register: http")
    healthy = printed(outlook(product, "doctor", "--json"))
    assert healthy["ok"]
    (secret,) = [c["message"] for c in healthy["checks"] if c["name"] == "secret"]
    assert secret == "It is good until 2031-01-31."


@pytest.mark.parametrize(
    ("words", "stdin", "status", "line"),
    [
        (("configure", "--client-id", "x"), "", 2, "Missing option '--client-secret-stdin'."),
        (
            ("configure", "--client-id", "x", "--client-secret-stdin"),
            "",
            1,
            "Error: The client secret is empty: pass it on standard input.",
        ),
        (
            ("configure", "--client-id", "x", "--client-secret-stdin"),
            "0F32DD13-5A51-4B8F-9C1D-9D5E3DD0FF7D",
            1,
            "Error: That is the secret's ID; paste its Value.",
        ),
        (("sync",), "", 2, "Missing argument 'EMAIL'."),
        (("sync", "nobody@example.com"), "", 1, "Error: There is no user with the address"),
        (("status", "--yaml"), "", 2, "No such option"),
    ],
)
def test_wrong_use_and_wrong_values(
    product: Product, words: tuple[str, ...], stdin: str, status: int, line: str
) -> None:
    refused = outlook(product, *words, stdin=stdin)
    assert (refused.returncode, refused.stdout) == (status, "")
    assert line in refused.stderr


def test_sandbox_runs_alone(tmp_path: Path) -> None:
    port = free_port()
    process = Shell(tmp_path).start("sandbox", "--port", str(port))
    try:
        wait_for(lambda: _answers(port), what="the sandbox")
        assert "now" in Sandbox(f"http://localhost:{port}").control("GET", "clock")
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _answers(port: int) -> bool:
    try:
        Sandbox(f"http://localhost:{port}").control("GET", "clock")
    except httpx.TransportError:
        return False
    return True
