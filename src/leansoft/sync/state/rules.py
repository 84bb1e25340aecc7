"""What a series' rule means for its way to Outlook."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from leansoft.calendars.models import Event
from leansoft.calendars.values import when_value
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field, Value, Values
from leansoft.events.normalise import same, same_dates
from leansoft.events.recurrence import BadRule, Inexpressible
from leansoft.graph.recurrence import recurrence_to_graph
from leansoft.reconcile.actions import Action, UpdateThere
from leansoft.sync.models import EventLink
from leansoft.sync.state.load import Subject
from leansoft.sync.state.trees import remote_event


def not_in_outlook(subject: Subject) -> str | None:
    """Why Outlook cannot hold this event's rule; None when it can."""
    return why_inexpressible(subject.event) if subject.event is not None else None


def why_inexpressible(event: Event) -> str | None:
    return _why(when_value(event)) if event.is_series else None


def _why(when: Value) -> str | None:
    if not when.get("rrule"):
        return None
    try:
        recurrence_to_graph(when)
    except (Inexpressible, BadRule) as error:
        return str(error)
    return None


def shows_other_dates(link: EventLink, event: Event) -> bool:
    """Whether an attendee's copy of a series has not got the organizer's rule or time yet: until
    then nothing of single dates goes either way."""
    seen = remote_event(link)
    if seen is None or not event.is_series or link.date is not None:
        return False
    return not same_dates(seen.values.get(Field.WHEN, {}), when_value(event))


def expressible(action: Action) -> Action | None:
    """The action without a rule that Outlook has no word for; None when nothing is left of it.

    Such a rule stays as it is here, and its event says why Outlook does not show it.
    """
    if not isinstance(action, UpdateThere) or Field.WHEN not in action.values:
        return action
    if _why(action.values[Field.WHEN]) is None:
        return action
    others: Values = {f: value for f, value in action.values.items() if f is not Field.WHEN}
    return replace(action, values=others) if others else None


def waits_for_cut(subject: Subject) -> bool:
    """Whether this is the second half of a series that Outlook does not yet show as cut."""
    return bool(awaited_cuts(subject.mailbox, [subject.link]))


def awaited_cuts(mailbox: Mailbox, links: Iterable[EventLink]) -> dict[int, EventLink]:
    """Of these links of the mailbox those that wait for such a cut, by key, each with the link of
    the first half."""
    rests = {link.pk: _first_half_of(link) for link in links}
    keys = {key for key in rests.values() if key is not None}
    if not keys:
        return {}
    halves = EventLink.objects.filter(mailbox=mailbox, event__in=keys, state=EventLink.State.LIVE)
    uncut = {half.event_id: half for half in halves.select_related("event") if _is_uncut(half)}
    return {pk: uncut[key] for pk, key in rests.items() if key in uncut}


def _first_half_of(link: EventLink) -> UUID | None:
    return link.event.continues_id if link.event is not None and link.base is None else None


def _is_uncut(half: EventLink) -> bool:
    agreed = (half.base or {}).get(str(Field.WHEN))
    assert half.event is not None
    return bool(agreed and not same(Field.WHEN, agreed["ours"], when_value(half.event)))


def version_planned(subject: Subject) -> int:
    """The version of the event up to which nothing is left to plan. What waits for another series
    is planned with every round until it need not wait."""
    return subject.link.planned_version if waits_for_cut(subject) else subject.version
