"""Test connection: each mistake of a registration is told apart, with its remedy."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from integration.connections.microsoft import CLIENT_ID, SECRET
from leansoft.connections.domain.integration import (
    InvalidSetting,
    read_registration,
    redirect_uri,
    save_integration,
)
from leansoft.connections.domain.trial import Finding, Outcome, try_out
from leansoft.connections.models import Integration
from support.outlook import Sandbox

pytestmark = pytest.mark.django_db

GOOD, WARNING, FAULT, UNKNOWN = Outcome.GOOD, Outcome.WARNING, Outcome.FAULT, Outcome.UNKNOWN


def tried(**changes: str) -> dict[str, Finding]:
    given: dict[str, str] = {"client_id": CLIENT_ID, "client_secret": SECRET, **changes}
    return {finding.about: finding for finding in try_out(read_registration(**given))}


def outcomes(findings: dict[str, Finding]) -> dict[str, Outcome]:
    return {about: finding.outcome for about, finding in findings.items()}


def register(microsoft: Sandbox, **changes: Any) -> None:
    app = {
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "redirect_uris": [redirect_uri()],
        **changes,
    }
    microsoft.control("POST", "apps", app)


def test_good_registration_passes_everywhere(microsoft: Sandbox) -> None:
    found = tried()
    assert outcomes(found) == {
        "Address": GOOD,
        "Microsoft": GOOD,
        "Client ID and secret": GOOD,
        "Redirect URI": GOOD,
        "Accounts": GOOD,
    }
    assert found["Accounts"].sentence == "Work, school and personal accounts can connect."


def test_nothing_is_written(microsoft: Sandbox) -> None:
    tried(client_secret="wrong")
    assert not Integration.current().client_secret_sealed
    assert Integration.current().fault == ""


def test_blank_secret_is_the_stored_one(microsoft: Sandbox) -> None:
    missing = tried(client_secret="")["Client ID and secret"]
    assert (missing.outcome, missing.sentence) == (FAULT, "Enter the client secret first.")
    save_integration(enabled=False, client_id=CLIENT_ID, client_secret=SECRET)
    assert tried(client_secret="")["Client ID and secret"].outcome == GOOD


def test_secret_that_cannot_be_opened_is_asked_for_again(
    microsoft: Sandbox, settings: Settings
) -> None:
    save_integration(enabled=False, client_id=CLIENT_ID, client_secret=SECRET)
    settings.SECRET_KEY = "another"
    lost = tried(client_secret="")["Client ID and secret"]
    assert lost.sentence.endswith("Enter the client secret again in the settings.")


@pytest.mark.parametrize(
    ("changes", "number", "sentence"),
    [
        (
            {"client_id": "00000000-1111-4222-8333-444444444444"},
            "AADSTS700016",
            "Microsoft does not know this client ID in this tenant. Compare the client ID and the "
            "tenant in the settings with the application's registration.",
        ),
        (
            {"client_secret": "wrong"},
            "AADSTS7000215",
            "The client secret is wrong. Paste the secret's value (not its ID) into the settings, "
            "or create a new secret at Microsoft.",
        ),
    ],
)
def test_wrong_credentials_are_told_apart(
    microsoft: Sandbox, changes: dict[str, str], number: str, sentence: str
) -> None:
    found = tried(**changes)
    assert outcomes(found) == {"Address": GOOD, "Microsoft": GOOD, "Client ID and secret": FAULT}
    assert found["Client ID and secret"].sentence == sentence
    assert number in found["Client ID and secret"].details


def test_id_of_the_secret_is_told_before_microsoft_is_asked() -> None:
    with pytest.raises(InvalidSetting, match=r"That is the secret's ID; paste its Value"):
        read_registration(client_id=CLIENT_ID, client_secret=CLIENT_ID)


def test_expired_secret_is_told(microsoft: Sandbox) -> None:
    register(microsoft, secret_expires="2020-01-01T00:00:00Z")
    expired = tried()["Client ID and secret"]
    assert expired.sentence == (
        "The client secret has expired. Create a new one at Microsoft and paste its value into "
        "the settings."
    )


def test_missing_redirect_uri_is_told(microsoft: Sandbox) -> None:
    register(microsoft, redirect_uris=["https://elsewhere.example/back"])
    found = tried()
    assert outcomes(found)["Redirect URI"] == FAULT
    assert found["Redirect URI"].sentence == (
        "The redirect URI that Leansoft shows in its settings is missing in the application's "
        "registration at Microsoft. Add it there, as platform “Web”."
    )
    # Another fault would show only after this one were mended.
    assert "Accounts" in found


def test_wrong_tenant_is_told(microsoft: Sandbox) -> None:
    found = tried(tenant="nobody.example")
    assert outcomes(found) == {"Address": GOOD, "Microsoft": FAULT}
    assert found["Microsoft"].sentence == (
        "Microsoft does not know this tenant. Correct the tenant in the settings."
    )


def test_registration_for_one_organization_asks_for_its_tenant(microsoft: Sandbox) -> None:
    tenant = microsoft.add_account("alice@contoso.example")["tenant_id"]
    register(microsoft, audience="AzureADMyOrg", tenant_id=tenant)
    assert tried()["Client ID and secret"].sentence.startswith(
        "The application at Microsoft is not registered for this kind of account. Enter its tenant"
    )
    assert set(outcomes(tried(tenant=tenant)).values()) == {GOOD}


@pytest.mark.parametrize(
    ("audience", "sentence"),
    [
        ("AzureADMultipleOrgs", "Only work and school accounts can connect."),
        ("PersonalMicrosoftAccount", "Only personal Microsoft accounts can connect."),
    ],
)
def test_audience_that_excludes_somebody_is_a_warning(
    microsoft: Sandbox, audience: str, sentence: str
) -> None:
    register(microsoft, audience=audience)
    found = tried()["Accounts"]
    assert found.outcome == WARNING
    assert found.sentence.startswith(sentence)
    assert "Supported account types" in found.sentence


def test_unreachable_microsoft_is_told(microsoft: Sandbox, settings: Settings) -> None:
    settings.MICROSOFT_LOGIN_URL = "http://127.0.0.1:9"
    found = tried()
    assert outcomes(found) == {"Address": GOOD, "Microsoft": FAULT}
    assert found["Microsoft"].sentence == (
        "127.0.0.1:9 cannot be reached from this server: look at its network, its proxy and its "
        "firewall."
    )


def test_unsuitable_address_is_told_and_the_rest_tried(
    microsoft: Sandbox, settings: Settings
) -> None:
    settings.BASE_URL = "http://calendar.example"
    found = tried()
    assert found["Address"].outcome == FAULT
    assert found["Client ID and secret"].outcome == GOOD
