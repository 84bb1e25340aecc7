"""Finds the row for an event that Outlook shows and no link knows yet.

Two copies are the same meeting when iCalUId (date bytes zeroed) and organizer agree. A copy that
carries our own marker was created by us, whatever happened to the answer. At the first sync an
event of the same subject, time and organizer is the same one too: people have typed it twice.
"""

from datetime import date
from uuid import UUID

from leansoft.accounts.domain.users import find_user
from leansoft.calendars.models import Event
from leansoft.calendars.values import shared_values
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.events.normalise import same
from leansoft.graph.codec import RemoteEvent, date_in_uid, meeting_uid
from leansoft.sync.models import EventLink


def find_row(mailbox: Mailbox, seen: RemoteEvent) -> Event | None:
    """The event that this copy is a copy of, or None when it is new here."""
    return (
        _by_own_mark(mailbox, seen)
        or _by_ical_uid(mailbox, seen)
        or (_by_likeness(mailbox, seen) if mailbox.listed_at is None else None)
    )


def _by_own_mark(mailbox: Mailbox, seen: RemoteEvent) -> Event | None:
    """Only the organizer's own copy counts: a mark may travel to other people's copies."""
    mark = seen.marker or seen.transaction_id
    if mark is None or not seen.is_organizer:
        return None
    try:
        key = UUID(mark.partition(":")[0])
    except ValueError:
        return None
    return Event.objects.filter(
        pk=key, participants__user=mailbox.user, participants__is_organizer=True
    ).first()


def _by_ical_uid(mailbox: Mailbox, seen: RemoteEvent) -> Event | None:
    if seen.ical_uid is None:
        return None
    events = Event.objects.filter(ical_uids__contains=[seen.ical_uid]).order_by("created_at")
    return next((event for event in events if _same_organizer(mailbox, seen, event)), None)


def _same_organizer(mailbox: Mailbox, seen: RemoteEvent, event: Event) -> bool:
    organizer = event.organizer
    if seen.is_organizer:
        return organizer.user_id == mailbox.user_id
    email = seen.organizer["email"].casefold()
    if email == organizer.email:
        return True
    user = find_user(email)
    return user is not None and user.pk == organizer.user_id


def find_date(mailbox: Mailbox, seen: RemoteEvent) -> tuple[Event, date] | None:
    """The series, and the date of it, to which alone this copy invites."""
    day = date_in_uid(seen.ical_uid)
    if day is None or seen.is_organizer:
        return None
    series = Event.objects.filter(ical_uids__contains=[meeting_uid(seen.ical_uid)])
    for event in series.exclude(rrule="").order_by("created_at"):
        if _same_organizer(mailbox, seen, event):
            return event, day
    return None


def _by_likeness(mailbox: Mailbox, seen: RemoteEvent) -> Event | None:
    if not seen.is_organizer or Field.WHEN not in seen.values:
        return None
    candidates = Event.objects.filter(
        participants__user=mailbox.user,
        participants__is_organizer=True,
        archived_at__isnull=True,
        subject__iexact=seen.values[Field.SUBJECT],
    ).exclude(links__in=EventLink.objects.filter(mailbox=mailbox, remote_id__isnull=False))
    when = seen.values[Field.WHEN]
    return next(
        (e for e in candidates if same(Field.WHEN, shared_values(e)[Field.WHEN], when)), None
    )
