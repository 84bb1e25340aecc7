"""What Microsoft posts to the webhook, read; nothing is trusted here (notifications.md §2, §4, §6).

The handshake, changes and lifecycle events all arrive at one address. Only `clientState` tells
whether a post is genuine; whoever knows the secret compares it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeGuard
from urllib.parse import parse_qs

from leansoft.graph.wire import Unreadable, json_object


class Lifecycle(Enum):
    """What happens to a subscription itself (notifications.md §6)."""

    REAUTHORIZATION_REQUIRED = "reauthorizationRequired"
    """The token behind it is about to lapse: renew it with a fresh one."""
    SUBSCRIPTION_REMOVED = "subscriptionRemoved"
    """It is gone: make another one, and look what changed meanwhile."""
    MISSED = "missed"
    """Some notifications were never sent: look at everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """`lifecycle` is None when an event of the calendar changed.

    Which event is not kept: notifications come late, twice, out of order or never, so that the sync
    asks for all changes anyway.
    """

    subscription_id: str
    client_state: str
    lifecycle: Lifecycle | None = None


def validation_token(query_string: str) -> str | None:
    """The decoded token of a handshake, to be answered as it is; None for any other post."""
    return parse_qs(query_string, keep_blank_values=True).get("validationToken", [None])[0]


def read_notifications(body: bytes) -> list[Notification]:
    """Items that say nothing Leansoft acts on are left out. Raises `Unreadable`."""
    items = json_object(body).get("value")
    if not isinstance(items, list):
        raise Unreadable("The notifications are not a list.")
    return [found for found in map(_read, items) if found is not None]


def _read(item: Any) -> Notification | None:
    if not isinstance(item, Mapping):
        raise Unreadable("A notification is not an object.")
    subscription_id, client_state = item.get("subscriptionId"), item.get("clientState")
    if not _is_plain(subscription_id) or not _is_plain(client_state):
        return None
    lifecycle = item.get("lifecycleEvent")
    if lifecycle is None:
        return Notification(subscription_id=subscription_id, client_state=client_state)
    try:
        event = Lifecycle(lifecycle)
    except ValueError:
        # Kinds may be added; those of other resources exist already.
        return None
    return Notification(subscription_id=subscription_id, client_state=client_state, lifecycle=event)


def _is_plain(text: Any) -> TypeGuard[str]:
    """Ids are Microsoft's, the state is ours: neither has signs that a database cannot store."""
    return isinstance(text, str) and text.isascii() and text.isprintable()
