"""What people do in the small world, on either side; and the book of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from convergence.model.outlook import BEGIN, DEFAULTS, Copy, Outlook, addresses
from convergence.model.rows import Box, Part, Row
from convergence.model.shell import Shell
from convergence.model.views import sync_parts
from leansoft.events.fields import Field, Response, Value
from leansoft.events.normalise import same

USERS = ("ann@a.org", "bob@a.org", "cyn@a.org")
OLGA, ANA = "olga@b.org", "ana@b.org"
"""Outsiders: one whose Outlook is played too, one with an address only."""
EVERYBODY = (*USERS, OLGA, ANA)


class NothingToDo(Exception):
    """There is nothing that this act could be about."""


@dataclass(slots=True)
class Said:
    """One person's word about one field. `before`: what was there."""

    at: int
    side: str
    label: str
    by: str
    field: Field
    value: Value
    before: Value


@dataclass(slots=True)
class World:
    outlook: Outlook
    shell: Shell
    now: int = 0
    said: list[Said] = field(default_factory=list)
    did: list[tuple[int, str, str, str]] = field(default_factory=list)
    """(when, act, label, by), of acts about a whole event."""
    rounds: list[tuple[int, int, str]] = field(default_factory=list)
    """(first request, end, whose), of rounds that were carried through."""
    starts: dict[str, int] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)
    busy: set[str] = field(default_factory=set)
    """Whose rounds are going on."""
    labels: int = 0

    def tick(self, seconds: int = 1) -> datetime:
        self.now += seconds
        self.outlook.now = BEGIN + timedelta(seconds=self.now)
        return self.outlook.now

    def label(self) -> str:
        self.labels += 1
        return f"E{self.labels}"

    def count(self, label: str, *acts: str) -> int:
        return sum(act in acts for _, act, about, _ in self.did if about == label)


def new_world() -> World:
    outlook = Outlook((*USERS, OLGA))
    shell = Shell(outlook, {who: Box(who) for who in USERS})
    world = World(outlook, shell)
    world.tick()
    return world


def create_here(world: World, who: str, random: Random) -> str:
    label = world.label()
    values = {**DEFAULTS, Field.SUBJECT: f"{label} new", Field.ATTENDEES: _people(random, who)}
    own = {Field.SHOW_AS: values.pop(Field.SHOW_AS)}
    row = Row(len(world.shell.rows) + world.labels * 100, label, who, values)
    row.parts[who] = Part(values=own)
    sync_parts(row, world.shell.boxes)
    world.shell.rows.append(row)
    world.did.append((world.now, "create here", label, who))
    return label


def edit_here(world: World, who: str, random: Random) -> str:
    row = _row(world, who, random, organizing=True)
    name, value = _content(random, row.label)
    return _set_here(world, row, who, name, value)


def people_here(world: World, who: str, random: Random) -> str:
    row = _row(world, who, random, organizing=True)
    value = _others(random, row.values[Field.ATTENDEES], who)
    text = _set_here(world, row, who, Field.ATTENDEES, value)
    sync_parts(row, world.shell.boxes)
    return text


def own_here(world: World, who: str, random: Random) -> str:
    row = _row(world, who, random)
    part, value = row.parts[who], random.choice(["busy", "free", "oof"])
    before = part.values.get(Field.SHOW_AS)
    if before == value:
        raise NothingToDo
    part.values[Field.SHOW_AS] = value
    part.edited_at[Field.SHOW_AS] = world.tick()
    row.version += 1
    world.said.append(Said(world.now, "here", row.label, who, Field.SHOW_AS, value, before))
    return f"{row.label} {value}"


def end_here(world: World, who: str, random: Random) -> str:
    row = _row(world, who, random)
    organizes = row.organizer == who
    if organizes and row.locked:
        raise NothingToDo
    if organizes:
        row.archived = True
    else:
        row.parts[who].removed = True
    row.version += 1
    world.did.append((world.now, "end here" if organizes else "leave here", row.label, who))
    return row.label


def restore_here(world: World, who: str, random: Random) -> str:
    archived = [r for r in world.shell.rows if r.archived and r.organizer == who and not r.locked]
    if not archived:
        raise NothingToDo
    row = random.choice(archived)
    row.archived = False
    row.incarnation += 1
    row.version += 1
    for guest, part in row.parts.items():
        if guest != row.organizer:
            part.values[Field.RESPONSE] = str(Response.NOT_RESPONDED)
    world.did.append((world.now, "restore here", row.label, who))
    return row.label


def respond_here(world: World, who: str, random: Random) -> str:
    row = _row(world, who, random, organizing=False)
    box = world.shell.boxes[who]
    if not any(link.row is row and link.here for link in box.links):
        raise NothingToDo
    answer = random.choice([Response.ACCEPTED, Response.TENTATIVELY_ACCEPTED, Response.DECLINED])
    part = row.parts[who]
    part.values[Field.RESPONSE] = str(answer)
    part.edited_at[Field.RESPONSE] = world.tick()
    part.removed = answer is Response.DECLINED
    row.version += 1
    world.did.append((world.now, "respond here", row.label, who))
    if part.removed:
        world.did.append((world.now, "leave here", row.label, who))
    return f"{row.label} {answer}"


def create_there(world: World, who: str, random: Random) -> str:
    label = world.label()
    values = {Field.SUBJECT: f"{label} new", Field.ATTENDEES: _people(random, who)}
    world.outlook.create(who, label, values)
    world.did.append((world.now, "create there", label, who))
    return label


def edit_there(world: World, who: str, random: Random) -> str:
    copy = _copy(world, who, random, organizing=True)
    return _set_there(world, copy, *_content(random, copy.label))


def people_there(world: World, who: str, random: Random) -> str:
    copy = _copy(world, who, random, organizing=True)
    present = [{**p, "email": p["email"].casefold()} for p in copy.values[Field.ATTENDEES]]
    return _set_there(world, copy, Field.ATTENDEES, _others(random, present, who))


def own_there(world: World, who: str, random: Random) -> str:
    copy = _copy(world, who, random)
    return _set_there(world, copy, Field.SHOW_AS, random.choice(["busy", "free", "oof"]))


def end_there(world: World, who: str, random: Random) -> str:
    copy = _copy(world, who, random)
    world.outlook.delete(copy.id)
    organizes = copy.organizer == who
    world.did.append((world.now, "end there" if organizes else "leave there", copy.label, who))
    return copy.label


def respond_there(world: World, who: str, random: Random) -> str:
    copy = _copy(world, who, random, organizing=False)
    answer = random.choice([Response.ACCEPTED, Response.TENTATIVELY_ACCEPTED, Response.DECLINED])
    world.outlook.answer(copy.id, answer, tell=True)
    world.did.append((world.now, "respond there", copy.label, who))
    if answer is Response.DECLINED:
        world.did.append((world.now, "leave there", copy.label, who))
    return f"{copy.label} {answer}"


def connect(world: World, who: str, random: Random) -> str:
    box = world.shell.boxes[who]
    if box.connected:
        raise NothingToDo
    box.connected, box.cursor = True, None
    world.starts[who] = world.now
    return ""


def disconnect(world: World, who: str, random: Random) -> str:
    box = world.shell.boxes[who]
    if not box.connected:
        raise NothingToDo
    box.connected = False
    for link in box.links:
        row = link.row
        if link.live and row is not None and (row.locked or _copied_elsewhere(world, row, who)):
            world.shell.move_home(row, locked=True)
    return ""


def _copied_elsewhere(world: World, row: Row, who: str) -> bool:
    others = [box for box in world.shell.boxes.values() if box.connected and box.owner != who]
    return row.organizer == who and any(
        link.row is row and link.live for box in others for link in box.links
    )


Act = Callable[[World, str, Random], str]
HERE: dict[Act, int] = {
    edit_here: 12, people_here: 5, own_here: 3, end_here: 3, restore_here: 3, respond_here: 4,
    create_here: 2,
}  # fmt: skip
THERE: dict[Act, int] = {
    edit_there: 10, people_there: 4, own_there: 3, end_there: 3, respond_there: 3, create_there: 2,
}  # fmt: skip
CONNECTIONS: dict[Act, int] = {connect: 2, disconnect: 1}


def _set_here(world: World, row: Row, who: str, name: Field, value: Value) -> str:
    before = row.values.get(name)
    if before == value:
        raise NothingToDo
    row.values[name] = value
    row.edited_at[name] = world.tick()
    row.version += 1
    world.said.append(Said(world.now, "here", row.label, who, name, value, before))
    return f"{row.label} {name}={_brief(value)!r}"


def _set_there(world: World, copy: Copy, name: Field, value: Value) -> str:
    before = copy.values[name]
    world.tick()
    world.outlook.change(copy.id, {name: value})
    if same(name, before, value):
        return f"{copy.label} {name} as before"
    world.said.append(Said(world.now, "there", copy.label, copy.owner, name, value, before))
    return f"{copy.label} {name}={_brief(value)!r}"


def _brief(value: Value) -> Value:
    return addresses(value) if isinstance(value, list) else value


def _content(random: Random, label: str) -> tuple[Field, Value]:
    if random.random() < 0.7:
        return Field.SUBJECT, f"{label} {random.choice(['tea', 'plan', 'lunch '])}"
    return Field.BODY, random.choice(["", "Agenda", "First line"])


def _people(random: Random, organizer: str) -> list[Value]:
    guests = [email for email in EVERYBODY if email != organizer]
    chosen = random.sample(guests, random.choice([0, 1, 2, 2]))
    return [{"email": email, "name": "", "type": "required"} for email in sorted(chosen)]


def _others(random: Random, present: list[Value], organizer: str) -> list[Value]:
    email = random.choice([email for email in EVERYBODY if email != organizer])
    others = [person for person in present if person["email"] != email]
    if len(others) < len(present):
        return others
    return [*others, {"email": email, "name": "", "type": "required"}]


def _row(world: World, who: str, random: Random, *, organizing: bool | None = None) -> Row:
    """One that is on this user's calendar, and theirs to change if they are to organize it."""
    found = [
        row
        for row in world.shell.rows
        if not row.archived and who in row.parts and not row.parts[who].removed
    ]
    if organizing is not None:
        found = [r for r in found if (r.organizer == who) is organizing]
        found = [r for r in found if not (organizing and r.locked)]
    if not found:
        raise NothingToDo
    return random.choice(found)


def _copy(world: World, who: str, random: Random, *, organizing: bool | None = None) -> Copy:
    found = [copy for copy in world.outlook.of(who) if not copy.cancelled]
    if organizing is not None:
        found = [copy for copy in found if (copy.organizer == who) is organizing]
    if not found:
        raise NothingToDo
    return random.choice(found)
