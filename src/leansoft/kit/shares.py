"""Long work in shares, of which one at a time is in memory."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def shares(items: Iterable[T], *, of: int = 200) -> Iterator[list[T]]:
    left = iter(items)
    while some := list(islice(left, of)):
        yield some
