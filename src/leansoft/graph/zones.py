"""Names of time zones as Graph takes them (event.md §2)."""

from collections.abc import Mapping
from typing import Any

from leansoft.kit.zones import to_windows

REFUSED_ZONES = frozenset({"EST", "MST", "HST"})
"""IANA names that Graph refuses; their Windows names are fine."""


def graph_zone(name: str) -> str:
    """What to call an IANA zone."""
    return to_windows(name) or name if name in REFUSED_ZONES else name


UNKNOWN_ZONE = "timezonenotsupportedexception"
"""The code with which Graph refuses a name, in lower case."""


def with_windows_zones(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The same times by the zones' Windows names, which Graph knows where it does not know the
    others: which IANA names it takes is written nowhere in full."""
    return {name: _renamed(name, value) for name, value in payload.items()}


def _renamed(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return with_windows_zones(value)
    if name in {"timeZone", "recurrenceTimeZone"} and isinstance(value, str):
        return to_windows(value) or value
    return value
