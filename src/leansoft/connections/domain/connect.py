"""Connecting a user's mailbox: off to Microsoft, back again, and disconnecting.

The secrets of a sign-in under way stay in the user's session under its state, so that several tabs
do not disturb each other, and a way back that this browser did not start is not accepted.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from leansoft.accounts.models import User
from leansoft.connections.calendar import calendar_with
from leansoft.connections.domain import failures
from leansoft.connections.domain.failures import ConnectFailed
from leansoft.connections.domain.mailboxes import (
    AnotherAccount,
    Connection,
    forget_mailbox,
    keep_connection,
)
from leansoft.connections.microsoft import application, clear_fault, note_fault, transport
from leansoft.connections.models import Mailbox
from leansoft.graph.errors import GraphError, OperatorFault, Refused
from leansoft.graph.identity import (
    CALENDAR_SCOPE,
    Application,
    SignIn,
    TokenAnswer,
    authorize_url,
    redeem_code,
)
from leansoft.graph.identity_errors import sign_in_refused
from leansoft.kit.clock import now

__all__ = ["AnotherAccount", "ConnectFailed", "begin_connect", "complete_connect", "disconnect"]

SESSION_KEY = "outlook_sign_ins"
VALID_FOR = timedelta(minutes=10)
TABS = 10


def begin_connect(session: SessionBase, user: User) -> str:
    """The address at Microsoft to send the browser to. Raises `ConnectFailed`."""
    try:
        app = application()
    except OperatorFault as error:
        raise failures.operator_fault(error) from error
    sign_in = SignIn(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        code_verifier=secrets.token_urlsafe(48),
    )
    waiting = dict(list(_waiting(session, now()).items())[-(TABS - 1) :])
    waiting[sign_in.state] = {
        "nonce": sign_in.nonce,
        "code_verifier": sign_in.code_verifier,
        "user": user.pk,
        "began_at": now().isoformat(),
    }
    session[SESSION_KEY] = waiting
    return authorize_url(app, sign_in)


def complete_connect(session: SessionBase, user: User, params: Mapping[str, str]) -> Mailbox:
    """Finishes the sign-in that the browser comes back from.

    Raises `ConnectFailed`, and `AnotherAccount` when its owner has to say which one stays.

    The account that is connected already gets new tokens and goes on; its links stay.
    """
    sign_in = _take(session, user, params.get("state", ""))
    refused = sign_in_refused(params)
    if refused:
        raise failures.refused_at_microsoft(refused)
    if not params.get("code"):
        raise failures.forged_or_expired("There is no code.")
    try:
        app = application()
        answer = redeem_code(transport().send, app, sign_in, code=params["code"], now=now())
    except GraphError as error:
        if isinstance(error, OperatorFault):
            note_fault(error)
        raise failures.token_refused(error) from error
    clear_fault()
    _check_grant(answer)
    return keep_connection(user, _connection(answer, app))


@transaction.atomic
def disconnect(mailbox: Mailbox) -> None:
    """Forgets the tokens; events and links stay for a return."""
    forget_mailbox(mailbox)


def _waiting(session: SessionBase, moment: datetime) -> dict[str, Any]:
    """Sign-ins under way that are still valid, oldest first."""
    found: dict[str, Any] = session.get(SESSION_KEY, {})
    return {
        state: kept
        for state, kept in found.items()
        if datetime.fromisoformat(kept["began_at"]) + VALID_FOR > moment
    }


def _take(session: SessionBase, user: User, state: str) -> SignIn:
    """The sign-in that this state belongs to; it works only once."""
    waiting = _waiting(session, now())
    kept = waiting.pop(state, None)
    session[SESSION_KEY] = waiting
    if kept is None or kept["user"] != user.pk:
        raise failures.forged_or_expired("The state is unknown, used, or older than ten minutes.")
    return SignIn(state=state, nonce=kept["nonce"], code_verifier=kept["code_verifier"])


def _check_grant(answer: TokenAnswer) -> None:
    if not answer.grants(CALENDAR_SCOPE):
        raise failures.scope_missing(answer.scopes)
    if not answer.refresh_token:
        raise failures.no_refresh_token()


def _connection(answer: TokenAnswer, app: Application) -> Connection:
    """Whose mailbox it is, and the addresses under which events may name this person."""
    account = answer.account
    assert account is not None, "A redeemed code comes with an id token."
    found = [_mail_address(answer.access_token), account.username]
    names = list(dict.fromkeys(text.strip().casefold() for text in found if "@" in text))
    if not names:
        raise failures.no_address()
    return Connection(
        tenant_id=account.tenant_id,
        object_id=account.object_id,
        account=names[0],
        addresses=[one for one in names if app.is_of_one_directory or account.vouches_for(one)],
        tokens=answer,
    )


def _mail_address(token: str) -> str:
    """The address that invitations show; the name for signing in may be another one."""
    try:
        return calendar_with(token).me().mail or ""
    except Refused:
        # Without User.Read, which a person can leave out, the name for signing in has to do.
        return ""
    except GraphError as error:
        raise failures.token_refused(error) from error
