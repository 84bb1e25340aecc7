from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from leansoft.connections.clouds import Cloud, present_hosts
from leansoft.connections.domain.integration import InvalidSetting, redirect_uri, save_integration
from leansoft.connections.domain.redirect import fault_of_base_url
from leansoft.connections.microsoft import application
from leansoft.connections.models import Integration
from leansoft.kit.clock import now

pytestmark = pytest.mark.django_db

CLIENT_ID = "6731de76-14a6-49ae-97bc-6eba6914391e"


def in_days(count: int) -> date:
    return now().date() + timedelta(days=count)


def save_secret(secret: str, expires_on: date | None) -> None:
    save_integration(
        enabled=True, client_id=CLIENT_ID, client_secret=secret, secret_expires_on=expires_on
    )


def test_saved_integration_is_configured_and_its_secret_sealed() -> None:
    save_integration(
        enabled=True,
        client_id=f" {CLIENT_ID} ",
        client_secret=" value-of-the-secret ",
        secret_expires_on=in_days(400),
    )
    kept = Integration.current()
    assert (kept.is_configured, kept.client_id, kept.tenant) == (True, CLIENT_ID, "common")
    assert kept.client_secret == "value-of-the-secret"
    assert b"value-of-the-secret" not in bytes(kept.client_secret_sealed or b"")
    assert kept.secret_expires_on == in_days(400)


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
        ({"tenant": CLIENT_ID}, "client_id"),
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


@pytest.mark.parametrize(
    "suitable",
    ["https://calendar.example", "https://calendar.example:8443", "http://localhost:8000"],
)
def test_suitable_address_has_no_fault(suitable: str) -> None:
    assert fault_of_base_url(suitable, f"{suitable}/microsoft_account/authentication") == ""


@pytest.mark.parametrize(
    ("unsuitable", "remedy"),
    [
        ("http://calendar.example", "set LEANSOFT_BASE_URL to https://calendar.example."),
        ("http://127.0.0.1:8000", "set LEANSOFT_BASE_URL to http://localhost:8000."),
        ("http://[::1]", "set LEANSOFT_BASE_URL to http://localhost."),
        ("https://example.com/calendar", "set LEANSOFT_BASE_URL to https://example.com."),
        ("https://example.com?a=b", "set LEANSOFT_BASE_URL to https://example.com."),
        ("calendar.example", "set it to one like https://calendar.example."),
        ("https://caf(e).example", "Microsoft takes none of them."),
        (f"https://{'a' * 240}.example", "choose a shorter LEANSOFT_BASE_URL."),
    ],
)
def test_unsuitable_address_says_what_to_set(unsuitable: str, remedy: str) -> None:
    fault = fault_of_base_url(unsuitable, f"{unsuitable}/microsoft_account/authentication")
    assert fault.endswith(remedy)


def test_national_cloud_has_hosts_and_permissions_of_its_own(settings: Settings) -> None:
    settings.MICROSOFT_LOGIN_URL = settings.MICROSOFT_GRAPH_URL = ""
    save_integration(
        enabled=True, client_id=CLIENT_ID, client_secret="value", cloud=Cloud.US_DEFENSE
    )
    app = application()
    assert app.login_url == "https://login.microsoftonline.us"
    assert app.scopes == (
        "openid profile email offline_access https://dod-graph.microsoft.us/User.Read "
        "https://dod-graph.microsoft.us/Calendars.ReadWrite"
    )
    assert present_hosts().graph_url == "https://dod-graph.microsoft.us/v1.0"


def test_cloud_stays_when_none_is_named(settings: Settings) -> None:
    settings.MICROSOFT_LOGIN_URL = settings.MICROSOFT_GRAPH_URL = ""
    save_integration(enabled=False, client_id=CLIENT_ID, cloud=Cloud.CHINA)
    save_integration(enabled=False, client_id=CLIENT_ID)
    assert Integration.current().cloud == Cloud.CHINA


def test_environment_counts_more_than_the_chosen_cloud(settings: Settings) -> None:
    settings.MICROSOFT_LOGIN_URL = "http://localhost:8001"
    settings.MICROSOFT_GRAPH_URL = "http://localhost:8001/v1.0"
    save_integration(enabled=True, client_id="demo", client_secret="value", cloud=Cloud.CHINA)
    assert application().login_url == "http://localhost:8001"
    assert "https://" not in application().scopes
    assert present_hosts().graph_url == "http://localhost:8001/v1.0"


def test_day_that_is_over_is_not_taken_for_an_expiry() -> None:
    with pytest.raises(InvalidSetting, match=r"This day is over"):
        save_secret("value", in_days(-1))
    assert not Integration.current().is_configured


def test_day_of_the_secret_before_is_not_taken_for_the_new_ones() -> None:
    save_secret("old", in_days(7))
    with pytest.raises(InvalidSetting, match=r"This is the day of the secret before"):
        save_secret("new", in_days(7))

    save_secret("new", in_days(700))

    assert Integration.current().client_secret == "new"


def test_settings_can_be_saved_after_the_secret_expired() -> None:
    save_secret("old", in_days(7))
    Integration.objects.update(secret_expires_on=in_days(-3))

    save_integration(
        enabled=False, client_id=CLIENT_ID, tenant="consumers", secret_expires_on=in_days(-3)
    )

    assert Integration.current().tenant == "consumers"
