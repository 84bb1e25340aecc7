"""Reading a Graph path: case, aliases, key syntax, function segments (operations.md §1)."""

import re
from dataclasses import dataclass, field

from outlook_sandbox.mailbox.exceptions import not_found_segment

_KEY = re.compile(r"([A-Za-z]+)\('([^']*)'\)")
_CALL = re.compile(r"([A-Za-z.]+)\((.*)\)", re.DOTALL)


@dataclass(slots=True)
class Target:
    owner: str | None = None
    """`me`, or what stands for a user; None for what belongs to nobody."""
    calendar_id: str | None = None
    in_calendar: bool = False
    tail: list[str] = field(default_factory=list)
    arguments: str = ""


def read_path(path: str) -> Target:
    """A path below the version, without its query."""
    segments = [part for segment in _split(path) for part in _keys(segment)]
    if not segments:
        raise not_found_segment("")
    target = Target()
    first = segments[0].casefold()
    if first == "me":
        target.owner, rest = "me", segments[1:]
    elif first == "users" and len(segments) > 1:
        target.owner, rest = segments[1], segments[2:]
    else:
        target.tail = segments
        return target
    target.tail = _calendar(target, rest)
    target.tail = [_function(target, segment) for segment in target.tail]
    return target


def _split(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _keys(segment: str) -> list[str]:
    """`events('x')` is `events/x`."""
    match = _KEY.fullmatch(segment)
    return [match[1], match[2]] if match else [segment]


def _calendar(target: Target, rest: list[str]) -> list[str]:
    folded = [segment.casefold() for segment in rest]
    if folded[:1] == ["calendargroups"] and len(rest) > 2 and folded[2] == "calendars":
        rest, folded = rest[2:], folded[2:]
    if folded[:1] == ["calendargroup"] and folded[1:2] == ["calendars"]:
        rest, folded = rest[1:], folded[1:]
    if folded[:1] == ["calendars"] and len(rest) > 1:
        target.calendar_id, target.in_calendar = rest[1], True
        return rest[2:]
    if folded[:1] == ["calendar"]:
        target.in_calendar = True
        return rest[1:]
    return rest


def _function(target: Target, segment: str) -> str:
    """`delta()` and `microsoft.graph.delta()` are `delta`; arguments are kept aside."""
    match = _CALL.fullmatch(segment)
    if match is None:
        return segment.removeprefix("microsoft.graph.")
    target.arguments = match[2]
    return match[1].removeprefix("microsoft.graph.")
