"""The token endpoint's two grants (identity.md §4)."""

import base64
import binascii
import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote

from outlook_sandbox.http import Call, Json
from outlook_sandbox.identity.exceptions import AadError
from outlook_sandbox.identity.models import Account, App, Code, RefreshToken
from outlook_sandbox.identity.scopes import graph_scopes, is_default, split_scopes
from outlook_sandbox.identity.tenants import check_app_tenant, known_tenant
from outlook_sandbox.identity.tokens import Holder, token_response

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

REFRESH_TOKEN_LIFE = timedelta(days=90)


def redeem(sandbox: "Sandbox", tenant: str, call: Call) -> Json:
    form = call.form
    if not known_tenant(sandbox, tenant):
        raise AadError(90002, tenant=tenant)
    grant_type = _needed(form, "grant_type")
    app = authenticated_app(sandbox, tenant, call)
    split_scopes(form.get("scope", ""))
    if grant_type == "authorization_code":
        return _redeem_code(sandbox, tenant, call, app)
    if grant_type == "refresh_token":
        return _redeem_refresh_token(sandbox, call, app)
    raise AadError(70003)


def _needed(form: dict[str, str], name: str) -> str:
    if not form.get(name):
        raise AadError(900144, parameter=name)
    return form[name]


def _client_credentials(call: Call) -> tuple[str, str | None]:
    """From the body, or HTTP Basic (identity.md §1)."""
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise AadError(9002313) from None
        return unquote(client_id), unquote(secret)
    return _needed(call.form, "client_id"), call.form.get("client_secret")


def authenticated_app(sandbox: "Sandbox", tenant: str, call: Call) -> App:
    client_id, secret = _client_credentials(call)
    app = sandbox.directory.apps.get(client_id)
    if app is None:
        raise AadError(700016, client_id=client_id, tenant=tenant)
    check_app_tenant(sandbox, app, tenant)
    if not secret:
        raise AadError(7000218)
    if secret != app.client_secret:
        raise AadError(7000215, client_id=app.client_id)
    if app.secret_expires and app.secret_expires <= sandbox.now():
        raise AadError(7000222, client_id=app.client_id)
    return app


def _redeem_code(sandbox: "Sandbox", tenant: str, call: Call, app: App) -> Json:
    form = call.form
    code = sandbox.directory.codes.get(_needed(form, "code"))
    redirect_uri = _needed(form, "redirect_uri")
    if code is None:
        raise AadError(9002313)
    _check_code(sandbox, tenant, code, app, redirect_uri)
    check_verifier(code, form.get("code_verifier"))
    account = _usable_account(sandbox, code.account_id)
    scopes = _narrowed(app, form.get("scope"), code.scopes)
    code.redeemed = True
    return token_response(
        sandbox,
        Holder(app, account, call.base_url),
        scopes=scopes,
        refresh_scopes=code.scopes,
        nonce=code.nonce,
        with_client_info=form.get("client_info") == "1",
    )


def _check_code(sandbox: "Sandbox", tenant: str, code: Code, app: App, redirect_uri: str) -> None:
    if code.client_id != app.client_id:
        raise AadError(70000)
    if code.tenant.casefold() != tenant.casefold():
        raise AadError(700005)
    if code.redeemed:
        raise AadError(54005)
    if code.expires_at <= sandbox.now():
        raise AadError(70008)
    if code.redirect_uri != redirect_uri:
        raise AadError(500112, redirect_uri=redirect_uri)


def check_verifier(code: Code, verifier: str | None) -> None:
    """PKCE, for confidential clients too."""
    if code.challenge is None:
        return
    proof = verifier or ""
    if code.challenge_method == "S256":
        digest = hashlib.sha256(proof.encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if proof != code.challenge:
        raise AadError(501481)


def _usable_account(sandbox: "Sandbox", account_id: str) -> Account:
    account = sandbox.directory.accounts.get(account_id)
    if account is None:
        raise AadError(50057)
    if account.token_error is not None:
        raise AadError(account.token_error, email=account.email)
    return account


def _redeem_refresh_token(sandbox: "Sandbox", call: Call, app: App) -> Json:
    text = _needed(call.form, "refresh_token")
    token = sandbox.directory.refresh_tokens.get(text)
    if token is None or token.dead or token.client_id != app.client_id:
        raise AadError(70000)
    account = _usable_account(sandbox, token.account_id)
    _check_refresh_token(sandbox, token, account)
    scopes = _narrowed(app, call.form.get("scope"), token.scopes)
    consented = sandbox.directory.consented(app.client_id, account)
    if any(scope.casefold() not in consented for scope in graph_scopes(scopes)):
        raise AadError(65001, client_id=app.client_id, name=app.title)
    if sandbox.switches.refresh_token_single_use:
        token.dead = True
    return token_response(
        sandbox,
        Holder(app, account, call.base_url),
        scopes=scopes,
        refresh_scopes=token.scopes,
        with_client_info=call.form.get("client_info") == "1",
    )


def _check_refresh_token(sandbox: "Sandbox", token: RefreshToken, account: Account) -> None:
    issued = token.issued_at.isoformat()
    if account.tokens_valid_from and token.issued_at <= account.tokens_valid_from:
        if account.kind == "personal":
            raise AadError(70000)
        raise AadError(50173, issued=issued, valid_from=account.tokens_valid_from.isoformat())
    if sandbox.now() - token.issued_at >= REFRESH_TOKEN_LIFE:
        raise AadError(700082, issued=issued)


def _narrowed(app: App, asked: str | None, granted: list[str]) -> list[str]:
    """The scopes of this token: what is asked, which may not exceed what was granted."""
    if not asked or any(map(is_default, asked.split())):
        return granted
    scopes = split_scopes(asked)
    held = {scope.casefold() for scope in graph_scopes(granted)}
    for scope in graph_scopes(scopes):
        if scope.casefold() not in held:
            raise AadError(65001, client_id=app.client_id, name=app.title)
    # The answer lists the scopes as they were written at this request.
    return scopes if graph_scopes(scopes) else granted
