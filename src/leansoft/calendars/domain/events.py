"""What people do to events: create, edit, archive, unarchive, remove for good.

Each function is a person's act: it is stamped, so that a later merge knows which edit is newer.
What comes in from Outlook goes through `leansoft.calendars.domain.incoming` instead.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from leansoft.accounts.models import User
from leansoft.calendars.domain.errors import Invalid, Locked, NotAllowed, NotArchived, StaleVersion
from leansoft.calendars.models import Channel, Event, Participant
from leansoft.calendars.values import (
    equal,
    forget_prefetched,
    instant_text,
    personal_values,
    shared_values,
    write_attendees,
    write_personal,
    write_shared,
)
from leansoft.events.fields import PERSONAL, READ_ONLY, Field, Response, ShowAs, Values

ALL_CHANNELS = set(Channel)


@transaction.atomic
def create_event(organizer: User, *, values: Values, now: datetime) -> Event:
    """A new event of this organizer. Needs at least `when`; the rest has the usual defaults.

    Raises `Invalid`.
    """
    event = Event()
    _check(values)
    write_shared(event, values)
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
    changed = _changes(event, person, values)
    if not changed:
        return event
    shared = {field: value for field, value in changed.items() if field not in PERSONAL}
    if shared:
        check_content_editable(event, person)
        _check(shared)
        _edit_shared(event, shared, now)
    own = {field: value for field, value in changed.items() if field in PERSONAL}
    if own:
        write_personal(person, own)
        _stamp(person, set(own), now)
        person.save()
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
        event.participants.filter(is_organizer=False).update(response=Response.NOT_RESPONDED)
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
    event.save()
    forget_prefetched(event)
    return event


def participation(event: Event, user: User) -> Participant:
    """This user's part in the event. Raises `NotAllowed` for an outsider."""
    person = next((p for p in event.participants.all() if p.user_id == user.pk), None)
    if person is None:
        raise NotAllowed("You do not take part in this event.")
    return person


def _changes(event: Event, person: Participant, values: Values) -> dict[Field, Any]:
    present = {**shared_values(event), **personal_values(person)}
    return {
        field: value
        for field, value in values.items()
        if field not in READ_ONLY and not equal(field, value, present.get(field))
    }


def _edit_shared(event: Event, values: Values, now: datetime) -> None:
    write_shared(event, values)
    if Field.ATTENDEES in values:
        write_attendees(event, values[Field.ATTENDEES], of=ALL_CHANNELS)
    _stamp(event, set(values), now)


def _stamp(row: Event | Participant, fields: set[Field], now: datetime) -> None:
    row.edited_at = {**row.edited_at, **dict.fromkeys(sorted(fields), instant_text(now))}


def _personal_defaults(user: User) -> Values:
    minutes = user.default_reminder_minutes
    return {
        Field.SHOW_AS: ShowAs.BUSY,
        Field.REMINDER: "off" if minutes is None else minutes,
        Field.CATEGORIES: [],
    }


def _check(values: Values) -> None:
    when = values.get(Field.WHEN)
    if when and datetime.fromisoformat(when["end"]) < datetime.fromisoformat(when["start"]):
        raise Invalid("end", "The event ends before it begins.")
    if when and when["all_day"] and when["start"] == when["end"]:
        raise Invalid("end", "An all-day event lasts at least one day; its end is the day after.")
    if len(values.get(Field.SUBJECT, "")) > 255:
        raise Invalid("subject", "The subject is longer than Outlook's 255 characters.")
