"""The sign-in pages: errors, prompts, consent, where answers go (identity.md §2, §3, §6)."""

import base64
from urllib.parse import urlsplit

import pytest

from sandbox.ledger import covers
from sandbox.test_identity import ANA, authorize
from sandbox.world import CLIENT, REDIRECT, SCOPE, World, carried, redirected


@pytest.mark.parametrize(
    ("parameters", "number"),
    [
        ({"client_id": "unknown"}, 700016),
        ({"redirect_uri": "https://evil.example/"}, 50011),
        ({"redirect_uri": ""}, 900971),
        ({"client_id": ""}, 900144),
    ],
)
@covers("identity.client_id", "identity.redirect_uri", "identity.pages")
def test_errors_that_are_never_redirected(
    world: World, parameters: dict[str, str], number: int
) -> None:
    response = authorize(world, **parameters)
    assert response.status_code == 400
    assert f"AADSTS{number}" in response.text
    assert "location" not in response.headers


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"prompt": "none"}, "login_required"),
        ({"scope": "Nonsense.Read"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"prompt": "admin_consent"}, "invalid_request"),
        ({"prompt": "select_account", "login_hint": ANA}, "invalid_request"),
    ],
)
@covers(
    "identity.response_type",
    "identity.scope",
    "identity.state",
    "identity.prompt-none",
    "identity.prompt-select",
    "identity.prompt-v1",
)
def test_errors_that_are_redirected(world: World, parameters: dict[str, str], error: str) -> None:
    answer = authorize(world, **parameters)
    assert answer.headers["location"].startswith(REDIRECT + "?")
    assert redirected(answer)["error"] == error
    assert redirected(answer)["state"] == "st4te"


@covers("identity.authorize", "identity.declined")
def test_declined_consent(world: World) -> None:
    world.account(ANA)
    browser = world.browser()
    page = browser.get("/common/oauth2/v2.0/authorize", params=world.authorize_parameters())
    consent = browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})
    assert ANA in consent.text

    form = {"request": carried(consent), "account": ANA, "decision": "cancel"}
    answer = redirected(browser.post("/common/consent", data=form))

    assert answer["error"] == "access_denied"
    assert answer["error_description"].startswith("AADSTS65004")


@covers(
    "identity.prompt-none",
    "identity.prompt-login",
    "identity.prompt-consent",
    "identity.consent-memory",
)
def test_consent_is_remembered_and_the_session_signs_in_silently(world: World) -> None:
    world.account(ANA)
    browser = world.browser()
    url, query = "/common/oauth2/v2.0/authorize", world.authorize_parameters()
    page = browser.get(url, params=query)
    consent = browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})
    form = {"request": carried(consent), "account": ANA, "decision": "accept"}
    browser.post("/common/consent", data=form)

    again = browser.get(url, params=query)
    silent = browser.get(url, params=query | {"prompt": "none"})
    login = browser.get(url, params=query | {"prompt": "login"})
    forced = browser.get(url, params=query | {"prompt": "consent"})

    assert "code" in redirected(again)
    assert "code" in redirected(silent)
    assert "Pick an account" in login.text
    assert "Permissions requested" in forced.text


@covers("identity.consent-withheld")
def test_withheld_consent_shows_a_page(world: World) -> None:
    world.switch(user_consent_allowed=False)
    world.account(ANA)
    browser = world.browser()
    page = browser.get("/common/oauth2/v2.0/authorize", params=world.authorize_parameters())
    answer = browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})
    assert answer.status_code == 400
    assert "AADSTS90094" in answer.text


@covers("identity.admin_consent")
def test_admin_consent_for_the_tenant(world: World) -> None:
    account = world.account("boss@contoso.com", admin=True)
    world.account(ANA)
    world.switch(user_consent_allowed=False)
    query = world.authorize_parameters()
    url = "/organizations/v2.0/adminconsent"
    page = world.http.get(url, params=query)
    form = {"request": carried(page), "account": "boss@contoso.com", "decision": "accept"}

    answer = redirected(world.http.post(url, data=form))

    assert (answer["admin_consent"], answer["tenant"]) == ("True", account["tenant_id"])
    assert world.sign_in(ANA).get("/me")["mail"] == ANA


@covers("identity.password")
def test_password_is_asked_when_the_account_has_one(world: World) -> None:
    world.account(ANA, password="p4ss")
    browser = world.browser()
    page = browser.get("/common/oauth2/v2.0/authorize", params=world.authorize_parameters())
    form = {"request": carried(page), "account": ANA}
    asked = browser.post("/common/sign-in", data=form)
    wrong = browser.post("/common/sign-in", data=form | {"password": "x"})
    right = browser.post("/common/sign-in", data=form | {"password": "p4ss"})
    assert "Enter password" in asked.text
    assert "incorrect" in wrong.text
    assert "Permissions requested" in right.text


@covers("identity.response_mode")
def test_form_post_and_fragment(world: World) -> None:
    ana = world.account(ANA)
    assert ana["email"] == ANA
    world.code(ANA)
    browser = world.browser()
    query = world.authorize_parameters(response_mode="form_post")
    page = browser.get("/common/oauth2/v2.0/authorize", params=query)
    posted = browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})
    query["response_mode"] = "fragment"
    fragment = browser.get("/common/oauth2/v2.0/authorize", params=query)

    assert f'action="{REDIRECT}"' in posted.text
    assert 'name="code"' in posted.text
    assert urlsplit(fragment.headers["location"]).query == ""
    assert "code=" in urlsplit(fragment.headers["location"]).fragment


@covers("identity.redirect_uri", "identity.port")
def test_port_of_localhost_does_not_count(world: World) -> None:
    other = REDIRECT.replace("8000", "9123")
    page = authorize(world, redirect_uri=other)
    assert "Pick an account" in page.text


@pytest.mark.parametrize(
    "uri", ["http://example.org/back", "https://example.org/a?b=c", "ftp://example.org/"]
)
@covers("identity.https", "identity.query")
def test_registration_refuses(world: World, uri: str) -> None:
    body = {"client_id": "x", "client_secret": "y", "redirect_uris": [uri]}
    assert world.http.post("/sandbox/apps", json=body).status_code == 400


@covers("identity.single-tenant")
def test_single_tenant_app_may_not_use_common(world: World) -> None:
    app = CLIENT | {"redirect_uris": [REDIRECT], "audience": "AzureADMyOrg"}
    world.control("POST", "/apps", app)
    world.account(ANA)
    assert "AADSTS50194" in authorize(world).text
    assert "Pick an account" in authorize(world, "contoso.com").text


@covers("identity.client_info")
def test_client_info(world: World) -> None:
    account = world.account(ANA)
    body = world.redeem(world.code(ANA), client_info="1").json()
    padded = body["client_info"] + "=" * (-len(body["client_info"]) % 4)
    info = base64.urlsafe_b64decode(padded).decode()
    assert account["id"] in info
    assert account["tenant_id"] in info


@covers("identity.logout")
def test_logout_ends_the_session(world: World) -> None:
    world.account(ANA)
    browser = world.browser()
    page = browser.get("/common/oauth2/v2.0/authorize", params=world.authorize_parameters())
    browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})
    browser.get("/common/oauth2/v2.0/logout", params={"post_logout_redirect_uri": "http://x/"})
    again = browser.get("/common/oauth2/v2.0/authorize", params=world.authorize_parameters())
    assert "Pick an account" in again.text


@covers("identity.scope-echo", "identity.resource")
def test_scope_echo_follows_the_request(world: World) -> None:
    world.account(ANA)
    scope = "openid offline_access https://graph.microsoft.com/Calendars.ReadWrite"
    body = world.redeem(world.code(ANA, scope=scope)).json()
    assert "https://graph.microsoft.com/Calendars.ReadWrite" in body["scope"].split()
    assert SCOPE.split()[0] in body["scope"].split()
