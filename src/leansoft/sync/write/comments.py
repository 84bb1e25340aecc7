"""What a person says with an answer: kept with it until Outlook has it, and sent once.

Outlook shows an answer but no comment. So a comment goes the way of its answer: where the answer
turns out to be there, the comment is there too.
"""

from datetime import date, datetime

from django.db.models import QuerySet

from leansoft.calendars.models import Participant, PersonalOverride
from leansoft.calendars.overrides import personal_overrides_of
from leansoft.events.fields import Field, Response
from leansoft.events.normalise import same
from leansoft.reconcile.actions import (
    Action,
    Cause,
    DeclineDateThere,
    DeclineThere,
    RespondDateThere,
    RespondThere,
)
from leansoft.reconcile.merge import ANSWERS
from leansoft.reconcile.plan import Plan
from leansoft.reconcile.snapshot import Presence
from leansoft.sync.models import EventLink
from leansoft.sync.state.load import Subject

WHOLE_ANSWERS = {DeclineThere.__name__, RespondThere.__name__}


def comment_of(subject: Subject, action: Action) -> str:
    """What goes out with this action."""
    tells = isinstance(action, RespondThere | RespondDateThere) or (
        isinstance(action, DeclineThere | DeclineDateThere) and action.send_response
    )
    if not tells or subject.person is None:
        return ""
    day: date | None = getattr(action, "day", subject.link.date)
    if day is None:
        return subject.person.response_comment
    own = personal_overrides_of(subject.person).get(day)
    return own.response_comment if own is not None else ""


def with_comment(subject: Subject, plan: Plan) -> Plan:
    """An answer that Outlook has already is given once more where it got a comment since."""
    if not _waits(subject) or any(isinstance(action, RespondThere) for action in plan):
        return plan
    local, remote = subject.triple.local, subject.triple.remote
    assert local is not None
    answer = local.values.get(Field.RESPONSE)
    known = remote is not None and remote.here and Field.RESPONSE in remote.values
    if not known or answer not in ANSWERS:
        return plan
    assert remote is not None
    if not same(Field.RESPONSE, answer, remote.values[Field.RESPONSE]):
        return plan
    return (*plan, RespondThere(response=Response(answer), cause=Cause.ANSWERED_HERE))


def sent(link: EventLink) -> None:
    """Outlook has the answer of this link's intent. A newer answer, or comment, stays."""
    assert link.intent is not None
    people = Participant.objects.filter(event=link.event_id, user=link.mailbox.user_id)
    if link.intent["kind"] in WHOLE_ANSWERS and link.date is None:
        # Whoever is invited again is asked anew.
        _forget_stamp(people, link.intent["at"])
    comment = link.intent.get("comment")
    if not comment:
        return
    day = link.intent.get("day") or link.date
    if day is not None:
        own = PersonalOverride.objects.filter(participant__in=people, date=day)
        own.filter(response_comment=comment).update(response_comment="")
        return
    people.filter(response_comment=comment).update(response_comment="")


def _forget_stamp(people: QuerySet[Participant], sent_at: str) -> None:
    for person in people:
        stamp = person.edited_at.pop(Field.RESPONSE, None)
        if stamp is not None and datetime.fromisoformat(stamp) <= datetime.fromisoformat(sent_at):
            person.save(update_fields=["edited_at"])


def _waits(subject: Subject) -> bool:
    person, local = subject.person, subject.triple.local
    return bool(
        person is not None
        and person.response_comment
        and subject.triple.base is not None
        and local is not None
        and local.presence is Presence.HERE
    )
