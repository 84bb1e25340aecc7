"""The sign-in side answers with the keys, types and statuses of the examples."""

import httpx
import pytest

from contract.examples import body, differences, load, response
from sandbox.ledger import covers
from sandbox.world import CLIENT, REDIRECT, World, carried, redirected

ANA = "ana@contoso.com"


def assert_error(found: httpx.Response, name: str) -> None:
    expected = response(name)
    assert found.status_code == expected["status"]
    assert differences(expected["body"], found.json()) == []
    for member in ("error", "error_codes"):
        assert found.json()[member] == expected["body"][member]
    assert found.json().get("suberror") == expected["body"].get("suberror")
    code = expected["body"]["error_description"].partition(":")[0]
    assert found.json()["error_description"].startswith(code + ": ")


@covers("identity.openid")
def test_openid_configuration(world: World) -> None:
    found = world.http.get("/common/v2.0/.well-known/openid-configuration")
    assert differences(body("identity.openid-configuration"), found.json()) == []


@covers("identity.token", "identity.fields")
def test_code(world: World) -> None:
    world.account(ANA)
    found = world.redeem(world.code(ANA))
    assert found.status_code == 200
    assert differences(body("identity.token-code.success"), found.json()) == []
    (older,) = [part["json"] for part in load("auth-v2-user.fragments.01")["fragments"]]
    assert differences(older, found.json()) == []


@covers("identity.token", "identity.fields")
def test_refresh(world: World) -> None:
    found = world.refresh(world.person(ANA).refresh_token)
    assert found.status_code == 200
    assert differences(body("identity.token-refresh.success"), found.json()) == []


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("identity.token.error-7000215-wrong_secret", {"client_secret": "wrong"}),
        ("identity.token.error-70011-invalid_scope", {"scope": "https://foo.example/mail.read"}),
        ("identity.token.error-501481-pkce", {"code_verifier": "wrong"}),
    ],
)
@covers("identity.pkce", "identity.secret-wrong", "identity.envelope")
def test_refused_code(world: World, name: str, form: dict[str, str]) -> None:
    world.account(ANA)
    assert_error(world.redeem(world.code(ANA, code_challenge="x" * 43), **form), name)


@covers("identity.code-once")
def test_code_reused(world: World) -> None:
    world.account(ANA)
    code = world.code(ANA)
    world.redeem(code)
    assert_error(world.redeem(code), "identity.token.error-54005-code_reused")


@covers("identity.code-life")
def test_code_expired(world: World) -> None:
    world.account(ANA)
    code = world.code(ANA)
    world.advance(601)
    assert_error(world.redeem(code), "identity.token.error-70008-code_expired")


@covers("identity.secret-expired")
def test_secret_expired(world: World) -> None:
    world.account(ANA)
    code = world.code(ANA)
    expired = CLIENT | {"redirect_uris": [REDIRECT], "secret_expires": "2020-01-01T00:00:00Z"}
    world.control("POST", "/apps", expired)
    assert_error(world.redeem(code), "identity.token.error-7000222-secret_expired")


@covers("identity.refresh-idle")
def test_refresh_token_inactive(world: World) -> None:
    ana = world.person(ANA)
    world.advance(91 * 86400)
    assert_error(world.refresh(ana.refresh_token), "identity.token.error-700082-rt_inactive")


@covers("identity.refresh-scope")
def test_consent_missing(world: World) -> None:
    ana = world.person(ANA)
    found = world.refresh(ana.refresh_token, scope="Mail.Read")
    assert_error(found, "identity.token.error-65001-consent")


@covers("identity.revoked")
def test_revoked(world: World) -> None:
    ana = world.person(ANA)
    world.control("POST", "/faults", {"kind": "revoke_tokens", "email": ANA})
    assert_error(world.refresh(ana.refresh_token), "identity.token.error-50173-revoked")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("identity.token.error-50076-mfa", 50076),
        ("identity.token.error-50079-interaction_required", 50079),
    ],
)
@covers("identity.mfa")
def test_interaction_needed(world: World, name: str, number: int) -> None:
    ana = world.person(ANA)
    fault = {"kind": "token_error", "email": ANA, "aadsts": number}
    world.control("POST", "/faults", fault)
    assert_error(world.refresh(ana.refresh_token), name)


@covers("identity.authorize", "identity.success")
def test_authorize(world: World) -> None:
    world.account(ANA)
    query = load("identity.authorize.request")["request"]["query"]
    browser = world.browser()
    asked = query | {"client_id": CLIENT["client_id"], "redirect_uri": REDIRECT}
    page = browser.get("/common/oauth2/v2.0/authorize", params=asked)
    consent = browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})
    form = {"request": carried(consent), "account": ANA}
    granted = browser.post("/common/consent", data=form | {"decision": "accept"})
    expected = response("identity.authorize.request")
    assert granted.status_code == expected["status"]
    assert expected["redirect_query"].keys() <= redirected(granted).keys()
    assert redirected(granted)["state"] == query["state"]


@covers("identity.declined")
def test_authorize_declined(world: World) -> None:
    world.account(ANA)
    browser = world.browser()
    page = browser.get("/common/oauth2/v2.0/authorize", params=world.authorize_parameters())
    browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})
    form = {"request": carried(page), "account": ANA, "decision": "cancel"}
    declined = browser.post("/common/consent", data=form)
    expected = response("identity.authorize.error-access_denied")
    assert declined.status_code == expected["status"]
    assert redirected(declined)["error"] == expected["redirect_query"]["error"]


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("identity.adminconsent.success", "accept"),
        ("identity.adminconsent.error", "cancel"),
    ],
)
@covers("identity.admin_consent")
def test_admin_consent(world: World, name: str, decision: str) -> None:
    world.account("boss@contoso.com", admin=True)
    url = "/organizations/v2.0/adminconsent"
    page = world.http.get(url, params=world.authorize_parameters())
    form = {"request": carried(page), "account": "boss@contoso.com", "decision": decision}
    found = world.http.post(url, data=form)
    expected = response(name)
    assert found.status_code == expected["status"]
    assert expected["redirect_query"].keys() <= redirected(found).keys()
    assert redirected(found).get("error") == expected["redirect_query"].get("error")
