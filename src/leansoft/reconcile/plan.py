"""The table: who still has the event, then what each side changed.

| local \\ remote | same           | changed       | gone                                     |
|-----------------|----------------|---------------|------------------------------------------|
| same            | –              | pull          | organizer: archive; attendee: *removed*  |
| changed         | push           | merge         | deletion rule                            |
| gone            | delete there   | deletion rule | let the link go                          |

Deletion rule: an edit of shared content beats a deletion, unless honouring it would mail somebody;
answers and a person's own fields are not edits of content.

Of a series this is the table for its master; its dates follow, by a table of their own (`dates`).
"""

from dataclasses import replace

from leansoft.events.fields import (
    CREATE_ONLY,
    READ_ONLY,
    SHARED,
    Field,
    Response,
    Role,
    Values,
)
from leansoft.events.normalise import same
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
    UpdateDateThere,
    UpdateHere,
    UpdateThere,
)
from leansoft.reconcile.dates import dates_edited_there, plan_dates
from leansoft.reconcile.merge import (
    Decision,
    Verdict,
    answered_here_first,
    changed_here,
    changed_there,
    decide,
)
from leansoft.reconcile.snapshot import Local, Presence, Remote, Triple

Plan = tuple[Action, ...]
NOTHING: Plan = ()

CONTENT = SHARED - READ_ONLY - CREATE_ONLY
"""Fields whose change is an edit of the event's content."""


def plan(triple: Triple) -> Plan:
    """What to do about one event in one mailbox. Total: every combination has an answer."""
    whole = _plan_whole(triple)
    return _with_dates(triple, whole) if triple.dates else whole


def _with_dates(triple: Triple, whole: Plan) -> Plan:
    """A new rule or time is settled before anything below it. People come to a new series when its
    dates are what they are, so that nobody is invited to one and then told that it is cancelled;
    and to single dates after that, so that nobody is invited twice."""
    if not _shows_dates(triple, whole):
        return whole
    dates = plan_dates(triple)
    inviting = tuple(action for action in dates if _names_people(action))
    quiet = tuple(action for action in dates if not _names_people(action))
    match whole:
        case (CreateThere() as create,) if quiet and create.values.get(Field.ATTENDEES):
            people = {Field.ATTENDEES: create.values[Field.ATTENDEES]}
            alone = replace(create, values={**create.values, Field.ATTENDEES: []})
            return (alone, *quiet, UpdateThere(values=people, cause=create.cause), *inviting)
        case (*before, UpdateThere() as invite) if _first_invites(triple, invite):
            return (*before, *quiet, invite, *inviting)
        case _:
            return (*whole, *quiet, *inviting)


def _names_people(action: Action) -> bool:
    return isinstance(action, UpdateDateThere) and Field.ATTENDEES in action.values


def _shows_dates(triple: Triple, whole: Plan) -> bool:
    """Whether both sides hold the series, by one rule, once this is carried out."""
    if triple.local is None or triple.local.presence is not Presence.HERE:
        return False
    if not whole:
        return triple.base is not None and triple.remote is not None and triple.remote.here
    return all(
        isinstance(action, CreateThere | RespondThere | Agree)
        or (isinstance(action, UpdateHere | UpdateThere) and Field.WHEN not in action.values)
        for action in whole
    )


def _first_invites(triple: Triple, action: UpdateThere) -> bool:
    nobody = triple.remote is not None and not triple.remote.recipients
    return nobody and action.values.keys() == {Field.ATTENDEES}


def _plan_whole(triple: Triple) -> Plan:
    if triple.base is None:
        return _plan_first_meeting(triple)
    there = triple.remote is not None and triple.remote.here
    match _presence(triple):
        case Presence.WITHDRAWN | Presence.PUT_AWAY:
            return NOTHING if there else (LetGo(),)
        case Presence.DELETED:
            return _plan_deleted_here(triple) if there else (LetGo(),)
        case Presence.HERE:
            return _plan_present_here(triple)


def _presence(triple: Triple) -> Presence:
    if triple.local is not None:
        return triple.local.presence
    # The row was removed for good. Its organizer archived it before, and that stands until Outlook
    # has confirmed; an attendee's copy is Outlook's to end.
    return Presence.DELETED if triple.role is Role.ORGANIZER else Presence.WITHDRAWN


def _plan_first_meeting(triple: Triple) -> Plan:
    """The two sides have never agreed on this event."""
    local, remote = triple.local, triple.remote
    if remote is None:
        return _plan_never_in_outlook(triple)
    if not remote.here:
        return _plan_gone_before_meeting(triple)
    if local is None:
        return (CreateHere(values=_projected(triple, remote.values), cause=Cause.NEW_THERE),)
    values = _projected(triple, remote.values)
    match local.presence:
        case Presence.HERE:
            return (Adopt(values=_without_own_word(local, remote, values)),)
        case Presence.DELETED if triple.role is not Role.ORGANIZER:
            # They left before their own copy was read; whoever had accepted first, without a word.
            aloud = answered_here_first(local, remote) and _declined(triple)
            return (DeclineThere(cause=Cause.DELETED_HERE, send_response=aloud),)
        case Presence.DELETED | Presence.PUT_AWAY:
            return (RestoreHere(values=values, cause=Cause.NEW_THERE),)
        case Presence.WITHDRAWN:
            return NOTHING


def _without_own_word(local: Local, remote: Remote, values: Values) -> Values:
    """Leaves out what the person said of their own part here, and has still to go out."""
    said = local.fresh
    if answered_here_first(local, remote):
        said |= {Field.RESPONSE}
    return {field: value for field, value in values.items() if field not in said}


def _plan_never_in_outlook(triple: Triple) -> Plan:
    local = triple.local
    if local is None or local.presence is not Presence.HERE:
        return (LetGo(),)
    if triple.role is not Role.ORGANIZER:
        # Only the organizer's mailbox creates a meeting: an attendee's copy is Outlook's to make.
        return NOTHING
    return (CreateThere(values=_writable(local.values), cause=Cause.NEW_HERE),)


def _plan_gone_before_meeting(triple: Triple) -> Plan:
    """Outlook had it, under a name that says it is ours, and lost it before we could agree."""
    local = triple.local
    if local is None or local.presence is not Presence.HERE:
        return (LetGo(),)
    if triple.role is Role.ORGANIZER:
        return (ArchiveHere(cause=Cause.DELETED_THERE),)
    return (RemoveHere(cause=Cause.DELETED_THERE),)


def _plan_deleted_here(triple: Triple) -> Plan:
    assert triple.base is not None
    assert triple.remote is not None
    if triple.role is not Role.ORGANIZER:
        return (DeclineThere(cause=Cause.DELETED_HERE, send_response=_declined(triple)),)
    edited = changed_there(triple.remote, dict(triple.base), CONTENT & triple.projected)
    if (edited or dates_edited_there(triple)) and triple.local is not None:
        # Outlook holds the edit and has mailed it already: bringing it back here mails nobody.
        values = _projected(triple, triple.remote.values)
        lost = _edits_that_yield(triple, triple.local, values)
        return (RestoreHere(values=values, cause=Cause.EDIT_BEATS_DELETION, lost=lost),)
    return (DeleteThere(cause=Cause.DELETED_HERE),)


def _edits_that_yield(triple: Triple, local: Local, values: Values) -> Values:
    """What a person had changed here and Outlook never heard of."""
    changed = changed_here(local, dict(triple.base or {}), CONTENT & triple.projected)
    return {
        f: local.values[f]
        for f in Field
        if f in changed and f in values and not same(f, local.values[f], values[f])
    }


def _declined(triple: Triple) -> bool:
    """Whether the person said Decline, rather than only taking the event off their calendar."""
    local, remote = triple.local, triple.remote
    return (
        local is not None
        and local.values.get(Field.RESPONSE) == Response.DECLINED
        and remote is not None
        and remote.values.get(Field.RESPONSE) != Response.DECLINED
    )


def _plan_present_here(triple: Triple) -> Plan:
    assert triple.local is not None
    if triple.remote is None or not triple.remote.here:
        return _plan_gone_there(triple, triple.local)
    return _plan_fields(triple, decide(triple, triple.local, triple.remote))


def _plan_gone_there(triple: Triple, local: Local) -> Plan:
    assert triple.base is not None
    if triple.role is not Role.ORGANIZER:
        return (RemoveHere(cause=Cause.DELETED_THERE),)
    edited = changed_here(local, dict(triple.base), CONTENT & triple.projected)
    on_dates = (dated.local.values for dated in triple.dates.values())
    mails_nobody = not any(held.get(Field.ATTENDEES) for held in (local.values, *on_dates))
    if edited and mails_nobody:
        values = _writable(local.values)
        return (CreateThere(values=values, cause=Cause.EDIT_BEATS_DELETION, again=True),)
    return (ArchiveHere(cause=Cause.DELETED_THERE),)


def _plan_fields(triple: Triple, decisions: list[Decision]) -> Plan:
    """What comes in first, then what goes out: a write there is made on what we have seen."""
    assert triple.local is not None
    incoming = [d for d in decisions if d.verdict in {Verdict.PULL, Verdict.BOTH}]
    outgoing = [d for d in decisions if d.verdict in {Verdict.PUSH, Verdict.BOTH}]
    agreed = frozenset(d.field for d in decisions if d.verdict is Verdict.AGREED)
    actions: list[Action] = [Agree(fields=agreed)] if agreed else []
    if incoming:
        actions.append(
            UpdateHere(
                values={d.field: d.value for d in incoming},
                cause=_cause(incoming, Cause.CHANGED_THERE),
                lost=_lost(incoming),
            )
        )
    answer = next((d for d in outgoing if d.field is Field.RESPONSE), None)
    if answer is not None:
        # Before other fields: answering sets show-as in Outlook, and a change of ours comes after.
        response = Response(answer.value)
        actions.append(RespondThere(response=response, cause=Cause.ANSWERED_HERE))
    written = [d for d in outgoing if d.field is not Field.RESPONSE]
    if written:
        actions.append(
            UpdateThere(
                values={d.field: d.value for d in written},
                cause=_cause(written, Cause.CHANGED_HERE),
                lost=_lost(written),
            )
        )
    return tuple(actions)


def _cause(decisions: list[Decision], one_sided: Cause) -> Cause:
    both = any(d.lost is not None or d.verdict is Verdict.BOTH for d in decisions)
    return Cause.CHANGED_ON_BOTH if both else one_sided


def _lost(decisions: list[Decision]) -> dict[Field, object]:
    return {d.field: d.lost for d in decisions if d.lost is not None}


def _projected(triple: Triple, values: Values) -> Values:
    return {field: value for field, value in values.items() if field in triple.projected}


def _writable(values: Values) -> Values:
    return {
        field: value
        for field, value in values.items()
        if field not in READ_ONLY and field is not Field.RESPONSE
    }
