"""The items of a batch and the order to serve them in."""

from dataclasses import dataclass
from typing import Any

from outlook_sandbox.batch.exceptions import batch_error
from outlook_sandbox.http import Json

LIMIT = 20
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    method: str
    url: str
    headers: dict[str, str]
    body: Any
    depends_on: tuple[str, ...]


def read_items(value: Any) -> list[Item]:
    """Raises for what makes the whole batch malformed."""
    requests = value.get("requests") if isinstance(value, dict) else None
    if not isinstance(requests, list) or not requests:
        raise batch_error("The batch has no requests.")
    if len(requests) > LIMIT:
        raise batch_error(f"The batch has more than {LIMIT} requests.")
    items = [_item(request) for request in requests]
    ids = {item.id.casefold() for item in items}
    if len(ids) != len(items):
        raise batch_error("The ids of a batch have to be unique.")
    names = {item.id.casefold(): item.id for item in items}
    return [_resolved(item, names) for item in items]


def _item(request: Any) -> Item:
    if not isinstance(request, dict):
        raise batch_error("A request of a batch is an object.")
    for name in ("id", "method", "url"):
        if not isinstance(request.get(name), str) or not request[name]:
            raise batch_error(f"A request of the batch has no '{name}'.")
    url = request["url"]
    if "://" in url:
        raise batch_error("The URL of a batched request is relative to the version.")
    if url.strip("/").split("?")[0].casefold() == "$batch":
        raise batch_error("A batch cannot hold another batch.")
    headers = request.get("headers") or {}
    if request.get("body") is not None and not _has_content_type(headers):
        raise batch_error("A batched request with a body needs a Content-Type header.")
    return Item(
        id=request["id"],
        method=request["method"].upper(),
        url=url,
        headers={str(name): str(text) for name, text in headers.items()},
        body=request.get("body"),
        depends_on=tuple(request.get("dependsOn") or ()),
    )


def _has_content_type(headers: Json) -> bool:
    return any(name.casefold() == "content-type" for name in headers)


def _resolved(item: Item, names: dict[str, str]) -> Item:
    unknown = [other for other in item.depends_on if other.casefold() not in names]
    if unknown:
        raise batch_error(f"The request '{item.id}' depends on an unknown one.")
    known = tuple(names[other.casefold()] for other in item.depends_on)
    return Item(item.id, item.method, item.url, item.headers, item.body, known)


def in_waves(items: list[Item]) -> list[list[Item]]:
    """At most four at a time, prerequisites before what depends on them (§ concurrency).

    Raises for a circle, which makes the whole batch malformed.
    """
    waves: list[list[Item]] = []
    done: set[str] = set()
    left = list(items)
    while left:
        ready = [item for item in left if done.issuperset(item.depends_on)]
        if not ready:
            raise batch_error("The dependencies of the batch form a circle.")
        waves += [ready[n : n + AT_ONCE] for n in range(0, len(ready), AT_ONCE)]
        done.update(item.id for item in ready)
        left = [item for item in left if item not in ready]
    return waves
