"""Rules of the sign-in side that no other file proves (identity.md)."""

from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from outlook_sandbox.identity.exceptions import TABLE
from sandbox.conftest import ANA
from sandbox.ledger import covers
from sandbox.test_identity import authorize, token_error
from sandbox.world import CLIENT, REDIRECT, World, carried, redirected

PIA = "pia@outlook.com"


@pytest.fixture
def people(world: World) -> World:
    world.account(ANA)
    world.account("x@fabrikam.com")
    world.account(PIA, kind="personal")
    return world


def register(world: World, **changes: Any) -> httpx.Response:
    whole = CLIENT | {"redirect_uris": [REDIRECT]} | changes
    return world.http.post("/sandbox/apps", json=whole)


def offered(page: httpx.Response) -> set[str]:
    return {name for name in (ANA, "x@fabrikam.com", PIA) if name in page.text}


@pytest.mark.parametrize("segment", ["consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"])
@covers("identity.consumers")
def test_consumers_lists_personal_accounts_only(people: World, segment: str) -> None:
    assert offered(authorize(people, segment)) == {PIA}


@covers("identity.tenant")
def test_tenant_guid_is_the_tenant(people: World) -> None:
    tenant = people.account(ANA)["tenant_id"]
    assert offered(authorize(people, tenant)) == offered(authorize(people, "Contoso.com")) == {ANA}


@covers("identity.work-only")
def test_audience_of_the_application(people: World) -> None:
    register(people, audience="AzureADMultipleOrgs")
    assert "AADSTS9002332" in authorize(people, "consumers").text
    assert offered(authorize(people)) == {ANA, "x@fabrikam.com"}
    register(people, audience="PersonalMicrosoftAccount")
    assert "AADSTS90130" in authorize(people, "contoso.com").text
    assert offered(authorize(people)) == {PIA}


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        ("contoso.com", {ANA}),
        ("organizations", {ANA, "x@fabrikam.com"}),
        ("consumers", {PIA}),
        ("nowhere.example", set()),
    ],
)
@covers("identity.domain_hint")
def test_domain_hint_leaves_the_accounts_of_that_domain(
    people: World, hint: str, expected: set[str]
) -> None:
    assert offered(authorize(people, domain_hint=hint)) == expected


@covers("identity.scope")
def test_missing_scope_is_sent_back(people: World) -> None:
    assert redirected(authorize(people, scope=""))["error"] == "invalid_request"


@covers("identity.state")
def test_html_in_the_state_is_stripped(people: World) -> None:
    answer = authorize(people, prompt="none", state="a<script>b</script>c&d=1")
    assert redirected(answer)["state"] == "abc&d=1"


@covers("identity.prompt-select")
def test_select_account_shows_the_picker(world: World) -> None:
    world.account(ANA)
    browser = world.browser()
    url, query = "/common/oauth2/v2.0/authorize", world.authorize_parameters()
    page = browser.get(url, params=query)
    browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})
    again = browser.get(url, params=query | {"prompt": "select_account"})
    assert "Pick an account" in again.text


@covers("identity.slash")
def test_redirect_uri_without_a_path_gets_a_slash(people: World) -> None:
    register(people, redirect_uris=["https://app.contoso.com"])
    answer = authorize(people, prompt="none", redirect_uri="https://app.contoso.com")
    assert answer.headers["location"].startswith("https://app.contoso.com/?error=")


@covers("identity.pages")
def test_unknown_tenant_is_a_page(people: World) -> None:
    answer = authorize(people, "nowhere.example")
    assert "AADSTS90002" in answer.text
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "uri",
    ["https://example.org/a!b", "https://example.org/a(b)", "https://example.org/" + "a" * 240],
)
@covers("identity.characters")
def test_registration_refuses_too(world: World, uri: str) -> None:
    assert register(world, redirect_uris=[uri]).status_code == 400


@pytest.mark.parametrize(
    ("audience", "most"), [("AzureADMultipleOrgs", 256), ("PersonalMicrosoftAccount", 100)]
)
@covers("identity.number")
def test_number_of_redirect_uris(world: World, audience: str, most: int) -> None:
    uris = [f"https://example.org/{number}" for number in range(most + 1)]
    assert register(world, audience=audience, redirect_uris=uris[1:]).status_code < 300
    assert register(world, audience=audience, redirect_uris=uris).status_code == 400


@covers("identity.case")
def test_path_of_a_redirect_uri_is_case_sensitive(people: World) -> None:
    answer = authorize(people, redirect_uri=REDIRECT.replace("authentication", "Authentication"))
    assert "AADSTS50011" in answer.text


@pytest.mark.parametrize(
    ("scope", "present"),
    [
        ("User.Read", {"access_token"}),
        ("User.Read offline_access", {"access_token", "refresh_token"}),
        ("User.Read openid", {"access_token", "id_token"}),
    ],
)
@covers("identity.needs-offline", "identity.oidc")
def test_scopes_decide_which_tokens_come(people: World, scope: str, present: set[str]) -> None:
    body = people.redeem(people.code(ANA, scope=scope)).json()
    assert {name for name in body if name.endswith("_token")} == present


@covers("identity.life")
def test_life_of_access_tokens_varies(people: World) -> None:
    lives = {people.redeem(people.code(ANA)).json()["expires_in"] for _ in range(12)}
    assert len(lives) > 6
    assert all(3599 <= life <= 5400 for life in lives)


@covers("identity.subset")
def test_personal_account_is_granted_a_part(people: World) -> None:
    scope = "openid Calendars.ReadWrite OnlineMeetings.ReadWrite"
    granted = people.redeem(people.code(PIA, scope=scope)).json()["scope"].split()
    assert "Calendars.ReadWrite" in granted
    assert "OnlineMeetings.ReadWrite" not in granted


@covers("identity.revoked")
def test_revoked_personal_account(people: World) -> None:
    pia = people.sign_in(PIA)
    people.control("POST", "/faults", {"kind": "revoke_tokens", "email": PIA})
    assert token_error(people.refresh(pia.refresh_token)) == (400, "invalid_grant", 70000)


@covers("identity.default")
def test_default_does_not_mix_with_named_scopes(people: World) -> None:
    mixed = "https://graph.microsoft.com/.default Calendars.Read"
    assert redirected(authorize(people, scope=mixed))["error"] == "invalid_scope"


@covers("identity.admin-only")
def test_scope_that_needs_an_administrator(people: World) -> None:
    browser = people.browser()
    query = people.authorize_parameters(scope="openid Calendars.ReadBasic")
    page = browser.get("/common/oauth2/v2.0/authorize", params=query)
    answer = browser.post("/common/sign-in", data={"request": carried(page), "account": ANA})
    assert "AADSTS90094" in answer.text


@covers("identity.admin-common")
def test_admin_consent_needs_a_tenant(people: World) -> None:
    query = people.authorize_parameters()
    answer = people.http.get("/common/v2.0/adminconsent", params=query)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@covers("identity.pairwise")
def test_subject_is_pairwise(people: World) -> None:
    keys = KeySet.import_key_set(people.http.get("/common/discovery/v2.0/keys").json())
    other = {"client_id": "another", "client_secret": "secret"}
    people.control("POST", "/apps", other | {"redirect_uris": [REDIRECT]})
    found = []
    for app in (CLIENT, other):
        code = people.code(ANA, client_id=app["client_id"])
        token = people.redeem(code, **app).json()["id_token"]
        found.append(jwt.decode(token, keys, algorithms=["RS256"]).claims)
    assert found[0]["oid"] == found[1]["oid"]
    assert found[0]["sub"] != found[1]["sub"]


@covers("identity.table")
def test_table_has_every_number_of_the_facts() -> None:
    """identity.md §1 to §6."""
    numbers = """
        7000215 7000222 7000218 700016 7000112 70001 70008 700082 700084 70043 70000 50173 54005
        501481 9002313 65001 65004 50076 50079 50074 50058 53000 53001 53002 53003 530031 530032
        50057 50034 50020 90072 50105 90094 90095 70011 28002 28003 50011 500112 90002 50194
        9002332 90130 50196 90033 90006 90024 50033 900144 900971 900561 700005 700025
    """
    assert {int(number) for number in numbers.split()} - TABLE.keys() == set()
