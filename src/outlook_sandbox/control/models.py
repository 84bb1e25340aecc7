"""Faults of other kinds than a struck request."""

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from outlook_sandbox.control.exceptions import refused
from outlook_sandbox.faults import Fault
from outlook_sandbox.http import Json
from outlook_sandbox.identity.models import Account
from outlook_sandbox.identity.tokens import corrupt_tokens, revoke_tokens
from outlook_sandbox.subscriptions.models import lifecycle_value, queue

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox


class ForAccount(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    kind: str
    email: str


class TokenError(ForAccount, kw_only=True, forbid_unknown_fields=True):
    aadsts: int | None


class Lifecycle(ForAccount, kw_only=True, forbid_unknown_fields=True):
    event: Literal["reauthorizationRequired", "subscriptionRemoved", "missed"]


class LatencyWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    kind: str
    milliseconds: float


def add_fault(sandbox: "Sandbox", value: Any) -> Json:
    """What is stored, or was done at once."""
    kind = value.get("kind", "request") if isinstance(value, dict) else "request"
    match kind:
        case "request":
            fault = msgspec.convert(value, Fault)
            fault.id = sandbox.random.guid()
            sandbox.state.faults.append(fault)
            return dict(msgspec.to_builtins(fault))
        case "latency":
            sandbox.state.latency.milliseconds = msgspec.convert(value, LatencyWish).milliseconds
        case "expire_delta_tokens":
            account = _account(sandbox, msgspec.convert(value, ForAccount).email)
            if (mailbox := sandbox.state.mailboxes.get(account.id)) is not None:
                mailbox.delta_generation += 1
        case "revoke_tokens":
            revoke_tokens(sandbox, _account(sandbox, msgspec.convert(value, ForAccount).email))
        case "corrupt_tokens":
            corrupt_tokens(sandbox, _account(sandbox, msgspec.convert(value, ForAccount).email))
        case "token_error":
            wish = msgspec.convert(value, TokenError)
            _account(sandbox, wish.email).token_error = wish.aadsts
        case "lifecycle":
            _lifecycle(sandbox, msgspec.convert(value, Lifecycle))
        case _:
            raise refused(f"There is no fault of the kind {kind!r}.")
    return dict(value)


def _account(sandbox: "Sandbox", email: str) -> Account:
    account = sandbox.directory.account_by_email(email)
    if account is None:
        raise refused(f"There is no account {email!r}.")
    return account


def _lifecycle(sandbox: "Sandbox", wish: Lifecycle) -> None:
    account = _account(sandbox, wish.email)
    state = sandbox.state
    for subscription in list(state.subscriptions.values()):
        if subscription.account_id != account.id:
            continue
        if wish.event == "subscriptionRemoved":
            del state.subscriptions[subscription.id]
        if subscription.lifecycle_url:
            value = lifecycle_value(subscription, wish.event)
            queue(sandbox, subscription, value, url=subscription.lifecycle_url)
    sandbox.wake.set()


def active_faults(sandbox: "Sandbox") -> list[Json]:
    faults: list[Json] = [dict(msgspec.to_builtins(f)) for f in sandbox.state.faults]
    if sandbox.state.latency.milliseconds:
        faults.append({"kind": "latency", "milliseconds": sandbox.state.latency.milliseconds})
    faults += [
        {"kind": "token_error", "email": account.email, "aadsts": account.token_error}
        for account in sandbox.directory.accounts.values()
        if account.token_error is not None
    ]
    return faults


def clear_faults(sandbox: "Sandbox") -> None:
    sandbox.state.faults.clear()
    sandbox.state.latency.milliseconds = 0.0
    for account in sandbox.directory.accounts.values():
        account.token_error = None
