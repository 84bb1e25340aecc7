"""The one clock. Pure code gets `now` as a value; shells read it here, once per operation."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
