"""Sign-in: the pages, the errors, the tokens (identity.md)."""

import base64
import hashlib
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from sandbox.ledger import covers
from sandbox.world import CLIENT, REDIRECT, World

ANA = "ana@contoso.com"


def authorize(world: World, tenant: str = "common", **parameters: str) -> httpx.Response:
    query = world.authorize_parameters(**parameters)
    return world.browser().get(f"/{tenant}/oauth2/v2.0/authorize", params=query)


def token_error(response: httpx.Response) -> tuple[int, str, int]:
    body = response.json()
    assert body["error_description"].startswith(f"AADSTS{body['error_codes'][0]}: ")
    assert {"timestamp", "trace_id", "correlation_id"} <= body.keys()
    return response.status_code, body["error"], body["error_codes"][0]


@covers("identity.code-once", "identity.life", "identity.scope-echo")
def test_code_buys_tokens_and_works_once(world: World) -> None:
    world.account(ANA)
    code = world.code(ANA)

    first, second = world.redeem(code), world.redeem(code)

    body = first.json()
    assert body["token_type"] == "Bearer"
    assert 3600 <= body["expires_in"] + 1 <= 5400
    assert "offline_access" not in body["scope"]
    assert token_error(second) == (400, "invalid_grant", 54005)


@covers("identity.code-life")
def test_code_expires_after_ten_minutes(world: World) -> None:
    world.account(ANA)
    code = world.code(ANA)
    world.advance(601)
    assert token_error(world.redeem(code)) == (400, "invalid_grant", 70008)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client", 7000215)),
        ({"client_secret": ""}, (401, "invalid_client", 7000218)),
        ({"client_id": "unknown"}, (400, "unauthorized_client", 700016)),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", 70003)),
        ({"code": "nonsense"}, (400, "invalid_request", 9002313)),
        ({"redirect_uri": "http://localhost:8000/other"}, (401, "invalid_client", 500112)),
        ({"scope": "Nonsense.Read"}, (400, "invalid_scope", 70011)),
    ],
)
@covers("identity.secret-missing", "identity.secret-wrong", "identity.envelope", "identity.status")
def test_token_endpoint_refuses(
    world: World, form: dict[str, str], expected: tuple[int, str, int]
) -> None:
    world.account(ANA)
    whole = {"code": world.code(ANA)} | form
    assert token_error(world.redeem(**whole)) == expected


@covers("identity.get")
def test_get_on_the_token_endpoint(world: World) -> None:
    response = world.http.get("/common/oauth2/v2.0/token")
    assert token_error(response) == (400, "invalid_request", 900561)


def test_unknown_tenant(world: World) -> None:
    response = world.redeem("x", tenant="nowhere.example")
    assert token_error(response) == (400, "invalid_request", 90002)


@covers("identity.segment")
def test_code_belongs_to_its_tenant_segment(world: World) -> None:
    world.account(ANA)
    code = world.code(ANA)
    response = world.redeem(code, tenant="organizations")
    assert token_error(response) == (400, "invalid_grant", 700005)


@covers("identity.secret-expired")
def test_secret_expires(world: World) -> None:
    world.account(ANA)
    code = world.code(ANA)
    expired = CLIENT | {"redirect_uris": [REDIRECT], "secret_expires": "2020-01-01"}
    world.control("POST", "/apps", expired)
    assert token_error(world.redeem(code)) == (401, "invalid_client", 7000222)


@covers("identity.basic")
def test_http_basic_is_accepted(world: World) -> None:
    world.account(ANA)
    form = {"grant_type": "authorization_code", "code": world.code(ANA), "redirect_uri": REDIRECT}
    auth = (CLIENT["client_id"], CLIENT["client_secret"])
    response = world.http.post("/common/oauth2/v2.0/token", data=form, auth=auth)
    assert response.status_code == 200


@covers("identity.pkce")
def test_pkce_s256(world: World) -> None:
    world.account(ANA)
    verifier = "v" * 43
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    code = world.code(ANA, code_challenge=challenge, code_challenge_method="S256")

    wrong = world.redeem(code, code_verifier="w" * 43)
    missing = world.redeem(code)
    right = world.redeem(code, code_verifier=verifier)

    assert token_error(wrong) == (400, "invalid_grant", 501481)
    assert token_error(missing) == (400, "invalid_grant", 501481)
    assert right.status_code == 200


@covers("identity.pkce-plain")
def test_challenge_without_method_is_plain(world: World) -> None:
    world.account(ANA)
    code = world.code(ANA, code_challenge="p" * 43)
    assert world.redeem(code, code_verifier="p" * 43).status_code == 200


@covers("identity.keys", "identity.nonce", "identity.oidc", "identity.claims")
def test_id_token_is_signed_and_has_the_documented_claims(world: World) -> None:
    account = world.account(ANA)
    body = world.redeem(world.code(ANA, nonce="n0nce")).json()
    keys = KeySet.import_key_set(world.http.get("/common/discovery/v2.0/keys").json())

    claims: dict[str, Any] = jwt.decode(body["id_token"], keys, algorithms=["RS256"]).claims

    assert claims["aud"] == CLIENT["client_id"]
    assert claims["iss"] == f"http://localhost:8001/{account['tenant_id']}/v2.0"
    assert (claims["tid"], claims["oid"]) == (account["tenant_id"], account["id"])
    assert (claims["preferred_username"], claims["email"], claims["nonce"]) == (ANA, ANA, "n0nce")
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["ver"] == "2.0"


@covers("identity.common", "identity.issuer")
def test_discovery_of_common_is_a_template(world: World) -> None:
    document = world.http.get("/common/v2.0/.well-known/openid-configuration").json()
    assert document["issuer"] == "http://localhost:8001/{tenantid}/v2.0"
    assert document["token_endpoint"] == "http://localhost:8001/common/oauth2/v2.0/token"


@covers("identity.common", "identity.opaque")
def test_personal_account_has_an_opaque_token_and_the_consumer_tenant(world: World) -> None:
    account = world.account("pia@outlook.com", kind="personal")
    body = world.redeem(world.code("pia@outlook.com")).json()
    assert account["tenant_id"] == "9188040d-6c67-4c5b-b112-36a304b66dad"
    assert body["access_token"].startswith("Ew")
    assert "." not in body["access_token"]


@covers("identity.organizations")
def test_organizations_lists_work_accounts_only(world: World) -> None:
    world.account(ANA)
    world.account("pia@outlook.com", kind="personal")
    page = authorize(world, "organizations").text
    assert ANA in page
    assert "pia@outlook.com" not in page


@covers("identity.refresh-new", "identity.refresh-old")
def test_refresh_gives_a_new_token_and_keeps_the_old_one(world: World) -> None:
    ana = world.person(ANA)
    first = world.refresh(ana.refresh_token).json()
    second = world.refresh(ana.refresh_token)
    assert first["refresh_token"] != ana.refresh_token
    assert second.status_code == 200


@covers("identity.refresh-old")
def test_refresh_token_single_use_is_a_switch(world: World) -> None:
    world.switch(refresh_token_single_use=True)
    ana = world.person(ANA)
    assert world.refresh(ana.refresh_token).status_code == 200
    assert token_error(world.refresh(ana.refresh_token)) == (400, "invalid_grant", 70000)


@covers("identity.refresh-idle")
def test_refresh_token_dies_after_ninety_idle_days(world: World) -> None:
    ana = world.person(ANA)
    world.advance(90 * 86400 + 1)
    assert token_error(world.refresh(ana.refresh_token)) == (400, "invalid_grant", 700082)


@covers("identity.refresh-scope")
def test_refresh_beyond_the_grant_needs_consent(world: World) -> None:
    ana = world.person(ANA)
    response = world.refresh(ana.refresh_token, scope="Mail.Send")
    assert token_error(response) == (400, "invalid_grant", 65001)
    assert response.json()["suberror"] == "consent_required"


@covers("identity.revoked", "control.faults-kinds")
def test_revoked_tokens(world: World) -> None:
    ana = world.person(ANA)
    world.control("POST", "/faults", {"kind": "revoke_tokens", "email": ANA})
    assert token_error(world.refresh(ana.refresh_token)) == (400, "invalid_grant", 50173)
    assert ana.error("GET", "/me") == (401, "InvalidAuthenticationToken")
    assert world.sign_in(ANA).get("/me")["mail"] == ANA


@covers("identity.corrupted", "control.faults-kinds")
def test_corrupted_access_token_can_be_refreshed(world: World) -> None:
    ana = world.person(ANA)
    world.control("POST", "/faults", {"kind": "corrupt_tokens", "email": ANA})
    assert ana.error("GET", "/me") == (401, "InvalidAuthenticationToken")
    assert world.refresh(ana.refresh_token).status_code == 200


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (50076, (400, "invalid_grant", 50076)),
        (50079, (400, "interaction_required", 50079)),
        (90033, (503, "temporarily_unavailable", 90033)),
    ],
)
@covers("identity.status", "control.faults-kinds")
def test_token_error_fault_lasts_until_it_is_taken_back(
    world: World, number: int, expected: tuple[int, str, int]
) -> None:
    ana = world.person(ANA)
    fault = {"kind": "token_error", "email": ANA, "aadsts": number}
    world.control("POST", "/faults", fault)
    assert token_error(world.refresh(ana.refresh_token)) == expected
    world.control("POST", "/faults", fault | {"aadsts": None})
    assert world.refresh(ana.refresh_token).status_code == 200
