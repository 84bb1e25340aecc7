"""A value that lost a conflict comes back: a new edit of the person whose journal kept it."""

from datetime import datetime
from typing import Any

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import edit_occurrence, has_date, part_on
from leansoft.calendars.domain.errors import CalendarError, NotAllowed
from leansoft.calendars.domain.events import check_content_editable, edit_event, participation
from leansoft.calendars.models import Event
from leansoft.calendars.occurrences import event_on
from leansoft.calendars.overrides import series_values
from leansoft.calendars.permissions import part_of
from leansoft.calendars.values import personal_values, shared_values
from leansoft.events.fields import (
    AS_SERIES,
    CREATE_ONLY,
    PERSONAL,
    READ_ONLY,
    Field,
    Value,
    Values,
)
from leansoft.events.normalise import same
from leansoft.sync.models import SyncAction
from leansoft.sync.preview.forecast import forecast_act
from leansoft.sync.state.projection import outlook_attendees
from leansoft.sync.tasks import sync_event_later
from leansoft.sync.undo.decision import readable
from leansoft.sync.undo.restore import with_others

OUTLOOKS_OWN = READ_ONLY | CREATE_ONLY | {Field.RESPONSE}
"""No edit changes these: Outlook decides them, and an answer is given, not restored."""


def hindrance(action: SyncAction, field: Field, *, by: User) -> str | None:
    """Why this person cannot have the lost value back; None when they can."""
    event, day = action.event, action.occurrence
    if field in OUTLOOKS_OWN:
        return "Outlook decides this value."
    if event is None or event.is_archived:
        return "The event is no longer on the calendar."
    if day is not None and not has_date(event, day):
        return "The series no longer has this date."
    try:
        person = part_on(event, day, by) if day is not None else participation(event, by)
        if field not in PERSONAL:
            check_content_editable(event, person)
    except CalendarError as error:
        return str(error)
    return "It holds this value now." if _is_held(action, field, by) else None


def restore_lost(action: SyncAction, field: Field, *, by: User, now: datetime) -> Event:
    """The lost value as an edit, which the sync carries to Outlook. Raises `CalendarError`."""
    why = hindrance(action, field, by=by)
    if why is not None:
        raise NotAllowed(why)
    assert action.event is not None
    event, values = action.event, {field: _value(action, field, by)}
    if action.occurrence is not None:
        event = edit_occurrence(event, action.occurrence, by=by, values=values, now=now)
    else:
        event = edit_event(event, by=by, values=values, now=now)
    sync_event_later(event, by=by, announced=True)
    return event


def mails_of_restoring(action: SyncAction, field: Field, *, by: User) -> list[dict[str, Any]]:
    """Whom Outlook would mail about it."""
    return forecast_act("edit", _shown(action), {field: _value(action, field, by)}, by=by)


def _shown(action: SyncAction) -> Event:
    """The event, or what it is on the date that the row is about."""
    assert action.event is not None
    return event_on(action.event, action.occurrence) if action.occurrence else action.event


def _value(action: SyncAction, field: Field, by: User) -> Value:
    lost = action.lost[field]
    if lost == AS_SERIES:
        return _of_series(action, by).get(field)
    if field is Field.ATTENDEES:
        return with_others(_shown(action), lost)
    return readable(field, lost)


def _of_series(action: SyncAction, by: User) -> Values:
    """What the date is when nothing of it differs."""
    event, day = action.event, action.occurrence
    assert event is not None
    assert day is not None
    person = part_of(event, by)
    return {**series_values(event, day), **(personal_values(person) if person else {})}


def _is_held(action: SyncAction, field: Field, by: User) -> bool:
    event = _shown(action)
    person = part_of(event, by)
    held = {**shared_values(event), **(personal_values(person) if person else {})}
    lost = _value(action, field, by)
    if field is Field.ATTENDEES:
        held[field] = with_others(event, outlook_attendees(event))
    return field in held and same(field, held[field], lost)
