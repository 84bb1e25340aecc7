"""Filters of the pages."""

from collections.abc import Sized
from datetime import datetime

from django import template

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
    seconds = round((end - start).total_seconds())
    if seconds < 1:
        return "in less than a second"
    if seconds < 120:
        return f"in {seconds} second{'s' * (seconds != 1)}"
    return f"in {seconds // 60} minutes"
