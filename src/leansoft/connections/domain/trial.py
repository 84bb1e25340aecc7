"""Tries the registered application out with Microsoft while nobody is signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

from leansoft.connections.domain.failures import details_of
from leansoft.connections.domain.integration import InvalidSetting, Registration, redirect_uri
from leansoft.connections.domain.redirect import fault_of_base_url
from leansoft.connections.microsoft import SECRET_LOST, registered, transport
from leansoft.connections.models import Integration
from leansoft.graph import identity_check
from leansoft.graph.errors import GraphError, TransientError
from leansoft.graph.identity import Application
from leansoft.kit.encryption import SealBroken


class Outcome(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"
    UNKNOWN = "unknown"  # shows at the first sign-in


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`sentence` says what is so and what to do; `details` are Microsoft's words."""

    about: str
    outcome: Outcome
    sentence: str
    details: str = ""


Step = Callable[[Application], Finding]


def try_out(registration: Registration) -> list[Finding]:
    """Writes nothing. Without Microsoft, or without its trust, the rest cannot be tried."""
    findings = [_address()]
    try:
        application = _application(registration)
    except InvalidSetting as error:
        return [*findings, _fault(CREDENTIALS, error.sentence)]
    for about, step in STEPS:
        findings.append(_carry_out(about, step, application))
        if findings[-1].outcome is Outcome.FAULT and about != REDIRECT_URI:
            break
    return findings


def try_microsoft(registration: Registration) -> Finding:
    """Whether the sign-in answers and knows the tenant; the client does not matter."""
    nobody = registered(
        client_id="", client_secret="", tenant=registration.tenant, cloud=registration.cloud
    )
    return _carry_out(MICROSOFT, _microsoft, nobody)


def try_credentials(registration: Registration) -> Finding:
    """Whether Microsoft takes the client ID and the secret. Raises `InvalidSetting`."""
    return _carry_out(CREDENTIALS, _credentials, _application(registration))


def _application(registration: Registration) -> Application:
    if not registration.client_id:
        raise InvalidSetting("client_id", "Enter the client ID first.")
    return registered(
        client_id=registration.client_id,
        client_secret=registration.client_secret or _stored_secret(),
        tenant=registration.tenant,
        cloud=registration.cloud,
    )


def _stored_secret() -> str:
    integration = Integration.current()
    if not integration.client_secret_sealed:
        raise InvalidSetting("client_secret", "Enter the client secret first.")
    try:
        return integration.client_secret
    except SealBroken as error:
        raise InvalidSetting("client_secret", SECRET_LOST) from error


def _carry_out(about: str, step: Step, application: Application) -> Finding:
    try:
        return step(application)
    except TransientError as error:
        host = urlsplit(application.login_url).netloc
        sentence = BUSY if error.status else UNREACHABLE.format(host=host)
        return _fault(about, sentence, details_of(error))
    except GraphError as error:
        return _fault(about, error.sentence, details_of(error))


BUSY = "Microsoft has a problem at the moment: try again in a few minutes."
UNREACHABLE = (
    "{host} cannot be reached from this server: look at its network, its proxy and its firewall."
)


def _address() -> Finding:
    fault = fault_of_base_url(settings.BASE_URL, redirect_uri())
    if fault:
        return _fault("Address", fault)
    return _good("Address", f"Microsoft takes {settings.BASE_URL} for a redirect URI.")


def _microsoft(application: Application) -> Finding:
    identity_check.check_tenant(transport().send, application)
    host = urlsplit(application.login_url).netloc
    return _good(MICROSOFT, f"{host} answers, and knows the tenant “{application.tenant}”.")


def _credentials(application: Application) -> Finding:
    identity_check.check_credentials(transport().send, application)
    return _good(CREDENTIALS, "Microsoft accepts them.")


def _redirect_uri(application: Application) -> Finding:
    if identity_check.check_redirect_uri(transport().send, application):
        return _good(REDIRECT_URI, "It is registered.")
    sentence = "Whether it is registered shows at the first sign-in."
    return Finding(about=REDIRECT_URI, outcome=Outcome.UNKNOWN, sentence=sentence)


def _accounts(application: Application) -> Finding:
    if application.tenant != "common":
        whose = WHOSE.get(application.tenant, f"Accounts of {application.tenant} can connect only.")
        return _good(ACCOUNTS, whose)
    send = transport().send
    # National clouds have no personal accounts (identity.md §8).
    if not application.resource:
        if not identity_check.accepts_accounts_of(send, application, "consumers"):
            return Finding(about=ACCOUNTS, outcome=Outcome.WARNING, sentence=NO_PERSONAL)
        if not identity_check.accepts_accounts_of(send, application, "organizations"):
            return Finding(about=ACCOUNTS, outcome=Outcome.WARNING, sentence=ONLY_PERSONAL)
        return _good(ACCOUNTS, "Work, school and personal accounts can connect.")
    return _good(ACCOUNTS, WHOSE["organizations"])


WHOSE = {
    "organizations": "Work and school accounts of every organization can connect.",
    "consumers": "Personal Microsoft accounts can connect, and no others.",
}
NO_PERSONAL = (
    "Only work and school accounts can connect. If somebody here has a personal Microsoft account "
    "(outlook.com, hotmail.com), add them under “Authentication” → “Supported account types”."
)
ONLY_PERSONAL = (
    "Only personal Microsoft accounts can connect. Add work and school accounts under "
    "“Authentication” → “Supported account types”."
)

MICROSOFT, CREDENTIALS = "Microsoft", "Client ID and secret"
REDIRECT_URI, ACCOUNTS = "Redirect URI", "Accounts"
STEPS: tuple[tuple[str, Step], ...] = (
    (MICROSOFT, _microsoft),
    (CREDENTIALS, _credentials),
    (REDIRECT_URI, _redirect_uri),
    (ACCOUNTS, _accounts),
)


def _good(about: str, sentence: str) -> Finding:
    return Finding(about=about, outcome=Outcome.GOOD, sentence=sentence)


def _fault(about: str, sentence: str, details: str = "") -> Finding:
    return Finding(about=about, outcome=Outcome.FAULT, sentence=sentence, details=details)
