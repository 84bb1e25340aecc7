"""Discovery documents, the key set and the user info."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from outlook_sandbox.http import Answer, Call
from outlook_sandbox.identity.exceptions import AadError
from outlook_sandbox.identity.keys import key_set
from outlook_sandbox.identity.responses import discovery_urls, issuer
from outlook_sandbox.identity.tenants import known_tenant

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox


def openid_configuration(sandbox: "Sandbox", call: Call, tenant: str) -> Answer:
    if not known_tenant(sandbox, tenant):
        return AadError(90002, tenant=tenant).token_answer(sandbox, call.base_url)
    document: dict[str, object] = dict(discovery_urls(call.base_url, tenant))
    document |= {
        "issuer": issuer(sandbox, call.base_url, tenant),
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic",
        ],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code", "code id_token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "tid", "oid", "name", "nonce"],
        "request_uri_parameter_supported": False,
        "msgraph_host": urlsplit(call.base_url).netloc,
    }
    return Answer.json(document)


def keys(sandbox: "Sandbox", call: Call, tenant: str) -> Answer:
    if not known_tenant(sandbox, tenant):
        return AadError(90002, tenant=tenant).token_answer(sandbox, call.base_url)
    return Answer.json(key_set(sandbox))


def instance_discovery(sandbox: "Sandbox", call: Call, tenant: str) -> Answer:  # noqa: ARG001 (same shape as the others)
    """What MSAL asks before it trusts a host that it does not know (identity.md §9)."""
    host = urlsplit(call.base_url).netloc
    asked = urlsplit(call.query.get("authorization_endpoint", ""))
    segment = asked.path.strip("/").split("/")[0] or "common"
    return Answer.json(
        {
            "tenant_discovery_endpoint": (
                f"{call.base_url}/{segment}/v2.0/.well-known/openid-configuration"
            ),
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }
    )


def userinfo(sandbox: "Sandbox", call: Call) -> Answer:
    text = call.headers.get("authorization", "").partition(" ")[2]
    token = sandbox.directory.access_tokens.get(text)
    if token is None or token.revoked or token.expires_at <= sandbox.now():
        return Answer.json({"error": "invalid_token"}, 401)
    account = sandbox.directory.accounts[token.account_id]
    return Answer.json({"sub": account.id, "name": account.name, "email": account.email})
