"""Both sides say the same, field by field. The base, which the engine keeps, is never asked."""

from collections.abc import Iterator

from convergence.book import Kind, Side, label_of
from convergence.world import World
from leansoft.calendars.models import Channel, Event, Participant
from leansoft.calendars.values import personal_values, shared_values
from leansoft.connections.calendar import open_calendar
from leansoft.connections.models import Mailbox
from leansoft.events.fields import HIDDEN, PERSONAL, SHARED, UNANSWERED, Field, Value
from leansoft.events.normalise import same
from leansoft.graph.codec import RemoteEvent
from leansoft.sync.models import EventLink

WITNESSED = SHARED - {Field.BODY, Field.TALLY, Field.SENSITIVITY, Field.ONLINE_MEETING}
CONNECTED = Mailbox.Status.CONNECTED
Found = Iterator[str]
LEAVING = {(Kind.LEAVE, Side.HERE), (Kind.LEAVE, Side.THERE), (Kind.ARCHIVE, Side.THERE)}


def disagreements(world: World) -> list[str]:
    connected = Mailbox.objects.filter(status=CONNECTED, started_at__isnull=False)
    return [
        found for mailbox in connected.order_by("account") for found in _compare(world, mailbox)
    ]


def _compare(world: World, mailbox: Mailbox) -> Found:
    links = {link.remote_id: link for link in EventLink.objects.filter(mailbox=mailbox)}
    shown = set()
    for seen in _live_events(mailbox):
        name = f"{mailbox.account}: {seen.values[Field.SUBJECT]!r}"
        link = links.get(seen.id)
        if link is None or link.event is None:
            yield f"unknown: {name} is in Outlook, Leansoft has no row"
            continue
        shown.add(link.event_id)
        yield from (f"differs: {name} {text}" for text in _differences(mailbox, link.event, seen))
    for event in _on_calendar(mailbox):
        label, who = label_of(event.subject), mailbox.user.email
        acts = [act for act in world.book.about(label) if act.by == who]
        left = any((act.kind, act.side) in LEAVING for act in acts)
        # A copy that was deleted before Leansoft saw it looks like one that is still to come.
        if event.pk not in shown and not left and _belongs_to_outlook(mailbox, event):
            yield f"missing: {mailbox.account}: {event} is not in Outlook"


def _live_events(mailbox: Mailbox) -> list[RemoteEvent]:
    calendar = open_calendar(mailbox)
    page = calendar.list_events()
    events = page.events
    while page.next_link:
        page = calendar.list_events(page.next_link)
        events += page.events
    return [seen for seen in events if not seen.is_cancelled]


def _on_calendar(mailbox: Mailbox) -> list[Event]:
    parts = Participant.objects.filter(user=mailbox.user, removed_at__isnull=True)
    return list(Event.objects.filter(archived_at__isnull=True, participants__in=parts))


def _belongs_to_outlook(mailbox: Mailbox, event: Event) -> bool:
    own = EventLink.objects.filter(mailbox=mailbox, event=event).first()
    if own is not None and (own.state == EventLink.State.APART or own.refusal is not None):
        return False
    if event.organizer.user_id == mailbox.user_id:
        return True
    # The invitation is what brings a meeting to an attendee.
    person = _part(event, mailbox)
    there = event.links.filter(
        mailbox__status=CONNECTED, mailbox__user=event.organizer.user, state=EventLink.State.LIVE
    )
    return person is not None and person.channel == Channel.OUTLOOK and there.exists()


def _differences(mailbox: Mailbox, event: Event, seen: RemoteEvent) -> Found:
    person = _part(event, mailbox)
    if event.is_archived:
        yield "is in the archive"
    elif person is None:
        yield "does not name its owner"
    elif person.removed_at is not None:
        yield "was taken off"
    elif seen.is_organizer:
        yield from _organizers(event, person, seen)
    else:
        yield from _attendees(mailbox, event, person, seen)


def _organizers(event: Event, person: Participant, seen: RemoteEvent) -> Found:
    if not person.is_organizer:
        yield f"is organized by {event.organizer} here"
        return
    ours = {**shared_values(event), **personal_values(person)}
    invited = [p for p in event.attendees if p.channel == Channel.OUTLOOK and p.email]
    ours[Field.ATTENDEES] = [{"email": p.email, "name": "", "type": p.type} for p in invited]
    theirs = dict(seen.values)
    connected = {p.email for p in event.attendees if _is_connected(p)}
    ours[Field.TALLY] = {p.email: p.response for p in invited if p.email not in connected}
    answers = theirs.get(Field.TALLY, {}).items()
    theirs[Field.TALLY] = {e: answer for e, answer in answers if e not in connected}
    for email in set(ours[Field.TALLY]) & set(theirs[Field.TALLY]):
        if theirs[Field.TALLY][email] in UNANSWERED:
            # An answer that was given here stands until Outlook has another.
            theirs[Field.TALLY][email] = ours[Field.TALLY][email]
    yield from _fields(SHARED | PERSONAL - {Field.RESPONSE}, ours, theirs)


def _attendees(mailbox: Mailbox, event: Event, person: Participant, seen: RemoteEvent) -> Found:
    ours = personal_values(person)
    if person.sensitivity:
        ours[Field.SENSITIVITY] = person.sensitivity
    yield from _fields(PERSONAL | {Field.SENSITIVITY}, ours, seen.values)
    if event.locked and _is_witness(mailbox, event):
        invited = [p for p in event.attendees if p.channel == Channel.OUTLOOK and p.email]
        shared = shared_values(event)
        shared[Field.ATTENDEES] = [{"email": p.email, "name": "", "type": p.type} for p in invited]
        yield from _fields(WITNESSED, shared, seen.values)


def _fields(
    fields: frozenset[Field], ours: dict[Field, Value], theirs: dict[Field, Value]
) -> Found:
    for field in Field:
        if field not in fields or field not in ours or field not in theirs:
            continue
        if not same(field, ours[field], theirs[field]):
            yield f"{field}: {ours[field]!r} here, {theirs[field]!r} in Outlook"


def _is_connected(person: Participant) -> bool:
    return Mailbox.objects.filter(user=person.user_id, status=CONNECTED).exists()


def _is_witness(mailbox: Mailbox, event: Event) -> bool:
    """The oldest copy of an attendee who did not mark it private."""
    hidden = {p.user_id for p in event.participants.all() if p.sensitivity in HIDDEN}
    live = event.links.filter(state=EventLink.State.LIVE, mailbox__status=CONNECTED)
    copies = live.exclude(mailbox__user__in=hidden).order_by("created_at", "pk")
    oldest = copies.first()
    return oldest is not None and oldest.mailbox_id == mailbox.pk


def _part(event: Event, mailbox: Mailbox) -> Participant | None:
    return event.participants.filter(user=mailbox.user).first()
