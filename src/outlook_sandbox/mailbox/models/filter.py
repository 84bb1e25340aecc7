"""`$filter`: a small grammar over rendered events (operations.md §7).

or      := and ("or" and)*
and     := unary ("and" unary)*
unary   := "not" unary | "(" or ")" | function | any | path operator literal
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from outlook_sandbox.mailbox.exceptions import bad_request
from outlook_sandbox.mailbox.models.times import read_wall, write_wall

Predicate = Callable[[Any], bool]
REFUSED = ("body", "attendees", "bodypreview")
_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<stamp>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_@$][\w@$.]*(?:/[A-Za-z_@$][\w@$.]*)*)"
    r"|(?P<sign>[(),:]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "ne": lambda a, b: bool(a != b),
    "gt": lambda a, b: a is not None and b is not None and bool(a > b),
    "ge": lambda a, b: a is not None and b is not None and bool(a >= b),
    "lt": lambda a, b: a is not None and b is not None and bool(a < b),
    "le": lambda a, b: a is not None and b is not None and bool(a <= b),
}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": lambda a, b: a.startswith(b),
    "endswith": lambda a, b: a.endswith(b),
    "contains": lambda a, b: b in a,
}


class HasPaths(ABC):
    """Something that finds the value of a path by itself, with times as instants."""

    @abstractmethod
    def at(self, path: str) -> Any: ...


@dataclass(slots=True)
class Filter:
    accepts: Predicate
    first_path: str | None


def parse_filter(text: str) -> Filter:
    parser = _Parser(_tokens(text))
    predicate = parser.either()
    if parser.position != len(parser.tokens):
        raise _invalid(text)
    return Filter(predicate, parser.first_path)


def _invalid(text: str) -> Exception:
    return bad_request(f"Invalid filter clause: {text}")


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _invalid(text)
        tokens.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.position = 0
        self.first_path: str | None = None

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def take(self, kind: str | None = None, text: str | None = None) -> str:
        found_kind, found = self.peek()
        if (kind and found_kind != kind) or (text and found.casefold() != text):
            raise _invalid(" ".join(token for _, token in self.tokens))
        self.position += 1
        return found

    def _word(self, text: str) -> bool:
        kind, found = self.peek()
        if kind == "name" and found.casefold() == text:
            self.position += 1
            return True
        return False

    def either(self) -> Predicate:
        parts = [self.both()]
        while self._word("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else lambda e: any(part(e) for part in parts)

    def both(self) -> Predicate:
        parts = [self.unary()]
        while self._word("and"):
            parts.append(self.unary())
        return parts[0] if len(parts) == 1 else lambda e: all(part(e) for part in parts)

    def unary(self) -> Predicate:
        if self._word("not"):
            inner = self.unary()
            return lambda e: not inner(e)
        if self.peek() == ("sign", "("):
            self.take()
            inner = self.either()
            self.take("sign", ")")
            return inner
        name = self.take("name")
        if self.peek() == ("sign", "("):
            return self._call(name)
        path = self._path(name)
        compare = _COMPARE.get(self.take("name").casefold())
        if compare is None:
            raise _invalid(name)
        wanted = self._literal()
        return lambda e: compare(*_alike(value_at(e, path), wanted))

    def _call(self, name: str) -> Predicate:
        folded = name.casefold()
        if folded.endswith("/any"):
            return self._any(name[:-4])
        function = _FUNCTIONS.get(folded)
        if function is None:
            raise _invalid(name)
        self.take("sign", "(")
        path = self._path(self.take("name"))
        self.take("sign", ",")
        wanted = str(self._literal()).casefold()
        self.take("sign", ")")
        return lambda e: function(_text(value_at(e, path)), wanted)

    def _any(self, name: str) -> Predicate:
        """`categories/any(a:a eq 'X')`, `singleValueExtendedProperties/Any(ep: …)`."""
        path = self._path(name)
        self.take("sign", "(")
        variable = self.take("name")
        self.take("sign", ":")
        inner = self.either()
        self.take("sign", ")")
        return lambda e: any(inner({variable: part}) for part in value_at(e, path) or [])

    def _path(self, name: str) -> str:
        if name.split("/", maxsplit=1)[0].casefold() in REFUSED:
            raise bad_request(f"The property '{name}' does not support filtering.")
        self.first_path = self.first_path or name
        return name

    def _literal(self) -> Any:
        kind, text = self.peek()
        self.position += 1
        if kind == "string":
            return text[1:-1].replace("''", "'")
        if kind == "stamp":
            return _instant(text)
        if kind == "number":
            return float(text)
        words: dict[str, Any] = {"true": True, "false": False, "null": None}
        if kind == "name" and text.casefold() in words:
            return words[text.casefold()]
        raise _invalid(text)


def value_at(element: Any, path: str) -> Any:
    if isinstance(element, HasPaths):
        return element.at(path)
    for name in path.split("/"):
        if not isinstance(element, dict):
            return None
        folded = name.casefold()
        element = next((v for k, v in element.items() if k.casefold() == folded), None)
    return element


def _instant(text: str) -> datetime:
    wall = read_wall(text)
    return wall.astimezone(UTC) if wall.tzinfo else wall.replace(tzinfo=UTC)


def _day_or_instant(text: str) -> datetime:
    return _instant(text if "T" in text else text + "T00:00:00")


def _text(value: Any) -> str:
    return write_wall(value) if isinstance(value, datetime) else str(value or "").casefold()


def _alike(value: Any, wanted: Any) -> tuple[Any, Any]:
    """Both sides in one type: times as instants, texts without case."""
    if isinstance(value, bool) or value is None or wanted is None:
        return value, wanted
    if isinstance(value, datetime):
        try:
            return value, wanted if isinstance(wanted, datetime) else _day_or_instant(str(wanted))
        except ValueError:
            return None, wanted
    if isinstance(wanted, datetime):
        try:
            return _instant(str(value)), wanted
        except ValueError:
            return None, wanted
    if isinstance(value, str) and isinstance(wanted, str):
        try:
            return _instant(value), _day_or_instant(wanted)
        except ValueError:
            return value.casefold(), wanted.casefold()
    if isinstance(value, (int, float)) and isinstance(wanted, (int, float)):
        return value, wanted
    return None, wanted  # kinds that do not compare: only `ne` holds
