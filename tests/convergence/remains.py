"""What is left of each event: nothing that nobody deleted is gone, nothing is there twice."""

from collections import Counter
from collections.abc import Iterator

from convergence.steps import OLGA, USERS
from convergence.world import World, label_of
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import HIDDEN
from support.api import Caller

ENDINGS = {"archive", "archive there", "forever"}


def lost_and_doubled(world: World) -> Iterator[str]:
    rows = Counter(label_of(event.subject) for event in Event.objects.all())
    yield from (f"doubled: {n} rows of {label}" for label, n in rows.items() if n > 1)
    copies: dict[str, Counter[str]] = {}
    for who in (*USERS, OLGA):
        held = [label_of(event["subject"]) for event in world.outlook(who).events()]
        copies[who] = Counter(held)
        twice = [label for label, n in copies[who].items() if n > 1]
        yield from (f"doubled: {who} has {label} twice in Outlook" for label in twice)
    yield from _lost(world, copies)


def _lost(world: World, copies: dict[str, Counter[str]]) -> Iterator[str]:
    live = {label_of(event.subject) for event in Event.objects.filter(archived_at__isnull=True)}
    connected = set(
        Mailbox.objects.filter(
            status=Mailbox.Status.CONNECTED, started_at__isnull=False
        ).values_list("user__email", flat=True)
    )
    ended = {act.label for act in world.acts if act.kind in ENDINGS}
    for act in world.acts:
        if act.kind != "create" or act.label in ended:
            continue
        if act.label not in live and (act.by in connected or not copies[act.by][act.label]):
            yield f"lost: {act.label} is gone here, and {act.by} never ended it"


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
