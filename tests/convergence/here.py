"""What people do in Leansoft. Each act goes the way of the API; what it refuses is no act."""

from random import Random

from convergence import values
from convergence.book import NOBODY, Kind, Side, label_of
from convergence.world import World
from leansoft.calendars.domain import events as calendar
from leansoft.calendars.models import Channel, Event
from leansoft.calendars.queries import events_for
from leansoft.calendars.values import personal_values, shared_values
from leansoft.events.fields import Field, Response, Value, Values
from leansoft.kit import clock
from leansoft.sync.control import check_can_answer


class NothingToDo(Exception):
    """There is nothing that this act could be about."""


def create_here(world: World, who: str, random: Random, number: int) -> str:
    label = f"E{number}"
    given = values.shared(random, label, count=random.randrange(4)) | {
        Field.SUBJECT: f"{label} new",
        Field.WHEN: values.when(random),
    }
    if random.random() < 0.7:
        given[Field.ATTENDEES] = values.people(random, but=who)
    if random.random() < 0.1:
        given[Field.ONLINE_MEETING] = True
    event = calendar.create_event(world.user(who), values=given, now=clock.now())
    content = shared_values(event)
    world.did(Kind.CREATE, Side.HERE, label, who, added=_invited(event), values=content)
    return f"{label} {sorted(_invited(event))}"


def edit_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    label = label_of(event.subject)
    given = values.shared(random, label, count=random.choice([1, 1, 1, 2, 3]))
    before = shared_values(event)
    after = calendar.edit_event(event, by=world.user(who), values=given, now=clock.now())
    _did_edit(world, label, who, before, shared_values(after))
    return f"{label} {_brief(given)}"


def people_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    label = label_of(event.subject)
    present = shared_values(event)[Field.ATTENDEES]
    given = {
        Field.ATTENDEES: values.changed_people(random, present, but=event.organizer.email or "")
    }
    before, named = _invited(event), _named(event)
    event = calendar.edit_event(event, by=world.user(who), values=given, now=clock.now())
    after = _invited(event)
    world.did(
        Kind.EDIT,
        Side.HERE,
        label,
        who,
        values={Field.ATTENDEES: shared_values(event)[Field.ATTENDEES]},
        added=after - before,
        removed=before - after,
        names=_named(event) != named,
    )
    return f"{label} {sorted(after)}"


def own_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    label, user = label_of(event.subject), world.user(who)
    given = values.own(random)
    before = personal_values(calendar.participation(event, user))
    after = calendar.edit_event(event, by=user, values=given, now=clock.now())
    _did_edit(world, label, who, before, personal_values(calendar.participation(after, user)))
    return f"{label} {_brief(given)}"


def archive_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    invited = _invited(event)
    calendar.archive_event(event, by=world.user(who), now=clock.now())
    organizes = event.organizer.email == who
    label = label_of(event.subject)
    kind = Kind.ARCHIVE if organizes else Kind.LEAVE
    world.did(kind, Side.HERE, label, who, removed=invited if organizes else NOBODY)
    return label


def unarchive_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random, archived=True)
    calendar.unarchive_event(event, by=world.user(who))
    label = label_of(event.subject)
    world.did(Kind.UNARCHIVE, Side.HERE, label, who, added=_invited(event))
    return label


def forever_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random, archived=True)
    label = label_of(event.subject)
    calendar.delete_forever(event, by=world.user(who))
    world.did(Kind.FOREVER, Side.HERE, label, who)
    return label


def respond_here(world: World, who: str, random: Random, number: int) -> str:
    event = _pick(world, who, random)
    user = world.user(who)
    check_can_answer(event, user)
    answer = random.choice([Response.ACCEPTED, Response.TENTATIVELY_ACCEPTED, Response.DECLINED])
    calendar.respond(event, by=user, response=answer, now=clock.now())
    label = label_of(event.subject)
    world.did(Kind.RESPOND, Side.HERE, label, who, values={Field.RESPONSE: str(answer)})
    if answer is Response.DECLINED:
        world.did(Kind.LEAVE, Side.HERE, label, who)
    return f"{label} {answer}"


def _did_edit(world: World, label: str, who: str, before: Values, after: Values) -> None:
    changed = {f: value for f, value in after.items() if before.get(f) != value}
    world.did(Kind.EDIT, Side.HERE, label, who, values=changed, before=before)


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


def _named(event: Event) -> list[str]:
    """Whom the description names."""
    return sorted(str(p) for p in event.attendees if p.channel == Channel.NONE)


def _brief(given: dict[Field, Value]) -> str:
    return ", ".join(f"{field}={value!r}" for field, value in given.items())
