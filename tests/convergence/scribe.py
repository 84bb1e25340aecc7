"""Writes down each request that may change a calendar, alone or in a batch: what it was for, what
came of it, and the mails that it caused. What it was for is in the intent that was committed before
it."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import httpx

from convergence.book import Write, label_of
from leansoft.calendars.models import Channel
from leansoft.sync.models import EventLink, SyncAction
from outlook_sandbox import graph
from outlook_sandbox.http import Answer, Call
from outlook_sandbox.sandbox import Sandbox
from support.outlook import CLIENT_ID

if TYPE_CHECKING:  # the world is made of it
    from convergence.world import World

EVENTS = "/v1.0/me/events"
BATCH = "/v1.0/$batch"
Serve = Callable[..., Answer]


def writing_down(world: "World") -> Serve:
    """In place of the sandbox's `serve`, which every request and every item of a batch passes."""
    serve: Serve = graph.serve

    def served(sandbox: Sandbox, call: Call, **options: Any) -> Answer:
        who = caller(world, call.headers)
        if call.method == "GET" or not call.path.startswith(EVENTS) or not who:
            return serve(sandbox, call, **options)
        link = _purpose(who, call)
        mails = world.sandbox.state.mail
        sent, changes = len(mails), _changes(world, who)
        answer = serve(sandbox, call, **options)
        write = _write(world, call, who, link)
        done = _changes(world, who) != changes
        answered = answer.status < 400 and not answer.drop
        world.book.writes.append(
            Write(**write, changed=done, answered=answered, mails=tuple(mails[sent:]))
        )
        return answer

    return served


def writes(request: httpx.Request) -> bool:
    return request.method != "GET" and request.url.path.startswith((EVENTS, BATCH))


def _write(world: "World", call: Call, who: str, link: EventLink | None) -> dict[str, Any]:
    intent = (link.intent if link else None) or {}
    row = SyncAction.objects.filter(pk__in=[intent.get("action")]).first()
    return {
        "who": who,
        "at": world.moment,
        "method": call.method,
        "path": call.path.removeprefix(EVENTS),
        "kind": intent.get("kind", "unannounced"),
        "label": label_of(row.subject) if row else "",
        "values": intent.get("values", {}),
        "send_response": bool(_body(call).get("sendResponse")),
        "action": row.pk if row else None,
        "quiet": _quiet(link),
    }


def _purpose(who: str, call: Call) -> EventLink | None:
    """The link whose intent this request carries out."""
    waiting = EventLink.objects.filter(mailbox__account=who, intent__isnull=False)
    waiting = waiting.select_related("event")
    if call.path != EVENTS:
        remote_id = call.path.removeprefix(f"{EVENTS}/").partition("/")[0]
        return waiting.filter(remote_id=remote_id).first()
    name = str(_body(call).get("transactionId"))
    creating = [
        link for link in waiting if name.endswith(str((link.intent or {})["transaction_id"]))
    ]
    return creating[0] if creating else None


def _body(call: Call) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(call.body) if call.body else {}
    return body


def _quiet(link: EventLink | None) -> frozenset[str]:
    if link is None or link.event is None:
        return frozenset()
    people = link.event.participants.filter(channel=Channel.NONE, email__isnull=False)
    return frozenset(email or "" for email in people.values_list("email", flat=True))


def caller(world: "World", headers: Mapping[str, str]) -> str:
    """Whose mailbox Leansoft asks for; empty when somebody else asks, or nobody may."""
    directory = world.sandbox.directory
    token = directory.access_tokens.get(headers.get("authorization", "").removeprefix("Bearer "))
    if token is None or token.client_id != CLIENT_ID:
        return ""
    account = directory.accounts.get(token.account_id)
    return account.email if account else ""


def _changes(world: "World", who: str) -> int:
    account = world.sandbox.directory.account_by_email(who)
    mailbox = world.sandbox.state.mailboxes.get(account.id) if account else None
    return mailbox.seq if mailbox else 0
