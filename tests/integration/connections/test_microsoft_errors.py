"""Every error of Microsoft's sign-in (identity.md §5) ends in the right sentence for whoever acts.

The sandbox produces each of them where Microsoft does: in the answer of the token endpoint, on the
way back from the sign-in, or on a page of Microsoft's own, which only Test connection gets to see.
"""

import pytest
from django.contrib.sessions.backends.base import SessionBase

from integration.connections.microsoft import Connect, accept
from leansoft.accounts.models import User
from leansoft.connections.domain.connect import ConnectFailed, begin_connect, complete_connect
from leansoft.connections.models import Integration, Mailbox
from leansoft.connections.tokens import access_token
from leansoft.graph.errors import GraphError, OperatorFault, ReconnectRequired, TransientError
from leansoft.graph.identity_errors import sign_in_refused
from support.outlook import Sandbox

pytestmark = pytest.mark.django_db

EMAIL = "alice@contoso.example"
AGAIN = "Microsoft no longer accepts this connection. Please sign in again."
SECOND_FACTOR = "Microsoft asks for a second factor now. Please sign in again."
BLOCKED = (
    "A policy of your organization does not let Leansoft in. Ask your administrator at Microsoft."
)
LATER = "Microsoft cannot be reached at the moment. Leansoft will try again."
AUDIENCE = "The application at Microsoft is not registered for this kind of account."
SCOPE = "The application at Microsoft does not allow the permissions that Leansoft asks for."
DISABLED = "The application is switched off at Microsoft."
REDIRECT = "The redirect URI that Leansoft shows in its settings is missing"

OF_THE_OWNER = {
    50057: "Your Microsoft account is disabled. Ask your administrator at Microsoft.",
    50058: AGAIN,
    50074: SECOND_FACTOR,
    50076: SECOND_FACTOR,
    50079: SECOND_FACTOR,
    50105: "Your account is not assigned to this application. Ask your administrator at Microsoft.",
    50173: "Your sessions at Microsoft were ended. Please sign in again.",
    501481: AGAIN,
    53000: BLOCKED,
    53001: BLOCKED,
    53002: BLOCKED,
    53003: BLOCKED,
    530031: BLOCKED,
    530032: BLOCKED,
    54005: AGAIN,
    65001: "Leansoft no longer has your consent at Microsoft. Please sign in again.",
    65004: AGAIN,
    70000: AGAIN,
    70008: AGAIN,
    70043: AGAIN,
    700082: "Leansoft was not used for so long that Microsoft ended it. Please sign in again.",
    700084: AGAIN,
}
OF_THE_ADMINISTRATOR = {
    28002: SCOPE,
    28003: SCOPE,
    50011: REDIRECT,
    50194: AUDIENCE,
    500112: REDIRECT,
    70001: DISABLED,
    70011: SCOPE,
    700016: "Microsoft does not know this client ID in this tenant.",
    700025: "The application is registered as a public client.",
    7000112: DISABLED,
    7000215: "The client secret is wrong. Paste the secret's value (not its ID)",
    7000218: "Microsoft asks for a client secret. Enter one in the settings.",
    7000222: "The client secret has expired. Create a new one at Microsoft",
    90002: "Microsoft does not know this tenant. Correct the tenant in the settings.",
    90130: AUDIENCE,
    9002332: AUDIENCE,
}
OF_NOBODY = [50033, 50196, 90006, 90024, 90033]


@pytest.fixture
def mailbox(connect: Connect, alice: User) -> Mailbox:
    mailbox = connect(alice, EMAIL)
    Mailbox.objects.update(status=Mailbox.Status.CONNECTED)
    mailbox.refresh_from_db()
    return mailbox


def refused(mailbox: Mailbox, microsoft: Sandbox, number: int) -> GraphError:
    """What comes of a refresh that Microsoft answers with this error."""
    token = access_token(mailbox)
    microsoft.fault(kind="token_error", email=mailbox.account, aadsts=number)
    with pytest.raises(GraphError) as caught:
        access_token(mailbox, rejected=token)
    mailbox.refresh_from_db()
    assert str(number) in caught.value.code
    return caught.value


@pytest.mark.parametrize(("number", "sentence"), OF_THE_OWNER.items())
def test_error_of_the_owner_asks_for_a_sign_in(
    mailbox: Mailbox, microsoft: Sandbox, number: int, sentence: str
) -> None:
    assert isinstance(refused(mailbox, microsoft, number), ReconnectRequired)
    assert (mailbox.status, mailbox.reason) == (Mailbox.Status.NEEDS_RECONNECT, sentence)
    assert Integration.current().fault == ""


@pytest.mark.parametrize(("number", "sentence"), OF_THE_ADMINISTRATOR.items())
def test_error_of_the_administrator_touches_no_mailbox(
    mailbox: Mailbox, microsoft: Sandbox, number: int, sentence: str
) -> None:
    kept = bytes(mailbox.refresh_token_sealed or b"")
    assert isinstance(refused(mailbox, microsoft, number), OperatorFault)
    assert Integration.current().fault.startswith(sentence)
    assert (mailbox.status, mailbox.reason) == (Mailbox.Status.CONNECTED, "")
    assert bytes(mailbox.refresh_token_sealed or b"") == kept


@pytest.mark.parametrize("number", OF_NOBODY)
def test_passing_error_asks_nobody(mailbox: Mailbox, microsoft: Sandbox, number: int) -> None:
    error = refused(mailbox, microsoft, number)
    assert isinstance(error, TransientError)
    assert error.sentence == LATER
    assert (mailbox.status, Integration.current().fault) == (Mailbox.Status.CONNECTED, "")


def test_malformed_request_is_nobodys_at_microsoft(mailbox: Mailbox, microsoft: Sandbox) -> None:
    error = refused(mailbox, microsoft, 9002313)
    assert error.sentence == "Microsoft did not accept the sign-in."
    assert (mailbox.status, Integration.current().fault) == (Mailbox.Status.CONNECTED, "")


AT_SIGN_IN = [50105, 53000, 53001, 53002, 53003, 530031, 530032]


@pytest.mark.parametrize("number", AT_SIGN_IN)
def test_refused_sign_in_says_who_can_help(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User, number: int
) -> None:
    microsoft.add_account(EMAIL)
    microsoft.fault(kind="token_error", email=EMAIL, aadsts=number)
    params = accept(begin_connect(session, alice), EMAIL)
    with pytest.raises(ConnectFailed) as caught:
        complete_connect(session, alice, params)
    failure = caught.value
    assert failure.title == "Leansoft was not given access"
    assert failure.sentence == OF_THE_OWNER[number]
    assert str(number) in failure.details
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("number", [50020, 50034, 90072, 90094, 90095])
def test_error_on_microsofts_own_page_connects_nothing(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User, number: int
) -> None:
    microsoft.add_account(EMAIL)
    microsoft.fault(kind="token_error", email=EMAIL, aadsts=number)
    # Nothing comes back, so that the person reads Microsoft's own sentence.
    with pytest.raises(AssertionError, match=f"AADSTS{number}"):
        accept(begin_connect(session, alice), EMAIL)
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("number", [90094, 90095])
def test_consent_that_only_an_administrator_gives(number: int) -> None:
    refused = sign_in_refused(
        {"error": "access_denied", "error_description": f"AADSTS{number}: Admin consent."}
    )
    assert refused is not None
    assert refused.title == "Your organization wants an administrator's approval"
    assert refused.remedy.startswith("Ask your administrator at Microsoft to approve")
