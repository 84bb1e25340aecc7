"""The dates of a rule that Outlook can express.

Theory. Such a rule steps through periods (days, weeks, months, years), each of which yields a fixed
number of dates: one, or in a weekly rule its days. So the period of any date, and how many dates
came before it, follow by division; nothing is walked to get there. The first period is the one that
holds the first match on or after the start, and the interval counts from there: Outlook's "first
Thursday of every second month from 29 August" begins in September (event.md §4).
"""

from calendar import monthrange
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from leansoft.events.rule_parts import WEEK
from leansoft.events.rules import END_OF_TIME, Rule


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of a rule, numbered from the one with its first date."""

    rule: Rule
    anchor: date
    """The first day of period 0."""
    skipped: int = 0
    """How many dates of period 0 lie before the start."""

    @classmethod
    def of(cls, rule: Rule, start: date) -> "Periods":
        first = _first_match(rule, start)
        periods = cls(rule, _period_start(rule, first))
        return cls(rule, periods.anchor, sum(day < first for day in periods.days(0)))

    def dates(self, after: date | None = None) -> Iterator[date]:
        """In order, from `after` on."""
        if after is not None and after >= END_OF_TIME:
            return
        begin = max(self._number(after), 0) if after else 0
        per_period = len(self.days(0))
        for number in count(begin):
            for place, day in enumerate(self.days(number), number * per_period - self.skipped):
                if self._is_over(place, day):
                    return
                if place >= 0 and (after is None or day >= after):
                    yield day

    def _is_over(self, place: int, day: date) -> bool:
        return (
            (self.rule.count is not None and place >= self.rule.count)
            or (self.rule.until is not None and day > self.rule.until)
            or day >= END_OF_TIME
        )

    def last(self) -> date | None:
        """None for an endless rule, and for one that yields nothing."""
        if self.rule.count is None and self.rule.until is None:
            return None
        after = None
        if self.rule.until is not None and (number := self._number(self.rule.until)) > 0:
            after = self._begin(number - 1)
        return next(iter(deque(self.dates(after), maxlen=1)), None)

    def days(self, number: int) -> list[date]:
        begin = self._begin(number)
        match self.rule.frequency:
            case "daily":
                return [begin]
            case "weekly":
                return [begin + timedelta(n) for n in _places(self.rule)]
            case _:
                return [_day_in_month(self.rule, begin.year, begin.month)]

    def _number(self, day: date) -> int:
        """The period that this day lies in, or the last one before it."""
        if self.rule.frequency in _DAYS:
            return (day - self.anchor).days // (_DAYS[self.rule.frequency] * self.rule.interval)
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        return months // (_MONTHS[self.rule.frequency] * self.rule.interval)

    def _begin(self, number: int) -> date:
        step = number * self.rule.interval
        if self.rule.frequency in _DAYS:
            return self.anchor + timedelta(step * _DAYS[self.rule.frequency])
        return months_later(self.anchor, step * _MONTHS[self.rule.frequency])


_DAYS = {"daily": 1, "weekly": 7}
_MONTHS = {"monthly": 1, "yearly": 12}


def _first_match(rule: Rule, start: date) -> date:
    match rule.frequency:
        case "daily":
            return start
        case "weekly":
            week = (start + timedelta(n) for n in range(7))
            return next(day for day in week if WEEK[day.weekday()] in rule.days)
    month = start.replace(day=1)
    while True:
        day = _day_in_month(rule, month.year, month.month)
        if day >= start and rule.month in {None, month.month}:
            return day
        month = months_later(month, 1)


def _period_start(rule: Rule, day: date) -> date:
    match rule.frequency:
        case "daily":
            return day
        case "weekly":
            return day - timedelta((day.weekday() - WEEK.index(rule.week_start)) % 7)
        case _:
            return day.replace(day=1)


def _places(rule: Rule) -> list[int]:
    """Where in the week its days lie, counted from the day with which the week begins."""
    begin = WEEK.index(rule.week_start)
    return sorted((WEEK.index(day) - begin) % 7 for day in rule.days)


def _day_in_month(rule: Rule, year: int, month: int) -> date:
    length = monthrange(year, month)[1]
    if rule.day is not None:
        # Outlook takes the last day of a month that is too short (event.md §4).
        return date(year, month, min(rule.day, length))
    days = (date(year, month, number) for number in range(1, length + 1))
    fitting = [day for day in days if WEEK[day.weekday()] in rule.days]
    position = rule.position or 1
    return fitting[position - 1 if position > 0 else position]


def months_later(month: date, number: int) -> date:
    """The first of a month, so many months after another one."""
    years, index = divmod(month.month - 1 + number, 12)
    return date(month.year + years, index + 1, 1)
