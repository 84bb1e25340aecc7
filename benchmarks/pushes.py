"""The first push: events of Leansoft go into an empty Outlook calendar."""

from collections.abc import Iterable, Iterator

from benchmarks.calendars import Filled
from benchmarks.stage import Stage
from benchmarks.table import Row, compared

LATENCY_MILLISECONDS = 80


def calendars(sizes: Iterable[int]) -> list[Filled]:
    return [Filled(email=_email(events)) for events in sizes]


def measure(on: Stage, sizes: Iterable[int]) -> Iterator[Row]:
    on.latency(LATENCY_MILLISECONDS)
    for events in sizes:
        on.inside("connect", _email(events))
        on.inside("create", _email(events), str(events))
        on.forget_requests()
        took = on.inside("first_sync", _email(events))
        yield compared(
            f"First push of {events:,} events at {LATENCY_MILLISECONDS} ms",
            [took["seconds"]],
            [least_seconds(events)],
            aim="≤ 1.3",
            notes=f"{on.round_trips()} round trips, {took['peak_mb']:.0f} MB",
        )
    on.latency(0)


def least_seconds(events: int) -> float:
    """At most four requests of a mailbox are in flight."""
    return events * LATENCY_MILLISECONDS / 1000 / 4


def _email(events: int) -> str:
    return f"push-{events}@bench.example"
