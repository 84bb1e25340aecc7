"""What a series' rule means for its way to Outlook."""

from dataclasses import replace

from leansoft.calendars.models import Event
from leansoft.calendars.values import when_value
from leansoft.events.fields import Field, Value, Values
from leansoft.events.normalise import same
from leansoft.events.recurrence import BadRule, Inexpressible
from leansoft.graph.recurrence import recurrence_to_graph
from leansoft.reconcile.actions import Action, UpdateThere
from leansoft.sync.models import EventLink
from leansoft.sync.state.load import Subject


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
    event, link = subject.event, subject.link
    if event is None or event.continues_id is None or link.base is not None:
        return False
    first = EventLink.objects.filter(
        mailbox=subject.mailbox, event=event.continues_id, state=EventLink.State.LIVE
    ).select_related("event")
    for earlier in first:
        agreed = (earlier.base or {}).get(str(Field.WHEN))
        assert earlier.event is not None
        if agreed and not same(Field.WHEN, agreed["ours"], when_value(earlier.event)):
            return True
    return False


def version_planned(subject: Subject) -> int:
    """The version of the event up to which nothing is left to plan. What waits for another series
    is planned with every round until it need not wait."""
    return subject.link.planned_version if waits_for_cut(subject) else subject.version
