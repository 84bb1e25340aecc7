"""The shape of a request and of its answer, with no network behind it.

`Calendar` builds requests whose `url` is relative to the version root (or is a link that Graph
gave, absolute and opaque); `authorized` makes them ready to be sent. The relative form is also what
an item of a `$batch` wants (batch-and-throttling.md §1).
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from leansoft.kit.clock import now

IMMUTABLE_IDS = 'IdType="ImmutableId"'
"""Has to be on every call (event.md §8); `outlook.timezone` is on none: UTC is what we read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    url: str
    # Tokens and secrets travel in both, and belong in no log.
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    counts_as: int = 1
    """How many requests it is to Microsoft, which counts the items of a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """`headers` has its names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class ForeignLink(ValueError):
    """A link leads to another host: the access token must not follow it."""


class Unreadable(ValueError):
    """What Microsoft sent should be a JSON object and is not."""


def graph_request(
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    payload: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Request:
    """`path` is relative to the version root, or an absolute link that is used as it is."""
    url = f"{path}?{urlencode(query, safe='$', quote_via=quote)}" if query else path
    sent = dict(headers or {})
    sent["Prefer"] = ", ".join(filter(None, [IMMUTABLE_IDS, sent.get("Prefer")]))
    if payload is None:
        return Request(method=method, url=url, headers=sent)
    sent["Content-Type"] = "application/json"
    return Request(method=method, url=url, headers=sent, body=json.dumps(payload).encode())


def if_match(etag: str | None) -> dict[str, str]:
    return {"If-Match": etag} if etag else {}


def form_request(url: str, form: Mapping[str, str]) -> Request:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return Request(method="POST", url=url, headers=headers, body=urlencode(form).encode())


def authorized(request: Request, *, base_url: str, token: str, request_id: str) -> Request:
    """The request with its full address and the caller's token. Raises `ForeignLink`."""
    url = request.url if "://" in request.url else base_url + request.url
    if _origin(url) != _origin(base_url):
        raise ForeignLink(f"A link from Microsoft leads to {urlsplit(url).netloc}.")
    headers = {
        **request.headers,
        "Authorization": f"Bearer {token}",
        "client-request-id": request_id,
        "return-client-request-id": "true",
    }
    return replace(request, url=url, headers=headers)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def segment(identifier: str) -> str:
    """An id as one part of a path: ids may hold `/` and `+` (event.md §8)."""
    return quote(identifier, safe="")


def json_object(body: bytes) -> dict[str, Any]:
    """Raises `Unreadable`."""
    return _object(body, _decoded)


def storable_object(body: bytes) -> dict[str, Any]:
    """As `json_object`, without characters that no database takes."""
    return _object(body, _decoded_storable) if UNSTORABLE.search(body) else json_object(body)


def _object(body: bytes, decode: Callable[[bytes], Any]) -> dict[str, Any]:
    try:
        found = decode(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The text is not JSON.") from error
    if not isinstance(found, dict):
        raise Unreadable("The text is not a JSON object.")
    return found


UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""What may stand for NUL, or for half of a pair of surrogates."""

_decoded = msgspec.json.Decoder().decode


def _decoded_storable(body: bytes) -> Any:
    # Unlike msgspec, this takes half a pair for a character.
    return _storable(json.loads(body))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, dict):
        return {key: _storable(held) for key, held in value.items()}
    return [_storable(held) for held in value] if isinstance(value, list) else value


def next_link(page: Mapping[str, Any]) -> str | None:
    return page.get("@odata.nextLink")


def delta_link(page: Mapping[str, Any]) -> str | None:
    return page.get("@odata.deltaLink")


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Whole or decimal seconds, or an HTTP date (batch-and-throttling.md §3); None when absent.

    A date is read against the answer's own `Date`, so that a wrong clock here does no harm.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        return _seconds_until(text, headers)
    return seconds if 0 <= seconds < float("inf") else None


def _seconds_until(text: str, headers: Mapping[str, str]) -> float | None:
    moment = _http_date(text)
    if moment is None:
        return None
    return max(0.0, (moment - (date_of(headers) or now())).total_seconds())


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """What the other side's clock showed when it answered."""
    return _http_date(headers.get("date", ""))


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # Without an offset it names no instant; HTTP always writes GMT.
    return moment if moment.tzinfo else None
