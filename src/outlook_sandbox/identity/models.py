"""Accounts, applications and what is issued to them."""

from datetime import datetime
from typing import Literal

import msgspec

CONSUMERS_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of all personal accounts (identity.md §1)."""

Audience = Literal[
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
]


class Account(msgspec.Struct, kw_only=True):
    id: str
    email: str
    name: str
    kind: Literal["work", "personal"]
    tenant_id: str
    mailbox: bool = True
    teams: bool = True
    admin: bool = False
    password: str | None = None
    mail: str | None = None
    """What the directory shows as the address, when that is not the name for signing in: it may be
    any text."""
    tokens_valid_from: datetime | None = None
    """Refresh tokens issued before it are revoked."""
    token_error: int | None = None
    """Every token request for this account fails with this AADSTS number."""

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2].casefold()

    @property
    def graph_id(self) -> str:
        """A work account's Graph id is its object id; a personal one's is 16 hex digits."""
        return self.id if self.kind == "work" else self.id.replace("-", "")[-16:]

    def entry(self) -> dict[str, object]:
        return {
            "id": self.id,
            "tenant_id": self.tenant_id,
            "email": self.email,
            "name": self.name,
            "kind": self.kind,
            "mailbox": self.mailbox,
            "teams": self.teams,
            "admin": self.admin,
        }


class App(msgspec.Struct, kw_only=True):
    client_id: str
    client_secret: str
    redirect_uris: list[str]
    name: str = ""
    secret_expires: datetime | None = None
    audience: Audience = "AzureADandPersonalMicrosoftAccount"
    tenant_id: str | None = None
    """The home tenant of a single-tenant registration; None: whichever is asked for first."""

    @property
    def title(self) -> str:
        return self.name or self.client_id

    def accepts(self, account: Account) -> bool:
        if account.kind == "personal":
            return self.audience in (
                "AzureADandPersonalMicrosoftAccount",
                "PersonalMicrosoftAccount",
            )
        if self.audience == "AzureADMyOrg":
            return self.tenant_id in (None, account.tenant_id)
        return self.audience != "PersonalMicrosoftAccount"


class Code(msgspec.Struct, kw_only=True):
    client_id: str
    account_id: str
    tenant: str
    """The tenant segment of the authorize request; it must be the same at /token."""
    redirect_uri: str
    scopes: list[str]
    expires_at: datetime
    challenge: str | None = None
    challenge_method: str = "plain"
    nonce: str | None = None
    redeemed: bool = False


class RefreshToken(msgspec.Struct, kw_only=True):
    client_id: str
    account_id: str
    scopes: list[str]
    issued_at: datetime
    dead: bool = False


class AccessToken(msgspec.Struct, kw_only=True):
    client_id: str
    account_id: str
    scopes: list[str]
    issued_at: datetime
    expires_at: datetime
    revoked: bool = False


class Directory(msgspec.Struct, kw_only=True):
    """Everything that the sign-in side remembers."""

    accounts: dict[str, Account] = {}
    """By id."""
    apps: dict[str, App] = {}
    tenants: dict[str, str] = {}
    """Tenant ids by mail domain."""
    consents: dict[str, list[str]] = {}
    """Granted Graph scopes by "client account-or-tenant"."""
    codes: dict[str, Code] = {}
    refresh_tokens: dict[str, RefreshToken] = {}
    access_tokens: dict[str, AccessToken] = {}
    sessions: dict[str, list[str]] = {}
    """Ids of the signed-in accounts by browser session, latest last."""
    signing_key: str | None = None
    """PEM of the RS256 key."""

    def account_by_email(self, email: str) -> Account | None:
        wanted = email.strip().casefold()
        return next((a for a in self.accounts.values() if a.email.casefold() == wanted), None)

    def consented(self, client_id: str, account: Account) -> set[str]:
        by_person = self.consents.get(f"{client_id} {account.id}", [])
        by_tenant = self.consents.get(f"{client_id} {account.tenant_id}", [])
        return {scope.casefold() for scope in [*by_person, *by_tenant]}

    def grant(self, client_id: str, holder_id: str, scopes: list[str]) -> None:
        held = self.consents.setdefault(f"{client_id} {holder_id}", [])
        held.extend(scope for scope in scopes if scope not in held)
