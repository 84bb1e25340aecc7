"""The way to Microsoft that everything in this process shares."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from leansoft.connections.clouds import hosts_of
from leansoft.connections.domain.integration import redirect_uri
from leansoft.connections.models import Integration
from leansoft.graph.client import Transport
from leansoft.graph.errors import OperatorFault
from leansoft.graph.identity import Application
from leansoft.kit.encryption import SealBroken

SWITCHED_OFF = "The Outlook integration is switched off in the settings."
SECRET_LOST = (
    "The client secret cannot be read any more, because LEANSOFT_SECRET_KEY changed. Enter the "
    "client secret again in the settings."
)


_detours: list[Transport] = []


def transport() -> Transport:
    return _detours[-1] if _detours else _network()


@cache
def _network() -> Transport:
    """One for all threads, so that connections to Microsoft stay open between calls."""
    return Transport()


@contextmanager
def reached_through(detour: Transport) -> Iterator[None]:
    """Inside, Microsoft is reached this way, for a simulation with both sides in one process."""
    _detours.append(detour)
    try:
        yield
    finally:
        _detours.pop()


def application() -> Application:
    """The registered application. Raises `OperatorFault` when it is not usable."""
    integration = Integration.current()
    if not integration.is_configured:
        raise OperatorFault(SWITCHED_OFF, sentence=SWITCHED_OFF)
    try:
        secret = integration.client_secret
    except SealBroken as error:
        raise OperatorFault(str(error), sentence=SECRET_LOST) from error
    return registered(
        client_id=integration.client_id,
        client_secret=secret,
        tenant=integration.tenant,
        cloud=integration.cloud,
    )


def registered(*, client_id: str, client_secret: str, tenant: str, cloud: str) -> Application:
    hosts = hosts_of(cloud)
    return Application(
        login_url=hosts.login_url,
        tenant=tenant,
        client_id=client_id,
        client_secret=client_secret,
        redirect_uri=redirect_uri(),
        resource=hosts.resource,
    )


def note_fault(fault: OperatorFault) -> None:
    """What Microsoft says about the application concerns every mailbox; no token is touched."""
    Integration.objects.filter(pk=Integration.current().pk).update(fault=fault.sentence)


def clear_fault() -> None:
    """Microsoft accepted the application."""
    Integration.objects.exclude(fault="").update(fault="")
