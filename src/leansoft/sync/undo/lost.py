"""A value that lost a conflict comes back: a new edit of the person whose journal kept it."""

from datetime import datetime
from typing import Any

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import edit_occurrence
from leansoft.calendars.domain.errors import CalendarError, NotAllowed
from leansoft.calendars.domain.events import check_content_editable, edit_event, participation
from leansoft.calendars.models import Event
from leansoft.calendars.occurrences import event_on
from leansoft.calendars.permissions import part_of
from leansoft.calendars.values import personal_values, shared_values
from leansoft.events.fields import (
    AS_SERIES,
    CREATE_ONLY,
    PERSONAL,
    READ_ONLY,
    Field,
    Value,
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
    event = action.event
    if field in OUTLOOKS_OWN or action.lost[field] == AS_SERIES:
        return "Outlook decides this value."
    if event is None or event.is_archived:
        return "The event is no longer on the calendar."
    try:
        person = participation(event, by)
        if field not in PERSONAL:
            check_content_editable(event, person)
    except CalendarError as error:
        return str(error)
    if _is_held(action, field, event, by):
        return "It holds this value now."
    return None


def restore_lost(action: SyncAction, field: Field, *, by: User, now: datetime) -> Event:
    """The lost value as an edit, which the sync carries to Outlook. Raises `CalendarError`."""
    why = hindrance(action, field, by=by)
    if why is not None:
        raise NotAllowed(why)
    assert action.event is not None
    event, values = action.event, {field: _value(action, field)}
    if action.occurrence is not None:
        event = edit_occurrence(event, action.occurrence, by=by, values=values, now=now)
    else:
        event = edit_event(event, by=by, values=values, now=now)
    sync_event_later(event, by=by, announced=True)
    return event


def mails_of_restoring(action: SyncAction, field: Field, *, by: User) -> list[dict[str, Any]]:
    """Whom Outlook would mail about it."""
    assert action.event is not None
    return forecast_act("update", action.event, {field: _value(action, field)}, by=by)


def _value(action: SyncAction, field: Field) -> Value:
    value = readable(field, action.lost[field])
    if field is not Field.ATTENDEES:
        return value
    assert action.event is not None
    return with_others(action.event, value)


def _is_held(action: SyncAction, field: Field, event: Event, by: User) -> bool:
    event = event_on(event, action.occurrence) if action.occurrence else event
    person = part_of(event, by)
    held = {**shared_values(event), **(personal_values(person) if person else {})}
    held[Field.ATTENDEES] = outlook_attendees(event)
    return field in held and same(field, held[field], readable(field, action.lost[field]))
