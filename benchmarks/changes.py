"""Rounds after the first: nothing changed, some events changed in Outlook, some in Leansoft."""

import statistics
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from benchmarks.calendars import Filled
from benchmarks.pushes import LATENCY_MILLISECONDS, least_seconds
from benchmarks.stage import Stage
from benchmarks.table import Row, compared, duration

EMAIL = "changes@bench.example"
LATENCY = LATENCY_MILLISECONDS / 1000


def calendars() -> list[Filled]:
    return [Filled(email=EMAIL, singles=150, series=20)]


def measure(on: Stage, *, repeats: int, singles: int, series: int, edits: int) -> Iterator[Row]:
    on.inside("connect", EMAIL)
    on.inside("first_sync", EMAIL)
    on.latency(LATENCY_MILLISECONDS)
    yield _nothing_changed(on, repeats)
    yield _changed_there(on, "singleInstance", singles, aim="1 round trip")
    yield _changed_there(on, "seriesMaster", series, aim="2 round trips")
    yield _changed_here(on, edits)
    on.latency(0)


def _nothing_changed(on: Stage, repeats: int) -> Row:
    on.forget_requests()
    # The first round of a process opens its connections.
    took = on.inside("rounds", EMAIL, str(repeats + 1))[1:]
    seconds = statistics.median(one["seconds"] for one in took)
    trips = on.round_trips() / (repeats + 1)
    return Row(
        work=f"Nothing changed, at {LATENCY_MILLISECONDS} ms",
        measured=duration(seconds),
        floor=f"{LATENCY_MILLISECONDS} ms (latency)",
        ratio=f"{seconds / LATENCY:.1f}",
        aim="1 request, ≤ 10 ms more",
        notes=f"{trips:g} round trips, {(seconds - LATENCY) * 1000:.1f} ms beyond the latency",
    )


def _changed_there(on: Stage, kind: str, count: int, *, aim: str) -> Row:
    outlook = on.sandbox.person(EMAIL)
    on.latency(0)
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    # A single event outside the window of delta comes as a question, not as an answer.
    found = [
        event
        for event in outlook.events()
        if event["type"] == kind and (event["recurrence"] or event["start"]["dateTime"] > today)
    ]
    for event in found[:count]:
        outlook.ask("PATCH", f"/me/events/{event['id']}", {"subject": f"{event['subject']}, new"})
    on.latency(LATENCY_MILLISECONDS)
    took = _round(on)
    noun = "single events" if kind == "singleInstance" else "series"
    return Row(
        work=f"{count} {noun} changed in Outlook",
        measured=duration(took["seconds"]),
        aim=aim,
        notes=f"{on.round_trips()} round trips",
    )


def _changed_here(on: Stage, count: int) -> Row:
    on.inside("edit", EMAIL, str(count))
    took = _round(on)
    items = sum(entry["method"] == "PATCH" for entry in on.requests())
    return compared(
        f"{count} events edited in Leansoft",
        [took["seconds"]],
        [least_seconds(count)],
        aim=f"{count} items",
        notes=f"{items} items in {on.round_trips()} round trips",
    )


def _round(on: Stage) -> dict[str, Any]:
    """One round, in a process that has its connections open."""
    on.forget_requests()
    found: dict[str, Any] = on.inside("rounds", EMAIL)[0]
    return found
