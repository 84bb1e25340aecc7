"""What people do in Outlook: plain Graph requests, as their own client would send them."""

from random import Random
from typing import Any

from convergence import values
from convergence.book import NOBODY, Kind, Side, label_of
from convergence.here import NothingToDo
from convergence.world import World
from leansoft.events.fields import Field, Response, Value
from leansoft.events.normalise import same
from leansoft.graph.codec import event_from_graph

VERBS = {
    "accept": Response.ACCEPTED,
    "tentativelyAccept": Response.TENTATIVELY_ACCEPTED,
    "decline": Response.DECLINED,
}


def create_there(world: World, who: str, random: Random, number: int) -> str:
    label = f"E{number}"
    given = values.shared(random, label, count=random.randrange(4)) | {
        Field.SUBJECT: f"{label} new",
        Field.WHEN: values.when(random),
    }
    if random.random() < 0.7:
        given[Field.ATTENDEES] = values.people(random, but=who)
    made = world.outlook(who).ask("POST", "/me/events", values.to_graph(given))
    content = event_from_graph(made).values
    world.did(Kind.CREATE, Side.THERE, label, who, added=_invited(made), values=content)
    return f"{label} {sorted(_invited(made))}"


def edit_there(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random, organizer=True)
    label = label_of(event["subject"])
    given = values.shared(random, label, count=random.choice([1, 1, 1, 2, 3]))
    _patch(world, who, event, given)
    return f"{label} {', '.join(given)}"


def people_there(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random, organizer=True)
    present = event_from_graph(event).values[Field.ATTENDEES]
    given = {Field.ATTENDEES: values.changed_people(random, present, but=who)}
    after = _patch(world, who, event, given)
    return f"{label_of(event['subject'])} {sorted(_invited(after))}"


def own_there(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    given = values.own(random)
    _patch(world, who, event, given)
    return f"{label_of(event['subject'])} {', '.join(given)}"


def delete_there(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    label = label_of(event["subject"])
    world.outlook(who).ask("DELETE", f"/me/events/{event['id']}")
    organizes = event["isOrganizer"]
    removed = _invited(event) if organizes else NOBODY
    world.did(Kind.ARCHIVE if organizes else Kind.LEAVE, Side.THERE, label, who, removed=removed)
    return label


def respond_there(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random, organizer=False)
    verb = random.choice(list(VERBS))
    world.outlook(who).ask("POST", f"/me/events/{event['id']}/{verb}", {})
    label, answer = label_of(event["subject"]), str(VERBS[verb])
    world.did(Kind.RESPOND, Side.THERE, label, who, values={Field.RESPONSE: answer})
    if verb == "decline":
        world.did(Kind.LEAVE, Side.THERE, label, who)
    return f"{label} {verb}"


def _patch(
    world: World, who: str, event: dict[str, Any], given: dict[Field, Value]
) -> dict[str, Any]:
    path = f"/me/events/{event['id']}"
    after: dict[str, Any] = world.outlook(who).ask("PATCH", path, values.to_graph(given))
    old, new = event_from_graph(event).values, event_from_graph(after).values
    changed = {f: new[f] for f in given if f in new and not same(f, old.get(f), new[f])}
    world.did(
        Kind.EDIT,
        Side.THERE,
        label_of(event["subject"]),
        who,
        values=changed,
        before=old,
        added=_invited(after) - _invited(event),
        removed=_invited(event) - _invited(after),
    )
    return after


def _pick(world: World, who: str, random: Random, organizer: bool | None = None) -> dict[str, Any]:
    found = world.outlook(who).events()
    if organizer is not None:
        found = [event for event in found if event["isOrganizer"] is organizer]
    if not found:
        raise NothingToDo
    return random.choice(found)


def _invited(event: dict[str, Any]) -> frozenset[str]:
    return frozenset(p["email"] for p in event_from_graph(event).values[Field.ATTENDEES])
