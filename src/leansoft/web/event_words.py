"""Values of an event's fields in words: what the history says a field was, and is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from leansoft.events.fields import AS_SERIES, UNANSWERED, Field, Value
from leansoft.events.normalise import own_text, same
from leansoft.events.recurrence import describe
from leansoft.sync.models import SyncAction
from leansoft.sync.show.words import NAMES

LONGEST = 300
NO_ANSWERS: tuple[Value, ...] = (None, {}, AS_SERIES)

WORDS = {
    "oof": "out of office",
    "organizer": "organizes it",
    "tentatively_accepted": "maybe",
    "not_responded": "no answer",
    "none": "no answer",
}
"""Where Graph's own word, with spaces, is not what people say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Says values to one person: times by their clock, people by name."""

    zone: tzinfo
    names: Mapping[str, str]

    def say(self, field: Field, value: Value) -> str:
        if value is None or value == "":
            return "nothing"
        if value == AS_SERIES:
            return "as the series"
        match field:
            case Field.WHEN:
                return self._when(value)
            case Field.BODY:
                return _shortened(own_text(value)) or "nothing"
            case Field.ATTENDEES:
                return ", ".join(self._person(person) for person in value) or "nobody"
            case Field.TALLY:
                answers = ((self._name(email), word(answer)) for email, answer in value.items())
                return ", ".join(f"{name}: {answer}" for name, answer in answers) or "none"
            case Field.PROPOSALS:
                times = ((self._name(email), self._times(time)) for email, time in value.items())
                return "; ".join(f"{name}: {time}" for name, time in times) or "none"
            case Field.REMINDER:
                return "none" if value == "off" else _before(value)
            case Field.CATEGORIES:
                return ", ".join(value) or "none"
            case Field.ONLINE_MEETING:
                return "yes" if value else "no"
            case Field.SUBJECT | Field.LOCATION | Field.ONLINE_MEETING_URL:
                return str(value)
            case _:
                return word(value)

    def _person(self, person: Mapping[str, Any]) -> str:
        name = self._name(person["email"]) if person["email"] else person["name"]
        name = person["name"] if name == person["email"] and person["name"] else name
        return name if person["type"] == "required" else f"{name} ({person['type']})"

    def _name(self, email: str) -> str:
        return self.names.get(email.casefold(), email)

    def _when(self, value: Mapping[str, Any]) -> str:
        text = _days(value) if value["all_day"] else self._times(value)
        if not value.get("rrule"):
            return text
        rule = describe(value)
        return f"{text}, {rule[0].lower()}{rule[1:]}"

    def _times(self, value: Mapping[str, Any]) -> str:
        start, end = (datetime.fromisoformat(value[e]).astimezone(self.zone) for e in EDGES)
        if end.date() == start.date():
            return f"{_day(start)}, {start:%H:%M}–{end:%H:%M}"
        return f"{_day(start)}, {start:%H:%M} – {_day(end)}, {end:%H:%M}"


EDGES = ("start", "end")


def _days(value: Mapping[str, Any]) -> str:
    first, end = (date.fromisoformat(value[edge]) for edge in EDGES)
    last = end - timedelta(days=1)
    return _day(first) if last <= first else f"{_day(first)} – {_day(last)}"


def _day(day: date) -> str:
    return f"{day:%a %-d %b %Y}"


def word(value: str) -> str:
    return WORDS.get(value, str(value).replace("_", " "))


def _before(minutes: int) -> str:
    if minutes == 0:
        return "at the start"
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0:
            count = minutes // size
            return f"{count} {name}{'s' * (count != 1)} before"
    raise AssertionError("One minute divides every number of minutes.")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One field of a journal row, in words. `before` is None where there was no value."""

    field: Field
    name: str
    before: str | None
    after: str


def told_changes(action: SyncAction, speaker: Speaker) -> list[Told]:
    """The fields that really changed, in the order in which a form has them."""
    places = {field: place for place, field in enumerate(Field)}
    changed = [one for one in _fields(action) if _is_news(*one)]
    return [
        Told(
            field=field,
            name=NAMES[field],
            before=speaker.say(field, before) if known else None,
            after=speaker.say(field, after),
        )
        for field, known, before, after in sorted(changed, key=lambda one: places[one[0]])
    ]


def _fields(action: SyncAction) -> Iterable[tuple[Field, bool, Value, Value]]:
    for name, after in action.after.items():
        field, known = Field(name), name in action.before
        before, now = (_told(field, value) for value in (action.before.get(name), after))
        yield field, known, before, now


def _told(field: Field, value: Value) -> Value:
    """Of answers only those that were given: who has not answered is among the people."""
    if field is not Field.TALLY or not isinstance(value, dict):
        return value
    return {email: answer for email, answer in value.items() if answer not in UNANSWERED}


def _is_news(field: Field, known: bool, before: Value, after: Value) -> bool:
    if field is Field.TALLY and before in NO_ANSWERS and after in NO_ANSWERS:
        return False
    return not known or not _same(field, before, after)


def _same(field: Field, one: Value, other: Value) -> bool:
    if AS_SERIES in (one, other):
        return bool(one == other)
    return same(field, one, other)


def people_in(actions: Iterable[SyncAction]) -> set[str]:
    """Addresses in the values and mails of these rows."""
    emails = {mail["to"] for action in actions for mail in action.mails}
    for action in actions:
        for values in (action.before, action.after, action.lost):
            emails |= _named(values)
    return {email.casefold() for email in emails}


def _named(values: Mapping[str, Any]) -> set[str]:
    people = values.get(str(Field.ATTENDEES))
    named = {p["email"] for p in people if p["email"]} if isinstance(people, list) else set()
    told = (values.get(str(field)) for field in (Field.TALLY, Field.PROPOSALS))
    return named.union(*(by_email for by_email in told if isinstance(by_email, dict)))
