"""Writes down each request that may change a calendar: what it was for, what came of it, and the
mails that it caused. What it was for is in the intent that was committed before it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx

from convergence.book import Write, label_of
from leansoft.calendars.models import Channel
from leansoft.sync.models import EventLink, SyncAction

if TYPE_CHECKING:  # the world is made of it
    from convergence.world import World

EVENTS = "/v1.0/me/events"


@contextmanager
def writing_down(world: "World", request: httpx.Request) -> Iterator[None]:
    if not writes(request):
        yield
        return
    who = caller(world, request)
    link = _purpose(who, request)
    mails = world.sandbox.state.mail
    sent, changes = len(mails), _changes(world, who)
    try:
        yield
    finally:
        write = _write(world, request, who, link)
        done = _changes(world, who) != changes
        world.book.writes.append(Write(**write, changed=done, mails=tuple(mails[sent:])))


def writes(request: httpx.Request) -> bool:
    return request.method != "GET" and request.url.path.startswith(EVENTS)


def _write(
    world: "World", request: httpx.Request, who: str, link: EventLink | None
) -> dict[str, Any]:
    intent = (link.intent if link else None) or {}
    row = SyncAction.objects.filter(pk__in=[intent.get("action")]).first()
    return {
        "who": who,
        "method": request.method,
        "path": request.url.path.removeprefix(EVENTS),
        "kind": intent.get("kind", "unannounced"),
        "label": label_of(row.subject) if row else "",
        "values": intent.get("values", {}),
        "send_response": bool(_body(request).get("sendResponse")),
        "action": row.pk if row else None,
        "quiet": _quiet(link),
    }


def _purpose(who: str, request: httpx.Request) -> EventLink | None:
    """The link whose intent this request carries out."""
    waiting = EventLink.objects.filter(mailbox__account=who, intent__isnull=False)
    waiting = waiting.select_related("event")
    path = unquote(request.url.path)
    if path != EVENTS:
        remote_id = path.removeprefix(f"{EVENTS}/").partition("/")[0]
        return waiting.filter(remote_id=remote_id).first()
    name = str(_body(request).get("transactionId"))
    creating = [
        link for link in waiting if name.endswith(str((link.intent or {})["transaction_id"]))
    ]
    return creating[0] if creating else None


def _body(request: httpx.Request) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(request.content) if request.content else {}
    return body


def _quiet(link: EventLink | None) -> frozenset[str]:
    if link is None or link.event is None:
        return frozenset()
    people = link.event.participants.filter(channel=Channel.NONE, email__isnull=False)
    return frozenset(email or "" for email in people.values_list("email", flat=True))


def caller(world: "World", request: httpx.Request) -> str:
    token = world.sandbox.directory.access_tokens.get(
        request.headers["authorization"].removeprefix("Bearer ")
    )
    account = world.sandbox.directory.accounts.get(token.account_id) if token else None
    return account.email if account else ""


def _changes(world: "World", who: str) -> int:
    account = world.sandbox.directory.account_by_email(who)
    mailbox = world.sandbox.state.mailboxes.get(account.id) if account else None
    return mailbox.seq if mailbox else 0
