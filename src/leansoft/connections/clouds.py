"""Where Microsoft is: the global cloud or a national one (identity.md §8).

What the environment names counts more than the choice on the integration page, so that a sandbox
can stand in for Microsoft.
"""

from dataclasses import dataclass, replace

from django.conf import settings

from leansoft.connections.models import Integration

Cloud = Integration.Cloud


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """`graph_url` ends with the version; `portal_url` is where applications are registered."""

    login_url: str
    graph_url: str
    portal_url: str
    # How permissions begin; empty where their short names mean the right Graph.
    resource: str = ""


HOSTS = {
    Cloud.GLOBAL: Hosts(
        login_url="https://login.microsoftonline.com",
        graph_url="https://graph.microsoft.com/v1.0",
        portal_url="https://entra.microsoft.com",
    ),
    Cloud.US_GOVERNMENT: Hosts(
        login_url="https://login.microsoftonline.us",
        graph_url="https://graph.microsoft.us/v1.0",
        portal_url="https://entra.microsoft.us",
        resource="https://graph.microsoft.us/",
    ),
    Cloud.US_DEFENSE: Hosts(
        login_url="https://login.microsoftonline.us",
        graph_url="https://dod-graph.microsoft.us/v1.0",
        portal_url="https://entra.microsoft.us",
        resource="https://dod-graph.microsoft.us/",
    ),
    Cloud.CHINA: Hosts(
        login_url="https://login.partner.microsoftonline.cn",
        graph_url="https://microsoftgraph.chinacloudapi.cn/v1.0",
        portal_url="https://entra.microsoftonline.cn",
        resource="https://microsoftgraph.chinacloudapi.cn/",
    ),
}


def named_by_environment() -> bool:
    """Whether the choice of a cloud has no effect."""
    return bool(settings.MICROSOFT_LOGIN_URL or settings.MICROSOFT_GRAPH_URL)


def hosts_of(cloud: str) -> Hosts:
    chosen = HOSTS[Cloud.GLOBAL if named_by_environment() else Cloud(cloud)]
    return replace(
        chosen,
        login_url=settings.MICROSOFT_LOGIN_URL or chosen.login_url,
        graph_url=settings.MICROSOFT_GRAPH_URL or chosen.graph_url,
    )


def present_hosts() -> Hosts:
    # A round asks often, and what the environment names needs no database.
    return hosts_of(Cloud.GLOBAL if named_by_environment() else Integration.current().cloud)
