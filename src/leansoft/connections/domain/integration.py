"""The application registered with Microsoft, as the administrator enters it."""

import re
from datetime import date

from django.conf import settings
from django.db import transaction

from leansoft.connections.models import Integration

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


class InvalidSetting(Exception):
    """A value cannot be; `field` names it, `sentence` is for the administrator."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


def redirect_uri() -> str:
    """What has to be registered with Microsoft, to the letter (identity.md §3)."""
    return f"{settings.BASE_URL}/microsoft_account/authentication"


@transaction.atomic
def save_integration(
    *,
    enabled: bool,
    client_id: str,
    client_secret: str = "",
    tenant: str = "common",
    secret_expires_on: date | None = None,
) -> Integration:
    """A blank secret keeps the one that is there. Raises `InvalidSetting`."""
    integration = Integration.objects.select_for_update().get(pk=Integration.current().pk)
    client_id, client_secret = client_id.strip(), client_secret.strip()
    tenant = tenant.strip() or "common"
    _check_client_id(client_id)
    _check_secret(client_secret)
    _check_tenant(tenant)
    if enabled and not client_id:
        raise InvalidSetting("client_id", "Enter the client ID before you switch this on.")
    if enabled and not (client_secret or integration.client_secret_sealed):
        raise InvalidSetting("client_secret", "Enter the client secret before you switch this on.")
    if client_secret or (client_id, tenant) != (integration.client_id, integration.tenant):
        # What Microsoft said was about the values before.
        integration.fault = ""
    if client_secret:
        integration.set_client_secret(client_secret)
    integration.enabled, integration.client_id = enabled, client_id
    integration.tenant, integration.secret_expires_on = tenant, secret_expires_on
    integration.save()
    return integration


def _check_client_id(client_id: str) -> None:
    # A sandbox, which speaks plain http, may name its applications as it likes.
    microsoft = settings.MICROSOFT_LOGIN_URL.startswith("https://")
    if client_id and microsoft and not GUID.fullmatch(client_id):
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
            "tenant", "Enter “common”, “organizations”, or your tenant's ID or domain."
        )
