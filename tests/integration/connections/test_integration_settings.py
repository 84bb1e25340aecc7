from datetime import date
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from leansoft.connections.domain.integration import InvalidSetting, redirect_uri, save_integration
from leansoft.connections.models import Integration

pytestmark = pytest.mark.django_db

CLIENT_ID = "6731de76-14a6-49ae-97bc-6eba6914391e"


def test_saved_integration_is_configured_and_its_secret_sealed() -> None:
    save_integration(
        enabled=True,
        client_id=f" {CLIENT_ID} ",
        client_secret=" value-of-the-secret ",
        secret_expires_on=date(2027, 1, 1),
    )
    kept = Integration.current()
    assert (kept.is_configured, kept.client_id, kept.tenant) == (True, CLIENT_ID, "common")
    assert kept.client_secret == "value-of-the-secret"
    assert b"value-of-the-secret" not in bytes(kept.client_secret_sealed or b"")
    assert kept.secret_expires_on == date(2027, 1, 1)


def test_blank_secret_keeps_the_old_one() -> None:
    save_integration(enabled=True, client_id=CLIENT_ID, client_secret="old")
    save_integration(enabled=False, client_id=CLIENT_ID, client_secret=" ")
    assert Integration.current().client_secret == "old"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"client_id": "leansoft"}, "client_id"),
        ({"client_id": ""}, "client_id"),
        ({"client_secret": ""}, "client_secret"),
        ({"client_secret": "0F32DD13-5A51-4B8F-9C1D-9D5E3DD0FF7D"}, "client_secret"),
        ({"tenant": "https://login.microsoftonline.com/x"}, "tenant"),
    ],
)
def test_value_that_cannot_be_names_its_field(changes: dict[str, str], field: str) -> None:
    values: dict[str, Any] = {"client_id": CLIENT_ID, "client_secret": "value", **changes}
    with pytest.raises(InvalidSetting) as caught:
        save_integration(enabled=True, **values)
    assert caught.value.field == field
    assert caught.value.sentence
    assert not Integration.current().is_configured


def test_id_of_a_secret_is_recognised() -> None:
    with pytest.raises(InvalidSetting, match=r"That is the secret's ID; paste its Value"):
        save_integration(enabled=False, client_id="", client_secret=CLIENT_ID)


def test_sandbox_may_have_applications_of_any_name(settings: Settings) -> None:
    settings.MICROSOFT_LOGIN_URL = "http://localhost:8001"
    save_integration(enabled=True, client_id="leansoft", client_secret="value")
    assert Integration.current().is_configured


def test_switched_off_needs_nothing() -> None:
    save_integration(enabled=False, client_id="")
    assert not Integration.current().is_configured


def test_new_secret_clears_what_microsoft_said_about_the_old_one() -> None:
    save_integration(enabled=True, client_id=CLIENT_ID, client_secret="old")
    Integration.objects.update(fault="The client secret has expired.")
    save_integration(enabled=True, client_id=CLIENT_ID)
    assert Integration.current().fault == "The client secret has expired."
    save_integration(enabled=True, client_id=CLIENT_ID, client_secret="new")
    assert Integration.current().fault == ""


def test_redirect_uri_is_below_the_base_url(settings: Settings) -> None:
    settings.BASE_URL = "https://calendar.example"
    assert redirect_uri() == "https://calendar.example/microsoft_account/authentication"
