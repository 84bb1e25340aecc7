"""Microsoft's sign-in library for Python (`msal`) against the sandbox."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msal
import pytest

from clients.microsoft import ANA, CLIENT_ID, REDIRECT, SECRET, Microsoft
from sandbox.ledger import covers

SCOPES = ["User.Read", "Calendars.ReadWrite"]
# MSAL would rather have form_post, which has a test of its own here.
pytestmark = pytest.mark.filterwarnings("ignore:response_mode='form_post'")


@pytest.fixture
def app(microsoft: Microsoft) -> Any:
    return application(microsoft)


def application(microsoft: Microsoft, secret: str = SECRET, **options: Any) -> Any:
    """A new one has an empty cache, also of the errors that MSAL remembers for a minute."""
    place = {"authority": f"{microsoft.url}/common", "instance_discovery": False} | options
    return msal.ConfidentialClientApplication(
        CLIENT_ID,
        client_credential=secret,
        verify=str(microsoft.certificate),
        timeout=10,
        **place,
    )


def sign_in(microsoft: Microsoft, app: Any, email: str = ANA) -> dict[str, Any]:
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT)
    back = microsoft.visit(flow["auth_uri"], email)
    found: dict[str, Any] = app.acquire_token_by_auth_code_flow(flow, back)
    assert "error" not in found, found
    return found


def mail_of(microsoft: Microsoft, token: str) -> str:
    answer = httpx.get(f"{microsoft.url}/v1.0/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["mail"]
    return found


@covers("clients.msal")
def test_sign_in_yields_the_person_and_a_token_that_works(microsoft: Microsoft, app: Any) -> None:
    found = sign_in(microsoft, app)
    (account,) = app.get_accounts()
    claims = found["id_token_claims"]
    assert claims["preferred_username"] == ANA
    assert claims["name"] == "Ana Alves"
    assert claims["aud"] == CLIENT_ID
    assert account["home_account_id"] == f"{claims['oid']}.{claims['tid']}"
    assert set(found["scope"].split()) >= {"User.Read", "Calendars.ReadWrite"}
    assert mail_of(microsoft, found["access_token"]) == ANA


@covers("clients.msal")
def test_two_people_share_one_cache(microsoft: Microsoft, app: Any) -> None:
    microsoft.sandbox.add_account("pat@outlook.com", kind="personal")
    sign_in(microsoft, app)
    personal = sign_in(microsoft, app, "pat@outlook.com")
    assert sorted(a["username"] for a in app.get_accounts()) == [ANA, "pat@outlook.com"]
    assert personal["id_token_claims"]["tid"] == "9188040d-6c67-4c5b-b112-36a304b66dad"
    assert mail_of(microsoft, personal["access_token"]) == "pat@outlook.com"


@covers("clients.msal")
def test_silent_answer_comes_from_the_cache(microsoft: Microsoft, app: Any) -> None:
    first = sign_in(microsoft, app)
    microsoft.sandbox.control("DELETE", "requests")
    (account,) = app.get_accounts()
    again = app.acquire_token_silent(SCOPES, account)
    assert again["access_token"] == first["access_token"]
    assert microsoft.sandbox.requests() == []


@covers("identity.refresh-new")
def test_refresh_renews_both_tokens_and_keeps_the_old_one_alive(
    microsoft: Microsoft, app: Any
) -> None:
    first = sign_in(microsoft, app)
    (account,) = app.get_accounts()
    renewed = app.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    assert renewed["access_token"] != first["access_token"]
    assert mail_of(microsoft, renewed["access_token"]) == ANA
    old = application(microsoft).acquire_token_by_refresh_token(first["refresh_token"], SCOPES)
    assert old["refresh_token"] != first["refresh_token"]


@covers("identity.revoked")
def test_revoked_sign_in_asks_for_the_person(microsoft: Microsoft, app: Any) -> None:
    sign_in(microsoft, app)
    (account,) = app.get_accounts()
    microsoft.sandbox.fault(kind="revoke_tokens", email=ANA)
    found = app.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    assert (found["error"], found["error_codes"]) == ("invalid_grant", [50173])


@covers("identity.refresh-scope")
def test_missing_consent_is_classified(microsoft: Microsoft, app: Any) -> None:
    sign_in(microsoft, app)
    (account,) = app.get_accounts()
    microsoft.sandbox.fault(kind="token_error", email=ANA, aadsts=65001)
    found = app.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    assert (found["error"], found["classification"]) == ("invalid_grant", "consent_required")


@covers("identity.secret-wrong")
def test_wrong_secret_is_the_operators_problem(microsoft: Microsoft) -> None:
    app = application(microsoft, secret="wrong")
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT)
    found = app.acquire_token_by_auth_code_flow(flow, microsoft.visit(flow["auth_uri"]))
    assert (found["error"], found["error_codes"]) == ("invalid_client", [7000215])


@covers("identity.pkce")
def test_stolen_code_is_useless_without_the_verifier(microsoft: Microsoft, app: Any) -> None:
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT)
    back = microsoft.visit(flow["auth_uri"])
    other = app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT)["code_verifier"]
    found = app.acquire_token_by_auth_code_flow(flow | {"code_verifier": other}, back)
    assert (found["error"], found["error_codes"]) == ("invalid_grant", [501481])


@covers("identity.code-once")
def test_code_works_once(microsoft: Microsoft, app: Any) -> None:
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT)
    back = microsoft.visit(flow["auth_uri"])
    assert "access_token" in app.acquire_token_by_auth_code_flow(flow, back)
    found = application(microsoft).acquire_token_by_auth_code_flow(flow, back)
    assert (found["error"], found["error_codes"]) == ("invalid_grant", [54005])


@covers("identity.code-life")
def test_code_expires_on_the_sandboxs_clock(microsoft: Microsoft, app: Any) -> None:
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT)
    back = microsoft.visit(flow["auth_uri"])
    microsoft.sandbox.control("POST", "clock", {"advance": 601})
    found = app.acquire_token_by_auth_code_flow(flow, back)
    assert (found["error"], found["error_codes"]) == ("invalid_grant", [70008])


@covers("identity.login_hint")
def test_login_hint_signs_in_without_a_choice(microsoft: Microsoft, app: Any) -> None:
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT, login_hint=ANA)
    assert parse_qs(urlsplit(flow["auth_uri"]).query)["login_hint"] == [ANA]
    found = app.acquire_token_by_auth_code_flow(flow, microsoft.visit(flow["auth_uri"]))
    assert found["id_token_claims"]["preferred_username"] == ANA


@covers("identity.response_mode")
def test_answer_by_form_post(microsoft: Microsoft, app: Any) -> None:
    flow = app.initiate_auth_code_flow(
        SCOPES, redirect_uri=REDIRECT, response_mode="form_post", prompt="select_account"
    )
    found = app.acquire_token_by_auth_code_flow(flow, microsoft.visit(flow["auth_uri"]))
    assert mail_of(microsoft, found["access_token"]) == ANA


@covers("identity.declined")
def test_declined_consent_comes_back_as_denied(microsoft: Microsoft, app: Any) -> None:
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT)
    back = microsoft.visit(flow["auth_uri"], decision="Cancel")
    found = app.acquire_token_by_auth_code_flow(flow, back)
    assert found["error"] == "access_denied"
    assert found["error_description"].startswith("AADSTS65004")


@covers("identity.issuer")
def test_single_tenant_authority_has_that_tenants_issuer(microsoft: Microsoft) -> None:
    (ana,) = [
        account
        for account in microsoft.sandbox.control("GET", "accounts")["value"]
        if account["email"] == ANA
    ]
    issuer = f"{microsoft.url}/{ana['tenant_id']}/v2.0"
    # With an OIDC authority MSAL itself demands that the issuer is this one.
    app = application(microsoft, authority=None, oidc_authority=issuer)
    assert sign_in(microsoft, app)["id_token_claims"]["iss"] == issuer
