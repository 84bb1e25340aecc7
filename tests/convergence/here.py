"""What people do in Leansoft. Each act goes the way of the API; what it refuses is no act."""

from random import Random

from convergence import values
from convergence.world import World, label_of
from leansoft.calendars.domain import events as calendar
from leansoft.calendars.models import Event
from leansoft.calendars.queries import events_for
from leansoft.calendars.values import shared_values
from leansoft.events.fields import Field, Response
from leansoft.kit import clock
from leansoft.sync.control import check_can_answer


def create_here(world: World, who: str, random: Random, number: int) -> str:
    label = f"E{number}"
    given = values.shared(random, label, count=random.randrange(7)) | {
        Field.SUBJECT: f"{label} new",
        Field.WHEN: values.when(random),
    }
    if random.random() < 0.6:
        given[Field.ATTENDEES] = values.people(random, but=who)
    if random.random() < 0.1:
        given[Field.ONLINE_MEETING] = True
    event = calendar.create_event(world.user(who), values=given, now=clock.now())
    world.did("create", label, who, _invited(event))
    return f"{label} {sorted(_invited(event))}"


def edit_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    label = label_of(event.subject)
    given = values.shared(random, label, count=random.choice([1, 1, 2, 3]))
    calendar.edit_event(event, by=world.user(who), values=given, now=clock.now())
    world.did("edit", label, who)
    return f"{label} {_brief(given)}"


def people_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    label = label_of(event.subject)
    given = {Field.ATTENDEES: values.people(random, but=event.organizer.email or "")}
    before = _invited(event)
    event = calendar.edit_event(event, by=world.user(who), values=given, now=clock.now())
    after = _invited(event)
    world.did("edit", label, who)
    world.did("invite", label, who, after - before)
    world.did("uninvite", label, who, before - after)
    return f"{label} {sorted(after)}"


def own_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    given = values.own(random)
    calendar.edit_event(event, by=world.user(who), values=given, now=clock.now())
    return f"{label_of(event.subject)} {_brief(given)}"


def archive_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    invited = _invited(event)
    calendar.archive_event(event, by=world.user(who), now=clock.now())
    organizes = event.organizer.email == who
    label = label_of(event.subject)
    world.did("archive" if organizes else "leave", label, who, invited if organizes else NOBODY)
    return label


def unarchive_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random, archived=True)
    calendar.unarchive_event(event, by=world.user(who))
    label = label_of(event.subject)
    world.did("unarchive", label, who, _invited(event))
    return label


def forever_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random, archived=True)
    label = label_of(event.subject)
    calendar.delete_forever(event, by=world.user(who))
    world.did("forever", label, who)
    return label


def respond_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    user = world.user(who)
    check_can_answer(event, user)
    answer = random.choice([Response.ACCEPTED, Response.TENTATIVELY_ACCEPTED, Response.DECLINED])
    calendar.respond(event, by=user, response=answer, now=clock.now())
    label = label_of(event.subject)
    world.did("respond", label, who)
    if answer is Response.DECLINED:
        world.did("leave", label, who)
    return f"{label} {answer}"


NOBODY: frozenset[str] = frozenset()


class NothingToDo(Exception):
    """There is nothing that this act could be about."""


def _pick(world: World, who: str, random: Random, *, archived: bool = False) -> Event:
    user = world.user(who)
    events = events_for(user, archived=archived)
    mine = [e for e in events if any(p.user_id == user.pk for p in e.participants.all())]
    if not mine:
        raise NothingToDo
    return random.choice(sorted(mine, key=lambda event: (event.subject, event.created_at)))


def _invited(event: Event) -> frozenset[str]:
    people = shared_values(event)[Field.ATTENDEES]
    return frozenset(person["email"] for person in people if person["email"])


def _brief(given: dict[Field, object]) -> str:
    return ", ".join(f"{field}={value!r}" for field, value in given.items())
