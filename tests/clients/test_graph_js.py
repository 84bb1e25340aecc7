"""Microsoft's JavaScript client (`@microsoft/microsoft-graph-client`) against the sandbox.

What it does is written in js/scenarios.mjs, a function for each test.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from clients.microsoft import ANA, BOB, CLIENT_ID, REDIRECT, SECRET, Microsoft
from clients.subscriber import Subscriber
from sandbox.ledger import covers

FOLDER = Path(__file__).parent / "js"
SUBSCRIPTION = "subscription_is_made_notified_renewed_and_removed"


def run(*arguments: str, world: object = None, trust: dict[str, str] | None = None) -> str:
    path = os.pathsep.join([os.environ["PATH"], str(Path(sys.prefix) / "node-bin")])
    node = shutil.which("node", path=path)
    assert node, "There is no Node.js: `make test` installs one."
    done = subprocess.run(
        [node, "run.mjs", *arguments],
        cwd=FOLDER,
        env={"PATH": path, "WORLD": json.dumps(world or {})} | (trust or {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_scenario(microsoft: Microsoft, name: str, **more: str) -> None:
    ask = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "openid offline_access User.Read Calendars.ReadWrite",
    }
    back = microsoft.visit(f"{microsoft.url}/common/oauth2/v2.0/authorize?{urlencode(ask)}")
    redeem = {
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "redirect_uri": REDIRECT,
        "code": back["code"],
    }
    world = {"url": microsoft.url, "email": ANA, "colleague": BOB, "redeem": redeem, **more}
    run(name, world=world, trust=microsoft.trust())


@pytest.mark.parametrize(
    "name",
    [
        "profile_names_the_person",
        "event_is_created_read_changed_and_deleted",
        "stale_etag_is_refused",
        "series_has_instances_and_one_of_them_changes",
        "page_iterator_sees_every_event_once",
        "page_iterator_carries_its_headers",
        "delta_iterator_tells_what_changed_since",
        "batch_runs_each_step",
        "batch_step_waits_for_the_one_before",
        "throttled_request_is_repeated_by_itself",
        "meeting_is_cancelled_with_a_comment",
    ],
)
@covers("event.if-match", "delta.links", "batch.depends", "clients.js")
def test_javascript_client(microsoft: Microsoft, name: str) -> None:
    run_scenario(microsoft, name)


@covers("clients.js")
def test_javascript_client_subscribes(microsoft: Microsoft, subscriber: Subscriber) -> None:
    run_scenario(microsoft, SUBSCRIPTION, subscriber=subscriber.url)
    assert subscriber.handshakes == 1
    assert subscriber.next()["clientState"] == "between us"


def test_every_scenario_is_run() -> None:
    marks = test_javascript_client.pytestmark  # type: ignore[attr-defined]  # put there by pytest
    (mark,) = (mark for mark in marks if mark.name == "parametrize")
    assert sorted(json.loads(run())) == sorted([*mark.args[1], SUBSCRIPTION])
