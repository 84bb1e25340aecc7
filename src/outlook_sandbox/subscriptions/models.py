"""Subscriptions and the notifications under way to them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.models.times import write_instant
from outlook_sandbox.subscriptions.health import PENALTY, Health, health_of

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox


class Subscription(msgspec.Struct, kw_only=True):
    id: str
    account_id: str
    client_id: str
    tenant_id: str
    resource: str
    change_types: list[str]
    notification_url: str
    expires_at: datetime
    client_state: str | None = None
    lifecycle_url: str | None = None
    tls_version: str = "v1_2"
    immutable_ids: bool = False
    token_expires_at: datetime | None = None
    """Of the access token that it was made or renewed with; reauthorization is asked before."""
    reauthorization_asked: bool = False


class Notification(msgspec.Struct, kw_only=True):
    """One notification on its way."""

    subscription_id: str
    url: str
    value: Json
    due_at: datetime
    first_tried_at: datetime | None = None
    attempts: int = 0


def queue_notifications(
    sandbox: "Sandbox", account_id: str, item_id: str, change: str, etag: str
) -> None:
    now = sandbox.now()
    switches = sandbox.switches
    for subscription in sandbox.state.subscriptions.values():
        if subscription.account_id != account_id or subscription.expires_at <= now:
            continue
        if change not in subscription.change_types or not _covers(
            sandbox, subscription, account_id, item_id
        ):
            continue
        if switches.notifications_lost and sandbox.random.fraction() < switches.notifications_lost:
            continue
        value = change_value(sandbox, subscription, item_id, change, etag)
        copies = 2 if switches.notifications_doubled else 1
        for _ in range(copies):
            jitter = sandbox.random.fraction() * 2 if switches.notifications_reordered else 0.0
            queue(sandbox, subscription, value, switches.notification_delay_seconds + jitter)


def _covers(sandbox: "Sandbox", subscription: Subscription, account_id: str, item_id: str) -> bool:
    """A subscription to one calendar (a switch) hears of that calendar only."""
    parts = subscription.resource.split("/")
    if len(parts) < 4 or parts[-3].casefold() != "calendars":
        return True
    mailbox = sandbox.state.mailboxes[account_id]
    event = mailbox.events.get(item_id)
    stone = mailbox.tombstones.get(item_id)
    holder = event.calendar_id if event else stone.calendar_id if stone else None
    return holder == parts[-2]


def queue(
    sandbox: "Sandbox",
    subscription: Subscription,
    value: Json,
    delay_seconds: float = 0.0,
    *,
    url: str | None = None,
) -> None:
    url = url or subscription.notification_url
    health = health_of(sandbox, url)
    if health is Health.DROP:
        return
    penalty = PENALTY if health is Health.SLOW else timedelta()
    sandbox.state.notifications.append(
        Notification(
            subscription_id=subscription.id,
            url=url,
            value=value,
            due_at=sandbox.now() + timedelta(seconds=delay_seconds) + penalty,
        )
    )


def change_value(
    sandbox: "Sandbox", subscription: Subscription, item_id: str, change: str, etag: str
) -> Json:
    """The payload of notifications.md §4."""
    mailbox = sandbox.state.mailboxes[subscription.account_id]
    event = mailbox.events.get(item_id)
    stone = mailbox.tombstones.get(item_id)
    if subscription.immutable_ids:
        known = event or stone
        item_id = known.immutable_id if known else item_id
    user = sandbox.directory.accounts[subscription.account_id].graph_id
    path = f"Users/{user}/Events/{item_id}"
    return {
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": write_instant(subscription.expires_at),
        "changeType": change,
        "resource": path,
        "resourceData": {
            "@odata.type": "#Microsoft.Graph.Event",
            "@odata.id": path,
            "@odata.etag": etag,
            "id": item_id,
        },
        "clientState": subscription.client_state,
        "tenantId": subscription.tenant_id,
    }


def lifecycle_value(subscription: Subscription, event: str) -> Json:
    return {
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": write_instant(subscription.expires_at),
        "tenantId": subscription.tenant_id,
        "clientState": subscription.client_state,
        "lifecycleEvent": event,
    }
