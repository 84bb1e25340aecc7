"""Calendars in Outlook to measure with, made in this process and handed to the sandbox whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.sandbox import BASE, InProcess
from outlook_sandbox import Sandbox, create_app
from outlook_sandbox.identity.accounts import AccountWish, AppWish, save_account, save_app
from outlook_sandbox.identity.tokens import Holder, issue_access_token
from outlook_sandbox.store import encode

TEXT = "<p>Please read the notes of the last time before we meet, and bring your figures.</p>" * 8
BEHIND, SPREAD = timedelta(days=365), timedelta(days=1095)
WEEKS = 52
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Single events spread over three years, and weekly series of a year around today."""

    email: str
    singles: int = 0
    series: int = 0


def state_with(calendars: Iterable[Filled]) -> bytes:
    """The state of a sandbox with these calendars, as its control address takes it."""
    sandbox = Sandbox(seed=1)
    sandbox.switches.request_budget = 0
    wish = AppWish(client_id="bench", client_secret="bench", redirect_uris=[BASE])
    app, application = save_app(sandbox, wish, None), create_app(sandbox)
    for filled in calendars:
        account = save_account(sandbox, AccountWish(email=filled.email))
        token, _ = issue_access_token(sandbox, Holder(app, account, BASE), ["Calendars.ReadWrite"])
        _fill(InProcess(application, token), filled, datetime.now(UTC))
    sandbox.state.requests.clear()
    sandbox.switches.request_budget = 10_000
    return encode(sandbox.state)


def _fill(outlook: InProcess, filled: Filled, now: datetime) -> None:
    for number in range(filled.singles):
        starts_at = now - BEHIND + SPREAD * number / filled.singles
        outlook.ask("POST", "/me/events", single(number, starts_at))
    for number in range(filled.series):
        outlook.ask("POST", "/me/events", weekly(number, now - timedelta(weeks=WEEKS / 2)))


def single(number: int, starts_at: datetime) -> dict[str, Any]:
    """Every fourth has guests from outside."""
    guests = [f"guest{number % 50}@elsewhere.org", "office@elsewhere.org"]
    people = [{"emailAddress": {"address": g, "name": g}, "type": "required"} for g in guests]
    return {
        "subject": f"Event {number}",
        "body": {"contentType": "html", "content": TEXT},
        "start": _wall(starts_at),
        "end": _wall(starts_at + timedelta(hours=1)),
        "location": {"displayName": "Room 4"},
        "attendees": people if number % 4 == 0 else [],
    }


def weekly(number: int, first: datetime) -> dict[str, Any]:
    day = DAYS[number % len(DAYS)]
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": [day]}
    range_ = {"type": "numbered", "startDate": f"{first:%Y-%m-%d}", "numberOfOccurrences": WEEKS}
    event = single(1, first.replace(hour=6 + number % 12, minute=0))
    return {
        **event,
        "subject": f"Series {number}",
        "recurrence": {"pattern": pattern, "range": range_},
    }


def _wall(moment: datetime) -> dict[str, str]:
    return {"dateTime": f"{moment:%Y-%m-%dT%H:%M:00}", "timeZone": "UTC"}
