"""What every service of the sandbox speaks: a call comes in, an answer goes out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import msgspec

Json = dict[str, Any]


@dataclass(slots=True)
class Call:
    method: str
    path: str
    """Decoded, without the query string."""
    query_string: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    base_url: str
    """Scheme and host by which the caller reached the sandbox; links are built on it."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    batch_of: str | None = None

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    """Break the connection in the middle of the answer."""
    delay_seconds: float = 0.0

    @classmethod
    def json(
        cls, value: object, status: int = 200, headers: dict[str, str] | None = None
    ) -> "Answer":
        named = {"Content-Type": "application/json"} | (headers or {})
        return cls(status, msgspec.json.encode(value), named)

    @classmethod
    def html(cls, text: str, status: int = 200) -> "Answer":
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
        return cls(status, text.encode(), headers)

    @classmethod
    def redirect(cls, url: str, status: int = 302) -> "Answer":
        return cls(status, b"", {"Location": url})

    def value(self) -> Any:
        return json.loads(self.body) if self.body else None


class Refusal(Exception):
    """A request that a service refuses; `answer` is what the caller gets."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.body.decode(errors="replace"))
        self.answer = answer
