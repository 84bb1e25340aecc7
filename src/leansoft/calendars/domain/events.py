"""What people do to events: create, edit, archive, unarchive, remove for good.

Each function is a person's act: it is stamped, so that a later merge knows which edit is newer.
What comes in from Outlook goes through `leansoft.calendars.domain.incoming` instead.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from leansoft.accounts.models import User
from leansoft.calendars.domain.errors import Invalid, Locked, NotAllowed, NotArchived, StaleVersion
from leansoft.calendars.domain.when import checked_excluded, settled
from leansoft.calendars.models import Channel, Event, Participant
from leansoft.calendars.overrides import follow_series, forget_answers
from leansoft.calendars.permissions import part_of
from leansoft.calendars.rule_changes import adapt_dates
from leansoft.calendars.spans import refresh_span
from leansoft.calendars.values import (
    equal,
    forget_prefetched,
    personal_values,
    shared_values,
    when_value,
    write_attendees,
    write_personal,
    write_shared,
)
from leansoft.events.fields import PERSONAL, READ_ONLY, Field, Response, ShowAs, Values
from leansoft.events.slots import instant_text

ALL_CHANNELS = set(Channel)


@transaction.atomic
def create_event(
    organizer: User,
    *,
    values: Values,
    now: datetime,
    excluded: Collection[date] = (),
    key: UUID | None = None,
) -> Event:
    """A new event of this organizer. Needs at least `when`; the rest has the usual defaults.

    `excluded`: days of the slots that are left out of a series. `key`: the event's own. Raises
    `Invalid`.
    """
    event = Event(pk=key or uuid4())
    values = checked(values)
    write_shared(event, values)
    event.excluded = checked_excluded(values[Field.WHEN], excluded)
    _stamp(event, {field for field in values if field not in PERSONAL}, now)
    event.save()
    person = Participant(event=event, user=organizer, email=organizer.email, name=organizer.name)
    person.is_organizer, person.response = True, Response.ORGANIZER
    write_personal(person, {**_personal_defaults(organizer), **values})
    person.save()
    if Field.ATTENDEES in values:
        write_attendees(event, values[Field.ATTENDEES], of=ALL_CHANNELS)
    forget_prefetched(event)
    return event


@transaction.atomic
def edit_event(
    event: Event, *, by: User, values: Values, now: datetime, version: int | None = None
) -> Event:
    """Changes what differs; shared fields only by the organizer, own fields by anybody on it.

    Raises `NotAllowed`, `Locked`, `Invalid`, `StaleVersion` (when `version` is given).
    """
    event = lock(event, version=version)
    person = participation(event, by)
    changed = changes(event, person, values)
    if not changed:
        return event
    shared = {field: value for field, value in changed.items() if field not in PERSONAL}
    if shared:
        check_content_editable(event, person)
        _edit_shared(event, checked(shared), now)
    own = {field: value for field, value in changed.items() if field in PERSONAL}
    if own:
        write_personal(person, own)
        _stamp(person, set(own), now)
        person.save()
    forget_prefetched(event)
    follow_series(event)
    return bump(event)


def check_content_editable(event: Event, person: Participant) -> None:
    """Raises `NotAllowed` for anybody but the organizer, `Locked` when Outlook decides."""
    if not person.is_organizer:
        raise NotAllowed(f"Only {event.organizer} can change this event.")
    if event.locked:
        raise Locked(
            "This event lives in Outlook, and its organizer's mailbox is not connected here. "
            "Connect Outlook, or change it there."
        )


@transaction.atomic
def archive_event(event: Event, *, by: User, now: datetime, version: int | None = None) -> Event:
    """By the organizer: takes the event off everybody's calendar. By an attendee: off their own.

    Doing it twice changes nothing. Raises `NotAllowed`, `Locked`, `StaleVersion`.
    """
    event = lock(event, version=version)
    person = participation(event, by)
    if not person.is_organizer:
        return remove_participation(event, person, now=now)
    check_content_editable(event, person)
    if event.archived_at is None:
        event.archived_at = now
        bump(event)
    return event


@transaction.atomic
def unarchive_event(event: Event, *, by: User, version: int | None = None) -> Event:
    """Puts an archived event back; in Outlook it is created anew. Raises `NotAllowed`, `Locked`."""
    event = lock(event, version=version)
    person = participation(event, by)
    if not person.is_organizer:
        return _rejoin(event, person)
    check_content_editable(event, person)
    if event.archived_at is not None:
        event.archived_at = None
        event.incarnation += 1
        event.participants.filter(is_organizer=False).update(
            response=Response.NOT_RESPONDED, proposed=None
        )
        forget_answers(event)
        bump(event)
    return event


@transaction.atomic
def delete_forever(event: Event, *, by: User) -> None:
    """Removes an archived event's row. Raises `NotAllowed`, `NotArchived`."""
    event = lock(event)
    if not participation(event, by).is_organizer:
        raise NotAllowed(f"Only {event.organizer} can remove this event for good.")
    if event.archived_at is None:
        raise NotArchived("Archive the event first: only an archived event is removed for good.")
    event.delete()


@transaction.atomic
def respond(
    event: Event, *, by: User, response: Response, now: datetime, comment: str = ""
) -> Event:
    """An attendee's answer, and what they say with it. Raises `NotAllowed` for the organizer."""
    event = lock(event)
    person = participation(event, by)
    if person.is_organizer:
        raise NotAllowed("You organize this event, so there is nothing to answer.")
    person.response, person.response_comment = response, comment
    _stamp(person, {Field.RESPONSE}, now)
    person.removed_at = now if response is Response.DECLINED else None
    person.save()
    return bump(event)


def remove_participation(event: Event, person: Participant, *, now: datetime) -> Event:
    """Takes one attendee off their own calendar; the event stays for everybody else."""
    if person.removed_at is None:
        person.removed_at = now
        person.save(update_fields=["removed_at"])
        bump(event)
    return event


def _rejoin(event: Event, person: Participant) -> Event:
    if event.ical_uids:
        raise NotAllowed(f"Ask {event.organizer} to invite you again: Outlook brings it back then.")
    person.removed_at = None
    person.save(update_fields=["removed_at"])
    return bump(event)


def lock(event: Event, *, version: int | None = None) -> Event:
    """The row as it is now, held until the transaction ends. Raises `StaleVersion`."""
    current = Event.objects.select_for_update().get(pk=event.pk)
    if version is not None and current.version != version:
        raise StaleVersion("Somebody changed this event since you opened it. Look at it again.")
    return current


def bump(event: Event) -> Event:
    event.version += 1
    refresh_span(event)
    event.save()
    forget_prefetched(event)
    return event


def participation(event: Event, user: User) -> Participant:
    """This user's part in the event. Raises `NotAllowed` for an outsider."""
    person = part_of(event, user)
    if person is None:
        raise NotAllowed("You do not take part in this event.")
    return person


def changes(event: Event, person: Participant, values: Values) -> dict[Field, Any]:
    """Of these values, those that differ from what the event and this person have."""
    return differing(values, {**shared_values(event), **personal_values(person)})


def differing(values: Values, present: Values) -> dict[Field, Any]:
    return {
        field: value
        for field, value in values.items()
        if field not in READ_ONLY and not equal(field, value, present.get(field))
    }


def _edit_shared(event: Event, values: Values, now: datetime) -> None:
    before = when_value(event)
    write_shared(event, values)
    if Field.WHEN in values:
        adapt_dates(event, before)
    if Field.ATTENDEES in values:
        write_attendees(event, values[Field.ATTENDEES], of=ALL_CHANNELS)
    _stamp(event, set(values), now)


def _stamp(row: Event | Participant, fields: Iterable[Field], now: datetime) -> None:
    row.edited_at = stamped(row.edited_at, fields, now)


def stamped(edited_at: Mapping[str, str], fields: Iterable[Field], now: datetime) -> dict[str, str]:
    """With the moment at which a person changed these fields."""
    return {**edited_at, **dict.fromkeys(sorted(fields), instant_text(now))}


def _personal_defaults(user: User) -> Values:
    minutes = user.default_reminder_minutes
    return {
        Field.SHOW_AS: ShowAs.BUSY,
        Field.REMINDER: "off" if minutes is None else minutes,
        Field.CATEGORIES: [],
    }


def checked(values: Values) -> Values:
    """With a start on its pattern. Raises `Invalid`."""
    if len(values.get(Field.SUBJECT, "")) > 255:
        raise Invalid("subject", "The subject is longer than Outlook's 255 characters.")
    if Field.WHEN not in values:
        return values
    return {**values, Field.WHEN: settled(values[Field.WHEN])}
