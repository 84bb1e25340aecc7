"""Why connecting failed: what happened, and what the person can do about it."""

from collections.abc import Iterable

from leansoft.graph.errors import (
    GraphError,
    OperatorFault,
    ReconnectRequired,
    TransientError,
)
from leansoft.graph.identity import BadIdToken
from leansoft.graph.identity_errors import SignInRefused

AGAIN = "Press Outlook on the calendar to start again."
ASK_ADMINISTRATOR = (
    "Ask the administrator of Leansoft to look at Settings → General Settings → Integrations."
)


class ConnectFailed(Exception):
    """`title`, `sentence` and `remedy` are for the person; `details` are for whoever helps."""

    def __init__(self, *, title: str, sentence: str, remedy: str, details: str = "") -> None:
        super().__init__(f"{title}: {details or sentence}")
        self.title = title
        self.sentence = sentence
        self.remedy = remedy
        self.details = details


def refused_at_microsoft(refused: SignInRefused) -> ConnectFailed:
    return ConnectFailed(
        title=refused.title,
        sentence=refused.sentence,
        remedy=refused.remedy,
        details=refused.details,
    )


def forged_or_expired(details: str) -> ConnectFailed:
    return ConnectFailed(
        title="This sign-in cannot be finished",
        sentence="It was not started in this browser by you, it was finished already, or it took "
        "longer than ten minutes. Nothing was connected.",
        remedy=AGAIN,
        details=details,
    )


def operator_fault(error: OperatorFault) -> ConnectFailed:
    return ConnectFailed(
        title="Leansoft's connection to Microsoft is not set up correctly",
        sentence=error.sentence,
        remedy=ASK_ADMINISTRATOR,
        details=details_of(error),
    )


def token_refused(error: GraphError) -> ConnectFailed:
    """For an error after the person has come back from Microsoft with a code."""
    details = details_of(error)
    match error:
        case OperatorFault():
            return operator_fault(error)
        case TransientError():
            return ConnectFailed(
                title="Microsoft cannot be reached",
                sentence="Microsoft did not answer as it should. Nothing was connected.",
                remedy="Wait a few minutes. " + AGAIN,
                details=details,
            )
        case BadIdToken():
            return ConnectFailed(
                title="The answer from Microsoft could not be verified",
                sentence="What came back does not prove who signed in, so that nothing was "
                "connected.",
                remedy=AGAIN + " If it happens again, show the details to the administrator.",
                details=details,
            )
        case ReconnectRequired():
            return ConnectFailed(
                title="The sign-in has ended",
                sentence="Microsoft no longer accepts this sign-in. It is good for a few minutes "
                "and for one use.",
                remedy=AGAIN,
                details=details,
            )
        case _:
            return ConnectFailed(
                title="Microsoft refused the connection",
                sentence=error.sentence,
                remedy=ASK_ADMINISTRATOR,
                details=details,
            )


def scope_missing(granted: Iterable[str]) -> ConnectFailed:
    return ConnectFailed(
        title="Leansoft may not use your calendar",
        sentence="You signed in, but the permission to read and write your calendar was not given.",
        remedy=f"{AGAIN} Accept the permission for your calendars.",
        details=f"Granted: {', '.join(sorted(granted)) or 'nothing'}",
    )


def no_refresh_token() -> ConnectFailed:
    return ConnectFailed(
        title="Microsoft did not let Leansoft stay connected",
        sentence="The permission to keep the connection while you are away (offline_access) is "
        "missing.",
        remedy=ASK_ADMINISTRATOR,
        details="The answer has no refresh token.",
    )


def no_address() -> ConnectFailed:
    return ConnectFailed(
        title="This Microsoft account has no mail address",
        sentence="Without an address nobody can be invited, so it cannot be connected.",
        remedy="Connect an account that has a mailbox.",
        details="Neither the profile nor the id token has an address.",
    )


def taken_by(other: str, account: str) -> ConnectFailed:
    return ConnectFailed(
        title="This Microsoft account belongs to somebody else here",
        sentence=f"{account} is already {other}'s. One Outlook calendar can belong to one person "
        "only.",
        remedy=f"Sign in with your own Microsoft account, or ask {other} to disconnect it first.",
    )


def details_of(error: GraphError) -> str:
    """Microsoft's own words, for whoever helps."""
    facts = [error.code, error.message, error.request_id and f"request {error.request_id}"]
    return " · ".join(fact for fact in facts if fact)
