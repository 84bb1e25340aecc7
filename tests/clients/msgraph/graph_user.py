"""A person with a signed-in `GraphServiceClient`.

Kept on one event loop, because the client keeps its connections.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx
from azure.identity import AuthorizationCodeCredential
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph.graph_request_adapter import GraphRequestAdapter, options
from msgraph.graph_service_client import GraphServiceClient
from msgraph_core import GraphClientFactory

from clients.microsoft import ANA, CLIENT_ID, REDIRECT, SECRET, Microsoft

SCOPES = [f"https://graph.microsoft.com/{name}" for name in ("User.Read", "Calendars.ReadWrite")]
T = TypeVar("T")


class GraphUser:
    def __init__(self, microsoft: Microsoft, email: str = ANA) -> None:
        self._loop = asyncio.new_event_loop()
        self.adapter = _adapter(microsoft, _credential(microsoft, email))
        self.client = GraphServiceClient(request_adapter=self.adapter)
        self.me = self.client.me

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        self._loop.close()


def _credential(microsoft: Microsoft, email: str) -> AuthorizationCodeCredential:
    ask = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": " ".join(["openid", "offline_access", *SCOPES]),
    }
    back = microsoft.visit(f"{microsoft.url}/common/oauth2/v2.0/authorize?{urlencode(ask)}", email)
    return AuthorizationCodeCredential(
        tenant_id="common",
        client_id=CLIENT_ID,
        authorization_code=back["code"],
        redirect_uri=REDIRECT,
        client_secret=SECRET,
        authority=microsoft.url,
    )


def _adapter(microsoft: Microsoft, credential: AuthorizationCodeCredential) -> GraphRequestAdapter:
    provider = AzureIdentityAuthenticationProvider(
        credential, scopes=SCOPES, allowed_hosts=["localhost", urlsplit(microsoft.url).netloc]
    )
    http = GraphClientFactory.create_with_default_middleware(
        client=httpx.AsyncClient(base_url=f"{microsoft.url}/v1.0", timeout=10), options=options
    )
    adapter = GraphRequestAdapter(provider, client=http)
    adapter.base_url = f"{microsoft.url}/v1.0"
    return adapter
