"""What is left of each event: nothing that nobody deleted is gone, nothing is there twice."""

from collections import Counter
from collections.abc import Iterator

from convergence.book import Act, Kind, Side, label_of
from convergence.steps import OLGA, USERS
from convergence.world import World
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import HIDDEN, Field
from support.api import Caller

ENDINGS = {Kind.ARCHIVE, Kind.FOREVER}


def lost_and_doubled(world: World) -> Iterator[str]:
    known = [event for event in Event.objects.all() if not _is_unrecognizable(world, event)]
    rows = Counter(label_of(event.subject) for event in known)
    yield from (f"doubled: {n} rows of {label}" for label, n in rows.items() if n > 1)
    copies: dict[str, Counter[str]] = {}
    for who in (*USERS, OLGA):
        held = [label_of(event["subject"]) for event in world.outlook(who).events()]
        copies[who] = Counter(held)
        twice = [label for label, n in copies[who].items() if n > 1]
        yield from (f"doubled: {who} has {label} twice in Outlook" for label in twice)
    yield from _lost(world, copies)


def _is_unrecognizable(world: World, event: Event) -> bool:
    """Its organizer left before Outlook's answer gave it an iCalUId, and ended it here, or moved it
    in Outlook, or changed there both its title and its people: to whoever else has a copy it is
    another meeting, until the organizer comes back."""
    sent = event.links.filter(intent__kind="CreateThere", remote_id=None)
    left = sent.filter(mailbox__status=Mailbox.Status.DISCONNECTED).exists()
    acts = [a for a in world.book.about(label_of(event.subject)) if a.side is Side.THERE]
    changed = {field for act in acts if act.kind is Kind.EDIT for field in act.values}
    renamed = {Field.SUBJECT, Field.ATTENDEES} <= changed
    return left and (event.is_archived or Field.WHEN in changed or renamed)


def _lost(world: World, copies: dict[str, Counter[str]]) -> Iterator[str]:
    live = {label_of(event.subject) for event in Event.objects.filter(archived_at__isnull=True)}
    connected = set(
        Mailbox.objects.filter(
            status=Mailbox.Status.CONNECTED, started_at__isnull=False
        ).values_list("user__email", flat=True)
    )
    for made in world.book.acts:
        if made.kind is not Kind.CREATE:
            continue
        acts = world.book.about(made.label)
        ended = [act for act in acts if act.kind in ENDINGS]
        there = copies[made.by][made.label]
        if not ended and made.label not in live and (made.by in connected or not there):
            yield f"lost: {made.label} is gone here, and {made.by} never ended it"
        if ended and made.by in connected and _stays_ended(world, ended[-1], acts):
            if made.label in live:
                yield f"resurrected: {made.label} is here, and {made.by} ended it"
            if there:
                yield f"resurrected: {made.by} has {made.label} in Outlook, and ended it"


def _stays_ended(world: World, ended: Act, acts: list[Act]) -> bool:
    """Unless somebody took it back, or edited it where its end was not known yet."""
    after = acts[acts.index(ended) + 1 :]
    if any(act.kind is Kind.UNARCHIVE for act in after):
        return False
    edits = [act for act in acts if act.kind is Kind.EDIT and act.by == ended.by]
    rivals = [act for act in edits if act.side is not ended.side]
    return not any(world.book.met(ended, rival, ended.by) for rival in rivals)


def seen_by_strangers() -> Iterator[str]:
    """Nothing of a hidden event is in the answer to somebody who takes no part in it."""
    hidden = [e for e in Event.objects.all() if e.sensitivity in HIDDEN]
    for mailbox in Mailbox.objects.order_by("account") if hidden else ():
        response = Caller(mailbox.user).get("/events")
        assert response.status_code == 200, response.content
        answer = response.content.decode()
        for event in hidden:
            part = event.participants.filter(user=mailbox.user).exists()
            if not part and f'"{label_of(event.subject)} ' in answer:
                yield f"private: {mailbox.account} sees {event}"
