"""The verbs of change notifications: asking Microsoft to tell of changes (notifications.md §1, §3).

A subscription covers every event of the mailbox; a single calendar cannot be subscribed to.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from leansoft.graph import wire
from leansoft.graph.asking import Send, ask, check
from leansoft.graph.errors import GraphError, NotFound, TransientError

RESOURCE = "me/events"
CHANGES = "created,updated,deleted"
PATH = "/subscriptions"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSubscription:
    """`expires_at` is by Microsoft's clock."""

    id: str
    url: str
    expires_at: datetime


class Subscriptions:
    """Every method may raise any `GraphError`; those worth knowing are named."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def create(self, *, url: str, client_state: str, expires_at: datetime) -> RemoteSubscription:
        """Both kinds of news go to `url`, which has to shake hands before this returns (§2).

        Raises `Conflict` when the application has one for this mailbox already.
        """
        payload = {
            "changeType": CHANGES,
            "resource": RESOURCE,
            "notificationUrl": url,
            # It cannot be added later (§1).
            "lifecycleNotificationUrl": url,
            "clientState": client_state,
            "expirationDateTime": _utc(expires_at),
        }
        return _read(ask(self._send, wire.graph_request("POST", PATH, payload=payload)))

    def renew(self, subscription_id: str, *, expires_at: datetime) -> RemoteSubscription:
        """Also lets the present token stand behind it. Raises `NotFound`."""
        payload = {"expirationDateTime": _utc(expires_at)}
        request = wire.graph_request("PATCH", _path(subscription_id), payload=payload)
        with _missing_by_status():
            return _read(ask(self._send, request))

    def list_own(self) -> list[RemoteSubscription]:
        """The application's own, of this mailbox."""
        found: list[RemoteSubscription] = []
        link: str | None = PATH
        while link is not None:
            page = ask(self._send, wire.graph_request("GET", link))
            found += [_read(item) for item in page.get("value", [])]
            following = wire.next_link(page)
            if following == link:
                raise TransientError("A page of subscriptions leads back to itself.")
            link = following
        return found

    def delete(self, subscription_id: str) -> None:
        """Raises `NotFound`."""
        with _missing_by_status():
            check(self._send, wire.graph_request("DELETE", _path(subscription_id)))


@contextmanager
def _missing_by_status() -> Iterator[None]:
    """A 404 comes with several codes here (§3), and none of them is about an event."""
    try:
        yield
    except GraphError as error:
        if error.status != 404:
            raise
        facts: dict[str, Any] = {"status": 404, "code": error.code, "request_id": error.request_id}
        raise NotFound(error.message, **facts) from error


def _path(subscription_id: str) -> str:
    return f"{PATH}/{wire.segment(subscription_id)}"


def _read(item: Mapping[str, Any]) -> RemoteSubscription:
    try:
        return RemoteSubscription(
            id=item["id"],
            url=item.get("notificationUrl") or "",
            expires_at=datetime.fromisoformat(item["expirationDateTime"]).astimezone(UTC),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TransientError(
            "A subscription cannot be read.", status=200, outcome_unknown=True
        ) from error


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
