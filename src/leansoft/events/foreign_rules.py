"""Rules that Outlook does not know: python-dateutil reads them as RFC 5545 does.

They are walked in wall time. A rule that steps through hours, minutes or seconds is looked at day
by day: only the first start of a day counts here, and walking through seconds would never end.
"""

from collections.abc import Iterator
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


def starts(when: Value) -> Iterator[datetime]:
    """The first start of each day that has one, as the clock shows it, in order."""
    for _, same_day in groupby(_all_starts(when), key=datetime.date):
        first = next(same_day)
        if first.date() >= END_OF_TIME:
            return
        yield first


def number_before(when: Value, day: date) -> int:
    """How many of the rule's COUNT come before this day, all those of one day counted."""
    return sum(1 for _ in takewhile(lambda start: start.date() < day, _all_starts(when)))


def _all_starts(when: Value) -> Iterator[datetime]:
    text, start = when["rrule"], wall(when, "start")
    parts = parts_of(text)
    until = _until(when, parts)
    if parts.frequency in SUB_DAILY:
        return _walk_days(parts, start, until)
    return iter(_walk(text, start, until))


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


def _walk_days(parts: Parts, start: datetime, until: datetime | None) -> Iterator[datetime]:
    filters = _filters(parts, start)
    times = {name.lower() for name in TIMES} | {"bysetpos"}
    on_days = {name: value for name, value in filters.items() if name not in times}
    in_day = {name: value for name, value in filters.items() if name in times}
    midnight = datetime.combine(start, time.min)
    days = rrule.rrule(rrule.DAILY, dtstart=midnight, until=until, **on_days)
    found = (_within(parts, start, day, until, in_day) for day in days)
    if parts.count is None:
        return chain.from_iterable(islice(of_day, 1) for of_day in found)
    return islice(chain.from_iterable(found), parts.count)


def _within(
    parts: Parts, start: datetime, day: datetime, until: datetime | None, in_day: dict[str, Any]
) -> Iterator[datetime]:
    step = STEPS[parts.frequency] * parts.interval
    begin = max(day, start) if day <= start else day + (start - day) % step
    end = day + DAY - timedelta(seconds=1)
    end = end if until is None else min(end, until)
    if begin > end:
        return iter(())
    try:
        return iter(
            rrule.rrule(
                FREQUENCIES[parts.frequency],
                dtstart=begin,
                interval=parts.interval,
                until=end,
                **in_day,
            )
        )
    except ValueError:
        # dateutil's way to say that the steps never meet these hours or minutes.
        return iter(())


def start_on(when: Value, day: date) -> datetime:
    """When the slot of this date starts; the time of the first slot where the rule sets none."""
    parts = parts_of(when["rrule"])
    if parts.frequency in SUB_DAILY or parts.names & TIMES:
        for start in starts(when):
            if start.date() >= day:
                if start.date() == day:
                    return start
                break
    return datetime.combine(day, wall(when, "start").time())
