"""Rules that Outlook does not know: python-dateutil reads them as RFC 5545 does.

They are walked in wall time. A rule that steps through hours, minutes or seconds is looked at day
by day: only the first start of a day counts here, and walking through seconds would never end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, groupby, islice, takewhile
from typing import Any, Literal

from dateutil import rrule

from leansoft.events.fields import Value
from leansoft.events.rule_parts import SUB_DAILY, TIMES, WEEK, Parts, parts_of
from leansoft.events.rules import END_OF_TIME
from leansoft.events.slots import wall, zone_of

FREQUENCIES: dict[str, Literal[0, 1, 2, 3, 4, 5, 6]] = {
    "YEARLY": rrule.YEARLY,
    "MONTHLY": rrule.MONTHLY,
    "WEEKLY": rrule.WEEKLY,
    "DAILY": rrule.DAILY,
    "HOURLY": rrule.HOURLY,
    "MINUTELY": rrule.MINUTELY,
    "SECONDLY": rrule.SECONDLY,
}
STEPS = {
    "HOURLY": timedelta(hours=1),
    "MINUTELY": timedelta(minutes=1),
    "SECONDLY": timedelta(seconds=1),
}
DAY = timedelta(days=1)
CYCLE = 400
"""Years after which the calendar has the same days of the week, and the same leap years."""
LAST_DAY = date.max - DAY
LAST_MOMENT = datetime.combine(END_OF_TIME, time.min)


def starts(when: Value, after: date | None = None) -> Iterator[datetime]:
    """The first start of each day that has one, as the clock shows it, from `after` on."""
    for _, same_day in groupby(_all_starts(when, after), key=datetime.date):
        first = next(same_day)
        if first.date() >= END_OF_TIME:
            return
        if after is None or first.date() >= after:
            yield first


def first_start(when: Value) -> datetime | None:
    """The very first; None when centuries yield nothing.

    dateutil looks for the 30th of February until its last year, which takes seconds. So it is asked
    about a year close to that: the calendar is the same every 400 years.
    """
    parts, start = parts_of(when["rrule"]), wall(when, "start")
    years = (LAST_DAY.year - 100 - start.year) // CYCLE * CYCLE
    later, until = start.replace(year=start.year + years), _until(when, parts)
    steps = _Steps(parts, later, datetime.combine(LAST_DAY, time.min), _filters(parts, later))
    found = steps.walk(None) if parts.frequency in SUB_DAILY else _walk(when["rrule"], later, None)
    first = next(iter(found), None)
    if first is None:
        return None
    first = first.replace(year=first.year - years)
    return None if first > (until or LAST_MOMENT) else first


def number_before(when: Value, day: date) -> int:
    """How many of the rule's COUNT come before this day, all those of one day counted."""
    return sum(1 for _ in takewhile(lambda start: start.date() < day, _all_starts(when, None)))


def _all_starts(when: Value, after: date | None) -> Iterator[datetime]:
    """In order; they may begin before `after`."""
    steps = _Steps.of(when)
    if steps is not None:
        return steps.walk(after)
    text = when["rrule"]
    return iter(_walk(text, wall(when, "start"), _until(when, parts_of(text))))


def _until(when: Value, parts: Parts) -> datetime | None:
    """UNTIL as the clock of the series shows it; a date includes its whole day."""
    until = parts.until
    if until is None or until.year >= END_OF_TIME.year:
        return None
    if not isinstance(until, datetime) or when["all_day"]:
        return datetime.combine(until, time.max)
    return until.astimezone(zone_of(when)).replace(tzinfo=None) if until.tzinfo else until


@lru_cache(maxsize=256)
def _walk(text: str, start: datetime, until: datetime | None) -> rrule.rrule:
    """Remembers what it has found, for the next question about the same series."""
    parts = parts_of(text)
    return rrule.rrule(
        FREQUENCIES[parts.frequency],
        dtstart=start,
        interval=parts.interval,
        count=parts.count,
        until=until,
        cache=True,
        **_filters(parts, start),
    )


def _filters(parts: Parts, start: datetime) -> dict[str, Any]:
    filters: dict[str, Any] = {name.lower(): numbers for name, numbers in parts.by.items()}
    filters["wkst"] = WEEK.index(parts.week_start)
    if parts.days:
        filters["byweekday"] = [
            rrule.weekday(WEEK.index(day), position or None) for position, day in parts.days
        ]
    elif parts.names <= {"BYWEEKNO", "BYMONTH", "BYSETPOS"} | TIMES and "BYWEEKNO" in parts.by:
        # What the rule leaves open is as at the start (RFC 5545, 3.3.10); dateutil takes all week.
        filters["byweekday"] = start.weekday()
    return filters


IN_DAY = frozenset({"byhour", "byminute", "bysecond", "bysetpos"})


@dataclass(frozen=True, slots=True)
class _Steps:
    """A rule that steps through hours, minutes or seconds."""

    parts: Parts
    start: datetime
    until: datetime | None
    filters: dict[str, Any]

    @classmethod
    def of(cls, when: Value) -> "_Steps | None":
        parts, start = parts_of(when["rrule"]), wall(when, "start")
        if parts.frequency not in SUB_DAILY:
            return None
        return cls(parts, start, _until(when, parts), _filters(parts, start))

    def walk(self, after: date | None) -> Iterator[datetime]:
        """All starts when they are counted; else the first one of each day."""
        of_days = map(self.within, self._days(None if self.parts.count else after))
        number = self.parts.count
        found = of_days if number else (islice(of_day, 1) for of_day in of_days)
        try:
            yield from islice(chain.from_iterable(found), number)
        except ValueError:
            # dateutil's way to say that the steps never meet the hours or minutes of the rule.
            return

    def _days(self, after: date | None) -> Iterator[datetime]:
        """Midnight of the days that the rule lets through, whatever its steps are."""
        begin = max(after or date.min, self.start.date())
        filters = {name: value for name, value in self.filters.items() if name not in IN_DAY}
        # By years, since dateutil looks at a whole year at once.
        return iter(
            rrule.rrule(
                rrule.YEARLY,
                dtstart=datetime.combine(begin, time.min),
                until=self.until or LAST_MOMENT,
                **({"byweekday": range(7)} | filters),
            )
        )

    def within(self, day: datetime) -> Iterator[datetime]:
        """The starts in this day."""
        step = STEPS[self.parts.frequency] * self.parts.interval
        wait = max(self.start - day, timedelta()) or (self.start - day) % step
        end = min(day + DAY - timedelta(seconds=1), self.until or LAST_MOMENT)
        if wait > end - day:
            return iter(())
        return iter(
            rrule.rrule(
                FREQUENCIES[self.parts.frequency],
                dtstart=day + wait,
                interval=self.parts.interval,
                until=end,
                **{name: value for name, value in self.filters.items() if name in IN_DAY},
            )
        )


def start_on(when: Value, day: date) -> datetime:
    """When the slot of this date starts; the time of the first slot where the rule sets none."""
    steps = _Steps.of(when)
    midnight = datetime.combine(day, time.min)
    found = None
    if steps is not None:
        found = next(steps.within(midnight), None)
    elif parts_of(when["rrule"]).names & TIMES:
        found = next(starts(when, day), None)
    if found is not None and found.date() == day:
        return found
    return datetime.combine(day, wall(when, "start").time())
