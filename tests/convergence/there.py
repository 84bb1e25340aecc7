"""What people do in Outlook: plain Graph requests, as their own client would send them."""

from random import Random
from typing import Any

from convergence import values
from convergence.here import NOBODY, NothingToDo
from convergence.world import World, label_of
from leansoft.events.fields import Field

VERBS = ("accept", "tentativelyAccept", "decline")


def create_there(world: World, who: str, random: Random, number: int) -> str:
    label = f"E{number}"
    given = values.shared(random, label, count=random.randrange(7)) | {
        Field.SUBJECT: f"{label} new",
        Field.WHEN: values.when(random),
    }
    if random.random() < 0.6:
        given[Field.ATTENDEES] = values.people(random, but=who)
    made = world.outlook(who).ask("POST", "/me/events", values.to_graph(given))
    world.did("create", label, who, _invited(made))
    return f"{label} {sorted(_invited(made))}"


def edit_there(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random, organizer=True)
    label = label_of(event["subject"])
    given = values.shared(random, label, count=random.choice([1, 1, 2, 3]))
    _patch(world, who, event, values.to_graph(given))
    world.did("edit there", label, who)
    return f"{label} {', '.join(given)}"


def people_there(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random, organizer=True)
    label = label_of(event["subject"])
    given = {Field.ATTENDEES: values.people(random, but=who)}
    _patch(world, who, event, values.to_graph(given))
    after = frozenset(p["email"] for p in given[Field.ATTENDEES] if p["email"])
    world.did("uninvite there", label, who, _invited(event) - after)
    return f"{label} {sorted(after)}"


def own_there(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    given = values.own(random)
    _patch(world, who, event, values.to_graph(given))
    return f"{label_of(event['subject'])} {', '.join(given)}"


def delete_there(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    label = label_of(event["subject"])
    world.outlook(who).ask("DELETE", f"/me/events/{event['id']}")
    world.did("archive there" if event["isOrganizer"] else "leave", label, who, NOBODY)
    return label


def respond_there(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random, organizer=False)
    verb = random.choice(VERBS)
    world.outlook(who).ask("POST", f"/me/events/{event['id']}/{verb}", {})
    label = label_of(event["subject"])
    if verb == "decline":
        world.did("leave", label, who)
    return f"{label} {verb}"


def _patch(world: World, who: str, event: dict[str, Any], body: dict[str, Any]) -> None:
    world.outlook(who).ask("PATCH", f"/me/events/{event['id']}", body)


def _pick(world: World, who: str, random: Random, organizer: bool | None = None) -> dict[str, Any]:
    found = world.outlook(who).events()
    if organizer is not None:
        found = [event for event in found if event["isOrganizer"] is organizer]
    if not found:
        raise NothingToDo
    return random.choice(found)


def _invited(event: dict[str, Any]) -> frozenset[str]:
    return frozenset(a["emailAddress"]["address"].casefold() for a in event["attendees"])
