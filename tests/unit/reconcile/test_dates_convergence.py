"""Whatever both sides hold of a series' dates, carrying out the plan ends in agreement, and then in
silence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from leansoft.events.fields import AS_SERIES, DATED, Field, Role, Values
from leansoft.events.normalise import same
from leansoft.reconcile.actions import (
    Action,
    AgreeDate,
    DeclineDateThere,
    DeleteDateThere,
    RemoveDateHere,
    RespondDateThere,
    RestoreDateHere,
    UpdateDateHere,
    UpdateDateThere,
)
from leansoft.reconcile.plan import plan
from leansoft.reconcile.snapshot import (
    DateBase,
    DateTriple,
    LocalDate,
    Presence,
    RemoteDate,
    Triple,
)
from unit.reconcile.dated import (
    ANA,
    DAYS,
    GONE,
    MASTER,
    NOON,
    OWN,
    series,
)

VALUES: Mapping[Field, list[Any]] = {
    Field.SUBJECT: ["Tea", "Coffee"],
    Field.ATTENDEES: [[ANA]],
    Field.SHOW_AS: ["free", "oof"],
    Field.RESPONSE: ["tentatively_accepted", "not_responded"],
}


@st.composite
def values_on_a_date(draw: st.DrawFn, role: Role) -> dict[Field, Any]:
    fields = [f for f in VALUES if f in MASTER[role]]
    named = draw(st.lists(st.sampled_from(fields), unique=True))
    return {f: draw(st.sampled_from(VALUES[f])) for f in named}


@st.composite
def dated(draw: st.DrawFn, role: Role) -> DateTriple:
    """Every mixture of presence, values and base that the shell can load for one date."""
    values = values_on_a_date(role)
    ours = draw(values)
    edits = {f: NOON + timedelta(seconds=draw(st.integers(-1, 1))) for f in ours}
    gone = draw(st.booleans())
    return DateTriple(
        local=LocalDate(presence=draw(st.sampled_from(Presence)), values=ours, edited_at=edits),
        remote=RemoteDate(
            here=draw(st.booleans()),
            cancelled=role is not Role.ORGANIZER and draw(st.booleans()),
            values=draw(values),
            modified_at=NOON,
        ),
        base=GONE if gone else DateBase(ours=draw(values), theirs=draw(values)),
    )


@st.composite
def serieses(draw: st.DrawFn) -> Triple:
    role = draw(st.sampled_from(Role))
    return series({day: draw(dated(role)) for day in DAYS}, role)


def with_states(values: Values, states: Values) -> dict[Field, Any]:
    merged = {**values, **states}
    return {f: value for f, value in merged.items() if value != AS_SERIES}


def agreed(date_: DateTriple, fields: frozenset[Field]) -> DateTriple:
    ours, theirs = (
        with_states(before, {f: now.get(f, AS_SERIES) for f in fields})
        for before, now in (
            (date_.base.ours, date_.local.values),
            (date_.base.theirs, date_.remote.values),
        )
    )
    return replace(date_, base=DateBase(ours=ours, theirs=theirs))


def carry_out(role: Role, before: DateTriple, action: Action) -> DateTriple:
    """What the shell does for each action, without a database and without Microsoft."""
    local, remote = before.local, before.remote
    match action:
        case UpdateDateThere():
            shown = replace(remote, values=with_states(remote.values, action.states))
            return agreed(replace(before, remote=shown), frozenset(action.states))
        case RespondDateThere():
            answer = {Field.RESPONSE: str(action.response)}
            shown = replace(remote, values={**remote.values, **answer})
            return agreed(replace(before, remote=shown), frozenset(answer))
        case DeleteDateThere() | DeclineDateThere():
            return replace(before, remote=replace(remote, here=False), base=GONE)
        case UpdateDateHere():
            held = replace(local, values=with_states(local.values, action.values))
            return agreed(replace(before, local=held), frozenset(action.values))
        case RemoveDateHere():
            withdrawn = action.excluded and role is not Role.ORGANIZER
            presence = Presence.WITHDRAWN if withdrawn else Presence.DELETED
            return replace(before, local=replace(local, presence=presence), base=GONE)
        case RestoreDateHere():
            held = replace(local, presence=Presence.HERE)
            return replace(before, local=held, base=DateBase())
        case AgreeDate(gone=True):
            return replace(before, base=GONE)
        case AgreeDate():
            return agreed(before, action.fields)
        case _:
            raise AssertionError(f"Not about a date: {action}")


@dataclass(frozen=True)
class End:
    triple: Triple
    actions: list[Action]


def quiet_down(triple: Triple) -> End:
    """One action at a time, planned anew after each, as the shell does it."""
    done: list[Action] = []
    for _ in range(8 * len(triple.dates)):
        actions = plan(triple)
        if not actions:
            return End(triple, done)
        action: Any = actions[0]
        day = action.day
        after = carry_out(triple.role, triple.dates[day], action)
        triple = replace(triple, dates={**triple.dates, day: after})
        done.append(action)
    raise AssertionError(f"Never quiet: {plan(triple)}")


@settings(max_examples=500)
@given(serieses())
def test_both_sides_agree_on_every_date_once_it_is_quiet(triple: Triple) -> None:
    end = quiet_down(triple).triple
    for dated in end.dates.values():
        shown = dated.remote.here and not dated.remote.cancelled
        match dated.local.presence:
            case Presence.HERE if not shown:
                assert dated.remote.cancelled
                assert end.role is Role.ATTENDEE
            case Presence.HERE:
                for f in DATED & end.projected:
                    held, known = dated.local.values, dated.remote.values
                    ours, theirs = (side.get(f, AS_SERIES) for side in (held, known))
                    was = (side.get(f, AS_SERIES) for side in (dated.base.ours, dated.base.theirs))
                    assert same(f, ours, theirs) or not same(f, *was)
            case Presence.DELETED:
                assert not shown
            case Presence.WITHDRAWN:
                assert not (shown and end.role is Role.WITNESS)


@settings(max_examples=500)
@given(serieses())
def test_nothing_is_done_about_dates_that_nobody_touched(triple: Triple) -> None:
    untouched = {
        day: replace(
            one,
            local=replace(one.local, presence=Presence.HERE),
            remote=replace(one.remote, here=True, cancelled=False),
            base=DateBase(ours=one.local.values, theirs=one.remote.values),
        )
        for day, one in triple.dates.items()
    }
    assert plan(replace(triple, dates=untouched)) == ()


@settings(max_examples=500)
@given(serieses())
def test_only_the_organizers_mailbox_writes_content_of_dates(triple: Triple) -> None:
    if triple.role is Role.ORGANIZER:
        return
    for action in quiet_down(triple).actions:
        assert not isinstance(action, DeleteDateThere)
        if isinstance(action, UpdateDateThere):
            assert set(action.values) <= OWN.keys()


@settings(max_examples=500)
@given(serieses())
def test_dates_do_not_depend_on_each_other_or_on_their_order(triple: Triple) -> None:
    turned = replace(triple, dates=dict(reversed(list(triple.dates.items()))))
    assert plan(turned) == plan(triple)
    alone = [plan(replace(triple, dates={day: dated})) for day, dated in triple.dates.items()]
    assert sorted(map(repr, plan(triple))) == sorted(repr(a) for some in alone for a in some)
