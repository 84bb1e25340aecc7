"""When two values of a field say the same thing.

Outlook rewrites much of what it is given: it wraps and sanitises bodies, trims names, changes the
spelling of zones and the case of addresses. Whatever is left out of the comparison here is left out
for one of those reasons, named at its line.
"""

import unicodedata
from datetime import UTC, datetime
from typing import Any

from leansoft.events.fields import AS_SERIES, UNANSWERED, Field, Response, Value
from leansoft.events.recurrence import same_rule
from leansoft.events.rule_parts import with_range
from leansoft.kit.zones import windows_class

QUIET_OPEN = "— People on this event —"
QUIET_CLOSE = "— Not invited by Outlook —"
"""Lines around the names of people who take part quietly; see `quiet_block`."""


def same(field: Field, one: Value, other: Value) -> bool:
    """Whether two values of this field say the same thing to a person."""
    if one == other:
        return True
    if AS_SERIES in (one, other):
        return False
    if canonical(field, one) != canonical(field, other):
        return False
    if field is Field.WHEN and one is not None:
        return same_zone(one["zone"], other["zone"]) and _same_repetition(one, other)
    return True


def same_with_quiet_block(field: Field, one: Value, other: Value) -> bool:
    """As `same`, but for a body the names in its quiet block count too.

    For comparing a side with its own past; across the sides the block is Leansoft's business.
    """
    if one == other:
        return True
    texts = None not in (one, other) and AS_SERIES not in (one, other)
    if field is Field.BODY and texts:
        return _lines(one) == _lines(other)
    return same(field, one, other)


def canonical(field: Field, value: Value) -> Any:
    """The part of the value that counts, in one spelling."""
    if value is None:
        return None
    match field:
        case Field.SUBJECT | Field.LOCATION:
            return " ".join(str(value).split())
        case Field.BODY:
            return canonical_text(value)
        case Field.WHEN:
            return _canonical_when(value)
        case Field.ATTENDEES:
            # Names are the directory's business; addresses differ in case between clients.
            return sorted({(person["email"].casefold(), person["type"]) for person in value})
        case Field.TALLY:
            return sorted((email.casefold(), _answer(answer)) for email, answer in value.items())
        case Field.PROPOSALS:
            return sorted(
                (email.casefold(), _to_second(time["start"]), _to_second(time["end"]))
                for email, time in value.items()
            )
        case Field.CATEGORIES:
            return sorted({name.casefold() for name in value})
        case Field.RESPONSE:
            return _answer(value)
        case _:
            return value


def canonical_text(text: str) -> str:
    """A body as words and lines: HTML loses runs of spaces and empty lines."""
    return _lines(own_text(text))


def _lines(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def own_text(text: str) -> str:
    """What a person wrote: the body without the quiet block."""
    return without_quiet_block(text).strip()


def without_quiet_block(text: str) -> str:
    start, end = text.find(QUIET_OPEN), text.find(QUIET_CLOSE)
    if start < 0 or end < start:
        return text
    return text[:start] + text[end + len(QUIET_CLOSE) :]


def quiet_block(names: list[str]) -> str:
    """The lines that name people whom Outlook must not mail; empty when there are none."""
    if not names:
        return ""
    return "\n".join([QUIET_OPEN, *names, QUIET_CLOSE])


def _canonical_when(value: dict[str, Any]) -> tuple[Any, ...]:
    if value["all_day"]:
        return ("all_day", value["start"], value["end"])
    # Outlook keeps tenths of microseconds, people keep minutes.
    start, end = (_to_second(value[edge]) for edge in ("start", "end"))
    return ("timed", start, end)


def same_dates(one: Value, other: Value) -> bool:
    """Whether both are series on the same days at the same time, however far they go."""
    if not (one.get("rrule") and other.get("rrule")):
        return False
    endless = ({**when, "rrule": with_range(when["rrule"], "")} for when in (one, other))
    return same(Field.WHEN, *endless)


def same_zone(one: str | None, other: str | None) -> bool:
    """Whether Outlook would call both by one name; an unknown zone differs from none."""
    if one is None or other is None:
        return True
    return windows_class(one) == windows_class(other)


def _same_repetition(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one.get("rrule") and other.get("rrule"):
        return same_rule(one, other)
    return not one.get("rrule") and not other.get("rrule")


def _to_second(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)


def _answer(value: str) -> str:
    return Response.NOT_RESPONDED if value in UNANSWERED else value
