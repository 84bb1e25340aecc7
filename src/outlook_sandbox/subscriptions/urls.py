"""Paths of subscriptions."""

from collections.abc import Callable

from outlook_sandbox.http import Answer
from outlook_sandbox.mailbox.visit import Visit
from outlook_sandbox.subscriptions import responses

_ROUTES: dict[tuple[str, int, str], Callable[[Visit], Answer]] = {
    ("GET", 1, ""): responses.list_subscriptions,
    ("POST", 1, ""): responses.create,
    ("GET", 2, ""): responses.get,
    ("PATCH", 2, ""): responses.update,
    ("DELETE", 2, ""): responses.delete,
    ("POST", 3, "reauthorize"): responses.reauthorize,
}


def find_subscription_route(method: str, segments: list[str]) -> Callable[[Visit], Answer] | None:
    if not segments or segments[0].casefold() != "subscriptions":
        return None
    verb = segments[2].casefold() if len(segments) > 2 else ""
    return _ROUTES.get((method, len(segments), verb))
