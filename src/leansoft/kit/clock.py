"""The one clock. Pure code gets `now` as a value; shells read it here, once per operation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_sources: list[Callable[[], datetime]] = [lambda: datetime.now(UTC)]


def now() -> datetime:
    return _sources[-1]()


@contextmanager
def told_by(source: Callable[[], datetime]) -> Iterator[None]:
    """Inside, this source tells the time, for a simulation that has a time of its own."""
    _sources.append(source)
    try:
        yield
    finally:
        _sources.pop()
