"""Filters of the pages."""

from collections.abc import Sized
from datetime import datetime
from typing import Any

from django import template

from leansoft.kit.zones import zone
from leansoft.sync.models import SyncRun
from leansoft.web.plans import by_event, dated, fold, people_of

register = template.Library()

HUES = 8


@register.filter
def hue(number: int) -> int:
    """One of the eight colours, always the same for the same person."""
    return number % HUES


@register.filter
def length_or_number(value: int | Sized) -> int:
    return value if isinstance(value, int) else len(value)


@register.filter
def lasted(start: datetime | None, end: datetime) -> str:
    """ "3 seconds", "2 minutes": how long something took."""
    if start is None:
        return ""
    seconds = (end - start).total_seconds()
    return f"in {duration(seconds)}"


@register.filter
def duration(seconds: float) -> str:
    """ "3 seconds", "2 minutes"."""
    whole = round(seconds)
    if whole < 1:
        return "less than a second"
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if whole >= 2 * size or whole == size:
            return f"{whole // size} {unit}{'s' * (whole >= 2 * size)}"
    return f"{whole} second{'s' * (whole != 1)}"


@register.filter
def plan_parts(run: SyncRun) -> dict[str, Any]:
    """What a waiting run shows of its plan."""
    planned = run.held["report"]["lines"] if run.held else []
    lines = dated(planned, zone(run.mailbox.user.time_zone))
    if run.held and run.held.get("preview"):
        return {"folds": fold(lines), "told": people_of(lines)}
    return {"folds": [], "told": people_of(lines), "events": by_event(lines)}
