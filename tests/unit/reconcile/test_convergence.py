"""Whatever happened on both sides, carrying out the plan ends in agreement, and then in silence."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from leansoft.events.fields import READ_ONLY, Field, Role
from leansoft.events.normalise import same
from leansoft.reconcile.actions import (
    Action,
    Adopt,
    Agree,
    ArchiveHere,
    CreateHere,
    CreateThere,
    DeclineThere,
    DeleteThere,
    LetGo,
    RemoveHere,
    RespondThere,
    RestoreHere,
    UpdateHere,
    UpdateThere,
)
from leansoft.reconcile.plan import plan
from leansoft.reconcile.snapshot import Local, Pair, Presence, Remote, Triple

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SHARED_FIELDS = [Field.SUBJECT, Field.BODY, Field.ATTENDEES]
OWN_FIELDS = [Field.SHOW_AS, Field.RESPONSE]
PEOPLE = [{"email": f"{n}@example.org", "name": n, "type": "required"} for n in ("ana", "bo")]


@dataclass(frozen=True)
class World:
    """One event, as both sides hold it. `settled`: the link rests until somebody acts."""

    triple: Triple
    settled: bool = False


def carry_out(world: World, action: Action) -> World:
    """What the shell does for each action, without a database and without Microsoft."""
    triple = world.triple
    local, remote = triple.local, triple.remote
    base = dict(triple.base or {})
    match action:
        case CreateThere():
            made = Remote(here=True, values=dict(action.values), modified_at=NOON)
            pairs = {f: Pair(ours=v, theirs=v) for f, v in action.values.items()}
            return World(replace(triple, remote=made, base=pairs))
        case UpdateThere():
            assert remote is not None
            values = {**remote.values, **action.values}
            base |= {f: Pair(ours=v, theirs=v) for f, v in action.values.items()}
            return World(replace(triple, remote=replace(remote, values=values), base=base))
        case RespondThere():
            assert remote is not None
            values = {**remote.values, Field.RESPONSE: action.response}
            base[Field.RESPONSE] = Pair(ours=action.response, theirs=action.response)
            return World(replace(triple, remote=replace(remote, values=values), base=base))
        case DeleteThere() | DeclineThere():
            assert remote is not None
            return World(replace(triple, remote=replace(remote, here=False)))
        case CreateHere() | Adopt() | UpdateHere() | RestoreHere():
            assert remote is not None
            held = {**(local.values if local else {}), **action.values}
            theirs = remote.values
            base |= {
                f: Pair(ours=v, theirs=theirs[f])
                for f, v in action.values.items()
                if same(f, v, theirs[f])
            }
            here = Local(presence=Presence.HERE, values=held)
            return World(replace(triple, local=here, base=base))
        case ArchiveHere() | RemoveHere():
            assert local is not None
            gone = replace(local, presence=Presence.DELETED)
            return World(replace(triple, local=gone), settled=True)
        case Agree():
            assert local is not None
            assert remote is not None
            base |= {f: Pair(ours=local.values[f], theirs=remote.values[f]) for f in action.fields}
            return World(replace(triple, base=base))
        case LetGo():
            return World(triple, settled=True)
        case _:
            raise AssertionError(f"No such action for a single event: {action}")


def value_of(field: Field) -> st.SearchStrategy[Any]:
    match field:
        case Field.ATTENDEES:
            return st.lists(st.sampled_from(PEOPLE), unique_by=lambda p: p["email"])
        case Field.RESPONSE:
            return st.sampled_from(["not_responded", "accepted", "tentatively_accepted"])
        case Field.SHOW_AS:
            return st.sampled_from(["busy", "free"])
        case _:
            return st.sampled_from(["", "Tea", "Coffee"])


def values_of(fields: list[Field]) -> st.SearchStrategy[dict[Field, Any]]:
    return st.fixed_dictionaries({field: value_of(field) for field in fields})


@st.composite
def triples(draw: st.DrawFn) -> Triple:
    """Every mixture of presence, values, base and role that the shell can load."""
    role = draw(st.sampled_from(Role))
    fields = {
        Role.ORGANIZER: [*SHARED_FIELDS, Field.SHOW_AS],
        Role.WITNESS: [Field.SUBJECT, Field.ATTENDEES, *OWN_FIELDS],
        Role.ATTENDEE: OWN_FIELDS,
    }[role]
    edited = {f: NOON + timedelta(seconds=draw(st.integers(-1, 1))) for f in fields}
    local = Local(
        presence=draw(st.sampled_from(Presence)), values=draw(values_of(fields)), edited_at=edited
    )
    remote = Remote(here=draw(st.booleans()), values=draw(values_of(fields)), modified_at=NOON)
    pairs = draw(values_of(fields)), draw(values_of(fields))
    base = {f: Pair(ours=pairs[0][f], theirs=pairs[1][f]) for f in fields}
    return Triple(
        role=role,
        local=draw(st.sampled_from([local, None])),
        remote=draw(st.sampled_from([remote, None])),
        base=draw(st.sampled_from([base, None])),
        projected=frozenset(fields),
    )


def quiet_down(triple: Triple) -> World:
    """One action at a time, planned anew after each, as the shell does it."""
    world = World(triple)
    for _ in range(10):
        actions = plan(world.triple)
        if world.settled or not actions:
            return world
        world = carry_out(world, actions[0])
    raise AssertionError(f"Never quiet: {plan(world.triple)}")


@settings(max_examples=1_000)
@given(triples())
def test_plan_ends_in_silence(triple: Triple) -> None:
    quiet_down(triple)


@settings(max_examples=1_000)
@given(triples())
def test_both_sides_agree_once_it_is_quiet(triple: Triple) -> None:
    end = quiet_down(triple).triple
    if end.local is None or end.remote is None or not end.remote.here:
        return
    if end.local.presence is not Presence.HERE:
        return
    for field in end.projected - READ_ONLY:
        assert end.base is not None
        pair = end.base[field]
        rewritten = not same(field, pair.ours, pair.theirs)
        assert rewritten or same(field, end.local.values[field], end.remote.values[field])


@settings(max_examples=1_000)
@given(triples())
def test_nothing_is_done_about_what_nobody_touched(triple: Triple) -> None:
    if triple.local is None or triple.remote is None or triple.local.presence is not Presence.HERE:
        return
    base = {
        f: Pair(ours=triple.local.values[f], theirs=triple.remote.values[f])
        for f in triple.projected
    }
    untouched = replace(triple, base=base, remote=replace(triple.remote, here=True))
    assert plan(untouched) == ()


@settings(max_examples=1_000)
@given(triples())
def test_only_the_organizers_mailbox_writes_shared_content(triple: Triple) -> None:
    if triple.role is Role.ORGANIZER:
        return
    for action in plan(triple):
        assert not isinstance(action, CreateThere | DeleteThere)
        if isinstance(action, UpdateThere):
            assert set(action.values) <= set(OWN_FIELDS)


@settings(max_examples=1_000)
@given(triples())
def test_a_withdrawn_copy_is_left_to_outlook(triple: Triple) -> None:
    if triple.local is None or triple.base is None:
        return
    withdrawn = replace(triple, local=replace(triple.local, presence=Presence.WITHDRAWN))
    assert all(isinstance(action, LetGo) for action in plan(withdrawn))


@settings(max_examples=1_000)
@given(triples())
def test_the_order_of_the_inputs_does_not_matter(triple: Triple) -> None:
    assert plan(backwards(triple)) == plan(triple)


def backwards(triple: Triple) -> Triple:
    """The same views, read from the database and from Outlook in another order."""
    local, remote, base = triple.local, triple.remote, triple.base
    return replace(
        triple,
        local=local and replace(local, values=dict(reversed(list(local.values.items())))),
        remote=remote and replace(remote, values=dict(reversed(list(remote.values.items())))),
        base=base and dict(reversed(list(base.items()))),
    )
