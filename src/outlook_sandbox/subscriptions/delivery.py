"""HTTP to the subscribers: handshake and delivery (notifications.md §2, §5)."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from datetime import timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import quote

from outlook_sandbox.http import Json
from outlook_sandbox.subscriptions.exceptions import validation_failed, validation_timed_out
from outlook_sandbox.subscriptions.health import note_answer
from outlook_sandbox.subscriptions.models import Notification, lifecycle_value, queue

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

HANDSHAKE_SECONDS = 10.0
FIRST_TRY_SECONDS = 3.0
RETRY_SECONDS = 10.0
GIVE_UP_AFTER = timedelta(hours=4)
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def shake_hands(url: str, token: str) -> None:
    """The endpoint has to answer 200 with the decoded token and nothing else."""
    joined = f"{url}{'&' if '?' in url else '?'}validationToken={quote(token, safe='')}"
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    request = urllib.request.Request(joined, data=b"", method="POST", headers=headers)
    try:
        with _OPENER.open(request, timeout=HANDSHAKE_SECONDS) as response:
            plain = response.headers.get_content_type() == "text/plain"
            body = response.read().decode("utf-8", "replace")
            if response.status != 200 or not plain or body != token:
                raise validation_failed()
    except TimeoutError:
        raise validation_timed_out() from None
    except (urllib.error.URLError, HTTPException, OSError) as failure:
        if isinstance(getattr(failure, "reason", None), TimeoutError):
            raise validation_timed_out() from None
        raise validation_failed() from None


def post(url: str, values: list[Json], timeout: float) -> bool:
    """Whether the subscriber took the notifications."""
    data = json.dumps({"value": values}).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    request = urllib.request.Request(url, data=data, method="POST", headers=headers)
    try:
        with _OPENER.open(request, timeout=timeout) as response:
            return bool(200 <= response.status < 300)
    except (urllib.error.URLError, HTTPException, OSError):
        return False


def take_due(sandbox: "Sandbox") -> list[Notification]:
    """Removes and returns what is due; drops what belongs to no subscription any more."""
    now = sandbox.now()
    state = sandbox.state
    due = [n for n in state.notifications if n.due_at <= now]
    state.notifications = [n for n in state.notifications if n.due_at > now]
    return sorted(
        (n for n in due if n.subscription_id in state.subscriptions or "lifecycleEvent" in n.value),
        key=lambda n: n.due_at,
    )


def deliver(sandbox: "Sandbox") -> int:
    """One round of delivery; the lock is not held while a subscriber is being called."""
    with sandbox.lock:
        _ask_for_reauthorization(sandbox)
        due = take_due(sandbox)
    groups: dict[tuple[str, int], list[Notification]] = defaultdict(list)
    for notification in due:
        groups[(notification.url, min(notification.attempts, 1))].append(notification)
    for (url, retried), group in groups.items():
        timeout = RETRY_SECONDS if retried else FIRST_TRY_SECONDS
        begun = time.monotonic()
        taken = post(url, [n.value for n in group], timeout)
        with sandbox.lock:
            note_answer(sandbox, url, time.monotonic() - begun)
            if not taken:
                _try_again(sandbox, group)
    return len(due)


def _try_again(sandbox: "Sandbox", group: list[Notification]) -> None:
    """Exponential backoff for four hours."""
    now = sandbox.now()
    for notification in group:
        notification.first_tried_at = notification.first_tried_at or now
        notification.attempts += 1
        if now - notification.first_tried_at < GIVE_UP_AFTER:
            pause = min(2.0**notification.attempts, 1800.0)
            notification.due_at = now + timedelta(seconds=pause)
            sandbox.state.notifications.append(notification)


def _ask_for_reauthorization(sandbox: "Sandbox") -> None:
    """When the access token behind a subscription is about to lapse (notifications.md §5)."""
    now = sandbox.now()
    for subscription in list(sandbox.state.subscriptions.values()):
        if subscription.expires_at <= now:
            del sandbox.state.subscriptions[subscription.id]
            if subscription.lifecycle_url:
                value = lifecycle_value(subscription, "subscriptionRemoved")
                queue(sandbox, subscription, value, url=subscription.lifecycle_url)
            continue
        lapses = subscription.token_expires_at
        soon = lapses is not None and lapses - now < timedelta(minutes=15)
        if soon and subscription.lifecycle_url and not subscription.reauthorization_asked:
            subscription.reauthorization_asked = True
            value = lifecycle_value(subscription, "reauthorizationRequired")
            queue(sandbox, subscription, value, url=subscription.lifecycle_url)


class Courier(threading.Thread):
    """Delivers notifications until it is stopped."""

    def __init__(self, sandbox: "Sandbox") -> None:
        super().__init__(name="courier", daemon=True)
        self.sandbox = sandbox
        self.stopping = False

    def run(self) -> None:
        while not self.stopping:
            # The clock can be moved at any time, so due times are looked at again and again.
            self.sandbox.wake.wait(timeout=0.25)
            self.sandbox.wake.clear()
            if not self.stopping:
                deliver(self.sandbox)

    def stop(self) -> None:
        self.stopping = True
        self.sandbox.wake.set()
