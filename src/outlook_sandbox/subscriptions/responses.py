"""Subscriptions over HTTP (notifications.md §1–3)."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from outlook_sandbox.http import Answer, Json
from outlook_sandbox.identity.scopes import allows
from outlook_sandbox.mailbox.exceptions import access_denied
from outlook_sandbox.mailbox.models import fields
from outlook_sandbox.mailbox.models.times import read_wall, write_instant
from outlook_sandbox.mailbox.visit import Visit
from outlook_sandbox.subscriptions.delivery import shake_hands
from outlook_sandbox.subscriptions.exceptions import duplicate, invalid, not_found, too_long
from outlook_sandbox.subscriptions.models import Subscription

LONGEST_MINUTES = 10070
"""What the live service answers, less than the documented 10080."""
SHORTEST = timedelta(minutes=45)
LIMIT_PER_MAILBOX = 1000
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SHAPE: dict[str, fields.Reader] = {
    "changeType": fields.text,
    "resource": fields.text,
    "notificationUrl": fields.text,
    "expirationDateTime": fields.text,
    "clientState": fields.text_or_null,
    "lifecycleNotificationUrl": fields.text_or_null,
    "latestSupportedTlsVersion": fields.text_or_null,
    "includeResourceData": lambda v: None if v is None else fields.boolean(v),
    "encryptionCertificate": fields.text_or_null,
    "encryptionCertificateId": fields.text_or_null,
    "notificationQueryOptions": fields.text_or_null,
    "notificationUrlAppId": fields.text_or_null,
    "notificationContentType": fields.text_or_null,
    "id": lambda v: v,
    "applicationId": lambda v: v,
    "creatorId": lambda v: v,
}


def render(visit: Visit, subscription: Subscription) -> Json:
    return {
        "id": subscription.id,
        "resource": subscription.resource,
        "applicationId": subscription.client_id,
        "changeType": ",".join(subscription.change_types),
        "clientState": subscription.client_state,
        "notificationUrl": subscription.notification_url,
        "notificationQueryOptions": None,
        "notificationContentType": None,
        "lifecycleNotificationUrl": subscription.lifecycle_url,
        "expirationDateTime": write_instant(subscription.expires_at),
        "creatorId": visit.account.graph_id,
        "includeResourceData": None,
        "latestSupportedTlsVersion": subscription.tls_version,
        "encryptionCertificate": None,
        "encryptionCertificateId": None,
        "notificationUrlAppId": None,
    }


def _entity(visit: Visit, subscription: Subscription, status: int = 200) -> Answer:
    context = {"@odata.context": f"{visit.call.base_url}/v1.0/$metadata#subscriptions/$entity"}
    return Answer.json(context | render(visit, subscription), status)


def _own(visit: Visit) -> list[Subscription]:
    """The application's own, of this user, that have not run out."""
    now = visit.sandbox.now()
    return [
        s
        for s in visit.sandbox.state.subscriptions.values()
        if s.account_id == visit.account.id
        and s.client_id == visit.token.client_id
        and s.expires_at > now
    ]


def _named(visit: Visit) -> Subscription:
    for subscription in _own(visit):
        if subscription.id == visit.parts[0]:
            return subscription
    raise not_found()


def list_subscriptions(visit: Visit) -> Answer:
    context = f"{visit.call.base_url}/v1.0/$metadata#subscriptions"
    value = [render(visit, s) for s in _own(visit)]
    return Answer.json({"@odata.context": context, "value": value})


def get(visit: Visit) -> Answer:
    return _entity(visit, _named(visit))


def create(visit: Visit) -> Answer:
    sandbox = visit.sandbox
    given = fields.members(visit.value, "subscription", _SHAPE)
    for name in ("changeType", "resource", "notificationUrl", "expirationDateTime"):
        if not given.get(name):
            raise invalid(f"The required property '{name}' is missing.")
    if not allows(visit.token.scopes, "Calendars.Read"):
        raise access_denied()
    subscription = Subscription(
        id=sandbox.random.guid(),
        account_id=visit.account.id,
        client_id=visit.token.client_id,
        tenant_id=visit.account.tenant_id,
        resource=_resource(visit, given["resource"]),
        change_types=_change_types(given["changeType"]),
        notification_url=_url(visit, given["notificationUrl"]),
        expires_at=_expiry(visit, given["expirationDateTime"]),
        client_state=_client_state(given.get("clientState")),
        lifecycle_url=_optional_url(visit, given.get("lifecycleNotificationUrl")),
        tls_version=given.get("latestSupportedTlsVersion") or "v1_2",
        immutable_ids=visit.prefer.immutable_ids,
        token_expires_at=visit.token.expires_at,
    )
    if given.get("includeResourceData"):
        raise invalid("Notifications with resource data are not supported here.")
    _refuse_duplicate(visit, subscription)
    mailbox_total = [
        s for s in sandbox.state.subscriptions.values() if s.account_id == visit.account.id
    ]
    if len(mailbox_total) >= LIMIT_PER_MAILBOX:
        raise invalid("The mailbox has too many subscriptions.")
    _validate(visit, subscription)
    sandbox.state.subscriptions[subscription.id] = subscription
    return _entity(visit, subscription, 201)


def _validate(visit: Visit, subscription: Subscription) -> None:
    """The handshake, on both URLs. Others may be served meanwhile: the endpoint may ask back."""
    token = (
        "Validation: Testing client application reachability for subscription Request-Id: "
        + visit.sandbox.random.guid()
    )
    lock = visit.sandbox.lock
    lock.release()
    try:
        shake_hands(subscription.notification_url, token)
        if subscription.lifecycle_url:
            shake_hands(subscription.lifecycle_url, token)
    finally:
        lock.acquire()


def _resource(visit: Visit, text: str) -> str:
    parts = text.strip("/").split("/")
    folded = [part.casefold() for part in parts]
    own = (visit.account.id, visit.account.graph_id, visit.account.email.casefold())
    if folded[:1] == ["me"]:
        rest = folded[1:]
    elif folded[:1] == ["users"] and len(parts) > 1 and folded[1] in own:
        rest = folded[2:]
    elif folded[:1] == ["users"]:
        raise access_denied()
    else:
        raise invalid(f"Resource '{text}' is not supported.")
    if rest == ["events"]:
        return text
    one_calendar = rest[:1] == ["calendars"] and rest[2:] == ["events"]
    if one_calendar and visit.sandbox.switches.notify_calendar_resources:
        visit.mailbox.calendar(parts[-2])
        return text
    raise invalid(f"Resource '{text}' is not supported.")


def _change_types(text: str) -> list[str]:
    kinds = [part.strip().casefold() for part in text.split(",")]
    if not kinds or any(kind not in ("created", "updated", "deleted") for kind in kinds):
        raise invalid(f"The change type '{text}' is not supported.")
    return list(dict.fromkeys(kinds))


def _url(visit: Visit, text: str) -> str:
    parts = urlsplit(text)
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if parts.scheme == "https" or (plain and visit.sandbox.switches.notify_http_loopback):
        return text
    raise invalid("The notification URL has to be an https URL.")


def _optional_url(visit: Visit, text: str | None) -> str | None:
    return _url(visit, text) if text else None


def _client_state(text: str | None) -> str | None:
    if text is not None and len(text) > 128:
        raise invalid("The client state has more than 128 characters.")
    return text


def _expiry(visit: Visit, text: str) -> datetime:
    try:
        wall = read_wall(text)
    except ValueError:
        raise invalid("The expiration date and time is not valid.") from None
    wanted = wall.astimezone(UTC) if wall.tzinfo else wall.replace(tzinfo=UTC)
    now = visit.sandbox.now()
    if wanted > now + timedelta(minutes=LONGEST_MINUTES):
        raise too_long(LONGEST_MINUTES)
    if wanted <= now:
        raise invalid("The expiration date and time is in the past.")
    return max(wanted, now + SHORTEST)


def _refuse_duplicate(visit: Visit, wanted: Subscription) -> None:
    if not visit.sandbox.switches.notify_duplicates_refused:
        return
    for other in _own(visit):
        if (other.resource.casefold(), set(other.change_types)) == (
            wanted.resource.casefold(),
            set(wanted.change_types),
        ):
            raise duplicate(other.id)


def update(visit: Visit) -> Answer:
    """Renewal, which also reauthorizes; a new URL has to shake hands."""
    subscription = _named(visit)
    given = fields.members(visit.value, "subscription", _SHAPE)
    if "lifecycleNotificationUrl" in given:
        raise invalid("The lifecycle notification URL cannot be changed.")
    if "expirationDateTime" in given:
        subscription.expires_at = _expiry(visit, given["expirationDateTime"])
    if given.get("notificationUrl"):
        subscription.notification_url = _url(visit, given["notificationUrl"])
        _validate(visit, subscription)
    _reauthorize(visit, subscription)
    return _entity(visit, subscription)


def _reauthorize(visit: Visit, subscription: Subscription) -> None:
    subscription.token_expires_at = visit.token.expires_at
    subscription.reauthorization_asked = False


def reauthorize(visit: Visit) -> Answer:
    _reauthorize(visit, _named(visit))
    return Answer(200)


def delete(visit: Visit) -> Answer:
    del visit.sandbox.state.subscriptions[_named(visit).id]
    return Answer(204)
