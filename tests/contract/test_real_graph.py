"""The way to the real Graph, with a sandbox behind a socket in its place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contract.real import harmless
from outlook_sandbox.testing import start_sandbox
from sandbox.ledger import covers
from sandbox.world import World, event

ROOT = Path(__file__).resolve().parents[2]


def run(url: str, token: str, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q"]
    done = subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env=os.environ | {"LEANSOFT_GRAPH_TOKEN": token, "LEANSOFT_GRAPH_URL": url + "/v1.0"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    return done.stdout


@covers("clients.real")
@pytest.mark.usefixtures("world")  # needs a sandbox: not for a run against the real Graph
def test_same_tests_run_over_the_wire_and_leave_nothing_behind() -> None:
    with start_sandbox() as running:
        world = World(running.sandbox)
        ana = world.person("ana@contoso.com")
        mine = ana.create(event("Mine"))
        output = run(running.url, ana.token, "tests/contract")
        assert "deselected" in output
        passed = int(output.rpartition(" passed")[0].rpartition("\n")[2])
        assert passed >= 50
        assert [e["id"] for e in ana.events()] == [mine["id"]]
        assert len(ana.get("/me/calendars")["value"]) == 1
        assert ana.get("/me/outlook/masterCategories")["value"] == []
        recipients = {mail["to"] for mail in world.mail()}
        assert {address.rpartition("@")[2] for address in recipients} == {"example.com"}


def test_addresses_lead_nowhere() -> None:
    sent = harmless(event("Planning", "bo@contoso.com"))
    assert sent["attendees"][0]["emailAddress"]["address"] == "bo@example.com"
    assert sent["subject"] == "Planning"
