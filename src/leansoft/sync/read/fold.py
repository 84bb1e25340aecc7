"""Two rows that turn out to be one meeting become one; the older keeps its id.

It happens when a colleague's copy is seen before the organizer's answer told us the iCalUId.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Q

from leansoft.calendars.domain.events import bump
from leansoft.calendars.models import Event, Participant
from leansoft.calendars.values import personal_values, write_personal
from leansoft.events.fields import UNANSWERED, Field
from leansoft.graph.codec import date_in_uid
from leansoft.sync.models import EventLink
from leansoft.sync.state.trees import is_here

UID_LOCK_SPACE = 20_263
"""Sets the advisory locks on iCalUIds apart from those on mailboxes and on their queues."""


def lock_uids(uids: Iterable[str]) -> None:
    """Until the transaction ends, nobody else makes a row for these meetings."""
    with connection.cursor() as cursor:
        # In one order everywhere, so that two never wait for each other.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, lock) FROM (SELECT DISTINCT hashtext(uid) AS lock"
            " FROM unnest(%s::text[]) AS uid ORDER BY lock) AS locks",
            [UID_LOCK_SPACE, list(uids)],
        )


@transaction.atomic
def learn_uid(event: Event, uid: str | None) -> None:
    """The event has this iCalUId; a younger row of the same meeting folds into the older one.

    `event` is not saved and may be gone afterwards: read it again.
    """
    if uid is None or (event.is_series and date_in_uid(uid) is not None):
        return
    lock_uids([uid])
    named = Q(pk=event.pk) | Q(ical_uids__contains=[uid])
    found = {row.pk: row for row in Event.objects.select_for_update().filter(named)}
    row = found.pop(event.pk)
    if uid not in row.ical_uids:
        row.ical_uids = [*row.ical_uids, uid]
        row.save(update_fields=["ical_uids"])
    for twin in found.values():
        if _same_organizer(twin, row):
            row = _fold(twin, row)


def _same_organizer(one: Event, other: Event) -> bool:
    first, second = one.organizer, other.organizer
    same_user = first.user_id is not None and first.user_id == second.user_id
    return same_user or first.email == second.email


def _fold(one: Event, other: Event) -> Event:
    older, younger = sorted((one, other), key=lambda event: (event.created_at, event.pk))
    invited_anew = {link.mailbox.user_id for link in younger.links.all() if _move(link, older)}
    for person in younger.participants.filter(user__isnull=False):
        _keep_own_fields(person, older, anew=person.user_id in invited_anew)
    older.ical_uids = sorted({*older.ical_uids, *younger.ical_uids})
    if not younger.locked:
        # The younger row is the organizer's own: its mailbox is the home, and speaks next.
        older.locked = False
        older.epoch += 1
    younger.journal.update(event=older)
    younger.delete()
    return bump(older)


def _move(link: EventLink, event: Event) -> bool:
    """A mailbox that holds both keeps the link whose copy is there.

    Answers whether Outlook had ended an earlier copy, and invites this person anew.
    """
    rival = EventLink.objects.filter(mailbox=link.mailbox, event=event, date=link.date).first()
    if rival is not None and is_here(rival):
        link.event, link.state, link.reason = None, EventLink.State.APART, EventLink.Apart.COPY
        link.save()
        return False
    anew = rival is not None and rival.state == EventLink.State.GONE and is_here(link)
    if anew:
        event.participants.filter(user=link.mailbox.user).update(removed_at=None)
    if rival is not None:
        rival.delete()
    link.event, link.incarnation, link.planned_version = event, event.incarnation, 0
    link.save()
    return anew


def _keep_own_fields(person: Participant, event: Event, *, anew: bool) -> None:
    """What the younger row alone knows. Of what this person had on an earlier copy only an answer
    outlives it: it was given to the new invitation."""
    present = event.participants.filter(user=person.user).first()
    if present is None:
        person.event = event
        person.is_organizer = False
        person.save()
        return
    held = personal_values(present)
    stays = {f for f in held if not anew or (f is Field.RESPONSE and held[f] not in UNANSWERED)}
    write_personal(present, {f: v for f, v in personal_values(person).items() if f not in stays})
    present.save()
