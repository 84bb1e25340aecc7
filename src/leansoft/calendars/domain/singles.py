"""A date that was taken out of a series goes on as an event of its own."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import (
    check_content_editable,
    create_event,
    lock,
    participation,
)
from leansoft.calendars.models import Channel, Event
from leansoft.calendars.overrides import series_values
from leansoft.calendars.values import personal_values
from leansoft.events.fields import READ_ONLY, Field, Values

NOT_TAKEN_ALONG = READ_ONLY | {Field.RESPONSE}


@transaction.atomic
def create_from_date(  # noqa: PLR0913 (keyword-only after the subject)
    series: Event, day: date, *, key: UUID, by: User, held: Values, now: datetime
) -> Event:
    """The event that the date was: as the series, but for what it held of its own. It has this key.

    Everybody hears of it as they heard of the series. Raises `NotAllowed`, `Locked`, `Invalid`.
    """
    series = lock(series)
    person = participation(series, by)
    check_content_editable(series, person)
    values = {**series_values(series, day), **personal_values(person), **held}
    taken = {f: value for f, value in values.items() if f not in NOT_TAKEN_ALONG}
    event = create_event(by, values=taken, now=now, key=key)
    for attendee in series.attendees:
        if attendee.channel != Channel.OUTLOOK and attendee.email:
            told = event.participants.filter(email=attendee.email)
            told.update(channel=attendee.channel)
    if Field.BODY not in held:
        event.description_html = series.description_html
        event.save(update_fields=["description_html"])
    return event
