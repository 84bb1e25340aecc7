"""When an event takes place: checked, with its start on its pattern, and moved as a whole."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from leansoft.calendars.domain.errors import Invalid
from leansoft.events.fields import Value
from leansoft.events.periods import months_later
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
from leansoft.events.rules import last_possible, tidy, until_text
from leansoft.events.slots import instant, instant_text, slot_at, wall

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

    Days that the rule names move along: its dates fall where that one does now.
    """
    if _times(to) == _times(slot):
        return series
    source, target = wall(slot, "start"), wall(to, "start")
    first = wall(series, "start") + (target - source)
    length = wall(to, "end") - target
    rule = None if target.date() == source.date() else _expressible(series)
    if rule is None:
        there = _at(to, first, length)
        return {**there, "rrule": kept_rule(series, there)}
    if rule.frequency in {"monthly", "yearly"}:
        months = (target.year - source.year) * 12 + target.month - source.month
        first = datetime.combine(_month(first - (target - source), months), target.time())
        rule = _in_month(rule, target.date(), months)
    else:
        rule = _in_week(rule, (target.date() - source.date()).days)
    there = _at(to, first, length)
    return settle_start({**there, "rrule": rule_text(rule, there)})


def _expressible(series: Value) -> Rule | None:
    """A rule that Outlook does not know stays as it is."""
    try:
        return rule_of(series)
    except Inexpressible:
        return None


def _at(to: Value, start: datetime, length: timedelta) -> Value:
    return {**to, "start": _text(to, start), "end": _text(to, start + length)}


def _month(day: date, months: int) -> date:
    return months_later(date(day.year, day.month, 1), months)


def _in_week(rule: Rule, days: int) -> Rule:
    """The week moves too, so that its days stay together where weeks are left out."""
    later = dict(zip(WEEK, WEEK[days % 7 :] + WEEK[: days % 7], strict=True))
    turned = replace(
        rule,
        days=tuple(later[day] for day in rule.days),
        week_start=later[rule.week_start],
        until=rule.until and rule.until + timedelta(days),
    )
    return tidy(turned)


def _in_month(rule: Rule, day: date, months: int) -> Rule:
    """As this one of its dates, so many months later."""
    until = rule.until and _month(rule.until, months + 1) - timedelta(days=1)
    rule = replace(rule, until=until, month=rule.month and day.month)
    if rule.position is None:
        return replace(rule, day=rule.day and day.day)
    # The fifth of its kind is the last one of its month.
    place = (day.day - 1) // 7 + 1
    position = -1 if rule.position == -1 or place > 4 else place
    return replace(rule, days=(WEEK[day.weekday()],), position=position)


def _text(when: Value, moment: datetime) -> str:
    return moment.date().isoformat() if when["all_day"] else instant_text(instant(when, moment))


def _times(when: Value) -> list[Value]:
    return [when[name] for name in ("start", "end", "zone", "all_day")]
