"""The first pull: a whole calendar comes in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.calendars import Filled
from benchmarks.stage import Stage
from benchmarks.table import Row, compared


@dataclass(frozen=True, slots=True)
class Size:
    singles: int
    series: int
    times: int

    @property
    def emails(self) -> list[str]:
        return [f"pull-{self.singles}-{time}@bench.example" for time in range(self.times)]


def calendars(sizes: Iterable[Size]) -> list[Filled]:
    return [
        Filled(email=email, singles=size.singles, series=size.series)
        for size in sizes
        for email in size.emails
    ]


def measure(on: Stage, sizes: Iterable[Size]) -> Iterator[Row]:
    for size in sizes:
        on.inside("connect", *size.emails)
        floors, ours = [], []
        for email in size.emails:
            floors.append(on.floor(email))
            on.forget_requests()
            ours.append(on.inside("first_sync", email))
        trips = on.round_trips()
        peak = max(one["peak_mb"] for one in ours)
        yield compared(
            f"First pull: {size.singles:,} single events, {size.series} series",
            [one["seconds"] for one in ours],
            [one["seconds"] for one in floors],
            aim="≤ 2, ≤ 150 MB",
            notes=f"{trips} round trips (floor: {floors[-1]['requests']}), {peak:.0f} MB",
        )
