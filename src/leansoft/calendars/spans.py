"""When the first occurrence of an event begins and the last one ends."""

from leansoft.calendars.models import Event
from leansoft.calendars.values import when_value
from leansoft.events.fields import Field
from leansoft.events.recurrence import span
from leansoft.events.slots import moment


def refresh_span(event: Event) -> None:
    """Puts the span into the unsaved row: the rule's, and dates that were moved out of it."""
    if not event.is_series:
        event.span_starts_at, event.span_ends_at = event.starts_at, event.ends_at
        return
    first, last = span(when_value(event))
    moved = [row.values[Field.WHEN] for row in event.overrides.all() if Field.WHEN in row.values]
    event.span_starts_at = min([first, *(moment(when["start"]) for when in moved)])
    ends = [moment(when["end"]) for when in moved]
    event.span_ends_at = max([last, *ends]) if last is not None else None
