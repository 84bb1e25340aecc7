"""The rows of the result, as Markdown."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`floor` is empty where there is nothing to compare with."""

    work: str
    measured: str
    floor: str = ""
    ratio: str = ""
    aim: str
    notes: str = ""


def compared(  # noqa: PLR0913 (a row has that many cells)
    work: str,
    seconds: Sequence[float],
    floors: Sequence[float],
    *,
    aim: str,
    notes: str,
    floor_is: str = "",
) -> Row:
    """Medians of both, and their ratio."""
    took, floor = statistics.median(seconds), statistics.median(floors)
    return Row(
        work=work,
        measured=duration(took),
        floor=f"{duration(floor)}{floor_is}",
        ratio=f"{took / floor:.1f}",
        aim=aim,
        notes=notes,
    )


def duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def print_rows(rows: Iterable[Row]) -> None:
    print("\n| Work | Leansoft | Floor | Ratio | Aim | |\n|---|--:|--:|--:|---|---|", flush=True)
    for row in rows:
        cells = (row.work, row.measured, row.floor, row.ratio, row.aim, row.notes)
        print(f"| {' | '.join(cells)} |", flush=True)
