"""The whole table of the plan, one case each."""

from datetime import UTC, datetime, timedelta

import pytest

from leansoft.events.fields import SHARED, Field, Response, Role, Values
from leansoft.reconcile.actions import (
    Action,
    Adopt,
    Agree,
    ArchiveHere,
    Cause,
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
ANA = {"email": "ana@example.org", "name": "Ana", "type": "required"}
BO = {"email": "bo@example.org", "name": "Bo", "type": "required"}
CHI = {"email": "chi@example.org", "name": "Chi", "type": "required"}

SAME = {Field.SUBJECT: "Tea", Field.ATTENDEES: [], Field.SHOW_AS: "busy"}
MEETING = {**SAME, Field.ATTENDEES: [ANA]}
COPY = {Field.SHOW_AS: "busy", Field.RESPONSE: "not_responded"}
ALL = frozenset(Field)
OWN = frozenset(Field) - SHARED


def triple(
    *,
    local: Values | None = None,
    remote: Values | None = None,
    base: Values | None = None,
    role: Role = Role.ORGANIZER,
    presence: Presence = Presence.HERE,
    remote_here: bool = True,
    edited_at: datetime | None = None,
) -> Triple:
    projected = OWN if role is Role.ATTENDEE else ALL
    edits = dict.fromkeys(local or {}, edited_at) if edited_at else {}
    here = local is not None and Local(presence=presence, values=local, edited_at=edits)
    there = remote is not None and Remote(here=remote_here, values=remote, modified_at=NOON)
    return Triple(
        role=role,
        local=here or None,
        remote=there or None,
        base=None if base is None else {f: Pair(ours=v, theirs=v) for f, v in base.items()},
        projected=projected,
    )


RENAMED = {**SAME, Field.SUBJECT: "Coffee"}
RENAMED_THERE = {**SAME, Field.SUBJECT: "Cocoa"}

TABLE: dict[str, tuple[Triple, tuple[Action, ...]]] = {
    "nothing changed": (triple(local=SAME, remote=SAME, base=SAME), ()),
    "new here": (
        triple(local=SAME),
        (CreateThere(values=SAME, cause=Cause.NEW_HERE),),
    ),
    "new here, but only attended": (triple(local=COPY, role=Role.ATTENDEE), ()),
    "new there": (
        triple(remote=SAME),
        (CreateHere(values=SAME, cause=Cause.NEW_THERE),),
    ),
    "on both, never agreed": (triple(local=SAME, remote=RENAMED), (Adopt(values=RENAMED),)),
    "archived here, back there": (
        triple(local=SAME, remote=SAME, presence=Presence.DELETED),
        (RestoreHere(values=SAME, cause=Cause.NEW_THERE),),
    ),
    "declined here before both agreed": (
        triple(
            local={**COPY, Field.RESPONSE: Response.DECLINED},
            remote=COPY,
            role=Role.ATTENDEE,
            presence=Presence.DELETED,
            edited_at=NOON,
        ),
        (DeclineThere(cause=Cause.DELETED_HERE, send_response=True),),
    ),
    "answered here before both agreed": (
        triple(
            local={**COPY, Field.RESPONSE: Response.ACCEPTED},
            remote=COPY,
            role=Role.ATTENDEE,
            edited_at=NOON,
        ),
        (Adopt(values={Field.SHOW_AS: "busy"}),),
    ),
    "the organizer ended it before both agreed": (
        triple(local=COPY, remote=COPY, role=Role.ATTENDEE, presence=Presence.WITHDRAWN),
        (),
    ),
    "archived before it reached Outlook": (
        triple(local=SAME, presence=Presence.DELETED),
        (LetGo(),),
    ),
    "archived here, lost there, never agreed": (
        triple(local=SAME, remote=SAME, presence=Presence.DELETED, remote_here=False),
        (LetGo(),),
    ),
    "an attendee's copy lost before both agreed": (
        triple(local=COPY, remote=COPY, role=Role.ATTENDEE, remote_here=False),
        (RemoveHere(cause=Cause.DELETED_THERE),),
    ),
    "attendee left before both agreed": (
        triple(local=COPY, remote=COPY, role=Role.ATTENDEE, presence=Presence.DELETED),
        (DeclineThere(cause=Cause.DELETED_HERE, send_response=False),),
    ),
    "attendee declined before both agreed": (
        triple(
            local={**COPY, Field.RESPONSE: Response.DECLINED},
            remote=COPY,
            role=Role.ATTENDEE,
            presence=Presence.DELETED,
            edited_at=NOON,
        ),
        (DeclineThere(cause=Cause.DELETED_HERE, send_response=True),),
    ),
    "attendee accepted and left before both agreed": (
        triple(
            local={**COPY, Field.RESPONSE: Response.ACCEPTED},
            remote=COPY,
            role=Role.ATTENDEE,
            presence=Presence.DELETED,
            edited_at=NOON,
        ),
        (DeclineThere(cause=Cause.DELETED_HERE, send_response=False),),
    ),
    "lost there before both agreed": (
        triple(local=SAME, remote=SAME, remote_here=False),
        (ArchiveHere(cause=Cause.DELETED_THERE),),
    ),
    "changed here": (
        triple(local=RENAMED, remote=SAME, base=SAME),
        (UpdateThere(values={Field.SUBJECT: "Coffee"}, cause=Cause.CHANGED_HERE),),
    ),
    "changed there": (
        triple(local=SAME, remote=RENAMED, base=SAME),
        (UpdateHere(values={Field.SUBJECT: "Coffee"}, cause=Cause.CHANGED_THERE),),
    ),
    "changed to the same on both": (
        triple(local=RENAMED, remote=RENAMED, base=SAME),
        (Agree(fields=frozenset({Field.SUBJECT})),),
    ),
    "changed on both, there later": (
        triple(
            local=RENAMED, remote=RENAMED_THERE, base=SAME, edited_at=NOON - timedelta(minutes=1)
        ),
        (
            UpdateHere(
                values={Field.SUBJECT: "Cocoa"},
                cause=Cause.CHANGED_ON_BOTH,
                lost={Field.SUBJECT: "Coffee"},
            ),
        ),
    ),
    "changed on both, here later": (
        triple(
            local=RENAMED, remote=RENAMED_THERE, base=SAME, edited_at=NOON + timedelta(minutes=1)
        ),
        (
            UpdateThere(
                values={Field.SUBJECT: "Coffee"},
                cause=Cause.CHANGED_ON_BOTH,
                lost={Field.SUBJECT: "Cocoa"},
            ),
        ),
    ),
    "changed on both at one instant: Outlook may have mailed it": (
        triple(local=RENAMED, remote=RENAMED_THERE, base=SAME, edited_at=NOON),
        (
            UpdateHere(
                values={Field.SUBJECT: "Cocoa"},
                cause=Cause.CHANGED_ON_BOTH,
                lost={Field.SUBJECT: "Coffee"},
            ),
        ),
    ),
    "people added on both sides": (
        triple(
            local={**MEETING, Field.ATTENDEES: [ANA, BO]},
            remote={**MEETING, Field.ATTENDEES: [ANA, CHI]},
            base=MEETING,
        ),
        (
            UpdateHere(
                values={Field.ATTENDEES: [ANA, BO, CHI]},
                cause=Cause.CHANGED_ON_BOTH,
            ),
            UpdateThere(
                values={Field.ATTENDEES: [ANA, BO, CHI]},
                cause=Cause.CHANGED_ON_BOTH,
            ),
        ),
    ),
    "deleted here": (
        triple(local=MEETING, remote=MEETING, base=MEETING, presence=Presence.DELETED),
        (DeleteThere(cause=Cause.DELETED_HERE),),
    ),
    "row removed for good": (
        triple(remote=SAME, base=SAME),
        (DeleteThere(cause=Cause.DELETED_HERE),),
    ),
    "row removed for good, content edited there": (
        triple(remote=RENAMED, base=SAME),
        (DeleteThere(cause=Cause.DELETED_HERE),),
    ),
    "row removed for good while an attendee has a copy": (
        triple(remote=COPY, base=COPY, role=Role.ATTENDEE),
        (),
    ),
    "deleted here, content edited there": (
        triple(local=SAME, remote=RENAMED, base=SAME, presence=Presence.DELETED),
        (RestoreHere(values=RENAMED, cause=Cause.EDIT_BEATS_DELETION),),
    ),
    "deleted here with an edit waiting, content edited there": (
        triple(
            local={**SAME, Field.SUBJECT: "Cocoa"},
            remote=RENAMED,
            base=SAME,
            presence=Presence.DELETED,
        ),
        (
            RestoreHere(
                values=RENAMED,
                cause=Cause.EDIT_BEATS_DELETION,
                lost={Field.SUBJECT: "Cocoa"},
            ),
        ),
    ),
    "deleted here, only show-as changed there": (
        triple(
            local=SAME,
            remote={**SAME, Field.SHOW_AS: "free"},
            base=SAME,
            presence=Presence.DELETED,
        ),
        (DeleteThere(cause=Cause.DELETED_HERE),),
    ),
    "deleted there": (
        triple(local=SAME, remote=SAME, base=SAME, remote_here=False),
        (ArchiveHere(cause=Cause.DELETED_THERE),),
    ),
    "deleted there, edited here, nobody to mail": (
        triple(local=RENAMED, remote=SAME, base=SAME, remote_here=False),
        (CreateThere(values=RENAMED, cause=Cause.EDIT_BEATS_DELETION, again=True),),
    ),
    "deleted there, edited here, but it would mail": (
        triple(
            local={**MEETING, Field.SUBJECT: "Coffee"},
            remote=MEETING,
            base=MEETING,
            remote_here=False,
        ),
        (ArchiveHere(cause=Cause.DELETED_THERE),),
    ),
    "deleted on both": (
        triple(local=SAME, remote=SAME, base=SAME, presence=Presence.DELETED, remote_here=False),
        (LetGo(),),
    ),
    "attendee took it off": (
        triple(local=COPY, remote=COPY, base=COPY, role=Role.ATTENDEE, presence=Presence.DELETED),
        (DeclineThere(cause=Cause.DELETED_HERE, send_response=False),),
    ),
    "attendee declined": (
        triple(
            local={**COPY, Field.RESPONSE: Response.DECLINED},
            remote=COPY,
            base=COPY,
            role=Role.ATTENDEE,
            presence=Presence.DELETED,
        ),
        (DeclineThere(cause=Cause.DELETED_HERE, send_response=True),),
    ),
    "attendee's copy deleted there": (
        triple(local=COPY, remote=COPY, base=COPY, role=Role.ATTENDEE, remote_here=False),
        (RemoveHere(cause=Cause.DELETED_THERE),),
    ),
    "attendee accepted": (
        triple(
            local={**COPY, Field.RESPONSE: Response.ACCEPTED},
            remote=COPY,
            base=COPY,
            role=Role.ATTENDEE,
        ),
        (RespondThere(response=Response.ACCEPTED, cause=Cause.ANSWERED_HERE),),
    ),
    "attendee accepted, and shows another time": (
        triple(
            local={Field.SHOW_AS: "oof", Field.RESPONSE: Response.ACCEPTED},
            remote=COPY,
            base=COPY,
            role=Role.ATTENDEE,
        ),
        (
            RespondThere(response=Response.ACCEPTED, cause=Cause.ANSWERED_HERE),
            UpdateThere(values={Field.SHOW_AS: "oof"}, cause=Cause.CHANGED_HERE),
        ),
    ),
    "an answer is never taken back": (
        triple(
            local=COPY,
            remote={**COPY, Field.RESPONSE: "accepted"},
            base={**COPY, Field.RESPONSE: "accepted"},
            role=Role.ATTENDEE,
        ),
        (
            UpdateHere(
                values={Field.RESPONSE: "accepted"},
                cause=Cause.CHANGED_ON_BOTH,
                lost={Field.RESPONSE: "not_responded"},
            ),
        ),
    ),
    "what others answered only comes in": (
        triple(
            local={**SAME, Field.TALLY: {}},
            remote={**SAME, Field.TALLY: {"ana@example.org": "accepted"}},
            base={**SAME, Field.TALLY: {}},
        ),
        (
            UpdateHere(
                values={Field.TALLY: {"ana@example.org": "accepted"}},
                cause=Cause.CHANGED_THERE,
            ),
        ),
    ),
    "a join link is asked for once": (
        triple(
            local={**SAME, Field.ONLINE_MEETING: True},
            remote={**SAME, Field.ONLINE_MEETING: False},
            base={**SAME, Field.ONLINE_MEETING: False},
        ),
        (
            UpdateHere(
                values={Field.ONLINE_MEETING: False},
                cause=Cause.CHANGED_ON_BOTH,
                lost={Field.ONLINE_MEETING: True},
            ),
        ),
    ),
    "organizer ended it, and the copy is gone": (
        triple(
            local=COPY,
            remote=COPY,
            base=COPY,
            role=Role.ATTENDEE,
            presence=Presence.WITHDRAWN,
            remote_here=False,
        ),
        (LetGo(),),
    ),
    "organizer ended it: the copy is Outlook's to remove": (
        triple(local=COPY, remote=COPY, base=COPY, role=Role.ATTENDEE, presence=Presence.WITHDRAWN),
        (),
    ),
    "a witness brings content in": (
        triple(local=SAME, remote=RENAMED, base=SAME, role=Role.WITNESS),
        (UpdateHere(values={Field.SUBJECT: "Coffee"}, cause=Cause.CHANGED_THERE),),
    ),
    "a witness lets no content out": (
        triple(local=RENAMED, remote=SAME, base=SAME, role=Role.WITNESS),
        (
            UpdateHere(
                values={Field.SUBJECT: "Tea"},
                cause=Cause.CHANGED_ON_BOTH,
                lost={Field.SUBJECT: "Coffee"},
            ),
        ),
    ),
    "a field never set here comes in": (
        triple(
            local={Field.SUBJECT: "Tea", Field.ATTENDEES: []},
            remote=SAME,
            base={Field.SUBJECT: "Tea", Field.ATTENDEES: []},
        ),
        (UpdateHere(values={Field.SHOW_AS: "busy"}, cause=Cause.CHANGED_THERE),),
    ),
}


@pytest.mark.parametrize("case", TABLE, ids=list(TABLE))
def test_plan_follows_the_table(case: str) -> None:
    given, expected = TABLE[case]
    assert plan(given) == expected
