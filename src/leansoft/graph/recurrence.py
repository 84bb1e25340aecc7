"""Graph's `patternedRecurrence` and the rule of a series (event.md §4). Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from leansoft.events.fields import Value
from leansoft.events.recurrence import BadRule, Inexpressible, Rule, rule_of, rule_text
from leansoft.events.rule_parts import WEEK
from leansoft.events.rules import tidy
from leansoft.events.slots import first_day
from leansoft.graph.zones import graph_zone

DAYS = {
    "MO": "monday",
    "TU": "tuesday",
    "WE": "wednesday",
    "TH": "thursday",
    "FR": "friday",
    "SA": "saturday",
    "SU": "sunday",
}
DAY_OF = {name: day for day, name in DAYS.items()}
INDEXES = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
POSITIONS = {name: position for position, name in INDEXES.items()}
TYPES = {
    "daily": "daily",
    "weekly": "weekly",
    "absoluteMonthly": "monthly",
    "relativeMonthly": "monthly",
    "absoluteYearly": "yearly",
    "relativeYearly": "yearly",
}


def recurrence_to_graph(when: Value) -> dict[str, Any]:
    """Pattern and range, complete. Raises `Inexpressible` and `BadRule`."""
    if when["zone"] is None and not when["all_day"]:
        # Its dates depend on a zone that only the other program knows (event.md §2).
        raise Inexpressible("The series is kept in a time zone that has no name.")
    rule = rule_of(when)
    return {"pattern": _pattern(rule), "range": _range(rule, when)}


def _pattern(rule: Rule) -> dict[str, Any]:
    pattern = {
        "type": _type(rule),
        "interval": rule.interval,
        "month": rule.month,
        "dayOfMonth": rule.day,
        "daysOfWeek": [DAYS[day] for day in rule.days] or None,
        "index": INDEXES[rule.position] if rule.position else None,
        "firstDayOfWeek": DAYS[rule.week_start] if rule.frequency == "weekly" else None,
    }
    return {name: value for name, value in pattern.items() if value is not None}


def _type(rule: Rule) -> str:
    if rule.frequency in {"daily", "weekly"}:
        return rule.frequency
    return ("absolute" if rule.position is None else "relative") + rule.frequency.title()


def _range(rule: Rule, when: Value) -> dict[str, Any]:
    found = {
        "startDate": first_day(when).isoformat(),
        "recurrenceTimeZone": "UTC" if when["all_day"] else graph_zone(when["zone"]),
    }
    if rule.count is not None:
        return {"type": "numbered", "numberOfOccurrences": rule.count, **found}
    if rule.until is not None:
        return {"type": "endDate", "endDate": rule.until.isoformat(), **found}
    return {"type": "noEnd", **found}


def rrule_from_graph(recurrence: Mapping[str, Any], when: Value) -> str:
    """The rule as text; `when` is the first slot, in the zone that the dates are in.

    Raises `BadRule` for what is no pattern that Graph documents.
    """
    try:
        text = rule_text(tidy(_read(recurrence["pattern"], recurrence["range"], when)), when)
        rule_of({**when, "rrule": text})
    except (KeyError, TypeError, ValueError) as error:
        raise BadRule(f"Outlook repeats this event in an unknown way: {recurrence}") from error
    return text


def _read(pattern: Mapping[str, Any], span: Mapping[str, Any], when: Value) -> Rule:
    rule = _with_end(_rule(pattern), span)
    if when["zone"] is not None or when["all_day"]:
        return rule
    first = first_day(when)
    return _moved(rule, first, first - date.fromisoformat(span["startDate"]))


def _moved(rule: Rule, first: date, by: timedelta) -> Rule:
    """The days that the dates have in UTC, when their own zone has no name that we know.

    Right for daily and weekly rules; a monthly one keeps the day that its first date has.
    """
    days = [WEEK[(WEEK.index(day) + by.days) % 7] for day in rule.days]
    return replace(
        rule,
        days=tuple(days),
        day=first.day if rule.day and by else rule.day,
        month=first.month if rule.month else None,
        until=rule.until + by if rule.until else None,
    )


def _rule(pattern: Mapping[str, Any]) -> Rule:
    """Every member may be there; those that the type does not need say nothing."""
    kind = pattern["type"]
    weekly, relative = kind == "weekly", kind.startswith("relative")
    days = pattern["daysOfWeek"] if weekly or relative else ()
    if relative and not days:
        raise ValueError("no days")
    return Rule(
        frequency=TYPES[kind],
        interval=pattern["interval"],
        days=tuple(DAY_OF[day.casefold()] for day in days),
        position=POSITIONS[(pattern.get("index") or "first").casefold()] if relative else None,
        day=pattern["dayOfMonth"] if kind.startswith("absolute") else None,
        month=pattern["month"] if kind.endswith("Yearly") else None,
        week_start=DAY_OF[(pattern.get("firstDayOfWeek") or "sunday").casefold()],
    )


def _with_end(rule: Rule, span: Mapping[str, Any]) -> Rule:
    """The members of the other types are there too, and mean nothing."""
    match span["type"]:
        case "numbered":
            return replace(rule, count=span["numberOfOccurrences"])
        case "endDate":
            return replace(rule, until=date.fromisoformat(span["endDate"]))
        case "noEnd":
            return rule
        case other:
            raise ValueError(other)
