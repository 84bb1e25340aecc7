"""Reading a patternedRecurrence: what each kind needs, and what it answers (event.md §4)."""

from datetime import date
from typing import Any

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.exceptions import property_validation
from outlook_sandbox.mailbox.models.fields import (
    Reader,
    each,
    integer,
    members,
    one_of,
    text_or_null,
)
from outlook_sandbox.mailbox.models.recurrence import INDEXES, WEEKDAYS
from outlook_sandbox.mailbox.models.times import read_date
from outlook_sandbox.mailbox.models.zones import find_zone

MAXIMUM_OCCURRENCES = 999
"""Exchange's limit; the exact error is unknown (event.md §4)."""
NO_DATE = "0001-01-01"

_days = each(one_of(*WEEKDAYS), "dayOfWeek")
_PATTERN: dict[str, Reader] = {
    "type": one_of(
        "daily",
        "weekly",
        "absoluteMonthly",
        "relativeMonthly",
        "absoluteYearly",
        "relativeYearly",
    ),
    "interval": integer,
    "daysOfWeek": lambda value: [] if value is None else _days(value),
    "dayOfMonth": integer,
    "month": integer,
    "index": lambda value: "first" if value is None else one_of(*INDEXES)(value),
    "firstDayOfWeek": lambda value: "sunday" if value is None else one_of(*WEEKDAYS)(value),
}
_RANGE: dict[str, Reader] = {
    "type": one_of("endDate", "numbered", "noEnd"),
    "startDate": text_or_null,
    "endDate": text_or_null,
    "numberOfOccurrences": lambda value: 0 if value is None else integer(value),
    "recurrenceTimeZone": text_or_null,
}
_NEEDS: dict[str, tuple[str, ...]] = {
    "daily": (),
    "weekly": ("daysOfWeek",),
    "absoluteMonthly": ("dayOfMonth",),
    "relativeMonthly": ("daysOfWeek",),
    "absoluteYearly": ("dayOfMonth", "month"),
    "relativeYearly": ("daysOfWeek", "month"),
}


def recurrence(value: Any) -> Json | None:
    if value is None:
        return None
    parts = members(value, "patternedRecurrence", {"pattern": _pattern, "range": _range})
    if "pattern" not in parts or "range" not in parts:
        raise property_validation()
    return parts


def _pattern(value: Any) -> Json:
    given = members(value, "recurrencePattern", _PATTERN)
    kind = given.get("type")
    if kind is None or not 1 <= given.get("interval", 0) <= 999:
        raise property_validation()
    needed = _NEEDS[kind]
    if any(not given.get(name) for name in needed):
        raise property_validation()
    _check_numbers(given)
    days = sorted(set(given.get("daysOfWeek") or []), key=WEEKDAYS.index)
    return {
        "type": kind,
        "interval": given["interval"],
        "month": given.get("month", 0) if "month" in needed else 0,
        "dayOfMonth": given.get("dayOfMonth", 0) if "dayOfMonth" in needed else 0,
        "daysOfWeek": days if "daysOfWeek" in needed else [],
        "firstDayOfWeek": given.get("firstDayOfWeek", "sunday"),
        "index": given.get("index", "first"),
    }


def _check_numbers(given: Json) -> None:
    """Also of the parts that this kind ignores (event.md §4)."""
    if not 0 <= given.get("dayOfMonth", 0) <= 31 or not 0 <= given.get("month", 0) <= 12:
        raise property_validation()


def _range(value: Any) -> Json:
    given = members(value, "recurrenceRange", _RANGE)
    kind = given.get("type")
    if kind is None or not given.get("startDate"):
        raise property_validation()
    start = read_date(given["startDate"])
    end, number = NO_DATE, 0
    if kind == "endDate":
        end = read_date(given.get("endDate")).isoformat()
        if date.fromisoformat(end) < start:
            raise property_validation()
    if kind == "numbered":
        number = given.get("numberOfOccurrences", 0)
        if not 1 <= number <= MAXIMUM_OCCURRENCES:
            raise property_validation()
    zone = given.get("recurrenceTimeZone")
    if zone:
        find_zone(zone)
    return {
        "type": kind,
        "startDate": start.isoformat(),
        "endDate": end,
        "recurrenceTimeZone": zone or "",
        "numberOfOccurrences": number,
    }
