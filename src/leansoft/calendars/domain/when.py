"""When an event takes place: checked, with its start on its pattern, and moved as a whole."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from leansoft.calendars.domain.errors import Invalid
from leansoft.calendars.values import instant_text
from leansoft.events.fields import Value
from leansoft.events.recurrence import (
    BadRule,
    Inexpressible,
    Rule,
    dates,
    rule_of,
    rule_text,
    settle_start,
    yields,
)
from leansoft.events.rule_parts import WEEK, parts_of, with_range
from leansoft.events.rules import last_possible, until_text
from leansoft.events.slots import instant, slot_at, wall

MOST_COUNTED = 10_000
TOO_MANY = (
    f"The rule counts more than {MOST_COUNTED:,} dates: lower COUNT, or leave it out for a series "
    "without end."
)


def settled(when: Value) -> Value:
    """The same with its start on the pattern of its rule. Raises `Invalid`."""
    if datetime.fromisoformat(when["end"]) < datetime.fromisoformat(when["start"]):
        raise Invalid("end", "The event ends before it begins.")
    if when["all_day"] and when["start"] == when["end"]:
        raise Invalid("end", "An all-day event lasts at least one day; its end is the day after.")
    if not when.get("rrule"):
        return when
    try:
        count = parts_of(when["rrule"]).count
        if count is not None and count > MOST_COUNTED:
            raise Invalid("rrule", TOO_MANY)
        return settle_start(when)
    except BadRule as error:
        raise Invalid("rrule", str(error)) from error


def checked_excluded(when: Value, days: Collection[date]) -> list[date]:
    """The days in order. Raises `Invalid` when one has no slot, or when none is left."""
    excluded = sorted(set(days))
    for day in excluded:
        if not (when.get("rrule") and yields(when, day)):
            raise Invalid("excluded", f"The series has no date on {day}: leave it out.")
    if excluded and not is_left(when, excluded):
        raise Invalid("excluded", "No date of the series is left.")
    return excluded


def is_left(when: Value, excluded: Collection[date], *, before: date | None = None) -> bool:
    """Whether the series has a date that was not taken out of it."""
    return any(day not in excluded for day in dates(when, before=before))


def kept_rule(old: Value, new: Value) -> str:
    """The rule of a series whose times change from old to new: its last day stays."""
    text: str = old["rrule"]
    until = last_possible(old, parts_of(text))
    if until is None or _times(old) == _times(new):
        return text
    last = slot_at(new, datetime.combine(until, wall(new, "start").time()))
    return with_range(text, f"UNTIL={until_text(last)}")


def moved(series: Value, *, slot: Value, to: Value) -> Value:
    """The series when one of its slots goes to other times and all the others with it.

    Its first slot moves as far by the clock; days that the rule names move along.
    """
    if _times(to) == _times(slot):
        return series
    start = wall(series, "start") + (wall(to, "start") - wall(slot, "start"))
    end = start + (wall(to, "end") - wall(to, "start"))
    there = {**to, "start": _text(to, start), "end": _text(to, end)}
    days = (wall(to, "start").date() - wall(slot, "start").date()).days
    rule = _turned(series, there, days) if days else kept_rule(series, there)
    return {**there, "rrule": rule}


def _turned(series: Value, there: Value, days: int) -> str:
    """The rule with its days moved; one that Outlook does not know stays as it is."""
    try:
        rule = rule_of(series)
    except Inexpressible:
        return kept_rule(series, there)
    until = rule.until and rule.until + timedelta(days)
    return rule_text(_on_days(replace(rule, until=until), wall(there, "start").date(), days), there)


def _on_days(rule: Rule, first: date, days: int) -> Rule:
    if rule.frequency == "weekly":
        places = sorted((WEEK.index(day) + days) % 7 for day in rule.days)
        return replace(rule, days=tuple(WEEK[place] for place in places))
    month = first.month if rule.month else None
    if rule.position is None:
        return replace(rule, day=rule.day and first.day, month=month)
    # The fifth of its kind is the last one of its month.
    position = (first.day - 1) // 7 + 1
    position = -1 if rule.position == -1 or position > 4 else position
    return replace(rule, days=(WEEK[first.weekday()],), position=position, month=month)


def _text(when: Value, moment: datetime) -> str:
    return moment.date().isoformat() if when["all_day"] else instant_text(instant(when, moment))


def _times(when: Value) -> list[Value]:
    return [when[name] for name in ("start", "end", "zone", "all_day")]
