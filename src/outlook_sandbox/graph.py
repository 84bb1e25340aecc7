"""Graph v1.0 from the outside: authentication, throttling, faults, routing, the ledger.

The same path serves a request of its own and an item of a batch.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from outlook_sandbox import throttle
from outlook_sandbox.batch.responses import batch
from outlook_sandbox.faults import Fault, take_fault
from outlook_sandbox.http import Answer, Call, Json
from outlook_sandbox.identity.models import AccessToken, Account
from outlook_sandbox.identity.scopes import allows
from outlook_sandbox.ledger import LedgerEntry, record
from outlook_sandbox.mailbox.exceptions import (
    GraphError,
    access_denied,
    item_not_found,
    not_found_segment,
    unauthenticated,
    unknown_user,
)
from outlook_sandbox.mailbox.models.arrivals import deliver_due
from outlook_sandbox.mailbox.urls import (
    CALENDAR_ROUTES,
    EVENT_ROUTES,
    OWNER_ROUTES,
    Route,
)
from outlook_sandbox.mailbox.visit import Visit
from outlook_sandbox.paths import Target, read_path
from outlook_sandbox.subscriptions.urls import find_subscription_route

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

PREFIX = "/v1.0"
_DIAGNOSTIC = '{"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"1","ScaleUnit":"000"}}'
_FAULT_MESSAGES = {429: "Please retry again later.", 401: "The token is not valid."}


@dataclass(slots=True)
class Caller:
    token: AccessToken
    account: Account


def serve(sandbox: "Sandbox", call: Call, pause: Callable[[float], object] | None = None) -> Answer:
    """Handles one request. Waiting that a fault asks for happens outside of the lock."""
    pause = pause or _pause
    with sandbox.lock:
        changed = deliver_due(sandbox)
        request_id = sandbox.random.guid()
        sandbox.cause, sandbox.notes = f"{call.method} {call.path}", []
        caller, refusal = _identify(sandbox, call)
        fault = _strike(sandbox, call, caller)
        latency = sandbox.state.latency.milliseconds / 1000
        batched = call.path.casefold() == PREFIX + "/$batch" and call.batch_of is None
        try:
            key = _enter(sandbox, caller) if refusal is None and not batched else None
        except GraphError as failure:
            key, refusal = None, failure
    delay = (fault.delay_seconds or 0) if fault else 0
    late = fault is not None and fault.when == "after"
    pause(latency + (0 if late else delay))
    if batched and refusal is None and (fault is None or not fault.breaks):
        return _batch(sandbox, call, caller, request_id)
    with sandbox.lock:
        # Another request may have come in between while this one waited.
        sandbox.cause, sandbox.notes = f"{call.method} {call.path}", []
        try:
            answer = _answer(sandbox, call, caller, fault, refusal)
        finally:
            if key is not None:
                throttle.leave(sandbox, key)
        changed = deliver_due(sandbox) or changed
        _finish(sandbox, call, answer, request_id, caller)
        if changed or fault or call.method != "GET":
            sandbox.save()
    if late:
        # Done already; only the answer takes its time.
        pause(delay)
    return answer


def _pause(seconds: float) -> None:
    if seconds:  # even a sleep of no time gives the processor away
        time.sleep(seconds)


def _batch(sandbox: "Sandbox", call: Call, caller: Caller | None, request_id: str) -> Answer:
    """The items take the lock one by one, and wait together."""
    try:
        answer = batch(call, request_id, lambda wave: _wave(sandbox, wave))
    except GraphError as failure:
        answer = error_answer(failure)
    with sandbox.lock:
        _finish(sandbox, call, answer, request_id, caller)
    return answer


def _wave(sandbox: "Sandbox", calls: list[Call]) -> list[Answer]:
    """What runs at once takes as long as its slowest item. The order is always the same."""
    answers: list[Answer] = []
    longest = 0.0
    for call in calls:
        waits: list[float] = []
        answers.append(serve(sandbox, call, pause=waits.append))
        longest = max(longest, sum(waits))
    _pause(longest)
    return answers


def _enter(sandbox: "Sandbox", caller: Caller | None) -> throttle.Key | None:
    if caller is None:
        return None
    key = (caller.token.client_id, caller.account.id)
    throttle.enter(sandbox, key)
    return key


def _identify(sandbox: "Sandbox", call: Call) -> tuple[Caller | None, GraphError | None]:
    """Who asks (operations.md §9)."""
    scheme, _, text = call.headers.get("authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not text.strip():
        return None, unauthenticated("Access token is empty.")
    token = sandbox.directory.access_tokens.get(text.strip())
    account = sandbox.directory.accounts.get(token.account_id) if token else None
    if token is None or account is None:
        return None, unauthenticated("CompactToken parsing failed with error code: 80049217")
    caller = Caller(token, account)
    if token.revoked or token.expires_at <= sandbox.now():
        return caller, unauthenticated("Lifetime validation failed, the token is expired.")
    return caller, None


def _strike(sandbox: "Sandbox", call: Call, caller: Caller | None) -> Fault | None:
    return take_fault(
        sandbox.state.faults,
        method=call.method,
        path=call.path.removeprefix(PREFIX),
        email=caller.account.email if caller else None,
    )


def _answer(
    sandbox: "Sandbox",
    call: Call,
    caller: Caller | None,
    fault: Fault | None,
    refusal: GraphError | None,
) -> Answer:
    if fault is not None and fault.breaks and fault.when == "before":
        return _broken(fault)
    try:
        if refusal is not None or caller is None:
            raise refusal or unauthenticated("Access token is empty.")
        answer = dispatch(sandbox, call, caller)
    except GraphError as failure:
        answer = error_answer(failure)
    if fault is not None and fault.breaks:
        return _broken(fault)
    return answer


def _broken(fault: Fault) -> Answer:
    if fault.drop:
        return Answer(fault.status or 200, b"{", drop=True)
    status = fault.status or 500
    code = fault.code or {429: "TooManyRequests", 401: "InvalidAuthenticationToken"}.get(
        status, "ServiceUnavailable" if status in (503, 504) else "ErrorInternalServerError"
    )
    headers = {}
    if fault.retry_after is not None:
        headers["Retry-After"] = f"{fault.retry_after:g}"
    message = _FAULT_MESSAGES.get(status, "An internal server error occurred. Try again later.")
    return error_answer(GraphError(status, code, message, headers=headers))


def error_answer(failure: GraphError) -> Answer:
    error: Json = {"code": failure.code, "message": failure.message} | failure.extra
    return Answer.json({"error": error}, failure.status, headers=failure.headers)


def dispatch(sandbox: "Sandbox", call: Call, caller: Caller) -> Answer:
    target = read_path(call.path.removeprefix(PREFIX))
    if target.owner is None:
        handler = find_subscription_route(call.method, target.tail)
        if handler is None:
            raise not_found_segment(target.tail[0] if target.tail else "")
        return handler(_visit(sandbox, call, caller, target, target.tail[1:2]))
    _check_owner(sandbox, caller, target.owner)
    route, parts = find_route(call.method, target)
    if not allows(caller.token.scopes, route.scope):
        raise access_denied()
    return route.handler(_visit(sandbox, call, caller, target, parts))


def _visit(
    sandbox: "Sandbox", call: Call, caller: Caller, target: Target, parts: list[str]
) -> Visit:
    return Visit(
        sandbox=sandbox,
        call=call,
        token=caller.token,
        account=caller.account,
        calendar_id=target.calendar_id,
        parts=parts,
        arguments=target.arguments,
    )


def _check_owner(sandbox: "Sandbox", caller: Caller, owner: str) -> None:
    """Only one's own mailbox: nothing is shared (operations.md §9)."""
    account = caller.account
    if owner == "me" or owner.casefold() in (
        account.id,
        account.graph_id,
        account.email.casefold(),
    ):
        return
    known = any(
        owner.casefold() in (a.id, a.graph_id, a.email.casefold())
        for a in sandbox.directory.accounts.values()
    )
    raise item_not_found() if known else unknown_user(owner)


def find_route(method: str, target: Target) -> tuple[Route, list[str]]:
    folded = [segment.casefold() for segment in target.tail]
    found = [
        route
        for route in _routes_of_length(len(folded), target.in_calendar)
        if all(star in ("*", word) for star, word in zip(route.pattern, folded, strict=True))
    ]
    if not found:
        raise not_found_segment(target.tail[0] if target.tail else "")
    for route in found:
        if route.method == method:
            stars = [n for n, star in enumerate(route.pattern) if star == "*"]
            return route, [target.tail[n] for n in stars]
    raise GraphError(405, "BadRequest", f"The method '{method}' is not supported here.")


@lru_cache(maxsize=64)
def _routes_of_length(length: int, in_calendar: bool) -> list[Route]:
    routes = (CALENDAR_ROUTES if in_calendar else OWNER_ROUTES) + EVENT_ROUTES
    return [route for route in routes if len(route.pattern) == length]


def _finish(
    sandbox: "Sandbox", call: Call, answer: Answer, request_id: str, caller: Caller | None
) -> None:
    """Headers that every answer has, the envelope's inner error, and the ledger."""
    client_id = call.headers.get("client-request-id", request_id)
    answer.headers |= {
        "request-id": request_id,
        "client-request-id": client_id,
        "x-ms-ags-diagnostic": _DIAGNOSTIC,
    }
    if answer.status >= 400 and answer.body.startswith(b'{"error"'):
        value = answer.value()
        value["error"]["innerError"] = {
            "date": sandbox.now().strftime("%Y-%m-%dT%H:%M:%S"),
            "request-id": request_id,
            "client-request-id": client_id,
        }
        answer.body = Answer.json(value).body
    record(
        sandbox.state.requests,
        LedgerEntry(
            id=request_id,
            at=sandbox.now(),
            method=call.method,
            path=call.path,
            query=call.query_string,
            status=answer.status,
            mailbox=caller.account.email if caller else None,
            batch_of=call.batch_of,
            notes=sandbox.notes,
        ),
    )
