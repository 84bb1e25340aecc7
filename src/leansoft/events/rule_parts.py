"""The text of a repetition rule: the RRULE value of RFC 5545, section 3.3.10."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
SUB_DAILY = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})

NUMBERS = {
    "BYSECOND": (0, 60),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTH": (1, 12),
}
SIGNED_NUMBERS = {
    "BYMONTHDAY": 31,
    "BYYEARDAY": 366,
    "BYWEEKNO": 53,
    "BYSETPOS": 366,
}
TIMES = frozenset({"BYSECOND", "BYMINUTE", "BYHOUR"})
NOT_WITH = {
    "BYWEEKNO": frozenset(FREQUENCIES) - {"YEARLY"},
    "BYYEARDAY": frozenset({"DAILY", "WEEKLY", "MONTHLY"}),
    "BYMONTHDAY": frozenset({"WEEKLY"}),
}


class BadRule(ValueError):
    """No rule that RFC 5545 knows, or one that yields no date. The message is for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A valid rule as it is written; `by` holds the lists of numbers that are there, sorted."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    """A date, a wall time without zone, or an instant in UTC."""
    week_start: str = "MO"
    days: tuple[tuple[int, str], ...] = ()
    """(position or 0, day), as "-1SU" and "MO" say."""
    by: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """Which BY parts there are."""
        return self.by.keys() | ({"BYDAY"} if self.days else set())


@lru_cache(maxsize=1024)
def parts_of(text: str) -> Parts:
    """Raises `BadRule`."""
    given = _pairs(text)
    if "FREQ" not in given:
        raise BadRule("The rule does not say how often: FREQ is missing.")
    if "COUNT" in given and "UNTIL" in given:
        raise BadRule("COUNT and UNTIL exclude each other: leave one of them out.")
    by = {name: read(given[name]) for name, read in LISTS.items() if name in given}
    parts = Parts(
        frequency=_one_of("FREQ", given["FREQ"], FREQUENCIES),
        interval=_positive("INTERVAL", given.get("INTERVAL", "1")),
        count=_positive("COUNT", given["COUNT"]) if "COUNT" in given else None,
        until=_until(given["UNTIL"]) if "UNTIL" in given else None,
        week_start=_one_of("WKST", given.get("WKST", "MO"), WEEK),
        days=_days(given["BYDAY"]) if "BYDAY" in given else (),
        by=by,
    )
    _check_together(parts)
    return parts


def with_range(text: str, end: str) -> str:
    """The rule with another end: a COUNT or an UNTIL."""
    kept = {name: value for name, value in _pairs(text).items() if name not in {"COUNT", "UNTIL"}}
    return ";".join([*(f"{name}={value}" for name, value in kept.items()), end])


def _pairs(text: str) -> dict[str, str]:
    text = "".join(text.split()).upper().removeprefix("RRULE:").removesuffix(";")
    if not text:
        raise BadRule("The rule is empty.")
    given: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or name not in KNOWN:
            raise BadRule(f"'{_short(part)}' is no part of a rule.")
        if name in given:
            raise BadRule(f"{name} is given twice.")
        given[name] = value
    return given


def _check_together(parts: Parts) -> None:
    for name in sorted(parts.names & NOT_WITH.keys()):
        if parts.frequency in NOT_WITH[name]:
            raise BadRule(f"{name} cannot go with FREQ={parts.frequency}.")
    if any(position for position, _ in parts.days):
        if parts.frequency not in {"MONTHLY", "YEARLY"}:
            raise BadRule(f"A numbered day in BYDAY cannot go with FREQ={parts.frequency}.")
        if "BYWEEKNO" in parts.by:
            raise BadRule("A numbered day in BYDAY cannot go with BYWEEKNO.")
    if parts.names == {"BYSETPOS"}:
        raise BadRule("BYSETPOS picks from what another BY part yields, and there is none.")


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise BadRule(f"{name}={_short(value)} is unknown: use one of {', '.join(known)}.")
    return value


def _positive(name: str, value: str) -> int:
    if not re.fullmatch(r"0*[1-9][0-9]{0,8}", value, re.ASCII):
        raise BadRule(f"{name}={_short(value)} is no number of times from 1 on.")
    return int(value)


def _numbers(name: str, low: int, high: int, *, signed: bool) -> Callable[[str], tuple[int, ...]]:
    pattern = re.compile(r"[+-]?[0-9]{1,3}" if signed else r"[0-9]{1,2}", re.ASCII)

    def read(value: str) -> tuple[int, ...]:
        found = set()
        for text in value.split(","):
            if not pattern.fullmatch(text) or not low <= abs(int(text)) <= high:
                signs = ", or the same with a minus" if signed else ""
                raise BadRule(f"{name}={_short(text)} is not within {low} to {high}{signs}.")
            found.add(int(text))
        return tuple(sorted(found))

    return read


LISTS = {name: _numbers(name, *bounds, signed=False) for name, bounds in NUMBERS.items()} | {
    name: _numbers(name, 1, high, signed=True) for name, high in SIGNED_NUMBERS.items()
}
KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"}) | LISTS.keys()


def _days(value: str) -> tuple[tuple[int, str], ...]:
    found = set()
    for text in value.split(","):
        match = re.fullmatch(r"([+-]?[0-9]{1,2})?([A-Z]{2})", text, re.ASCII)
        if match is None or match[2] not in WEEK:
            raise BadRule(f"BYDAY={_short(text)} is no day: use MO, TU and so on, or 2TU, -1FR.")
        position = int(match[1] or 0)
        if match[1] and not 1 <= abs(position) <= 53:
            raise BadRule(f"BYDAY={_short(text)}: the number is not within 1 to 53.")
        found.add((position, match[2]))
    return tuple(sorted(found, key=lambda day: (day[0], WEEK.index(day[1]))))


def _until(value: str) -> date | datetime:
    match = re.fullmatch(r"([0-9]{8})(T[0-9]{6})?(Z)?", value, re.ASCII)
    if match is None or (match[3] and not match[2]):
        raise BadRule(f"UNTIL={_short(value)} is no date: write 20261231 or 20261231T090000Z.")
    try:
        if not match[2]:
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(match[1] + match[2])
    except ValueError as error:
        raise BadRule(f"UNTIL={_short(value)} is no date in the calendar.") from error
    return moment.replace(tzinfo=UTC) if match[3] else moment


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
