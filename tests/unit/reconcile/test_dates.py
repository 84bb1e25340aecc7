"""The table for one date of a series, one case each."""

from dataclasses import replace
from typing import Any

import pytest

from leansoft.events.fields import AS_SERIES, Field, Response, Role, Values
from leansoft.reconcile.actions import (
    Action,
    AgreeDate,
    Cause,
    DeclineDateThere,
    DeleteDateThere,
    DeleteThere,
    RemoveDateHere,
    RespondDateThere,
    RestoreDateHere,
    RestoreHere,
    UpdateDateHere,
    UpdateDateThere,
    UpdateThere,
)
from leansoft.reconcile.plan import plan
from leansoft.reconcile.snapshot import (
    DateTriple,
    LocalDate,
    Presence,
    RemoteDate,
    Triple,
)
from unit.reconcile.dated import (
    AFTER,
    ANA,
    CANCELLED,
    COFFEE,
    DAY,
    DAYS,
    GONE,
    GONE_THERE,
    NOBODY,
    TEA,
    WHEN,
    both,
    here,
    one,
    series,
    there,
)


def write(values: Values, cause: Cause = Cause.CHANGED_HERE, **lost: Any) -> UpdateDateThere:
    return UpdateDateThere(day=DAY, values=values, states=values, cause=cause, **lost)


def take_in(values: Values, cause: Cause = Cause.CHANGED_THERE, **lost: Any) -> UpdateDateHere:
    return UpdateDateHere(day=DAY, values=values, cause=cause, **lost)


def remove(*, excluded: bool, **lost: Any) -> RemoveDateHere:
    return RemoveDateHere(day=DAY, excluded=excluded, cause=Cause.DELETED_THERE, **lost)


RESTORED = RestoreDateHere(day=DAY, values={}, cause=Cause.EDIT_BEATS_DELETION)

TABLE: dict[str, tuple[Triple, tuple[Action, ...]]] = {
    "as agreed": (one(here(TEA), there(TEA), both(TEA)), ()),
    "changed here": (one(here(TEA)), (write(TEA),)),
    "changed there": (one(remote=there(TEA)), (take_in(TEA),)),
    "changed to the same": (
        one(here(TEA), there(TEA)),
        (AgreeDate(day=DAY, fields=frozenset({Field.SUBJECT})),),
    ),
    "changed on both, there later": (
        one(here(TEA), there(COFFEE)),
        (take_in(COFFEE, Cause.CHANGED_ON_BOTH, lost=TEA),),
    ),
    "changed on both, here later": (
        one(here(TEA, AFTER), there(COFFEE)),
        (write(TEA, Cause.CHANGED_ON_BOTH, lost=COFFEE),),
    ),
    "as the series again here": (
        one(remote=there(TEA), base=both(TEA)),
        (
            UpdateDateThere(
                day=DAY,
                values={Field.SUBJECT: "Standup"},
                states={Field.SUBJECT: AS_SERIES},
                cause=Cause.CHANGED_HERE,
            ),
        ),
    ),
    "as the series again there": (
        one(here(TEA), base=both(TEA)),
        (take_in({Field.SUBJECT: AS_SERIES}),),
    ),
    "taken out here": (one(NOBODY), (DeleteDateThere(day=DAY, cause=Cause.DELETED_HERE),)),
    "taken out here, edited there": (
        one(NOBODY, there(TEA)),
        (replace(RESTORED, values=TEA),),
    ),
    "taken out here, only show-as changed there": (
        one(NOBODY, there({Field.SHOW_AS: "free"})),
        (DeleteDateThere(day=DAY, cause=Cause.DELETED_HERE),),
    ),
    "taken out there": (one(remote=GONE_THERE), (remove(excluded=True),)),
    "taken out there, edited here": (
        one(here(TEA), GONE_THERE),
        (remove(excluded=True, lost=TEA),),
    ),
    "taken out on both": (one(NOBODY, GONE_THERE), (AgreeDate(day=DAY, gone=True),)),
    "taken out, and agreed": (one(NOBODY, GONE_THERE, GONE), ()),
    "taken out on both, and back there": (one(NOBODY, base=GONE), (RESTORED,)),
    "an attendee took it off": (
        one(NOBODY, role=Role.ATTENDEE),
        (DeclineDateThere(day=DAY, cause=Cause.DELETED_HERE, send_response=False),),
    ),
    "an attendee declined it": (
        one(
            replace(NOBODY, values={Field.RESPONSE: Response.DECLINED}),
            role=Role.ATTENDEE,
        ),
        (DeclineDateThere(day=DAY, cause=Cause.DELETED_HERE, send_response=True),),
    ),
    "an attendee deleted it there": (
        one(remote=GONE_THERE, role=Role.ATTENDEE),
        (remove(excluded=False),),
    ),
    "an attendee answered for it": (
        one(here({Field.RESPONSE: Response.TENTATIVELY_ACCEPTED}), role=Role.ATTENDEE),
        (
            RespondDateThere(
                day=DAY, response=Response.TENTATIVELY_ACCEPTED, cause=Cause.ANSWERED_HERE
            ),
        ),
    ),
    "cancelled on an attendee's copy: the organizer's mailbox says so too": (
        one(remote=CANCELLED, role=Role.ATTENDEE),
        (),
    ),
    "cancelled on a witness's copy": (
        one(remote=CANCELLED, role=Role.WITNESS),
        (remove(excluded=True),),
    ),
    "a witness brings content in": (one(remote=there(TEA), role=Role.WITNESS), (take_in(TEA),)),
    "a witness lets no content out": (
        one(here(TEA, AFTER), role=Role.WITNESS),
        (take_in({Field.SUBJECT: AS_SERIES}, Cause.CHANGED_ON_BOTH, lost=TEA),),
    ),
    "a witness shows a date that was taken out": (
        one(LocalDate(presence=Presence.WITHDRAWN), role=Role.WITNESS),
        (RESTORED,),
    ),
    "taken out by the organizer: the copy is Outlook's to change": (
        one(LocalDate(presence=Presence.WITHDRAWN), there({}), role=Role.ATTENDEE),
        (),
    ),
}


@pytest.mark.parametrize("case", TABLE, ids=list(TABLE))
def test_plan_of_a_date_follows_the_table(case: str) -> None:
    given, expected = TABLE[case]
    assert plan(given) == expected


def test_a_new_time_of_the_series_goes_alone() -> None:
    triple = one(here(TEA))
    assert triple.local is not None
    later = {**WHEN, "start": "2026-12-07T10:00:00Z", "end": "2026-12-07T11:00:00Z"}
    moved = replace(triple.local, values={**triple.local.values, Field.WHEN: later})
    expected = UpdateThere(values={Field.WHEN: later}, cause=Cause.CHANGED_HERE)
    assert plan(replace(triple, local=moved)) == (expected,)


def test_people_come_to_a_date_after_everything_else() -> None:
    named = {Field.ATTENDEES: [ANA]}
    dates = {
        DAYS[0]: DateTriple(local=here(named)),
        DAYS[1]: DateTriple(local=NOBODY),
    }
    actions = plan(series(dates))
    assert [type(action) for action in actions] == [DeleteDateThere, UpdateDateThere]


@pytest.mark.parametrize(("shown", "kind"), [(there(TEA), RestoreHere), (there({}), DeleteThere)])
def test_an_edit_of_one_date_beats_the_deletion_of_the_series(
    shown: RemoteDate, kind: type[Action]
) -> None:
    triple = one(remote=shown)
    assert triple.local is not None
    deleted = replace(triple, local=replace(triple.local, presence=Presence.DELETED))
    assert [type(action) for action in plan(deleted)] == [kind]
