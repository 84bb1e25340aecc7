"""The tenant segment of an authority (identity.md §1)."""

from typing import TYPE_CHECKING

from outlook_sandbox.identity.exceptions import AadError
from outlook_sandbox.identity.models import CONSUMERS_TENANT, Account, App

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox


def tenant_id(sandbox: "Sandbox", segment: str) -> str | None:
    """The GUID that a segment stands for; None for one that stands for many, or nothing."""
    folded = segment.casefold()
    if folded in ("consumers", CONSUMERS_TENANT):
        return CONSUMERS_TENANT
    tenants = sandbox.directory.tenants
    if folded in tenants:
        return tenants[folded]
    return folded if folded in tenants.values() else None


def known_tenant(sandbox: "Sandbox", segment: str) -> bool:
    return segment.casefold() in ("common", "organizations") or bool(tenant_id(sandbox, segment))


def admits(sandbox: "Sandbox", segment: str, account: Account) -> bool:
    folded = segment.casefold()
    if folded == "common":
        return True
    if folded == "organizations":
        return account.kind == "work"
    return account.tenant_id == tenant_id(sandbox, segment)


def check_app_tenant(sandbox: "Sandbox", app: App, segment: str) -> None:
    """Whether the registration may be used at this authority."""
    folded = segment.casefold()
    if app.audience == "AzureADMyOrg":
        if folded in ("common", "organizations"):
            raise AadError(50194, client_id=app.client_id)
        if app.tenant_id and app.tenant_id != tenant_id(sandbox, segment):
            raise AadError(700016, client_id=app.client_id, tenant=segment)
    personal = tenant_id(sandbox, segment) == CONSUMERS_TENANT
    if personal and app.audience in ("AzureADMyOrg", "AzureADMultipleOrgs"):
        raise AadError(9002332, client_id=app.client_id)
    if not personal and folded != "common" and app.audience == "PersonalMicrosoftAccount":
        raise AadError(90130, client_id=app.client_id)
