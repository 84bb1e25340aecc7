"""Finds the row for an event that Outlook shows and no link knows yet.

Two copies are the same meeting when iCalUId (date bytes zeroed) and organizer agree. A copy that
carries our own marker was created by us, whatever happened to the answer; a colleague's copy of
what we created carries none, and is known by what was sent. At the first sync an event of the same
subject, time and organizer is the same one too: people have typed it twice.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Upper

from leansoft.accounts.domain.users import find_user, find_users
from leansoft.calendars.models import Event
from leansoft.calendars.values import shared_values
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field, typed
from leansoft.events.normalise import same
from leansoft.graph.codec import RemoteEvent, date_in_uid, meeting_uid
from leansoft.reconcile.actions import CreateThere
from leansoft.sync.models import EventLink

NAMING = (Field.SUBJECT, Field.WHEN)
"""What a person knows an event by."""
RENAMED = (Field.WHEN, Field.ATTENDEES)
"""What a meeting is known by under another title."""


def find_row(mailbox: Mailbox, seen: RemoteEvent) -> Event | None:
    """The event that this copy is a copy of, or None when it is new here."""
    return (
        _by_own_mark(mailbox, seen)
        or _by_ical_uid(mailbox, seen)
        or _by_open_create(mailbox, seen)
        or (_by_likeness(mailbox, seen) if mailbox.listed_at is None else None)
    )


def strangers(mailbox: Mailbox, sights: Sequence[RemoteEvent]) -> set[str]:
    """The ids of those copies that surely belong to no row. Of the others `find_row` tells."""
    if not sights:
        return set()
    known = _known_uids(seen.ical_uid for seen in sights if seen.ical_uid)
    alike = _alike(mailbox, sights) | _sent_perhaps(sights)
    return {
        seen.id
        for seen in sights
        if seen.ical_uid not in known
        and _own_key(seen) is None
        and date_in_uid(seen.ical_uid) is None
        and seen.id not in alike
    }


def _known_uids(uids: Iterable[str]) -> set[str]:
    """Those that some row has. Each is looked up: a search for rows that have any of them reads the
    whole table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT uid FROM unnest(%s::text[]) AS uid WHERE EXISTS"
            " (SELECT 1 FROM calendars_event WHERE ical_uids @> ARRAY[uid])",
            [list(uids)],
        )
        return {uid for (uid,) in cursor.fetchall()}


def _alike(mailbox: Mailbox, sights: Sequence[RemoteEvent]) -> set[str]:
    """The ids of those copies whose subject some row has that Outlook does not hold yet."""
    if mailbox.listed_at is not None:
        return set()
    subjects = {seen.id: str(seen.values.get(Field.SUBJECT, "")) for seen in sights}
    uppers = _uppers(subjects.values())
    rows = _never_there(mailbox).annotate(upper=Upper("subject"))
    held = set(rows.filter(upper__in=set(uppers.values())).values_list("upper", flat=True))
    return {key for key, subject in subjects.items() if uppers[subject] in held}


def _uppers(texts: Iterable[str]) -> dict[str, str]:
    """In the database's capitals, as in `_by_likeness`: "ß" has others in Python."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT one, upper(one) FROM unnest(%s::text[]) AS one", [list(texts)])
        return dict(cursor.fetchall())


def _sent_perhaps(sights: Sequence[RemoteEvent]) -> set[str]:
    """The ids of those copies to which a colleague may have invited from here just now."""
    emails = {seen.organizer["email"] for seen in sights if not seen.is_organizer}
    organizers = {user.pk for user in find_users(emails).values()} if emails else set()
    if not organizers or not _open_creates(organizers).exists():
        return set()
    return {seen.id for seen in sights if not seen.is_organizer}


def _open_creates(organizers: Collection[int]) -> QuerySet[EventLink]:
    """Events of these users that were sent to Outlook, whose answer nobody knows yet."""
    links = EventLink.objects.filter(mailbox__user__in=organizers, remote_id__isnull=True)
    wanted = links.filter(event__isnull=False, event__archived_at__isnull=True)
    return wanted.filter(intent__kind=CreateThere.__name__).select_related("event")


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
    return next((event for event in events if names_organizer(mailbox, seen, event)), None)


def _by_open_create(mailbox: Mailbox, seen: RemoteEvent) -> Event | None:
    """As long as its organizer's mailbox does not answer, an event's iCalUId is not known here.

    Whoever gave it another title in Outlook since left it its time and its people.
    """
    organizer = None if seen.is_organizer else find_user(seen.organizer["email"])
    if organizer is None:
        return None
    shown = EventLink.objects.filter(mailbox=mailbox, event__isnull=False, remote__here=True)
    links = _open_creates([organizer.pk]).exclude(event__in=shown.values("event"))
    sent = [(link, typed((link.intent or {})["values"])) for link in links.order_by("pk")]
    for known_by in NAMING, RENAMED:
        for link, values in sent:
            if all(f in seen.values and same(f, values[f], seen.values[f]) for f in known_by):
                return link.event
    return None


def names_organizer(mailbox: Mailbox, seen: RemoteEvent, event: Event) -> bool:
    """Whether the copy says that the event's organizer is who we think it is."""
    organizer = event.organizer
    if seen.is_organizer:
        return organizer.user_id == mailbox.user_id
    email = seen.organizer["email"].casefold()
    if email == organizer.email:
        return True
    user = find_user(email)
    return user is not None and user.pk == organizer.user_id


def find_date(mailbox: Mailbox, seen: RemoteEvent) -> tuple[Event, date] | None:
    """The series, and the date of it, to which alone this copy invites. Neither needs to be there
    any more: Outlook may leave a guest's copy behind."""
    day = date_in_uid(seen.ical_uid)
    if day is None or seen.is_organizer:
        return None
    series = Event.objects.filter(ical_uids__contains=[meeting_uid(seen.ical_uid)])
    for event in series.order_by("created_at"):
        if names_organizer(mailbox, seen, event):
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
    there = EventLink.objects.filter(mailbox=mailbox, event__isnull=False, remote_id__isnull=False)
    own = Event.objects.filter(
        participants__user=mailbox.user, participants__is_organizer=True, archived_at__isnull=True
    )
    # By a list and not one by one, as in `state.load`: else all links are read for each event.
    return own.exclude(pk__in=there.values("event"))
