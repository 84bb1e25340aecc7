"""Creating accounts and applications."""

import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import msgspec

from outlook_sandbox.identity.models import CONSUMERS_TENANT, Account, App, Audience
from outlook_sandbox.mailbox.models.mailbox import Mailbox

if TYPE_CHECKING:  # the sandbox holds the directory; importing it at run time would be a circle
    from datetime import datetime

    from outlook_sandbox.sandbox import Sandbox


class AccountWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    email: str
    name: str | None = None
    password: str | None = None
    kind: Literal["work", "personal"] = "work"
    mailbox: bool = True
    teams: bool = True
    admin: bool = False
    time_zone: str = "UTC"
    mail: str | None = None


class AppWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    client_id: str
    client_secret: str
    redirect_uris: list[str]
    secret_expires: str | None = None
    name: str = ""
    audience: Audience = "AzureADandPersonalMicrosoftAccount"
    tenant_id: str | None = None


def tenant_of(sandbox: "Sandbox", email: str, kind: str) -> str:
    if kind == "personal":
        return CONSUMERS_TENANT
    domain = email.rpartition("@")[2].casefold()
    tenants = sandbox.directory.tenants
    if domain not in tenants:
        tenants[domain] = sandbox.random.guid()
    return tenants[domain]


def save_account(sandbox: "Sandbox", wish: AccountWish) -> Account:
    """A new account, or the one of that address with new properties; its id stays."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", wish.email):
        raise ValueError(f"{wish.email!r} is not an e-mail address")
    present = sandbox.directory.account_by_email(wish.email)
    account = Account(
        id=present.id if present else sandbox.random.guid(),
        email=wish.email,
        name=wish.name or wish.email.partition("@")[0],
        kind=wish.kind,
        tenant_id=tenant_of(sandbox, wish.email, wish.kind),
        mailbox=wish.mailbox,
        teams=wish.teams and wish.kind == "work",
        admin=wish.admin,
        password=wish.password,
        mail=wish.mail,
    )
    sandbox.directory.accounts[account.id] = account
    if account.mailbox and account.id not in sandbox.state.mailboxes:
        mailbox = Mailbox.new(sandbox, account)
        mailbox.time_zone = wish.time_zone
        sandbox.state.mailboxes[account.id] = mailbox
    return account


def save_app(sandbox: "Sandbox", wish: AppWish, secret_expires: "datetime | None") -> App:
    if len(wish.redirect_uris) > largest_number(wish.audience):
        raise ValueError(f"at most {largest_number(wish.audience)} redirect URIs are allowed")
    for uri in wish.redirect_uris:
        check_redirect_uri(uri, wish.audience)
    app = App(
        client_id=wish.client_id,
        client_secret=wish.client_secret,
        redirect_uris=wish.redirect_uris,
        name=wish.name,
        secret_expires=secret_expires,
        audience=wish.audience,
        tenant_id=wish.tenant_id,
    )
    sandbox.directory.apps[app.client_id] = app
    return app


def for_personal_accounts(audience: Audience) -> bool:
    return audience in ("AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount")


def largest_number(audience: Audience) -> int:
    """Of redirect URIs (identity.md §3)."""
    return 100 if for_personal_accounts(audience) else 256


def check_redirect_uri(uri: str, audience: Audience) -> None:
    """What a registration refuses (identity.md §3); raises ValueError."""
    parts = urlsplit(uri)
    plain = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    if parts.scheme != "https" and not plain:
        raise ValueError(f"{uri}: a redirect URI must be https, or http on localhost")
    if len(uri) > 256:
        raise ValueError(f"{uri[:40]}…: a redirect URI has at most 256 characters")
    if set(parts.path) & set("!$'(),;"):
        raise ValueError(f"{uri}: a redirect URI may not contain ! $ ' ( ) , ;")
    if for_personal_accounts(audience) and (parts.query or "*" in uri):
        raise ValueError(f"{uri}: with personal accounts neither query nor wildcard is allowed")


def redirect_uri_matches(registered: str, asked: str) -> bool:
    """Exact, except that the port of localhost does not count (identity.md §3)."""
    if registered == asked:
        return True
    one, other = urlsplit(registered), urlsplit(asked)
    return one.hostname == other.hostname == "localhost" and (one.scheme, one.path, one.query) == (
        other.scheme,
        other.path,
        other.query,
    )
