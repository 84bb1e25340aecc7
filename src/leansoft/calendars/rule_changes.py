"""What a change of a series' times or rule does to its single dates."""

from collections.abc import Callable
from datetime import date

from leansoft.calendars.models import Event, PersonalOverride
from leansoft.calendars.values import forget_prefetched, when_value, write_guests
from leansoft.events.fields import Value
from leansoft.events.recurrence import same_rule, yields
from leansoft.events.rule_parts import with_range

TIMES = ("start", "end", "zone", "all_day")


def adapt_dates(event: Event, before: Value) -> None:
    """Drops what single dates have of their own; `before` is the `when` that the event had.

    New times, another pattern, single to series or back: all of it. Only another range: what lies
    outside.
    """
    after = when_value(event)
    if not (before.get("rrule") or event.is_series):
        return
    if is_new_range(before, after):
        _drop(event, lambda day: not yields(after, day))
    else:
        _drop(event, lambda _: True)


def is_new_range(before: Value, after: Value) -> bool:
    """Whether the dates stay where they are and only their number changes."""
    if not (before.get("rrule") and after.get("rrule")):
        return False
    if any(before[name] != after[name] for name in TIMES):
        return False
    endless = ({**when, "rrule": with_range(when["rrule"], "")} for when in (before, after))
    return same_rule(*endless)


def _drop(event: Event, is_off: Callable[[date], bool]) -> None:
    event.excluded = [day for day in event.excluded if not is_off(day)]
    own = PersonalOverride.objects.filter(participant__event=event)
    for rows in (event.overrides.all(), own):
        for row in rows:
            if is_off(row.date):
                row.delete()
    forget_prefetched(event)
    write_guests(event)
