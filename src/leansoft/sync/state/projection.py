"""The projection: which of an event's fields live in one mailbox, and what we hold of them.

| role      | fields                                                                         |
|-----------|--------------------------------------------------------------------------------|
| organizer | all but the response                                                           |
| witness   | shared ones but those that only the organizer's copy shows, and own ones       |
| attendee  | own ones                                                                       |

Sensitivity on an attendee's copy is the attendee's own mark.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, prefetch_related_objects

from leansoft.calendars.models import Channel, Event, Participant
from leansoft.calendars.overrides import personal_overrides_of
from leansoft.calendars.values import attendee_value, personal_values, shared_values
from leansoft.connections.models import Mailbox
from leansoft.events.fields import HIDDEN, PERSONAL, Field, Role, Value, Values
from leansoft.events.normalise import quiet_block
from leansoft.reconcile.snapshot import Local, Presence
from leansoft.sync.models import EventLink
from leansoft.sync.state.trees import remote_event

LINKS = Prefetch(
    "links",
    queryset=EventLink.objects.select_related("mailbox").only(
        "event", "date", "state", "base", "created_at", "mailbox__user", "mailbox__status"
    ),
)
"""Of all copies of an event what its projection depends on."""

FIELDS: Mapping[Role, frozenset[Field]] = {
    Role.ORGANIZER: frozenset(Field) - {Field.RESPONSE},
    Role.WITNESS: frozenset(Field) - {Field.BODY, Field.TALLY, Field.PROPOSALS},
    Role.ATTENDEE: PERSONAL | {Field.SENSITIVITY},
}


def role_of(link: EventLink, event: Event | None, person: Participant | None) -> Role:
    """What this mailbox's copy is good for; the home of the content follows from it."""
    if event is None:
        seen = remote_event(link)
        return Role.ORGANIZER if seen is None or seen.is_organizer else Role.WITNESS
    if person is not None and person.is_organizer:
        return Role.ORGANIZER
    if event.locked and witness_of(event) == link.mailbox_id:
        return Role.WITNESS
    return Role.ATTENDEE


def witness_of(event: Event) -> int | None:
    """The mailbox of the oldest live copy of an attendee who has not marked it private.

    Of a series: of the whole of it; a guest's copy tells of one date alone.
    """
    hidden = {p.user_id for p in event.participants.all() if p.sensitivity in HIDDEN}
    hidden.add(event.organizer.user_id)
    whole = [link for link in live_links(event) if link.date is None]
    kept = [link for link in whole if link.mailbox.status in Mailbox.HOME]
    for link in sorted(kept, key=lambda link: (link.created_at, link.pk)):
        if link.mailbox.user_id not in hidden:
            return link.mailbox_id
    return None


def live_links(event: Event) -> list[EventLink]:
    """The event's copies in every mailbox, without their trees but the base."""
    prefetch_related_objects([event], LINKS)
    return [link for link in event.links.all() if link.state == EventLink.State.LIVE]


def local_of(event: Event, person: Participant | None, role: Role, *, skew_seconds: float) -> Local:
    """What the calendar says the mailbox should show.

    Times of edits are put on Microsoft's clock, so that they compare with its timestamps.
    """
    edits = {**event.edited_at, **(person.edited_at if person else {})}
    skew = timedelta(seconds=skew_seconds)
    return Local(
        presence=_presence(event, person, role),
        values=_values(event, person, role),
        edited_at={Field(f): datetime.fromisoformat(at) - skew for f, at in edits.items()},
    )


def guest_local(
    shown: Event,
    person: Participant | None,
    row: Participant | None,
    day: date,
    *,
    skew_seconds: float,
) -> Local:
    """What the calendar shows a guest of one date. `shown` is that date; `row`: the person's part
    in the series, which keeps when they changed what."""
    local = local_of(shown, person, Role.ATTENDEE, skew_seconds=skew_seconds)
    own = personal_overrides_of(row).get(day) if row is not None else None
    skew = timedelta(seconds=skew_seconds)
    stamps = own.edited_at if own is not None else {}
    return replace(
        local,
        values={field: value for field, value in local.values.items() if field in PERSONAL},
        edited_at={Field(f): datetime.fromisoformat(at) - skew for f, at in stamps.items()},
    )


def _presence(event: Event, person: Participant | None, role: Role) -> Presence:
    if role is Role.ORGANIZER:
        return Presence.DELETED if event.is_archived else Presence.HERE
    if person is None:
        return Presence.WITHDRAWN
    if person.removed_at is not None:
        put_away = person.put_away_at == person.removed_at
        return Presence.PUT_AWAY if put_away else Presence.DELETED
    return Presence.WITHDRAWN if event.is_archived else Presence.HERE


def _values(event: Event, person: Participant | None, role: Role) -> Values:
    values = {**shared_values(event), **(personal_values(person) if person else {})}
    values[Field.ATTENDEES] = outlook_attendees(event)
    values[Field.BODY] = body_with_names(event)
    values[Field.TALLY] = tally(event, values[Field.TALLY])
    if role is not Role.ORGANIZER:
        del values[Field.SENSITIVITY]
        if person is not None and person.sensitivity:
            values[Field.SENSITIVITY] = person.sensitivity
    return {field: value for field, value in values.items() if field in FIELDS[role]}


def removal_waits(event: Event, mailbox: Mailbox) -> bool:
    """Whether the organizer took this mailbox's owner off, and Outlook does not know it yet."""
    addresses = mailbox.user.known_addresses()
    for link in live_links(event):
        organizes = link.mailbox.user_id == event.organizer.user_id
        if not organizes or link.mailbox.status not in Mailbox.HOME:
            continue  # what waits in a mailbox that was disconnected reaches Outlook no more
        agreed = (link.base or {}).get(str(Field.ATTENDEES))
        if agreed and addresses & {person["email"] for person in agreed["theirs"]}:
            return True
    return False


def outlook_attendees(event: Event) -> list[Value]:
    """Those whom Outlook tells: people without an address and quiet ones it never hears of."""
    people = [p for p in event.attendees if p.channel == Channel.OUTLOOK and p.email]
    return [attendee_value(person) for person in people]


def body_with_names(event: Event) -> str:
    """The description, and the names of those who take part quietly below it."""
    names = [str(p) for p in event.attendees if p.channel == Channel.NONE]
    return "\n\n".join(part for part in (event.description, quiet_block(names)) if part)


def tally(event: Event, answers: Mapping[str, Value]) -> dict[str, Value]:
    """Answers that the organizer's copy knows best: not of people whose own copy we read."""
    if not answers:
        return {}
    told = {person["email"] for person in outlook_attendees(event)}
    strangers = answers.keys() - {person.email for person in event.attendees}
    wanted = (told | strangers) - answered_themselves(event)
    return {email: answer for email, answer in answers.items() if email in wanted}


def answered_themselves(event: Event) -> set[str]:
    """Addresses of attendees whose own mailbox holds a copy that is kept in sync."""
    if not any(person.user_id for person in event.attendees):
        return set()
    read = {
        link.mailbox.user_id for link in live_links(event) if link.mailbox.status in Mailbox.HOME
    }
    users = read | _waiting(event)
    return {p.email for p in event.attendees if p.email and p.user_id in users}


def _waiting(event: Event) -> set[int]:
    """Users who answered here before their own copy was read: nobody else's list knows better."""
    answered = {
        p.user_id for p in event.attendees if p.user_id and str(Field.RESPONSE) in p.edited_at
    }
    if not answered:
        return set()
    connected = Mailbox.objects.filter(user__in=answered, status__in=Mailbox.HOME)
    unread = connected.exclude(links__event=event)
    return set(unread.values_list("user_id", flat=True))
