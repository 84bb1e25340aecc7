"""How fast Leansoft keeps two calendars the same, against the sandbox in a process of its own.

`make bench`, or `PYTHONPATH=tests python -m benchmarks.sync [--quick | --large]`. Leansoft and
PostgreSQL run on this machine too, so the figures hold the sandbox's work as well: its share is
the floor's.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks import changes, crowd, live, pulls, pushes
from benchmarks.machine import machine
from benchmarks.stage import stage
from benchmarks.table import Row, print_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    pulls: tuple[pulls.Size, ...]
    pushes: tuple[int, ...]
    repeats: int
    singles: int
    series: int
    edits: int
    live: int
    crowd: int


USUAL = Sizes(
    pulls=(pulls.Size(1_000, 20, 3),),
    pushes=(200,),
    repeats=20,
    singles=50,
    series=20,
    edits=100,
    live=100,
    crowd=200,
)
LARGE = replace(
    USUAL,
    pulls=(*USUAL.pulls, pulls.Size(5_000, 50, 3), pulls.Size(50_000, 200, 1)),
    pushes=(*USUAL.pushes, 2_000),
)
QUICK = Sizes(
    pulls=(pulls.Size(100, 5, 1), pulls.Size(400, 10, 1)),
    pushes=(20,),
    repeats=10,
    singles=10,
    series=5,
    edits=20,
    live=20,
    crowd=40,
)


def rows(sizes: Sizes) -> Iterator[Row]:
    with stage() as on:
        on.furnish(
            [
                *pulls.calendars(sizes.pulls),
                *pushes.calendars(sizes.pushes),
                *changes.calendars(),
                *live.calendars(),
                *crowd.calendars(),
            ]
        )
        yield from pulls.measure(on, sizes.pulls)
        yield from pushes.measure(on, sizes.pushes)
        yield from changes.measure(
            on,
            repeats=sizes.repeats,
            singles=sizes.singles,
            series=sizes.series,
            edits=sizes.edits,
        )
        on.product.start("worker")
        yield from live.measure(on, sizes.live)
        yield from crowd.measure(on, sizes.crowd)


def sizes_wanted(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """The command line, with the sizes that it asks for in `sizes`."""
    either = parser.add_mutually_exclusive_group()
    small, large = "small sizes, below two minutes", "also large calendars, some ten minutes"
    for flag, sizes, text in (("--quick", QUICK, small), ("--large", LARGE, large)):
        either.add_argument(
            flag, dest="sizes", action="store_const", const=sizes, default=USUAL, help=text
        )
    return parser.parse_args()


def main() -> None:
    given = sizes_wanted(argparse.ArgumentParser(description=__doc__))
    print(machine())
    print_rows(rows(given.sizes))


if __name__ == "__main__":
    main()
