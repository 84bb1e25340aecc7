"""What can be found out about a registration while nobody is signed in.

Microsoft checks the application before it looks at the code, so that a code which cannot be right
tells a good client ID and secret from bad ones (identity.md §5). Whether the redirect URI is
registered shows in where the answer to an authorize request goes: an error about the person comes
back to the redirect URI, one about the application is a page (§2).

Every function raises `OperatorFault` for a fault of the registration, and `TransientError` when
Microsoft does not answer.
"""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from leansoft.graph import wire
from leansoft.graph.errors import OperatorFault, ReconnectRequired, Refused
from leansoft.graph.identity import Application, Send, SignIn, ask_for_token, authorize_url
from leansoft.graph.identity_errors import (
    NOT_FOR_THESE_ACCOUNTS,
    aadsts_numbers,
    operator_sentence,
    token_error_from,
)

NOBODY = SignIn(state="test", nonce="test", code_verifier="a test of the registration, no sign-in")


def check_tenant(send: Send, application: Application) -> wire.Response:
    """The answer of a sign-in that knows the tenant."""
    url = application.endpoint("v2.0/.well-known/openid-configuration")
    response = send(wire.Request(method="GET", url=url, headers={"Accept": "application/json"}))
    if not response.is_success:
        raise token_error_from(response.status, response.headers, response.body)
    return response


def check_credentials(send: Send, application: Application) -> None:
    grant = {
        "grant_type": "authorization_code",
        "code": "a-test-of-the-registration",
        "redirect_uri": application.redirect_uri,
        "code_verifier": NOBODY.code_verifier,
    }
    try:
        ask_for_token(send, application, grant)
    except (ReconnectRequired, Refused):
        # It was the code that was refused, as it has to be.
        return


def accepts_accounts_of(send: Send, application: Application, tenant: str) -> bool:
    """Whether the registration is meant for the accounts that this tenant stands for (§1)."""
    try:
        check_credentials(send, replace(application, tenant=tenant))
    except OperatorFault as fault:
        if NOT_FOR_THESE_ACCOUNTS.isdisjoint(aadsts_numbers(fault.code)):
            raise
        return False
    return True


def check_redirect_uri(send: Send, application: Application) -> bool:
    """True when it is registered, False when the answer does not tell."""
    url = authorize_url(application, NOBODY, prompt="none")
    response = send(wire.Request(method="GET", url=url, headers={"Accept": "text/html"}))
    place = response.headers.get("location", "")
    came_back = place.startswith(application.redirect_uri)
    said = _query(place) if came_back else response.body.decode("utf-8", "replace")
    sentence = operator_sentence(aadsts_numbers(said))
    if sentence:
        raise OperatorFault(sentence, status=response.status, sentence=sentence)
    return came_back


def _query(url: str) -> str:
    return dict(parse_qsl(urlsplit(url).query)).get("error_description", "")
