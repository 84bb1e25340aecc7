"""The stand-in for Microsoft: started as a program, furnished through its control addresses.

Leansoft's code knows nothing of it; only the environment points there.
"""

import json
import os
import urllib.parse
import urllib.request
from datetime import date
from pathlib import Path
from typing import Any

from leansoft.demo.outlook_events import NOTED, Noted, form_of
from leansoft.demo.people import COLLEAGUES, DOMAIN, PASSWORD, ZONE
from leansoft.kit.processes import Program, this_python

CLIENT_ID = "5f0c1e2a-7d34-4b8e-9a61-3c2d8e7f1b40"
CLIENT_SECRET = "harbor-demo-secret~only-for-the-sandbox"


def sandbox_command(*, host: str, port: int, state: Path | None) -> list[str]:
    kept = ["--state", str(state)] if state else []
    return this_python("-m", "outlook_sandbox", "--host", host, "--port", str(port), *kept)


def sandbox_program(*, host: str, port: int, state: Path) -> Program:
    return Program(name="sandbox", command=sandbox_command(host=host, port=port, state=state))


def run_sandbox(*, host: str, port: int, state: Path | None) -> None:
    """Turns this process into the sandbox."""
    command = sandbox_command(host=host, port=port, state=state)
    os.execv(command[0], command)


def point_at_sandbox(port: int) -> str:
    """Makes this process and its children take the sandbox for Microsoft."""
    url = f"http://localhost:{port}"
    os.environ["LEANSOFT_MICROSOFT_LOGIN_URL"] = url
    os.environ["LEANSOFT_MICROSOFT_GRAPH_URL"] = f"{url}/v1.0"
    return url


def furnish(url: str, *, redirect_uri: str, today: date) -> None:
    """Accounts for the colleagues, with a few events, and the registered application.

    What is there already stays.
    """
    _register(url, redirect_uri)
    if _open_accounts(url):
        for noted in NOTED:
            _write_down(url, noted, today)


def _open_accounts(url: str) -> bool:
    """Whether there were none yet."""
    present = {account["email"] for account in _call(url, "accounts")["value"]}
    for colleague in COLLEAGUES:
        if colleague.email not in present:
            account = {"email": colleague.email, "name": colleague.name, "password": PASSWORD}
            _call(url, "accounts", {**account, "kind": "work", "time_zone": ZONE})
    return not present


def _register(url: str, redirect_uri: str) -> None:
    _call(
        url,
        "apps",
        {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [redirect_uri],
            "name": "Leansoft",
        },
    )


def _write_down(url: str, noted: Noted, today: date) -> None:
    """Fills in the form of the sandbox's Outlook page, as the person would."""
    address = f"{url}/outlook/{noted.of}@{DOMAIN}/events/new"
    data = urllib.parse.urlencode(form_of(noted, today=today)).encode()
    with urllib.request.urlopen(address, data=data, timeout=10) as answer:
        if answer.url == address:
            raise OSError(f"Outlook's form refused the event {noted.title!r}.")


def _call(url: str, noun: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/sandbox/{noun}", data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)
