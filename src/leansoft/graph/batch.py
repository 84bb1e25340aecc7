"""Several conversations with Graph whose first requests share one round trip (`$batch`).

A *talk* is a function that asks through the `Send` it is given, such as one call of a verb of
`Calendar`. Requests are plain data, so a talk can be called twice: once to learn its first request,
and, when the batch has been answered, again with that answer. Whatever it asks after that travels
alone. Before its first request a talk therefore does nothing but build it.

A batch is no transaction (batch-and-throttling.md §1): each item has an answer of its own.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Generic, NoReturn, TypeVar

import msgspec

from leansoft.graph.asking import Send, check
from leansoft.graph.errors import GraphError, TransientError
from leansoft.graph.wire import Request, Response, Unreadable, graph_request, storable_object

MOST_ITEMS = 20
MOST_BYTES = 3_000_000
"""Of bodies in one batch: a request may have 4 MB (§4), and encoding adds to them."""

T = TypeVar("T")
Talk = Callable[[Send], T]
Start = Callable[[Request], Callable[[], Response]]
"""Sends the request; the answer, or the error that there is none, is had by calling the result."""


def together(send: Send, talks: Sequence[Talk[T]]) -> list[T | GraphError]:
    """What each talk ends with, in their order; its error, when that concerns its item alone.

    Raises the error of the batch as a whole, after which every item's outcome is unknown.
    """
    return Flight(talks, send=send, start=at_once(send)).land() if talks else []


def at_once(send: Send) -> Start:
    """Sends when the answer is asked for."""
    return lambda request: partial(send, request)


class Flight(Generic[T]):
    """A batch under way, while its sender does something else."""

    def __init__(self, talks: Sequence[Talk[T]], *, send: Send, start: Start) -> None:
        self._talks, self._send = talks, send
        self._requests = [first_request(talk) for talk in talks]
        # What does not fit into one batch follows when this one has landed.
        self._shares = shares(self._requests)
        self._first = start(_carrier(self._requests[self._shares[0]]))

    def land(self) -> list[T | GraphError]:
        """Waits for the answers; as `together`."""
        results: list[T | GraphError] = []
        for number, share in enumerate(self._shares):
            requests = self._requests[share]
            response = self._first() if number == 0 else self._send(_carrier(requests))
            results += [
                go_on(talk, answer, self._send)
                for talk, answer in zip(
                    self._talks[share], _answers_in(response, requests), strict=True
                )
            ]
        return results


def shares(requests: Sequence[Request], *, most: int = MOST_ITEMS) -> list[slice]:
    """How these requests are divided among batches."""
    found: list[slice] = []
    begin, size = 0, 0
    for number, request in enumerate(requests):
        length = len(request.body or b"")
        if number > begin and (number - begin == most or size + length > MOST_BYTES):
            found.append(slice(begin, number))
            begin, size = number, 0
        size += length
    return [*found, slice(begin, len(requests))] if requests else []


def _carrier(requests: Sequence[Request]) -> Request:
    return requests[0] if len(requests) == 1 else batch_request(requests)


def _answers_in(response: Response, requests: Sequence[Request]) -> list[Response | None]:
    if len(requests) == 1:
        return [response]
    return batch_responses(check(lambda _: response, requests[0]), len(requests))


def batch_request(requests: Sequence[Request]) -> Request:
    """One request that carries all of these, whose addresses are relative to the version root."""
    items = [_item(str(number), request) for number, request in enumerate(requests)]
    whole = graph_request("POST", "/$batch", payload={"requests": items})
    return replace(whole, counts_as=len(items))


def _item(name: str, request: Request) -> dict[str, Any]:
    if "://" in request.url:
        raise ValueError("A link that Graph gave cannot travel in a batch.")
    # `Prefer` and `If-Match` count only on the item (§1).
    item = {
        "id": name,
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
    }
    return item if request.body is None else {**item, "body": json.loads(request.body)}


def batch_responses(response: Response, count: int) -> list[Response | None]:
    """The answers in the order of the requests, in whatever order they came.

    None for one that is missing. Raises `TransientError` when the whole cannot be read.
    """
    try:
        items = storable_object(response.body)["responses"]
        found = {str(item["id"]): _response(item) for item in items}
    except (Unreadable, KeyError, TypeError, ValueError) as error:
        raise TransientError(
            f"The answer to a batch cannot be read: {error}", outcome_unknown=True
        ) from error
    return [found.get(str(number)) for number in range(count)]


def _response(item: Mapping[str, Any]) -> Response:
    headers = {name.lower(): str(text) for name, text in (item.get("headers") or {}).items()}
    body = msgspec.json.encode(item["body"]) if item.get("body") is not None else b""
    return Response(status=int(item["status"]), headers=headers, body=body)


def first_request(talk: Talk[T]) -> Request:
    """What this talk asks first; nothing is sent."""
    try:
        talk(_note)
    except _Noted as noted:
        return noted.request
    raise ValueError("A talk in a batch has to ask for something.")


class _Noted(Exception):
    def __init__(self, request: Request) -> None:
        self.request = request


def _note(request: Request) -> NoReturn:
    raise _Noted(request)


def go_on(talk: Talk[T], answer: Response | None, send: Send) -> T | GraphError:
    """Continues the talk after the answer to its first request."""
    left = [answer]

    def answered(request: Request) -> Response:
        if not left:
            return send(request)
        first = left.pop()
        if first is None:
            raise TransientError("The batch says nothing of this item.", outcome_unknown=True)
        # Only a request of its own gets a fresh token and another chance.
        return send(request) if first.status == 401 else first

    try:
        return talk(answered)
    except GraphError as error:
        return error
