"""Opens everything that Leansoft serves, as somebody, and keeps nothing of what that does."""

import re
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from leansoft.accounts.models import User

Ids = Mapping[str, Sequence[object]]
"""What can stand for each parameter of an address; of one that is missing here, nobody thought."""

SOON = "start=2026-01-01T00:00:00&end=2031-01-01T00:00:00"
QUERIES = {
    "/api/v1/events": [f"?{SOON}", f"?{SOON}&expand=true", "?archived=true"],
    "/outlook/": ["?all"],
}


def everything_seen_by(user: User, ids: Ids, *, search: str = "") -> dict[str, str]:
    """What each answer says, headers included, by its method and address.

    `search` is looked for wherever something can be looked for.
    """
    seen = {}
    for route in sorted(set(_routes(get_resolver().url_patterns))):
        for address in _addresses(route, ids, search):
            for method in _methods(address):
                seen[f"{method} {address}"] = _ask(user, method, address)
    return seen


def _methods(address: str) -> Sequence[str]:
    if "?" in address:
        return ["get"]
    return ["get", "post", "patch", "delete"] if address.startswith("/api/") else ["get", "post"]


def _routes(patterns: Sequence[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for entry in patterns:
        # Only allauth has regular expressions, for links in mails.
        if not isinstance(entry.pattern, RoutePattern):
            continue
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, path)
        else:
            yield path


def _addresses(route: str, ids: Ids, search: str) -> Iterator[str]:
    parameters = re.findall(r"<(?:\w+:)?(\w+)>", route)
    if not parameters:
        yield from (route, f"{route}?q={search}&find={search}")
        yield from (route + query for query in QUERIES.get(route, []))
        return
    (name,) = parameters
    for value in ids[name]:
        yield re.sub(r"<[^>]+>", str(value), route)


def _ask(user: User, method: str, address: str) -> str:
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        client.force_login(user)
        more = {} if method == "get" else {"data": "{}", "content_type": "application/json"}
        response: HttpResponse = getattr(client, method)(address, **more)
        transaction.set_rollback(True)
    body = b"".join(response) if response.streaming else response.content
    return f"{response.serialize_headers().decode()}\n{body.decode('utf-8', 'replace')}"
