"""The sign-in side over HTTP: pages in, redirects and JSON out."""

from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from outlook_sandbox.http import Answer, Call
from outlook_sandbox.identity import authorize as rules
from outlook_sandbox.identity.authorize import AuthorizeRequest
from outlook_sandbox.identity.exceptions import AadError
from outlook_sandbox.identity.grants import redeem
from outlook_sandbox.identity.models import Account
from outlook_sandbox.identity.scopes import for_kind, graph_scopes, split_scopes
from outlook_sandbox.identity.tenants import admits, tenant_id
from outlook_sandbox.web.templating import page

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

COOKIE = "sandbox_session"
# Faults of a person that strike when they sign in already (identity.md §5).
SHOWN_AS_PAGES = (50020, 50034, 90072, 90094, 90095)
SENT_BACK = (50105, 53000, 53001, 53002, 53003, 530031, 530032)


def token(sandbox: "Sandbox", call: Call, tenant: str) -> Answer:
    try:
        if call.method != "POST":
            raise AadError(900561)
        answer = Answer.json(redeem(sandbox, tenant, call))
    except AadError as failure:
        answer = failure.token_answer(sandbox, call.base_url)
    answer.headers |= {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"}
    return answer


def authorize(sandbox: "Sandbox", call: Call, tenant: str) -> Answer:
    raw = call.query_string if call.method == "GET" else call.body.decode("utf-8", "replace")
    request = rules.read_request(sandbox, tenant, raw)
    try:
        rules.check_request(request)
        return _proceed(sandbox, call, request)
    except AadError as failure:
        return send_back(request, rules.error_parameters(sandbox, request, failure))


def _proceed(sandbox: "Sandbox", call: Call, request: AuthorizeRequest) -> Answer:
    account = _signed_in(sandbox, call, request)
    if request.prompt == "none":
        return _silently(sandbox, call, request, account)
    if account is None or request.prompt in ("login", "select_account"):
        return _sign_in_page(sandbox, request)
    return _consent_or_code(sandbox, call, request, account)


def _signed_in(sandbox: "Sandbox", call: Call, request: AuthorizeRequest) -> Account | None:
    """The session's account that fits this request, unless there are several to choose from."""
    ids = sandbox.directory.sessions.get(call.cookies.get(COOKIE, ""), [])
    accounts = [a for i in ids if (a := sandbox.directory.accounts.get(i)) is not None]
    fitting = [
        a
        for a in accounts
        if rules.fits(sandbox, request, a)
        and request.login_hint in (None, a.email, a.email.casefold())
    ]
    return fitting[0] if len(fitting) == 1 else None


def _silently(
    sandbox: "Sandbox", call: Call, request: AuthorizeRequest, account: Account | None
) -> Answer:
    if account is None:
        raise AadError(50058)
    if rules.missing_scopes(sandbox, request, account):
        app = request.app
        raise AadError(65001, error="consent_required", client_id=app.client_id, name=app.title)
    return _with_code(sandbox, call, request, account)


def _with_code(
    sandbox: "Sandbox", call: Call, request: AuthorizeRequest, account: Account
) -> Answer:
    return send_back(request, rules.success_parameters(sandbox, call.base_url, request, account))


def _consent_or_code(
    sandbox: "Sandbox", call: Call, request: AuthorizeRequest, account: Account
) -> Answer:
    missing = rules.missing_scopes(sandbox, request, account)
    if not missing and request.prompt != "consent":
        return _with_code(sandbox, call, request, account)
    if not rules.may_consent(sandbox, account, missing):
        return _error_page(sandbox, AadError(90094), "Need admin approval")
    scopes = missing or graph_scopes(split_scopes(request.scope))
    return page(
        "consent.html",
        tenant=request.tenant,
        app=request.app,
        account=account,
        scopes=scopes,
        request=request.raw,
    )


def send_back(request: AuthorizeRequest, parameters: dict[str, str]) -> Answer:
    if request.response_mode == "form_post":
        return page("form_post.html", action=request.redirect_uri, parameters=parameters)
    mode = "fragment" if request.response_mode == "fragment" else "query"
    return Answer.redirect(rules.answer_url(request.redirect_uri, mode, parameters))


def _sign_in_page(
    sandbox: "Sandbox", request: AuthorizeRequest, *, problem: str | None = None, email: str = ""
) -> Answer:
    fitting = [a for a in sandbox.directory.accounts.values() if rules.fits(sandbox, request, a)]
    hint = email or request.login_hint or ""
    fitting.sort(key=lambda a: (a.email.casefold() != hint.casefold(), a.email))
    return page(
        "sign_in.html",
        tenant=request.tenant,
        app=request.app,
        accounts=fitting,
        hint=hint,
        request=request.raw,
        problem=problem,
    )


def sign_in(sandbox: "Sandbox", call: Call, tenant: str) -> Answer:
    """An account was chosen on the page; those with a password have to give it."""
    form = call.form
    request = rules.read_request(sandbox, tenant, form.get("request", ""))
    email = form.get("account", "")
    account = sandbox.directory.account_by_email(email)
    if account is None:
        problem = f"AADSTS50034: {email or 'This account'} does not exist here."
        return _sign_in_page(sandbox, request, problem=problem)
    rules.check_account(sandbox, request, account)
    if account.password is not None and form.get("password") != account.password:
        wrong = "password" in form
        return page(
            "password.html",
            tenant=tenant,
            app=request.app,
            account=account,
            request=request.raw,
            problem="Your account or password is incorrect." if wrong else None,
        )
    if account.token_error in SHOWN_AS_PAGES:
        details = {"email": account.email, "tenant": tenant}
        return _error_page(sandbox, AadError(account.token_error, **details))
    cookie = _remember(sandbox, call, account)
    try:
        if account.token_error in SENT_BACK:
            raise AadError(account.token_error)
        answer = _consent_or_code(sandbox, call, request, account)
    except AadError as failure:
        answer = send_back(request, rules.error_parameters(sandbox, request, failure))
    answer.headers["Set-Cookie"] = cookie
    return answer


def _remember(sandbox: "Sandbox", call: Call, account: Account) -> str:
    key = call.cookies.get(COOKIE) or sandbox.random.token(24)
    ids = sandbox.directory.sessions.setdefault(key, [])
    if account.id in ids:
        ids.remove(account.id)
    ids.append(account.id)
    cookie: SimpleCookie = SimpleCookie()
    cookie[COOKIE] = key
    cookie[COOKIE]["path"] = "/"
    cookie[COOKIE]["httponly"] = True
    cookie[COOKIE]["samesite"] = "Lax"
    return cookie[COOKIE].OutputString()


def consent(sandbox: "Sandbox", call: Call, tenant: str) -> Answer:
    form = call.form
    request = rules.read_request(sandbox, tenant, form.get("request", ""))
    account = sandbox.directory.account_by_email(form.get("account", ""))
    session = sandbox.directory.sessions.get(call.cookies.get(COOKIE, ""), [])
    if account is None or account.id not in session:
        return _sign_in_page(sandbox, request)
    rules.check_account(sandbox, request, account)
    if form.get("decision") != "accept":
        failure = AadError(65004)
        more = {"error_subcode": "cancel"}
        return send_back(request, rules.error_parameters(sandbox, request, failure, **more))
    asked = for_kind(split_scopes(request.scope), account.kind)
    scopes = graph_scopes(asked) or ["User.Read"]
    if not rules.may_consent(sandbox, account, scopes):
        return _error_page(sandbox, AadError(90094), "Need admin approval")
    sandbox.directory.grant(request.app.client_id, account.id, scopes)
    if account.admin and form.get("organization") == "1":
        sandbox.directory.grant(request.app.client_id, account.tenant_id, scopes)
    return _with_code(sandbox, call, request, account)


def admin_consent(sandbox: "Sandbox", call: Call, tenant: str) -> Answer:
    """Consent for a whole tenant (identity.md §6)."""
    raw = call.form.get("request", "") if call.method == "POST" else call.query_string
    if tenant.casefold() == "common":
        raise AadError(90002, tenant=tenant)
    request = rules.read_request(sandbox, tenant, raw)
    scopes = graph_scopes(split_scopes(request.scope))
    if call.method == "GET":
        admins = [
            a
            for a in sandbox.directory.accounts.values()
            if a.admin and a.kind == "work" and admits(sandbox, tenant, a)
        ]
        return page(
            "admin_consent.html",
            tenant=tenant,
            app=request.app,
            accounts=admins,
            scopes=scopes,
            request=raw,
        )
    account = sandbox.directory.account_by_email(call.form.get("account", ""))
    answer = {"admin_consent": "True"}
    state = {} if request.state is None else {"state": request.state}
    if call.form.get("decision") != "accept" or account is None or not account.admin:
        failure = AadError(65004, error="consent_required")
        answer |= rules.error_parameters(sandbox, request, failure)
    else:
        sandbox.directory.grant(request.app.client_id, account.tenant_id, scopes)
        answer |= {"tenant": account.tenant_id, "scope": request.scope} | state
    return Answer.redirect(rules.answer_url(request.redirect_uri, "query", answer))


def logout(sandbox: "Sandbox", call: Call, tenant: str) -> Answer:  # noqa: ARG001 (same shape as the others)
    sandbox.directory.sessions.pop(call.cookies.get(COOKIE, ""), None)
    target = (call.query | call.form).get("post_logout_redirect_uri")
    answer = Answer.redirect(target) if target else page("signed_out.html")
    answer.headers["Set-Cookie"] = f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    return answer


def _error_page(sandbox: "Sandbox", failure: AadError, title: str | None = None) -> Answer:
    description = failure.description(sandbox, sandbox.random.guid(), sandbox.random.guid())
    text, _, details = description.partition("\r\n")
    answer = page(
        "error.html",
        title=title or "Sorry, but we’re having trouble signing you in.",
        text=text,
        details=details,
        number=failure.number,
    )
    answer.status = 400
    return answer


def failure_page(sandbox: "Sandbox", failure: AadError) -> Answer:
    """For errors that are never redirected (identity.md §2)."""
    return _error_page(sandbox, failure)


def error_page(sandbox: "Sandbox", call: Call) -> Answer:
    number = call.query.get("code", "")
    return _error_page(sandbox, AadError(int(number) if number.isdecimal() else 0))


def discovery_urls(base_url: str, tenant: str) -> dict[str, str]:
    authority = f"{base_url}/{tenant}"
    return {
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "end_session_endpoint": f"{authority}/oauth2/v2.0/logout",
        "userinfo_endpoint": f"{base_url}/oidc/userinfo",
    }


def logout_url(base_url: str, tenant: str, back: str) -> str:
    query = urlencode({"post_logout_redirect_uri": back})
    return f"{base_url}/{tenant}/oauth2/v2.0/logout?{query}"


def issuer(sandbox: "Sandbox", base_url: str, tenant: str) -> str:
    """A template for the segments that stand for many tenants (identity.md §1)."""
    return f"{base_url}/{tenant_id(sandbox, tenant) or '{tenantid}'}/v2.0"
