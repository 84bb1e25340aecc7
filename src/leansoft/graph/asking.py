"""One request to Graph and its answer, or the error that the answer stands for."""

from collections.abc import Callable
from typing import Any

from leansoft.graph import wire
from leansoft.graph.errors import Refused, TransientError, error_from

Send = Callable[[wire.Request], wire.Response]
"""Adds the address and the token, sends, and raises `TransientError` when no answer comes."""


def ask(send: Send, request: wire.Request) -> dict[str, Any]:
    """The answer's JSON object. Raises any `GraphError`."""
    response = check(send, request)
    try:
        return wire.storable_object(response.body)
    except wire.Unreadable as error:
        # Cut off on the way, or a proxy's page: whether it was carried out stays open.
        raise TransientError(str(error), status=response.status, outcome_unknown=True) from error


def check(send: Send, request: wire.Request) -> wire.Response:
    """The answer, when it is a success. Raises any `GraphError`."""
    try:
        response = send(request)
    except wire.ForeignLink as error:
        raise Refused(str(error)) from error
    if not response.is_success:
        raise error_from(response.status, response.headers, response.body)
    return response
