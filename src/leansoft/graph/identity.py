"""Signing in at Microsoft: authorization code flow with PKCE, and refreshing (identity.md).

Requests and answers only; what is kept where is `connections`' business. Access tokens are opaque:
those of personal accounts are not even JWTs (identity.md §4). The id token is validated in full,
because it decides which account is connected.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from leansoft.graph import wire
from leansoft.graph.errors import Refused, TransientError
from leansoft.graph.identity_errors import token_error_from

Send = Callable[[wire.Request], wire.Response]

CALENDAR_SCOPE = "Calendars.ReadWrite"
SIGN_IN_SCOPES = ("openid", "profile", "email", "offline_access")
GRAPH_SCOPES = ("User.Read", CALENDAR_SCOPE)
LEEWAY_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The registration at Microsoft, and where Microsoft is."""

    login_url: str
    tenant: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    # "https://graph.microsoft.us/" and the like; without it, permissions are the global Graph's.
    resource: str = ""

    @property
    def scopes(self) -> str:
        return " ".join([*SIGN_IN_SCOPES, *(self.resource + name for name in GRAPH_SCOPES)])

    @property
    def is_of_one_directory(self) -> bool:
        """Whether only the organization's own accounts can sign in (identity.md §1)."""
        return self.tenant not in {"common", "organizations", "consumers"}

    def endpoint(self, name: str) -> str:
        return f"{self.login_url}/{self.tenant}/{name}"


PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The `tid` of personal accounts (identity.md §4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """(`tenant_id`, `object_id`) is the key; the names may change (identity.md §7)."""

    tenant_id: str
    object_id: str
    username: str
    name: str

    def vouches_for(self, address: str) -> bool:
        """Whether the address is this person's by more than their own word.

        Microsoft checks the addresses of personal accounts, and lets a directory give names for
        signing in only below domains that it has proved to own. What stands in `mail` it does not
        check: everybody can have a directory of their own, and write there what they like.
        """
        if self.tenant_id == PERSONAL_TENANT:
            return True
        domain = self.username.casefold().rpartition("@")[2]
        return address.casefold().rpartition("@")[2] == domain


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """`account` is there after a sign-in; a refresh does not ask who it is."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime
    scopes: frozenset[str]
    account: Account | None

    def grants(self, scope: str) -> bool:
        return scope.casefold() in self.scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The secrets of one sign-in: made before it, needed to finish it."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)


class BadIdToken(Refused):
    """The id token is not Microsoft's, not for this application, or not of this sign-in."""

    default_sentence = "The answer from Microsoft could not be verified."


def authorize_url(
    application: Application, sign_in: SignIn, *, prompt: str = "select_account"
) -> str:
    """By default somebody who is signed in with another account can choose."""
    query = {
        "client_id": application.client_id,
        "response_type": "code",
        "redirect_uri": application.redirect_uri,
        "response_mode": "query",
        "scope": application.scopes,
        "state": sign_in.state,
        "nonce": sign_in.nonce,
        "code_challenge": _challenge(sign_in.code_verifier),
        "code_challenge_method": "S256",
        "prompt": prompt,
    }
    return f"{application.endpoint('oauth2/v2.0/authorize')}?{urlencode(query)}"


def _challenge(code_verifier: str) -> str:
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def redeem_code(
    send: Send, application: Application, sign_in: SignIn, *, code: str, now: datetime
) -> TokenAnswer:
    """Raises the errors of `token_error_from`, and `BadIdToken`."""
    grant = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": application.redirect_uri,
        "code_verifier": sign_in.code_verifier,
    }
    response = ask_for_token(send, application, grant)
    answer = _read(response)
    # The token was stamped by Microsoft's clock, so it is read by it.
    their_now = wire.date_of(response.headers) or now
    token = str(answer.get("id_token") or "")
    account = read_id_token(send, application, token, nonce=sign_in.nonce, now=their_now)
    return _token_answer(answer, account, now)


def refresh(
    send: Send, application: Application, refresh_token: str, *, now: datetime
) -> TokenAnswer:
    """The answer's refresh token replaces the one used. Raises the errors of `token_error_from`."""
    grant = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "scope": application.scopes,
    }
    return _token_answer(_read(ask_for_token(send, application, grant)), None, now)


def ask_for_token(send: Send, application: Application, grant: Mapping[str, str]) -> wire.Response:
    """Raises the errors of `token_error_from`."""
    client = {"client_id": application.client_id, "client_secret": application.client_secret}
    url = application.endpoint("oauth2/v2.0/token")
    response = send(wire.form_request(url, {**client, **grant}))
    if not response.is_success:
        raise token_error_from(response.status, response.headers, response.body)
    return response


def _token_answer(answer: Mapping[str, Any], account: Account | None, now: datetime) -> TokenAnswer:
    if not answer.get("access_token"):
        raise TransientError("The token answer has no access token.")
    return TokenAnswer(
        access_token=answer["access_token"],
        refresh_token=answer.get("refresh_token"),
        # Between 60 and 90 minutes, never assumed (identity.md §4).
        expires_at=now + timedelta(seconds=int(answer.get("expires_in") or 0)),
        scopes=frozenset(_bare_scope(scope) for scope in str(answer.get("scope", "")).split()),
        account=account,
    )


def _bare_scope(scope: str) -> str:
    """`https://graph.microsoft.com/Calendars.ReadWrite` and the short form are one (§4)."""
    return scope.rpartition("/")[2].casefold()


def read_id_token(
    send: Send, application: Application, token: str, *, nonce: str, now: datetime
) -> Account:
    """Checks signature, audience, issuer, times and nonce (§7). Raises `BadIdToken`."""
    discovery = _fetch(send, application.endpoint("v2.0/.well-known/openid-configuration"))
    keys = _fetch(send, application.endpoint("discovery/v2.0/keys"))
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"]).claims  # type: ignore[arg-type]  # a key set as fetched
        # `common` and `organizations` have a template for an issuer (§1).
        issuer = str(discovery["issuer"]).replace("{tenantid}", claims["tid"])
        _check_claims(claims, now, aud=application.client_id, iss=issuer, nonce=nonce)
        return Account(
            tenant_id=claims["tid"],
            object_id=claims["oid"],
            username=str(claims.get("preferred_username") or claims.get("email") or ""),
            name=str(claims.get("name") or ""),
        )
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise BadIdToken(f"id token: {type(error).__name__}: {error}") from error


def _check_claims(claims: dict[str, Any], now: datetime, **expected: str) -> None:
    options: dict[str, jwt.ClaimsOption] = {
        name: {"essential": True, "value": value} for name, value in expected.items()
    }
    options["exp"] = {"essential": True}
    registry = jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=LEEWAY_SECONDS, **options)
    # `iat` and `nbf` are left out: fresh from Microsoft, only a wrong clock here could fail them.
    registry.validate({name: claims[name] for name in options if name in claims})


def _fetch(send: Send, url: str) -> dict[str, Any]:
    response = send(wire.Request(method="GET", url=url, headers={"Accept": "application/json"}))
    if not response.is_success:
        raise TransientError(f"{url} answered {response.status}.", status=response.status)
    return _read(response)


def _read(response: wire.Response) -> dict[str, Any]:
    try:
        return wire.json_object(response.body)
    except wire.Unreadable as error:
        raise TransientError(str(error), status=response.status) from error
