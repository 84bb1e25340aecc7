"""The authorize endpoint (identity.md §2): what it asks, and where its answers go."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from outlook_sandbox.identity.accounts import redirect_uri_matches
from outlook_sandbox.identity.exceptions import AadError
from outlook_sandbox.identity.models import Account, App, Code
from outlook_sandbox.identity.scopes import (
    OIDC_SCOPES,
    for_kind,
    graph_scope,
    graph_scopes,
    is_default,
    needs_admin,
    split_scopes,
)
from outlook_sandbox.identity.tenants import admits, check_app_tenant, known_tenant
from outlook_sandbox.identity.tokens import Holder, client_info, id_token

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

CODE_LIFE = timedelta(minutes=10)
PROMPTS = ("login", "none", "consent", "select_account")


@dataclass(frozen=True, slots=True)
class AuthorizeRequest:
    """A request whose application and redirect URI are known, so that errors can be redirected."""

    tenant: str
    app: App
    redirect_uri: str
    response_type: str
    response_mode: str
    state: str | None
    prompt: str | None
    login_hint: str | None
    domain_hint: str | None
    nonce: str | None
    challenge: str | None
    challenge_method: str
    client_info: bool
    scope: str
    raw: str
    """The query string; the sign-in pages carry it along."""

    @property
    def hybrid(self) -> bool:
        return "id_token" in self.response_type.split()


def read_request(sandbox: "Sandbox", tenant: str, query_string: str) -> AuthorizeRequest:
    """Raises an AadError for what is shown as a page, never redirected."""
    query = dict(parse_qsl(query_string, keep_blank_values=True))
    if not known_tenant(sandbox, tenant):
        raise AadError(90002, tenant=tenant)
    if not query.get("client_id"):
        raise AadError(900144, parameter="client_id")
    app = sandbox.directory.apps.get(query["client_id"])
    if app is None:
        raise AadError(700016, client_id=query["client_id"], tenant=tenant)
    if not query.get("redirect_uri"):
        raise AadError(900971)
    redirect_uri = query["redirect_uri"]
    if not any(redirect_uri_matches(uri, redirect_uri) for uri in app.redirect_uris):
        raise AadError(50011, redirect_uri=redirect_uri, client_id=app.client_id)
    check_app_tenant(sandbox, app, tenant)
    response_type = query.get("response_type", "")
    default_mode = "fragment" if "id_token" in response_type.split() else "query"
    return AuthorizeRequest(
        tenant=tenant,
        app=app,
        redirect_uri=redirect_uri,
        response_type=response_type,
        response_mode=query.get("response_mode") or default_mode,
        state=_without_html(query.get("state")),
        prompt=query.get("prompt") or None,
        login_hint=query.get("login_hint") or None,
        domain_hint=query.get("domain_hint") or None,
        nonce=query.get("nonce"),
        challenge=query.get("code_challenge") or None,
        # A challenge without a method is taken as plain (identity.md §2).
        challenge_method=query.get("code_challenge_method") or "plain",
        client_info=query.get("client_info") == "1",
        scope=query.get("scope", ""),
        raw=query_string,
    )


def _without_html(state: str | None) -> str | None:
    """HTML in the state is stripped (identity.md §2)."""
    return None if state is None else re.sub(r"<[^>]*>", "", state)


def fits(sandbox: "Sandbox", request: AuthorizeRequest, account: Account) -> bool:
    """Whether the account is offered at all: by tenant, application and `domain_hint`."""
    own = {account.domain, "consumers" if account.kind == "personal" else "organizations"}
    hinted = request.domain_hint is None or request.domain_hint.casefold() in own
    return hinted and admits(sandbox, request.tenant, account) and request.app.accepts(account)


def check_request(request: AuthorizeRequest) -> None:
    """Raises an AadError for what is sent back to the application."""
    kinds = set(request.response_type.split())
    if not kinds:
        raise AadError(900144, parameter="response_type")
    if "code" not in kinds or not kinds <= {"code", "id_token"}:
        raise AadError(700054, response_type=request.response_type)
    if request.response_mode not in ("query", "fragment", "form_post"):
        raise AadError(9002313)
    if request.hybrid and (request.response_mode == "query" or not request.nonce):
        raise AadError(9002313)
    if request.prompt is not None and request.prompt not in PROMPTS:
        raise AadError(9002313)
    if request.prompt == "select_account" and request.login_hint:
        raise AadError(9002313)
    if request.challenge_method not in ("plain", "S256"):
        raise AadError(9002313)
    if not request.scope.strip():
        raise AadError(900144, parameter="scope")
    split_scopes(request.scope)


def missing_scopes(sandbox: "Sandbox", request: AuthorizeRequest, account: Account) -> list[str]:
    """Graph scopes that still need this person's consent, in their short names."""
    consented = sandbox.directory.consented(request.app.client_id, account)
    wanted = for_kind(split_scopes(request.scope), account.kind)
    missing = [name for name in graph_scopes(wanted) if name.casefold() not in consented]
    first_time = not consented and not graph_scopes(wanted)
    return missing or (["User.Read"] if first_time else [])


def may_consent(sandbox: "Sandbox", account: Account, scopes: list[str]) -> bool:
    if account.admin or account.kind == "personal":
        return True
    return sandbox.switches.user_consent_allowed and not needs_admin(scopes)


def granted_scopes(sandbox: "Sandbox", request: AuthorizeRequest, account: Account) -> list[str]:
    asked = for_kind(split_scopes(request.scope), account.kind)
    if not any(map(is_default, asked)):
        return asked
    consents = sandbox.directory.consents
    held = consents.get(f"{request.app.client_id} {account.id}", [])
    return [s for s in asked if s in OIDC_SCOPES] + [s for s in held if graph_scope(s)]


def check_account(sandbox: "Sandbox", request: AuthorizeRequest, account: Account) -> None:
    """Raises an AadError (a page) when this account may not come in here."""
    if not admits(sandbox, request.tenant, account) or not request.app.accepts(account):
        raise AadError(50020, email=account.email, tenant=request.tenant)


def success_parameters(
    sandbox: "Sandbox", base_url: str, request: AuthorizeRequest, account: Account
) -> dict[str, str]:
    scopes = granted_scopes(sandbox, request, account)
    prefix = "M.C5" if account.kind == "personal" else "1.A"
    code = prefix + sandbox.random.token(90)
    sandbox.directory.codes[code] = Code(
        client_id=request.app.client_id,
        account_id=account.id,
        tenant=request.tenant,
        redirect_uri=request.redirect_uri,
        scopes=scopes,
        expires_at=sandbox.now() + CODE_LIFE,
        challenge=request.challenge,
        challenge_method=request.challenge_method,
        nonce=request.nonce,
    )
    parameters = {"code": code}
    if request.hybrid:
        parameters["id_token"] = id_token(
            sandbox, Holder(request.app, account, base_url), scopes, request.nonce
        )
    if request.client_info:
        parameters["client_info"] = client_info(account)
    parameters |= _state(request)
    parameters["session_state"] = sandbox.random.guid()
    return parameters


def error_parameters(
    sandbox: "Sandbox", request: AuthorizeRequest, failure: AadError, **more: str
) -> dict[str, str]:
    description = failure.description(sandbox, sandbox.random.guid(), sandbox.random.guid())
    return {"error": failure.error, "error_description": description} | more | _state(request)


def _state(request: AuthorizeRequest) -> dict[str, str]:
    return {} if request.state is None else {"state": request.state}


def answer_url(redirect_uri: str, mode: str, parameters: dict[str, str]) -> str:
    """For query and fragment. A URI without a path gets a slash (identity.md §2)."""
    parts = urlsplit(redirect_uri)
    encoded = urlencode(parameters)
    path = parts.path or "/"
    if mode == "fragment":
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, encoded))
    query = f"{parts.query}&{encoded}" if parts.query else encoded
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))
