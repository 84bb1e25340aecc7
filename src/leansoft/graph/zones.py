"""Names of time zones as Graph takes them (event.md §2)."""

from leansoft.kit.zones import to_windows

REFUSED_ZONES = frozenset({"EST", "MST", "HST"})
"""IANA names that Graph refuses; their Windows names are fine."""


def graph_zone(name: str) -> str:
    """What to call an IANA zone."""
    return to_windows(name) or name if name in REFUSED_ZONES else name
