"""A rule in words, as Outlook's users read it."""

from datetime import date

from leansoft.events.fields import Value
from leansoft.events.rule_parts import WEEK, parts_of
from leansoft.events.rules import LONGEST_DAY, UNITS, Inexpressible, Rule, last_possible, rule_of

DAY_NAMES = dict(
    zip(
        WEEK,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
MONTHS = tuple(date(2000, number, 1).strftime("%B") for number in range(1, 13))
POSITIONS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
WORKING_DAYS, WEEKEND = WEEK[:5], WEEK[5:]


def describe(when: Value) -> str:
    """One line: "Every 2 weeks on Monday and Friday, 10 times". Raises `BadRule`."""
    try:
        rule = rule_of(when)
    except Inexpressible:
        return _foreign(when)
    return _every(rule) + _end(rule.count, rule.until)


def _every(rule: Rule) -> str:
    if rule.frequency == "weekly" and rule.interval == 1 and rule.days == WORKING_DAYS:
        return "Every weekday"
    return _times(rule.interval, UNITS[rule.frequency.upper()]) + _where(rule)


def _times(interval: int, unit: str) -> str:
    return f"Every {unit}" if interval == 1 else f"Every {interval} {unit}s"


def _where(rule: Rule) -> str:
    month = MONTHS[rule.month - 1] if rule.month else ""
    if rule.position is not None:
        day = f" on the {POSITIONS[rule.position]} {_one_of(rule.days)}"
        return f"{day} of {month}" if month else day
    if rule.days:
        return f" on {_listed([DAY_NAMES[day] for day in rule.days], 'and')}"
    if month:
        return f" on {rule.day} {month}"
    if rule.day == LONGEST_DAY:
        return " on the last day"
    return f" on day {rule.day}" if rule.day else ""


def _one_of(days: tuple[str, ...]) -> str:
    named = {WEEK: "day", WORKING_DAYS: "weekday", WEEKEND: "weekend day"}
    return named.get(days) or _listed([DAY_NAMES[day] for day in days], "or")


def _listed(names: list[str], word: str) -> str:
    return f" {word} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _end(count: int | None, until: date | None) -> str:
    if count is not None:
        return ", once" if count == 1 else f", {count} times"
    return f", until {until.day} {MONTHS[until.month - 1]} {until.year}" if until else ""


def _foreign(when: Value) -> str:
    """How often, and that there is more to it: the rule itself is for programs to read."""
    parts = parts_of(when["rrule"])
    every = _times(parts.interval, UNITS[parts.frequency])
    rule = " by a rule of its own" if parts.names else ""
    return every + rule + _end(parts.count, last_possible(when, parts))
