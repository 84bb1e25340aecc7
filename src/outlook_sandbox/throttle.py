"""Limits per application and mailbox (batch-and-throttling.md §2, §3)."""

from bisect import bisect_right
from typing import TYPE_CHECKING

from outlook_sandbox.mailbox.exceptions import GraphError

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

BUDGET_SECONDS = 600.0
Key = tuple[str, str]


def enter(sandbox: "Sandbox", key: Key) -> None:
    """Counts a request in; raises 429 when there are too many. `leave` counts it out."""
    limit = sandbox.switches.mailbox_concurrency
    running = sandbox.in_flight.get(key, 0)
    if limit and running >= limit:
        raise GraphError(
            429,
            "ApplicationThrottled",
            "Application is over its MailboxConcurrency limit.",
            headers={"Retry-After": retry_after(sandbox, 1.0)},
        )
    _spend(sandbox, key)
    sandbox.in_flight[key] = running + 1


def leave(sandbox: "Sandbox", key: Key) -> None:
    running = sandbox.in_flight.get(key, 0) - 1
    if running > 0:
        sandbox.in_flight[key] = running
    else:
        sandbox.in_flight.pop(key, None)


def _spend(sandbox: "Sandbox", key: Key) -> None:
    """Requests while throttled count too (§3)."""
    budget = sandbox.switches.request_budget
    if not budget:
        return
    now = sandbox.now().timestamp()
    recent = sandbox.recent.setdefault(key, [])
    recent.append(now)
    if len(recent) > budget:
        del recent[: bisect_right(recent, now - BUDGET_SECONDS)]
    if len(recent) > budget:
        wait = recent[-budget] + BUDGET_SECONDS - now
        raise GraphError(
            429,
            "TooManyRequests",
            "Please retry again later.",
            headers={"Retry-After": retry_after(sandbox, wait)},
        )


def retry_after(sandbox: "Sandbox", seconds: float) -> str:
    if sandbox.switches.retry_after_fraction:
        return f"{seconds:.3f}"
    return str(max(1, round(seconds)))
