"""Sign-in against a Microsoft of a few lines, with keys of its own."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from leansoft.graph import wire
from leansoft.graph.errors import OperatorFault, ReconnectRequired, TransientError
from leansoft.graph.identity import (
    Application,
    BadIdToken,
    SignIn,
    authorize_url,
    redeem_code,
    refresh,
)

LOGIN = "https://login.microsoftonline.com"
TENANT = "aaaaaaaa-0000-4000-8000-000000000001"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
APP = Application(
    login_url=LOGIN,
    tenant="common",
    client_id="client-1",
    client_secret="secret & more",
    redirect_uri="https://calendar.example/microsoft_account/authentication",
)
SIGN_IN = SignIn(state="state-1", nonce="nonce-1", code_verifier="verifier-1" * 5)
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}, private=True)
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}, private=True)


def claims(**changes: Any) -> dict[str, Any]:
    return {
        "aud": "client-1",
        "iss": f"{LOGIN}/{TENANT}/v2.0",
        "iat": int(NOW.timestamp()),
        "nbf": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 3600,
        "nonce": "nonce-1",
        "tid": TENANT,
        "oid": "object-1",
        "preferred_username": "Alice@Contoso.example",
        "name": "Alice",
        "ver": "2.0",
        **changes,
    }


def signed(payload: dict[str, Any], key: RSAKey = KEY) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1", "typ": "JWT"}, payload, key)


class Microsoft:
    def __init__(
        self, answer: dict[str, Any], *, status: int = 200, issuer: str = "{tenantid}"
    ) -> None:
        self.answer, self.status = answer, status
        self.issuer = f"{LOGIN}/{issuer}/v2.0"
        self.form: dict[str, str] = {}

    def send(self, request: wire.Request) -> wire.Response:
        match urlsplit(request.url).path:
            case "/common/oauth2/v2.0/token":
                parsed = parse_qs((request.body or b"").decode())
                self.form = {name: value[0] for name, value in parsed.items()}
                return self._json(self.answer, self.status)
            case "/common/v2.0/.well-known/openid-configuration":
                return self._json({"issuer": self.issuer})
            case "/common/discovery/v2.0/keys":
                public = KEY.as_dict(private=False)
                return self._json({"keys": [{**public, "x5c": ["MII…"], "issuer": self.issuer}]})
            case path:
                raise AssertionError(path)

    @staticmethod
    def _json(body: dict[str, Any], status: int = 200) -> wire.Response:
        return wire.Response(status=status, body=json.dumps(body).encode())


def tokens(**changes: Any) -> dict[str, Any]:
    return {
        "token_type": "Bearer",
        "scope": "openid https://graph.microsoft.com/Calendars.ReadWrite User.Read",
        "expires_in": 4211,
        "access_token": "access-1",
        "refresh_token": "refresh-1",
        "id_token": signed(claims()),
        **changes,
    }


def redeem(microsoft: Microsoft) -> Any:
    return redeem_code(microsoft.send, APP, SIGN_IN, code="code-1", now=NOW)


def test_authorize_url_asks_for_a_code_with_pkce() -> None:
    url = urlsplit(authorize_url(APP, SIGN_IN))
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{LOGIN}/common/oauth2/v2.0/authorize"
    digest = hashlib.sha256(SIGN_IN.code_verifier.encode()).digest()
    assert {name: value[0] for name, value in parse_qs(url.query).items()} == {
        "client_id": "client-1",
        "response_type": "code",
        "response_mode": "query",
        "redirect_uri": APP.redirect_uri,
        "scope": "openid profile email offline_access User.Read Calendars.ReadWrite",
        "state": "state-1",
        "nonce": "nonce-1",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "prompt": "select_account",
    }


def test_code_becomes_tokens_of_an_account() -> None:
    microsoft = Microsoft(tokens())
    answer = redeem(microsoft)
    assert microsoft.form == {
        "client_id": "client-1",
        "client_secret": "secret & more",
        "grant_type": "authorization_code",
        "code": "code-1",
        "redirect_uri": APP.redirect_uri,
        "code_verifier": SIGN_IN.code_verifier,
    }
    assert (answer.access_token, answer.refresh_token) == ("access-1", "refresh-1")
    assert answer.expires_at == NOW + timedelta(seconds=4211)
    assert answer.account.tenant_id == TENANT
    assert answer.account.object_id == "object-1"
    assert answer.account.username == "Alice@Contoso.example"


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        ("Calendars.ReadWrite", True),
        ("https://graph.microsoft.com/calendars.readwrite openid", True),
        ("Calendars.Read User.Read", False),
        ("", False),
    ],
)
def test_scopes_are_compared_in_short_and_without_case(scope: str, granted: bool) -> None:
    assert redeem(Microsoft(tokens(scope=scope))).grants("Calendars.ReadWrite") is granted


@pytest.mark.parametrize(
    "id_token",
    [
        "",
        "not.a.token",
        signed(claims(aud="somebody-else")),
        signed(claims(iss=f"{LOGIN}/bbbbbbbb-0000-4000-8000-000000000002/v2.0")),
        signed(claims(iss="https://evil.example/v2.0")),
        signed(claims(exp=int(NOW.timestamp()) - 3600)),
        signed(claims(nonce="another")),
        signed({name: value for name, value in claims().items() if name != "nonce"}),
        signed({name: value for name, value in claims().items() if name != "oid"}),
        signed(claims(), FOREIGN_KEY),
        signed(claims()).rsplit(".", 1)[0] + ".",
    ],
)
def test_id_token_that_proves_nothing_is_refused(id_token: str) -> None:
    with pytest.raises(BadIdToken):
        redeem(Microsoft(tokens(id_token=id_token)))


def test_issuer_of_one_tenant_is_taken_to_the_letter() -> None:
    assert redeem(Microsoft(tokens(), issuer=TENANT)).account.tenant_id == TENANT
    with pytest.raises(BadIdToken):
        redeem(Microsoft(tokens(), issuer="bbbbbbbb-0000-4000-8000-000000000002"))


def test_refresh_brings_new_tokens() -> None:
    microsoft = Microsoft(tokens(refresh_token="refresh-2"))
    answer = refresh(microsoft.send, APP, "refresh-1", now=NOW)
    assert microsoft.form["grant_type"] == "refresh_token"
    assert microsoft.form["refresh_token"] == "refresh-1"
    assert (answer.refresh_token, answer.account) == ("refresh-2", None)


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (401, "invalid_client", OperatorFault),
        (400, "invalid_grant", ReconnectRequired),
        (503, "", TransientError),
    ],
)
def test_refused_refresh_tells_who_acts_next(
    status: int, error: str, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        refresh(Microsoft({"error": error}, status=status).send, APP, "refresh-1", now=NOW)


def test_answer_without_a_token_passes() -> None:
    with pytest.raises(TransientError):
        refresh(Microsoft({}).send, APP, "refresh-1", now=NOW)


def test_secrets_do_not_show_in_what_is_printed() -> None:
    request = wire.authorized(
        wire.form_request("/token", {"client_secret": APP.client_secret}),
        base_url="https://graph.example",
        token="access-1",
        request_id="1",
    )
    printed = repr((redeem(Microsoft(tokens())), APP, SIGN_IN, request))
    secrets = ["access-1", "refresh-1", APP.client_secret, "verifier-1", "nonce-1"]
    assert [secret for secret in secrets if secret in printed] == []
