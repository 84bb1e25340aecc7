"""Field by field: who changed it since both sides agreed, and whose value stands."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from leansoft.events.fields import (
    AS_SERIES,
    CREATE_ONLY,
    DATED,
    PERSONAL,
    READ_ONLY,
    SHARED,
    UNANSWERED,
    Field,
    Response,
    Role,
    Value,
    Values,
)
from leansoft.events.normalise import same, same_with_quiet_block
from leansoft.reconcile.snapshot import DateTriple, Local, Pair, Presence, Remote, Triple


class Verdict(StrEnum):
    SAME = "same"
    """Neither side changed."""
    AGREED = "agreed"
    """Both hold the same now: only the base has to learn it."""
    PUSH = "push"
    """Ours stands and goes to Outlook."""
    PULL = "pull"
    """Outlook's stands and comes in."""
    BOTH = "both"
    """A merged value that neither side holds yet: it is written on both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`value` stands; `lost` is the value that a person loses by it, kept in the journal."""

    field: Field
    verdict: Verdict
    value: Value = None
    lost: Value = None


def decide(triple: Triple, local: Local, remote: Remote) -> list[Decision]:
    """One decision per projected field that either side holds, in the fields' own order."""
    assert triple.base is not None
    fields = (f for f in Field if f in triple.projected)
    decisions = (_decide(f, triple.base.get(f), triple.role, local, remote) for f in fields)
    return [decision for decision in decisions if decision.verdict is not Verdict.SAME]


def decide_date(triple: Triple, dated: DateTriple) -> list[Decision]:
    """As `decide`, for one date of a series: "as the series" is a value like any other, and a list
    of people is one value."""
    local = Local(
        presence=Presence.HERE,
        values=_spelled_out(dated.local.values),
        edited_at=dated.local.edited_at,
    )
    theirs = _spelled_out(dated.remote.values)
    remote = Remote(here=True, values=theirs, modified_at=dated.remote.modified_at)
    ours_before, theirs_before = (_spelled_out(v) for v in (dated.base.ours, dated.base.theirs))
    pairs = {
        f: Pair(ours=ours_before[f], theirs=theirs_before[f])
        for f in Field
        if f in DATED & triple.projected
    }
    usual = triple.remote.values.get(Field.TALLY, {}) if triple.remote is not None else {}
    own = dated.remote.values.get(Field.TALLY, {})
    tallies = local.values[Field.TALLY], remote.values[Field.TALLY]
    listed = {*usual, *own}
    decisions = (
        _decide_known(f, pair, triple.role, local, remote)
        for f, pair in pairs.items()
        if f is not Field.TALLY or not _is_same_tally(pair, *tallies, listed=listed)
    )
    return [decision for decision in decisions if decision.verdict is not Verdict.SAME]


def _spelled_out(values: Values) -> dict[Field, Value]:
    return {field: values.get(field, AS_SERIES) for field in DATED}


def changed_here(local: Local, base: dict[Field, Pair], fields: Iterable[Field]) -> set[Field]:
    """Fields that a person changed in Leansoft since both sides agreed."""
    return {
        f
        for f in fields
        if f in local.values
        and f in base
        and not same_with_quiet_block(f, local.values[f], base[f].ours)
    }


def changed_there(remote: Remote, base: dict[Field, Pair], fields: Iterable[Field]) -> set[Field]:
    """Fields that changed in Outlook since both sides agreed."""
    return {
        f
        for f in fields
        if f in remote.values
        and f in base
        and not same_with_quiet_block(f, remote.values[f], base[f].theirs)
    }


def _decide(field: Field, pair: Pair | None, role: Role, local: Local, remote: Remote) -> Decision:
    if field not in remote.values:
        return Decision(field=field, verdict=Verdict.SAME)
    theirs = remote.values[field]
    if field not in local.values:
        return Decision(field=field, verdict=Verdict.PULL, value=theirs)
    ours = local.values[field]
    if pair is None and _is_own_word(field, local, remote) and not same(field, ours, theirs):
        return Decision(field=field, verdict=Verdict.PUSH, value=ours)
    if pair is None:
        # Never agreed on: Outlook's value comes in, and an equal one becomes the base.
        verdict = Verdict.AGREED if same(field, ours, theirs) else Verdict.PULL
        return Decision(field=field, verdict=verdict, value=theirs)
    if field is Field.ATTENDEES and role is Role.ORGANIZER and not same(field, ours, pair.ours):
        # Our change, applied to their list: people whom only Outlook names must not fall off.
        return _settle_people(field, merge_people(pair, ours, theirs), ours, theirs)
    if field is Field.TALLY and _is_same_tally(pair, ours, theirs, listed=theirs):
        return Decision(field=field, verdict=Verdict.SAME)
    return _decide_known(field, pair, role, local, remote)


def _is_same_tally(pair: Pair, ours: Value, theirs: Value, *, listed: Collection[str]) -> bool:
    """Whether nobody on Outlook's list answered anew: whom only we name has not been asked yet."""
    mine, before = (_only(answers, listed) for answers in (ours, pair.ours))
    return same(Field.TALLY, mine, before) and same(Field.TALLY, theirs, pair.theirs)


def _only(answers: Value, people: Collection[str]) -> Value:
    if answers == AS_SERIES:
        return answers
    return {email: answer for email, answer in answers.items() if email in people}


def _decide_known(field: Field, pair: Pair, role: Role, local: Local, remote: Remote) -> Decision:
    """Both sides hold a value, and have agreed on one before."""
    ours, theirs = local.values[field], remote.values[field]
    here = not same_with_quiet_block(field, ours, pair.ours)
    there = not same_with_quiet_block(field, theirs, pair.theirs)
    if not here and not there:
        return Decision(field=field, verdict=Verdict.SAME)
    if same(field, ours, theirs) and (there or field is not Field.BODY):
        return Decision(field=field, verdict=Verdict.AGREED, value=theirs)
    if not _writable(field, ours, role):
        return Decision(
            field=field, verdict=Verdict.PULL, value=theirs, lost=ours if here else None
        )
    if here and there:
        return _settle(field, local, remote)
    if here:
        return Decision(field=field, verdict=Verdict.PUSH, value=ours)
    return Decision(field=field, verdict=Verdict.PULL, value=theirs)


GIVEN = frozenset({Response.ACCEPTED, Response.TENTATIVELY_ACCEPTED, Response.DECLINED})
ANSWERS = GIVEN - {Response.DECLINED}
"""What a person can say and stay: there is no verb for taking an answer back, and declining takes
the event off the person's calendar, so it is planned as a deletion."""


def answered_here_first(local: Local, remote: Remote) -> bool:
    """A person answered here before their own copy was read, and Outlook knows of no answer yet."""
    answer = local.values.get(Field.RESPONSE)
    unanswered = remote.values.get(Field.RESPONSE) in UNANSWERED
    return unanswered and answer in GIVEN and Field.RESPONSE in local.edited_at


def _is_own_word(field: Field, local: Local, remote: Remote) -> bool:
    """What a person said here of their own part goes out although both sides never agreed on it:
    an answer where Outlook knows of none, the rest where `Local.fresh` kept Outlook's value out."""
    if field is Field.RESPONSE:
        # Whoever is here has not declined, or does not mean it any more.
        return local.values[field] in ANSWERS and answered_here_first(local, remote)
    return field in PERSONAL and field in local.edited_at


def _writable(field: Field, ours: Value, role: Role) -> bool:
    if field in READ_ONLY or field in CREATE_ONLY:
        return False
    if field is Field.RESPONSE and ours not in ANSWERS:
        return False
    return role is Role.ORGANIZER or field not in SHARED


def _settle(field: Field, local: Local, remote: Remote) -> Decision:
    """Both sides changed. Outlook's value may already be mailed, so a tie is Outlook's."""
    ours, theirs = local.values[field], remote.values[field]
    if _later(local.edited_at.get(field), remote.modified_at):
        return Decision(field=field, verdict=Verdict.PUSH, value=ours, lost=theirs)
    return Decision(field=field, verdict=Verdict.PULL, value=theirs, lost=ours)


def _settle_people(field: Field, merged: Value, ours: Value, theirs: Value) -> Decision:
    """A side that holds the merged list already has nothing to be told."""
    if same(field, merged, ours):
        return Decision(field=field, verdict=Verdict.PUSH, value=ours)
    if same(field, merged, theirs):
        return Decision(field=field, verdict=Verdict.PULL, value=theirs)
    return Decision(field=field, verdict=Verdict.BOTH, value=merged)


def _later(edited_at: datetime | None, modified_at: datetime | None) -> bool:
    return edited_at is not None and modified_at is not None and edited_at > modified_at


def merge_people(pair: Pair, ours: Value, theirs: Value) -> Value:
    """A set of addresses: what either side added is added, what either removed is removed."""
    mine, before, merged = (_by_address(people) for people in (ours, pair.ours, theirs))
    for email in before.keys() - mine.keys():
        merged.pop(email, None)
    for email, person in mine.items():
        if email not in before:
            merged.setdefault(email, person)
        elif email in merged and person["type"] != before[email]["type"]:
            merged[email] = {**merged[email], "type": person["type"]}
    return [merged[email] for email in sorted(merged)]


def settled_people(pair: Pair, asked: Value, theirs: Value) -> Pair:
    """What both sides agree on when a list was sent, and no answer came: as before, but for those
    on whom Outlook does as it was asked. What somebody says of them now is news."""
    wanted, shown = _by_address(asked), _by_address(theirs)
    return Pair(
        ours=_as_asked(_by_address(pair.ours), wanted, shown),
        theirs=_as_asked(_by_address(pair.theirs), wanted, shown),
    )


def _as_asked(
    people: dict[str, Value], wanted: dict[str, Value], shown: dict[str, Value]
) -> list[Value]:
    for email in wanted.keys() & shown.keys():
        people.setdefault(email, wanted[email])
    return [people[email] for email in sorted(people) if email in {*wanted, *shown}]


def _by_address(people: Value) -> dict[str, Value]:
    return {person["email"].casefold(): person for person in people}
