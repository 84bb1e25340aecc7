"""Taking a run back: what is to be done about each event, and what cannot be.

An undo is an edit like any other. It touches only fields that still hold the run's value; an edit
goes through the calendar's own functions, stamped now, and the sync carries it to Outlook. What
the run created is taken off the side where it was created and kept `apart`, so that no sync repeats
it. Whatever cannot come back is said beforehand.

| the run                      | its undo                                                        |
|------------------------------|-----------------------------------------------------------------|
| created it in Outlook        | deleted there, kept here, apart                                 |
| created it here              | archived here (an attendee's: off their calendar), apart        |
| changed a field              | the old value is an edit here, and goes to Outlook              |
| deleted it in Outlook        | back here, created anew there: Outlook invites again            |
| archived it here, since it   | nobody to invite: back here, created anew there;                |
|   was deleted in Outlook     | else back here, apart, unless the invitations are asked for     |
| took an attendee off         | back here, apart: only the organizer's invitation brings a copy |
| found it on both sides       | apart, each side with its own values                            |
| parted or took off (an undo) | in step again; what was deleted in Outlook is created anew      |
| took a date out of a series  | an event of its own (`singles`)                                 |

Nobody who deleted a meeting in Outlook expects this side to invite everybody again, so that needs
a word of its own; a meeting that this side deleted was cancelled by it, and comes back as a whole.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from leansoft.calendars.values import when_value
from leansoft.events.fields import CREATE_ONLY, READ_ONLY, SHARED, Field, Role, Value, Values
from leansoft.events.normalise import own_text, same
from leansoft.events.recurrence import dates
from leansoft.events.slots import first_day
from leansoft.reconcile.actions import RestoreHere, UpdateHere
from leansoft.reconcile.snapshot import Local, Presence, Remote, Triple
from leansoft.sync.models import EventLink, SyncAction
from leansoft.sync.show.words import NAMES, listed
from leansoft.sync.state.load import Subject
from leansoft.sync.state.projection import outlook_attendees
from leansoft.sync.state.trees import is_here
from leansoft.sync.undo.effects import Change, Effect, Side
from leansoft.sync.write.apply import plan_of

State, Apart, Kind = EventLink.State, EventLink.Apart, SyncAction.Kind


class Act(StrEnum):
    NOTHING = "nothing"
    OFF_HERE = "off_here"
    """Off the calendar here; Outlook keeps its copy, apart."""
    OFF_THERE = "off_there"
    """Deleted in Outlook; the event stays here, apart."""
    OFF_BOTH = "off_both"
    BACK_HERE = "back_here"
    """Back on the calendar here, apart: Outlook has lost it."""
    ANEW = "anew"
    """On the calendar here, and created anew in Outlook."""
    REJOIN = "rejoin"
    """In step with Outlook's copy again, whose values come in."""
    PART = "part"
    """Apart; the values from before come back here."""
    EDIT = "edit"
    """The values from before, as an edit of the mailbox's owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """A date of a series that comes back as an event of its own; `held`: where it is not as the
    series."""

    held: Values
    only_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`values` come back with the act; `left` says what does not, in sentences."""

    act: Act
    values: Values
    left: tuple[str, ...]
    dates: Mapping[date, Values] = dataclasses.field(default_factory=dict)
    """Of a series: values of single dates that come back."""
    singles: Mapping[date, Single] = dataclasses.field(default_factory=dict)
    may_invite: bool = False
    """Whether it depends on the choice to invite people again."""


def decide(effect: Effect, subject: Subject, *, invites: bool) -> Step:
    """What to do about one event as it is now. After it was done, there is nothing to do."""
    if not _is_in_reach(subject.link):
        return stay("It is no longer kept in step with Outlook, so it stays as it is.")
    if effect.created:
        return _take_off(effect, subject)
    if effect.deleted:
        return _bring_back(effect, subject, invites)
    if Kind.PARTED in effect.kinds:
        can = subject.link.state == State.APART and is_here(subject.link)
        return _act(Act.REJOIN) if can else _DONE
    if Kind.ADOPTED in effect.kinds:
        return _part(effect, subject)
    return _edit(effect, subject)


def _is_in_reach(link: EventLink) -> bool:
    return link.state != State.APART or link.reason == Apart.UNDONE


def _take_off(effect: Effect, subject: Subject) -> Step:
    here = Side.LEANSOFT in effect.created and _presence(subject) is Presence.HERE
    there = Side.OUTLOOK in effect.created and is_here(subject.link)
    if there and subject.triple.role is not Role.ORGANIZER:
        return stay("Another mailbox is its home now, so it stays in Outlook.")
    if there and outlook_has_news(subject):
        return stay("It was changed in Outlook since, and the change is not here yet: it stays.")
    if here and subject.triple.role is Role.ORGANIZER and _has_other_copies(subject):
        return stay("Colleagues have it in their Outlook, too, so it stays here.")
    if here and there:
        return _act(Act.OFF_BOTH)
    if there:
        again = _is_in_its_first_half_again(subject)
        return _act(Act.OFF_BOTH, REJOINED) if again else _act(Act.OFF_THERE)
    return Step(act=Act.OFF_HERE, values=_old(effect, subject), left=()) if here else _DONE


def _is_in_its_first_half_again(subject: Subject) -> bool:
    """Whether this series was split from another one, which has its dates again."""
    event = subject.event
    assert event is not None
    if event.continues is None or not event.is_series:
        return False
    first = event.continues
    first.refresh_from_db()
    if first.is_archived or not first.is_series:
        return False
    begins = first_day(when_value(event))
    return next(dates(when_value(first), after=begins), None) is not None


def _bring_back(effect: Effect, subject: Subject, invites: bool) -> Step:
    assert subject.event is not None
    present = _presence(subject) is Presence.HERE
    if subject.triple.role is not Role.ORGANIZER:
        return _bring_attendee_back(effect, subject)
    if subject.event.locked:
        return stay("Its content is decided in another mailbox now, so it stays as it is.")
    if is_here(subject.link):
        parted = subject.link.state == State.APART
        return _act(Act.REJOIN) if parted and not present else _DONE
    if present and Side.OUTLOOK not in effect.deleted:
        return _DONE
    if Side.OUTLOOK in effect.deleted or not outlook_attendees(subject.event):
        return _act(Act.ANEW)
    if invites:
        return Step(act=Act.ANEW, values={}, left=(), may_invite=True)
    only_here = "It comes back here only: to have it in Outlook, invite people again."
    return Step(act=Act.BACK_HERE, values={}, left=(only_here,), may_invite=True)


def _bring_attendee_back(effect: Effect, subject: Subject) -> Step:
    assert subject.event is not None
    presence = _presence(subject)
    ask = f"To have it in Outlook, ask {subject.event.organizer} to invite you again."
    if Side.OUTLOOK in effect.deleted and Side.LEANSOFT not in effect.deleted:
        return stay(f"Outlook does not give the invitation back. {ask}")
    if presence is Presence.WITHDRAWN:
        return stay(f"{subject.event.organizer} has taken it off since.")
    if presence is Presence.HERE:
        return _DONE
    if is_here(subject.link):
        return _act(Act.REJOIN)
    return _act(Act.BACK_HERE, f"It comes back here only. {ask}")


def _part(effect: Effect, subject: Subject) -> Step:
    if subject.link.state == State.APART or not is_here(subject.link):
        return _DONE
    return Step(act=Act.PART, values=_old(effect, subject), left=_never_set(effect))


def _edit(effect: Effect, subject: Subject) -> Step:
    if not effect.changes:
        return _DONE
    if _presence(subject) is not Presence.HERE or not is_here(subject.link):
        return stay("It was deleted since, so its fields stay as they are.")
    if subject.link.state == State.APART:
        return stay("It is no longer kept in step with Outlook, so it stays as it is.")
    values: dict[Field, Value] = {}
    left = dict.fromkeys(_never_set(effect))
    for field, change in effect.changes.items():
        sentence = _hindrance(field, change, subject)
        if sentence is None:
            values[field] = readable(field, change.before)
            sentence = _dispute(field, change)
        if sentence:
            left[sentence] = None
    return Step(act=Act.EDIT if values else Act.NOTHING, values=values, left=tuple(left))


def _never_set(effect: Effect) -> tuple[str, ...]:
    names = [NAMES[f] for f, change in effect.changes.items() if not change.known]
    if not names:
        return ()
    return (f"It had no {listed(names)} of its own here before; what came in stays.",)


def _hindrance(field: Field, change: Change, subject: Subject) -> str | None:
    """Why the field does not go back: a sentence, "" for nothing to say, None when it can."""
    if field in FIXED:
        return FIXED[field]
    if not change.known or _holds(subject.triple.local, field, change.before):
        return ""
    if not may_write(field, subject):
        return f"The {NAMES[field]} of this copy can only be changed in Outlook, and stays."
    if not _is_as_the_run_left_it(field, change, subject.triple):
        return f"The {NAMES[field]} was changed again since, and stays."
    return None


def _dispute(field: Field, change: Change) -> str:
    if not change.disputed:
        return ""
    return f"Outlook had another {NAMES[field]} before: the one from here comes back."


def _is_as_the_run_left_it(field: Field, change: Change, triple: Triple) -> bool:
    """Both sides still agree, and on the run's value; Outlook may have put it in its own words."""
    pair = (triple.base or {}).get(field)
    local, remote = triple.local, triple.remote
    if pair is None or not _holds(local, field, pair.ours):
        return False
    if not _holds(remote, field, pair.theirs):
        return False
    return _holds(local, field, change.after) or _holds(remote, field, change.after)


def _holds(tree: Local | Remote | None, field: Field, value: Value) -> bool:
    values = tree.values if tree is not None else {}
    return field in values and same(field, values[field], value)


def may_write(field: Field, subject: Subject) -> bool:
    assert subject.event is not None
    if field not in SHARED:
        return True
    return subject.triple.role is Role.ORGANIZER and not subject.event.locked


def _old(effect: Effect, subject: Subject) -> Values:
    """Values to put back on this side alone, where the run's are still held."""
    local = subject.triple.local
    return {
        field: readable(field, change.before)
        for field, change in effect.changes.items()
        if change.known and _holds(local, field, change.after)
    }


def readable(field: Field, value: Value) -> Value:
    """A body without what Outlook and the sync put around a person's words."""
    return own_text(value) if field is Field.BODY and value else value


def _presence(subject: Subject) -> Presence:
    assert subject.triple.local is not None
    return subject.triple.local.presence


def outlook_has_news(subject: Subject) -> bool:
    """Whether deleting Outlook's copy would lose something that is nowhere else."""
    incoming = [
        action for action in plan_of(subject) if isinstance(action, UpdateHere | RestoreHere)
    ]
    return any(action.values.keys() - READ_ONLY for action in incoming)


def _has_other_copies(subject: Subject) -> bool:
    assert subject.event is not None
    links = subject.event.links.filter(state=State.LIVE).exclude(mailbox=subject.mailbox)
    return links.exists()


def _act(act: Act, *left: str) -> Step:
    return Step(act=act, values={}, left=left)


def stay(reason: str) -> Step:
    return _act(Act.NOTHING, reason)


_DONE = _act(Act.NOTHING)

REJOINED = "Its dates are in the series again from which it was split, so it goes to the archive."

FIXED: Mapping[Field, str] = {
    **dict.fromkeys(READ_ONLY | CREATE_ONLY, "Its online meeting stays as it is."),
    Field.TALLY: "The answers that people gave stay as they are.",
    Field.PROPOSALS: "The times that people proposed stay as they are.",
    Field.RESPONSE: "Your answer stays as it is.",
}
"""What no edit can change back."""
