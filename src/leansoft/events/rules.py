"""What Outlook can repeat, and the rule that says so (event.md §4 of the facts about Graph).

Monthly and yearly on the 29th to 31st mean the last day of a month that is too short, as in
Outlook; RFC 5545 would skip that month and says the same by `BYMONTHDAY=28,29,30,31;BYSETPOS=-1`.
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Never

from leansoft.events.fields import Value
from leansoft.events.rule_parts import SUB_DAILY, TIMES, WEEK, BadRule, Parts, parts_of
from leansoft.events.slots import first_day, instant, slot_at, wall, zone_of

LIMIT = 999
"""The most dates that Outlook counts, and its longest interval."""

END_OF_TIME = date(4500, 1, 1)
"""Outlook's calendar ends here: a rule that goes on until then has no end."""

LONGEST_DAY = 31
EXACT_FORMS = frozenset(tuple(range(28, day + 1)) for day in (29, 30, 31))
"""With BYSETPOS=-1: on that day, or on the last one of a shorter month."""
POSITIONS = (1, 2, 3, 4, -1)
UNITS = {
    "YEARLY": "year",
    "MONTHLY": "month",
    "WEEKLY": "week",
    "DAILY": "day",
    "HOURLY": "hour",
    "MINUTELY": "minute",
    "SECONDLY": "second",
}


class Inexpressible(ValueError):
    """Outlook knows no such rule. The message says why, for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that Outlook can express. Which members are set tells the pattern:

    daily; weekly with `days`; monthly or yearly (this one with `month`) on `day`, or on the day
    that comes at `position` among all `days` of the month.
    """

    frequency: str
    interval: int = 1
    days: tuple[str, ...] = ()
    position: int | None = None
    day: int | None = None
    month: int | None = None
    week_start: str = "MO"
    """Only for a weekly rule where it counts, else MO."""
    count: int | None = None
    """Deleted dates are counted too."""
    until: date | None = None
    """The last possible date, in the series' zone."""


def rule_of(when: Value) -> Rule:
    """Raises `Inexpressible` and `BadRule`."""
    parts = parts_of(when["rrule"])
    until = last_possible(when, parts)
    if until is not None and until < first_day(when):
        raise BadRule("The series ends before it begins: UNTIL is earlier than the start.")
    return _rule(parts, first_day(when), until)


def _rule(parts: Parts, first: date, until: date | None) -> Rule:
    _check_limits(parts)
    match parts.frequency:
        case "DAILY" if not parts.names:
            pattern = Rule(frequency="daily")
        case "DAILY":
            pattern = _daily_on_days(parts)
        case "WEEKLY":
            pattern = _weekly(parts, first)
        case "MONTHLY":
            pattern = _monthly(parts, first)
        case _:
            pattern = _yearly(parts, first)
    return tidy(
        replace(
            pattern,
            interval=parts.interval,
            week_start=parts.week_start,
            count=parts.count,
            until=until,
        )
    )


def tidy(rule: Rule) -> Rule:
    """The same rule without what makes no difference to its dates."""
    weeks_differ = rule.frequency == "weekly" and rule.interval > 1 and len(rule.days) > 1
    endless = rule.until is None or rule.until >= END_OF_TIME
    return replace(
        rule,
        days=tuple(sorted(set(rule.days), key=WEEK.index)),
        day=min(rule.day, longest(rule.month)) if rule.day and rule.month else rule.day,
        week_start=rule.week_start if weeks_differ else "MO",
        until=None if endless else rule.until,
    )


def _check_limits(parts: Parts) -> None:
    if parts.frequency in SUB_DAILY:
        raise Inexpressible(f"Outlook cannot repeat every {UNITS[parts.frequency]}.")
    if parts.names & TIMES:
        raise Inexpressible(
            "Outlook repeats at the time of the first date, not at times of a rule."
        )
    if parts.interval > LIMIT:
        raise Inexpressible(f"Outlook knows no interval above {LIMIT}.")
    if parts.count is not None and parts.count > LIMIT:
        raise Inexpressible(f"Outlook repeats at most {LIMIT} times.")


def _daily_on_days(parts: Parts) -> Rule:
    if parts.interval > 1 or parts.names != {"BYDAY"}:
        _decline(parts)
    return Rule(frequency="weekly", days=_plain_days(parts))


def _weekly(parts: Parts, first: date) -> Rule:
    if parts.names - {"BYDAY"}:
        _decline(parts)
    return Rule(frequency="weekly", days=_plain_days(parts) or (WEEK[first.weekday()],))


def _monthly(parts: Parts, first: date) -> Rule:
    if "BYDAY" in parts.names:
        days, position = _relative(parts, parts.names)
        return Rule(frequency="monthly", days=days, position=position)
    return Rule(frequency="monthly", day=_day_of_month(parts, parts.names, first))


def _yearly(parts: Parts, first: date) -> Rule:
    months = parts.by.get("BYMONTH", ())
    if len(months) > 1:
        raise Inexpressible("Outlook cannot repeat in several months of a year.")
    if parts.names and not months:
        raise Inexpressible("Outlook repeats yearly only on a day of one month.")
    month, rest = months[0] if months else first.month, parts.names - {"BYMONTH"}
    if "BYDAY" in rest:
        days, position = _relative(parts, rest)
        return Rule(frequency="yearly", days=days, position=position, month=month)
    return Rule(frequency="yearly", day=_day_of_month(parts, rest, first), month=month)


def _plain_days(parts: Parts) -> tuple[str, ...]:
    return tuple(day for _, day in parts.days)


def _relative(parts: Parts, names: set[str]) -> tuple[tuple[str, ...], int]:
    """`BYDAY=2TU`, or `BYDAY=MO,TU;BYSETPOS=2`: one date in each period."""
    numbered = {position for position, _ in parts.days} - {0}
    picked = parts.by.get("BYSETPOS", ())
    if names - {"BYDAY", "BYSETPOS"}:
        _decline(parts)
    if numbered and not picked and len(parts.days) == 1:
        (position,) = numbered
    elif not numbered and len(picked) == 1:
        (position,) = picked
    else:
        raise Inexpressible("Outlook repeats on one day of a month, not on several.")
    if position not in POSITIONS:
        raise Inexpressible("Outlook counts the first to the fourth and the last day of a month.")
    return _plain_days(parts), position


def _day_of_month(parts: Parts, names: set[str], first: date) -> int:
    if not names:
        return first.day
    numbers = parts.by.get("BYMONTHDAY", ())
    last_of_these = names == {"BYMONTHDAY", "BYSETPOS"} and parts.by["BYSETPOS"] == (-1,)
    if last_of_these and numbers in EXACT_FORMS:
        return numbers[-1]
    if names != {"BYMONTHDAY"}:
        _decline(parts)
    if len(numbers) > 1:
        raise Inexpressible("Outlook repeats on one day of a month, not on several.")
    if numbers[0] < -1:
        raise Inexpressible("Outlook cannot count the days of a month from its end.")
    return LONGEST_DAY if numbers[0] == -1 else numbers[0]


def _decline(parts: Parts) -> Never:
    names = " and ".join(sorted(parts.names))
    raise Inexpressible(f"Outlook cannot repeat every {UNITS[parts.frequency]} by {names}.")


def last_possible(when: Value, parts: Parts) -> date | None:
    """The day in the series' zone on which UNTIL still lets a slot begin."""
    until = parts.until
    if until is None or until.year >= END_OF_TIME.year:
        return None
    if not isinstance(until, datetime):
        return until
    if when["all_day"]:
        return until.date()
    local = until.astimezone(zone_of(when)).replace(tzinfo=None) if until.tzinfo else until
    day = local.date()
    return day if _starts_by(when, day, until) else day - timedelta(days=1)


def _starts_by(when: Value, day: date, until: datetime) -> bool:
    start = datetime.combine(day, wall(when, "start").time())
    return instant(when, start) <= until if until.tzinfo else start <= until


def longest(month: int) -> int:
    """How many days the month has in a leap year."""
    return monthrange(2000, month)[1]


def rule_text(rule: Rule, when: Value) -> str:
    """The one spelling of this rule; `when` says at what time its dates begin."""
    parts = {
        "FREQ": rule.frequency.upper(),
        "INTERVAL": rule.interval if rule.interval > 1 else None,
        "BYMONTH": rule.month,
        "BYMONTHDAY": rule.day,
        "BYDAY": _day_text(rule),
        "BYSETPOS": rule.position if len(rule.days) > 1 else None,
        "WKST": rule.week_start if rule.week_start != "MO" else None,
        "COUNT": rule.count,
        "UNTIL": until_text(_slot_on(when, rule.until)) if rule.until else None,
    }
    return ";".join(f"{name}={value}" for name, value in parts.items() if value is not None)


def _day_text(rule: Rule) -> str | None:
    number = str(rule.position) if rule.position and len(rule.days) == 1 else ""
    return ",".join(number + day for day in rule.days) or None


def _slot_on(when: Value, day: date) -> Value:
    return slot_at(when, datetime.combine(day, wall(when, "start").time()))


def until_text(last: Value) -> str:
    """The start of the last slot: an instant, or in an all-day series a date (RFC 5545, 3.3.10)."""
    start = datetime.fromisoformat(last["start"])
    return f"{start:%Y%m%d}" if last["all_day"] else f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
