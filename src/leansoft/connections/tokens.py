"""The access token of a mailbox: from the cache, or refreshed by one caller at a time.

A refresh answers with a new refresh token, and the newest one has to be kept (identity.md §4): it
is saved in the transaction that holds the mailbox's row, so that two workers never race. What
Microsoft says about the mailbox or the application is written down before the error is raised.
"""

from datetime import datetime, timedelta

from django.db import transaction

from leansoft.connections.microsoft import application, clear_fault, note_fault, transport
from leansoft.connections.models import Mailbox, sealer
from leansoft.graph.errors import GraphError, OperatorFault, ReconnectRequired
from leansoft.graph.identity import TokenAnswer, refresh
from leansoft.kit.clock import now
from leansoft.kit.encryption import SealBroken

SPARE = timedelta(minutes=5)
"""A token this near to its end counts as ended, so that it does not end under way."""

TOKEN_FIELDS = ["refresh_token_sealed", "access_token_sealed", "access_token_expires_at"]


def access_token(mailbox: Mailbox, *, rejected: str | None = None) -> str:
    """A token that is good for a while; never the one that Microsoft has just `rejected`.

    The given row gets the new state too. Raises `ReconnectRequired`, `OperatorFault`,
    `TransientError`.
    """
    cached = _cached(mailbox, now(), rejected)
    if cached:
        return cached
    with transaction.atomic():
        # Rows that point to the mailbox, such as a new run, need not wait for Microsoft's answer.
        row = Mailbox.objects.select_for_update(no_key=True).get(pk=mailbox.pk)
        outcome = _cached(row, now(), rejected) or _renew(row)
    # Raised after the transaction: what was written down has to stay.
    for name in [*TOKEN_FIELDS, "status", "reason"]:
        setattr(mailbox, name, getattr(row, name))
    if isinstance(outcome, GraphError):
        raise outcome
    return outcome


def fresh_access_token(mailbox: Mailbox) -> str:
    """One that was made just now. Raises as `access_token` does."""
    return access_token(mailbox, rejected=access_token(mailbox))


def keep_tokens(mailbox: Mailbox, answer: TokenAnswer) -> None:
    """Puts the tokens into the unsaved row; an answer without a refresh token keeps the old one."""
    seal = sealer().seal
    if answer.refresh_token:
        mailbox.refresh_token_sealed = seal(answer.refresh_token)
    mailbox.access_token_sealed = seal(answer.access_token)
    mailbox.access_token_expires_at = answer.expires_at


def forget_tokens(mailbox: Mailbox) -> None:
    """Takes the tokens out of the unsaved row."""
    for name in TOKEN_FIELDS:
        setattr(mailbox, name, None)


def _cached(mailbox: Mailbox, moment: datetime, rejected: str | None) -> str | None:
    expires_at = mailbox.access_token_expires_at
    if not mailbox.access_token_sealed or not expires_at or expires_at - SPARE <= moment:
        return None
    try:
        token = sealer().open(bytes(mailbox.access_token_sealed))
    except SealBroken:
        return None
    return None if token == rejected else token


def _renew(row: Mailbox) -> str | GraphError:
    """Refreshes the locked row's tokens, or writes down and hands back why that failed."""
    try:
        refresh_token = _refresh_token(row)
        answer = refresh(transport().send, application(), refresh_token, now=now())
    except ReconnectRequired as error:
        _note_reconnect(row, error)
        return error
    except OperatorFault as error:
        note_fault(error)
        return error
    except GraphError as error:
        return error
    clear_fault()
    keep_tokens(row, answer)
    row.save(update_fields=TOKEN_FIELDS)
    return answer.access_token


def _refresh_token(row: Mailbox) -> str:
    if not row.refresh_token_sealed:
        raise ReconnectRequired("There is no refresh token.")
    try:
        return sealer().open(bytes(row.refresh_token_sealed))
    except SealBroken as error:
        raise ReconnectRequired(
            str(error),
            sentence="Leansoft's secret key changed, so the connection is lost. "
            "Please sign in again.",
        ) from error


def _note_reconnect(row: Mailbox, error: ReconnectRequired) -> None:
    if row.status == Mailbox.Status.DISCONNECTED:
        return
    row.status, row.reason = Mailbox.Status.NEEDS_RECONNECT, error.sentence
    row.access_token_sealed = row.access_token_expires_at = None
    row.save(update_fields=[*TOKEN_FIELDS, "status", "reason"])
