"""Finds the row for an event that Outlook shows and no link knows yet.

Two copies are the same meeting when iCalUId (date bytes zeroed) and organizer agree. A copy that
carries our own marker was created by us, whatever happened to the answer. At the first sync an
event of the same subject, time and organizer is the same one too: people have typed it twice.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import Upper

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


def strangers(mailbox: Mailbox, sights: Sequence[RemoteEvent]) -> set[str]:
    """The ids of those copies that surely belong to no row. Of the others `find_row` tells."""
    if not sights:
        return set()
    uids = {seen.ical_uid for seen in sights if seen.ical_uid}
    with_uid = Event.objects.filter(ical_uids__overlap=list(uids))
    known = {uid for held in with_uid.values_list("ical_uids", flat=True) for uid in held}
    alike = _alike(mailbox, sights)
    return {
        seen.id
        for seen in sights
        if seen.ical_uid not in known
        and _own_key(seen) is None
        and date_in_uid(seen.ical_uid) is None
        and seen.id not in alike
    }


def _alike(mailbox: Mailbox, sights: Sequence[RemoteEvent]) -> set[str]:
    """The ids of those copies whose subject some row has that Outlook does not hold yet."""
    if mailbox.listed_at is not None:
        return set()
    subjects = {seen.id: str(seen.values.get(Field.SUBJECT, "")) for seen in sights}
    uppers = [Upper(Value(subject)) for subject in set(subjects.values())]
    rows = _never_there(mailbox).annotate(upper=Upper("subject")).filter(upper__in=uppers)
    held = set(rows.values_list("upper", flat=True))
    return {key for key, subject in subjects.items() if subject.upper() in held}


def _by_own_mark(mailbox: Mailbox, seen: RemoteEvent) -> Event | None:
    key = _own_key(seen)
    if key is None:
        return None
    return Event.objects.filter(
        pk=key, participants__user=mailbox.user, participants__is_organizer=True
    ).first()


def _own_key(seen: RemoteEvent) -> UUID | None:
    """Only the organizer's own copy counts: a mark may travel to other people's copies."""
    mark = seen.marker or seen.transaction_id
    if mark is None or not seen.is_organizer:
        return None
    try:
        return UUID(mark.partition(":")[0])
    except ValueError:
        return None


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
    candidates = _never_there(mailbox).filter(subject__iexact=seen.values[Field.SUBJECT])
    when = seen.values[Field.WHEN]
    return next(
        (e for e in candidates if same(Field.WHEN, shared_values(e)[Field.WHEN], when)), None
    )


def _never_there(mailbox: Mailbox) -> QuerySet[Event]:
    """This user's own events that Outlook does not hold yet."""
    return Event.objects.filter(
        participants__user=mailbox.user,
        participants__is_organizer=True,
        archived_at__isnull=True,
    ).exclude(links__in=EventLink.objects.filter(mailbox=mailbox, remote_id__isnull=False))
