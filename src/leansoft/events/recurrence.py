"""Series: from the `when` value of a series to its dates, and back.

Everything here takes a `when` with `"rrule"` (`leansoft.events.fields`). A date of a series is
named by the day of its slot in the series' zone, so that it survives a change of hour. A rule that
Outlook can express means what it means in Outlook (`periods`); any other means what RFC 5545 says
(`foreign_rules`), and falls at most once on a day.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import takewhile

from leansoft.events import foreign_rules
from leansoft.events.fields import Value
from leansoft.events.periods import Periods
from leansoft.events.rule_description import describe
from leansoft.events.rule_parts import BadRule, parts_of, with_range
from leansoft.events.rules import Inexpressible, Rule, rule_of, rule_text, until_text
from leansoft.events.slots import Clock, first_day, moment, slot_at

__all__ = [
    "BadRule",
    "Inexpressible",
    "Rule",
    "cut_before",
    "dates",
    "describe",
    "rest_from",
    "rule_of",
    "rule_text",
    "same_rule",
    "settle_start",
    "slot",
    "slots",
    "span",
    "yields",
]


def same_rule(one: Value, other: Value) -> bool:
    """Whether Outlook would store both alike; whether they are equal, where it knows neither.

    A zone that is not known is taken to be that of the other.
    """
    zone = one["zone"] or other["zone"]
    return _stored({**one, "zone": zone}) == _stored({**other, "zone": zone})


def _stored(when: Value) -> object:
    try:
        rule = rule_of(when)
    except Inexpressible:
        return parts_of(when["rrule"])
    except BadRule:
        return when["rrule"]
    if rule.until is not None:
        # An end between two dates says no more than the earlier one.
        rule = replace(rule, until=_last(when) or rule.until)
    if rule.frequency == "monthly" and rule.interval % 12 == 0:
        # Exchange counts years in months (event.md §4).
        month = next(dates(when), first_day(when)).month
        rule = replace(rule, frequency="yearly", interval=rule.interval // 12, month=month)
    return rule


def dates(when: Value, *, after: date | None = None, before: date | None = None) -> Iterator[date]:
    """The days of the slots in order, deleted ones included; `before` itself is left out.

    Endless without a bound, as far as Outlook's calendar goes. Raises `BadRule`.
    """
    found = _dates_from(when, after)
    return found if before is None else takewhile(lambda day: day < before, found)


def _dates_from(when: Value, after: date | None) -> Iterator[date]:
    try:
        rule = rule_of(when)
    except Inexpressible:
        return map(datetime.date, foreign_rules.starts(when, after))
    return Periods.of(rule, first_day(when)).dates(after)


def _last(when: Value) -> date | None:
    try:
        rule = rule_of(when)
    except Inexpressible:
        parts = parts_of(when["rrule"])
        if parts.count is None and parts.until is None:
            return None
        return next(iter(deque(dates(when), maxlen=1)), None)
    return Periods.of(rule, first_day(when)).last()


def yields(when: Value, day: date) -> bool:
    """Whether the rule has a slot on this day."""
    return next(dates(when, after=day), None) == day


def slot(when: Value, day: date) -> Value:
    """The `when` of one date as the rule makes it: at the same time by the clock of its zone."""
    return slot_at(when, foreign_rules.start_on(when, day))


def slots(when: Value, *, after: date, before: date) -> Iterator[tuple[date, datetime, datetime]]:
    """The slots of these days, each with the instants of its start and end; days of all-day series
    begin in UTC."""
    clock, foreign = Clock.of(when), _is_foreign(when)
    for day in dates(when, after=after, before=before):
        start = foreign_rules.start_on(when, day) if foreign else _same_time(clock, day)
        yield day, *clock.instants(start)


def _is_foreign(when: Value) -> bool:
    try:
        rule_of(when)
    except Inexpressible:
        return True
    return False


def _same_time(clock: Clock, day: date) -> datetime:
    return datetime.combine(day, clock.start.time())


def settle_start(when: Value) -> Value:
    """The series with its start at the first slot, where Outlook would move it.

    Raises `BadRule` when there is none.
    """
    settled = slot(when, _first(when))
    return when if settled["start"] == when["start"] else _from_here(when, settled)


def span(when: Value) -> tuple[datetime, datetime | None]:
    """When the first slot starts and when the last one ends: None for an endless series."""
    starts_at = moment(slot(when, _first(when))["start"])
    last = _last(when)
    return starts_at, None if last is None else moment(slot(when, last)["end"])


def _first(when: Value) -> date:
    try:
        first = next(Periods.of(rule_of(when), first_day(when)).dates(), None)
    except Inexpressible:
        start = foreign_rules.first_start(when)
        first = start.date() if start is not None else None
    if first is None:
        raise BadRule("The rule yields no date.")
    return first


def cut_before(when: Value, day: date) -> Value | None:
    """The series ended before this date; None when nothing is left of it."""
    if next(dates(when, after=day), None) is None:
        return when
    kept = deque(dates(when, before=day), maxlen=1)
    if not kept:
        return None
    text = _from_here(when, when)["rrule"]
    return {**when, "rrule": with_range(text, f"UNTIL={until_text(slot(when, kept[-1]))}")}


def rest_from(when: Value, day: date) -> Value:
    """The series from this date, or the next one after it, on. Raises `BadRule` past its end."""
    first = next(dates(when, after=day), None)
    if first is None:
        raise BadRule("The series is over by then.")
    rest = _from_here(when, slot(when, first))
    count = parts_of(when["rrule"]).count
    if count is None:
        return rest
    return {**rest, "rrule": with_range(rest["rrule"], f"COUNT={count - _number(when, first)}")}


def _number(when: Value, day: date) -> int:
    """How many of the rule's COUNT come before this day."""
    try:
        rule_of(when)
    except Inexpressible:
        return foreign_rules.number_before(when, day)
    return sum(1 for _ in dates(when, before=day))


def _from_here(when: Value, start: Value) -> Value:
    """The same rule for a later first slot: what it took from the old start is written out."""
    try:
        return {**start, "rrule": rule_text(rule_of(when), start)}
    except Inexpressible:
        return {**start, "rrule": when["rrule"]}
