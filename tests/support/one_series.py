"""A daily series of four dates, and the ways in which the API speaks of them."""

from typing import Any

from support.api import Caller

BOB = {"email": "bob@example.com", "name": "Bob Brown", "type": "required"}
CHARLIE = {"email": "charlie@example.com", "name": "Charlie Cole", "type": "required"}
FIRST, SECOND, THIRD, LAST = (f"2026-12-0{day}T09:00" for day in range(1, 5))


def dates(caller: Caller, **query: Any) -> list[tuple[str | None, str]]:
    """(original start, start) of all dates that the caller sees."""
    items = caller.get("/events", start="2026-11-01", end="2027-11-01", expand="true", **query)
    return [(item["original_start"], item["start"]) for item in items.json()["items"]]


def on(series: Any, start: str, scope: str | None = None) -> str:
    """The path of one date."""
    path = f"/events/{series['id']}?occurrence={start}"
    return f"{path}&scope={scope}" if scope else path


def done(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    return answer.json()
