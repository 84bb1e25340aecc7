"""Issuing and checking tokens."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from outlook_sandbox.http import Json
from outlook_sandbox.identity.keys import sign
from outlook_sandbox.identity.models import AccessToken, Account, App, RefreshToken
from outlook_sandbox.identity.scopes import for_kind, graph_scopes

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

ID_TOKEN_SECONDS = 3600
GRAPH_AUDIENCE = "00000003-0000-0000-c000-000000000000"


def client_info(account: Account) -> str:
    """Base64url of {"uid", "utid"} (identity.md §2)."""
    text = json.dumps({"uid": account.id, "utid": account.tenant_id})
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def pairwise_subject(app: App, account: Account) -> str:
    digest = hashlib.sha256(f"{app.client_id} {account.id}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Holder:
    """For whom a token is, and who issues it."""

    app: App
    account: Account
    base_url: str


def id_token(sandbox: "Sandbox", holder: Holder, scopes: list[str], nonce: str | None) -> str:
    """The claims of identity.md §7."""
    app, account = holder.app, holder.account
    now = int(sandbox.now().timestamp())
    claims: dict[str, Any] = {
        "ver": "2.0",
        "iss": f"{holder.base_url}/{account.tenant_id}/v2.0",
        "sub": pairwise_subject(app, account),
        "aud": app.client_id,
        "iat": now,
        "nbf": now,
        "exp": now + ID_TOKEN_SECONDS,
        "tid": account.tenant_id,
        "uti": sandbox.random.token(16),
        "rh": sandbox.random.token(24),
    }
    if "profile" in scopes:
        claims |= {"name": account.name, "preferred_username": account.email, "oid": account.id}
    if "email" in scopes:
        claims["email"] = account.email
    if nonce:
        claims["nonce"] = nonce
    return sign(sandbox, claims)


def issue_access_token(sandbox: "Sandbox", holder: Holder, scopes: list[str]) -> tuple[str, int]:
    """A token and its life in seconds: 60 to 90 minutes at random (identity.md §4)."""
    app, account = holder.app, holder.account
    seconds = sandbox.random.between(3600, 5400)
    now = sandbox.now()
    if account.kind == "personal":
        text = "EwB" + sandbox.random.token(180)
    else:
        text = sign(
            sandbox,
            {
                "aud": GRAPH_AUDIENCE,
                "iss": f"{holder.base_url}/{account.tenant_id}/",
                "iat": int(now.timestamp()),
                "exp": int(now.timestamp()) + seconds,
                "appid": app.client_id,
                "oid": account.id,
                "tid": account.tenant_id,
                "scp": " ".join(graph_scopes(scopes)),
                "uti": sandbox.random.token(16),
            },
        )
    sandbox.directory.access_tokens[text] = AccessToken(
        client_id=app.client_id,
        account_id=account.id,
        scopes=scopes,
        issued_at=now,
        expires_at=now + timedelta(seconds=seconds),
    )
    return text, seconds


def issue_refresh_token(sandbox: "Sandbox", holder: Holder, scopes: list[str]) -> str:
    account = holder.account
    prefix = "M.C5" if account.kind == "personal" else "0.A"
    text = prefix + sandbox.random.token(120)
    sandbox.directory.refresh_tokens[text] = RefreshToken(
        client_id=holder.app.client_id,
        account_id=account.id,
        scopes=scopes,
        issued_at=sandbox.now(),
    )
    return text


def token_response(  # noqa: PLR0913 (keyword-only after the holder)
    sandbox: "Sandbox",
    holder: Holder,
    *,
    scopes: list[str],
    refresh_scopes: list[str],
    nonce: str | None = None,
    with_client_info: bool = False,
) -> Json:
    """`scopes` go into the access token; `refresh_scopes` are what the refresh token may ask."""
    scopes = for_kind(scopes, holder.account.kind)
    access_token, seconds = issue_access_token(sandbox, holder, scopes)
    body: Json = {
        "token_type": "Bearer",
        # offline_access is granted but not named (identity.md §4).
        "scope": " ".join(s for s in scopes if s != "offline_access"),
        "expires_in": seconds - 1,
        "ext_expires_in": seconds - 1,
        "access_token": access_token,
    }
    if "offline_access" in refresh_scopes:
        body["refresh_token"] = issue_refresh_token(sandbox, holder, refresh_scopes)
    if "openid" in refresh_scopes:
        body["id_token"] = id_token(sandbox, holder, refresh_scopes, nonce)
    if with_client_info:
        body["client_info"] = client_info(holder.account)
    return body


def revoke_tokens(sandbox: "Sandbox", account: Account) -> None:
    now = sandbox.now()
    account.tokens_valid_from = now
    if sandbox.switches.revocation_kills_access_tokens:
        for token in sandbox.directory.access_tokens.values():
            if token.account_id == account.id:
                token.revoked = True


def corrupt_tokens(sandbox: "Sandbox", account: Account) -> None:
    """Access tokens of this account no longer parse; the refresh tokens still work."""
    tokens = sandbox.directory.access_tokens
    for text in [text for text, token in tokens.items() if token.account_id == account.id]:
        del tokens[text]
