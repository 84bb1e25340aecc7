"""How fast the sandbox answers inside one process, without a socket.

`python -m benchmarks.sandbox` prints tables in Markdown; `--events` sizes the large mailbox.
Needs only what `make run` installs. The clock is this process's own time on the processor, so that
other work on the machine disturbs less; nothing here waits for anything.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import httpx

from benchmarks.machine import machine
from outlook_sandbox import Sandbox, create_app
from outlook_sandbox.app import Application
from outlook_sandbox.http import Call
from outlook_sandbox.identity.accounts import AccountWish, AppWish, save_account, save_app
from outlook_sandbox.identity.tokens import Holder, issue_access_token

BASE = "http://localhost:8001"
EMAIL = "ana@contoso.com"
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
Work = Callable[[], object]


class InProcess:
    """Calls the application's in-process entry: the lowest transport."""

    def __init__(self, app: Application, token: str) -> None:
        self._app = app
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def ask(self, method: str, path: str, value: Any = None) -> Any:
        parts = urlsplit(path)
        answer = self._app.answer(
            Call(
                method=method,
                path="/v1.0" + parts.path,
                query_string=parts.query,
                headers=self._headers,
                body=b"" if value is None else json.dumps(value).encode(),
                base_url=BASE,
            )
        )
        assert answer.status < 300, answer.body
        return answer.value()


class OverHttpx:
    """An httpx client whose transport is the WSGI application."""

    def __init__(self, app: Application, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        transport = httpx.WSGITransport(app=app)
        self._client = httpx.Client(transport=transport, base_url=BASE, headers=headers)

    def ask(self, method: str, path: str, value: Any = None) -> Any:
        response = self._client.request(method, "/v1.0" + path, json=value)
        assert response.is_success, response.text
        return response.json() if response.content else None


Transport = InProcess | OverHttpx


def prepare() -> tuple[Application, str]:
    """A sandbox with one person, and that person's token."""
    sandbox = Sandbox(seed=1)
    sandbox.switches.request_budget = 0
    account = save_account(sandbox, AccountWish(email=EMAIL))
    wish = AppWish(client_id="bench", client_secret="bench", redirect_uris=[BASE])
    app = save_app(sandbox, wish, None)
    scopes = ["User.Read", "Calendars.ReadWrite"]
    token, _ = issue_access_token(sandbox, Holder(app, account, BASE), scopes)
    return create_app(sandbox), token


def event(number: int) -> dict[str, Any]:
    """One hour each, eight to a day, so that a week is full whatever the mailbox's size."""
    start = BEGIN + timedelta(days=number // 8, hours=number % 8)
    wall = start.strftime("%Y-%m-%dT%H:%M:%S")
    end = (start + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "subject": f"Event {number}",
        "body": {"contentType": "text", "content": "Agenda"},
        "start": {"dateTime": wall, "timeZone": "Europe/Berlin"},
        "end": {"dateTime": end, "timeZone": "Europe/Berlin"},
    }


def rate(work: Work, *, rounds: int = 7, seconds: float) -> float:
    """Times a second of one core; the median of several rounds."""
    work()
    rates = []
    for _ in range(rounds):
        done, begun = 0, time.process_time()
        while (passed := time.process_time() - begun) < seconds:
            work()
            done += 1
        rates.append(done / passed)
    return statistics.median(rates)


def milliseconds(work: Work, *, rounds: int = 7) -> float:
    """Median duration."""
    work()
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times) * 1000


def requests(transport: Transport) -> dict[str, Work]:
    """One of each simple kind, on a mailbox of a few events."""
    ask = transport.ask
    made = [ask("POST", "/me/events", event(number))["id"] for number in range(10)]
    path, numbers = f"/me/events/{made[0]}", count()
    window = "startDateTime=2026-01-01T00:00:00Z&endDateTime=2026-02-01T00:00:00Z"

    def create_and_delete() -> None:
        own = ask("POST", "/me/events", event(next(numbers)))["id"]
        ask("DELETE", f"/me/events/{own}")

    page = ask("GET", f"/me/calendarView/delta?{window}")
    while "@odata.nextLink" in page:
        page = ask("GET", page["@odata.nextLink"].partition("/v1.0")[2])
    quiet = page["@odata.deltaLink"].partition("/v1.0")[2]
    return {
        "GET /me": lambda: ask("GET", "/me"),
        "GET an event": lambda: ask("GET", path),
        "GET an event, three properties": lambda: ask("GET", f"{path}?$select=subject,start,end"),
        "GET the delta, nothing changed": lambda: ask("GET", quiet),
        "PATCH an event": lambda: ask("PATCH", path, {"subject": f"Again {next(numbers)}"}),
        "POST and DELETE (both together)": create_and_delete,
        "GET a page of 10 events": lambda: ask("GET", "/me/events"),
    }


def pages(transport: InProcess, events: int) -> dict[str, Work]:
    """Pages of 100 from a mailbox of this size."""
    ask = transport.ask
    for number in range(events):
        ask("POST", "/me/events", event(number))
    last, middle = events - 100, events // 2
    week = "startDateTime=2026-01-12T00:00:00Z&endDateTime=2026-01-19T00:00:00Z"
    years = "startDateTime=2026-01-01T00:00:00Z&endDateTime=2030-12-30T00:00:00Z"
    first = ask("GET", f"/me/calendarView/delta?{years}")
    link = first.get("@odata.nextLink", first.get("@odata.deltaLink"))
    following = link.partition("/v1.0")[2]
    sort = "$orderby=start/dateTime"
    changing, numbers = f"/me/events/{ask('GET', '/me/events')['value'][0]['id']}", count()

    def after_change(path: str) -> None:
        ask("PATCH", changing, {"subject": f"Again {next(numbers)}"})
        ask("GET", path)

    return {
        "events, first page": lambda: ask("GET", "/me/events?$top=100"),
        "events, page in the middle": lambda: ask("GET", f"/me/events?$top=100&$skip={middle}"),
        "events, last page": lambda: ask("GET", f"/me/events?$top=100&$skip={last}"),
        "events by start, page in the middle": lambda: ask(
            "GET", f"/me/events?{sort}&$top=100&$skip={middle}"
        ),
        "calendarView of a week": lambda: ask("GET", f"/me/calendarView?{week}&$top=100"),
        "calendarView of five years, fifth page": lambda: ask(
            "GET", f"/me/calendarView?{years}&$top=100&$skip=400"
        ),
        "delta, second page (10 items)": lambda: ask("GET", following),
        "a change, then calendarView of a week": lambda: after_change(
            f"/me/calendarView?{week}&$top=100"
        ),
        "a change, then events by start": lambda: after_change(f"/me/events?{sort}&$top=100"),
    }


def print_requests(seconds: float) -> None:
    found: dict[str, list[str]] = {}
    for kind in (InProcess, OverHttpx):
        for name, work in requests(kind(*prepare())).items():
            found.setdefault(name, []).append(f"{rate(work, seconds=seconds):,.0f}")
    print("\n| Requests a second, one core | in process | over httpx |\n|---|--:|--:|")
    for name, cells in found.items():
        print(f"| {name} | {' | '.join(cells)} |")


def print_pages(sizes: list[int]) -> None:
    found: dict[str, list[str]] = {}
    for size in sizes:
        for name, work in pages(InProcess(*prepare()), size).items():
            found.setdefault(name, []).append(f"{milliseconds(work):.1f}")
    print(f"\n| Milliseconds for a page | {' | '.join(f'{size:,} events' for size in sizes)} |")
    print("|---|" + "--:|" * len(sizes))
    for name, cells in found.items():
        print(f"| {name} | {' | '.join(cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000, help="size of the large mailbox")
    events = parser.parse_args().events
    print(machine())
    print_tables(events)


def print_tables(events: int, *, seconds: float = 0.4) -> None:
    """`events`: size of the large mailbox; `seconds`: how long each request is repeated."""
    print_requests(seconds)
    print_pages([events // 100, events // 10, events])


if __name__ == "__main__":
    main()
