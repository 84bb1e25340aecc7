"""The application registered with Microsoft, as the administrator enters it."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from leansoft.connections.domain.expiry import STAGES
from leansoft.connections.models import Integration
from leansoft.kit.clock import now

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")

WARNED_BEFORE = timedelta(days=max(STAGES))


class InvalidSetting(Exception):
    """A value cannot be; `field` names it, `sentence` is for the administrator."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


def redirect_uri() -> str:
    """What has to be registered with Microsoft, to the letter (identity.md §3)."""
    return f"{settings.BASE_URL}/microsoft_account/authentication"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What Microsoft gave the administrator. A blank secret stands for the stored one."""

    client_id: str
    client_secret: str = field(default="", repr=False)
    tenant: str = "common"
    cloud: str = Integration.Cloud.GLOBAL


def read_registration(
    *, client_id: str, client_secret: str = "", tenant: str = "common", cloud: str | None = None
) -> Registration:
    """As it is meant, without stray spaces. Raises `InvalidSetting`."""
    found = Registration(
        client_id=client_id.strip(),
        client_secret=client_secret.strip(),
        tenant=tenant.strip() or "common",
        cloud=cloud or Integration.current().cloud,
    )
    _check_client_id(found.client_id)
    _check_secret(found.client_secret)
    _check_tenant(found.tenant)
    if found.client_id.casefold() == found.tenant.casefold():
        raise InvalidSetting(
            "client_id",
            "The client ID and the tenant are the same. Microsoft shows two: “Application (client) "
            "ID” belongs here, “Directory (tenant) ID” into Tenant.",
        )
    return found


@transaction.atomic
def save_integration(  # noqa: PLR0913 (the fields of the form, by name)
    *,
    enabled: bool,
    client_id: str,
    client_secret: str = "",
    tenant: str = "common",
    cloud: str | None = None,
    secret_expires_on: date | None = None,
) -> Integration:
    """A blank secret keeps the one that is there, and so does no cloud. Raises `InvalidSetting`."""
    integration = Integration.objects.select_for_update().get(pk=Integration.current().pk)
    given = read_registration(
        client_id=client_id, client_secret=client_secret, tenant=tenant, cloud=cloud
    )
    if enabled:
        _check_complete(given, integration)
    _check_expiry(secret_expires_on, given, integration)
    present = (integration.client_id, integration.tenant, integration.cloud)
    if given.client_secret or (given.client_id, given.tenant, given.cloud) != present:
        # What Microsoft said was about the values before.
        integration.fault = ""
    if given.client_secret:
        integration.set_client_secret(given.client_secret)
    integration.enabled, integration.client_id = enabled, given.client_id
    integration.tenant, integration.cloud = given.tenant, given.cloud
    integration.secret_expires_on = secret_expires_on
    integration.save()
    return integration


def _check_complete(given: Registration, integration: Integration) -> None:
    if not given.client_id:
        raise InvalidSetting("client_id", "Enter the client ID before you switch this on.")
    if not (given.client_secret or integration.client_secret_sealed):
        raise InvalidSetting("client_secret", "Enter the client secret before you switch this on.")


def _check_expiry(day: date | None, given: Registration, integration: Integration) -> None:
    """A day that is mistyped, or was left from the secret before, would warn of what is not so."""
    is_left = day == integration.secret_expires_on
    if day is None or (is_left and not given.client_secret):
        return
    if day < now().date():
        raise InvalidSetting(
            "secret_expires_on",
            "This day is over. Enter the one that Microsoft shows under “Expires” beside the "
            "secret.",
        )
    if is_left and integration.client_secret_sealed and day < now().date() + WARNED_BEFORE:
        raise InvalidSetting(
            "secret_expires_on",
            "This is the day of the secret before. Enter the new one's, or leave it empty.",
        )


def _check_client_id(client_id: str) -> None:
    # A sandbox, which speaks plain http, may name its applications as it likes.
    sandbox = settings.MICROSOFT_LOGIN_URL.startswith("http://")
    if client_id and not sandbox and not GUID.fullmatch(client_id):
        raise InvalidSetting(
            "client_id",
            "This is no client ID. Microsoft calls it “Application (client) ID”; it looks like "
            "11111111-2222-3333-4444-555555555555.",
        )
    if len(client_id) > 100:
        raise InvalidSetting("client_id", "The client ID is too long.")


def _check_secret(secret: str) -> None:
    if GUID.fullmatch(secret):
        raise InvalidSetting(
            "client_secret",
            "That is the secret's ID; paste its Value. Microsoft shows the Value only once, right "
            "after the secret was created.",
        )


def _check_tenant(tenant: str) -> None:
    if len(tenant) > 100 or not TENANT.fullmatch(tenant):
        raise InvalidSetting(
            "tenant",
            "Enter “common”, “organizations”, “consumers”, or the ID or a domain of your "
            "organization.",
        )
