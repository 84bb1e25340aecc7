"""What an undo does not give back, said before it: mails, answers, ids, join links."""

from collections.abc import Iterator

from leansoft.calendars.models import Event
from leansoft.events.fields import UNANSWERED, Field
from leansoft.sync.show.words import listed
from leansoft.sync.state.load import Subject
from leansoft.sync.undo.decision import Act, Step
from leansoft.sync.undo.effects import Effect

MOST_NAMES = 5


def losses(effect: Effect, subject: Subject | None, step: Step) -> list[str]:
    """Sentences for one event; `subject` as it is before the step."""
    found = [*step.left, *_sent(effect)]
    found += [f"On {day:%-d %B %Y}: It stays in the series." for day in sorted(effect.dates_back)]
    if subject is None or subject.event is None:
        return found
    if step.act is Act.ANEW:
        found += _lost_with_the_old_copy(subject.event)
    if Field.ATTENDEES in step.values and step.act is Act.EDIT:
        found += _asked_again(subject.event, step)
    return found


def _sent(effect: Effect) -> Iterator[str]:
    if effect.answered:
        yield "Your answer has reached the organizer, and stays."
    certain = sum(mail["certain"] for mail in effect.mails)
    if certain:
        yield f"Outlook has sent {_mails(certain)} about it; that cannot be taken back."
    elif effect.mails:
        yield f"Outlook may have sent {_mails(len(effect.mails))} about it."


def _mails(count: int) -> str:
    return "1 mail" if count == 1 else f"{count} mails"


def _lost_with_the_old_copy(event: Event) -> Iterator[str]:
    yield "In Outlook it is a new event: links to the old one no longer lead to it."
    if event.online_meeting:
        yield "Its online meeting gets a new link."
    answered = [str(p) for p in event.attendees if p.response not in UNANSWERED]
    if answered:
        yield f"Answers are asked for again: {_some(answered)}."


def _asked_again(event: Event, step: Step) -> Iterator[str]:
    present = {person.email for person in event.attendees}
    back = [
        p["name"] or p["email"] for p in step.values[Field.ATTENDEES] if p["email"] not in present
    ]
    if back:
        yield f"Invited again, without their earlier answers: {_some(back)}."


def _some(names: list[str]) -> str:
    if len(names) <= MOST_NAMES:
        return listed(names)
    return listed([*names[:MOST_NAMES], f"{len(names) - MOST_NAMES} more"])
