"""The control plane over HTTP."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from outlook_sandbox.control.exceptions import refused
from outlook_sandbox.control.models import active_faults, add_fault, clear_faults
from outlook_sandbox.http import Answer, Call
from outlook_sandbox.identity.accounts import AccountWish, AppWish, save_account, save_app
from outlook_sandbox.identity.models import App
from outlook_sandbox.mailbox.exceptions import GraphError
from outlook_sandbox.mailbox.models.zones import find_zone
from outlook_sandbox.store import decode, encode
from outlook_sandbox.switches import parse_switches

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox


def _value(call: Call) -> dict[str, Any]:
    try:
        value = json.loads(call.body or b"{}")
    except ValueError:
        raise refused("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise refused("The body is not a JSON object.")
    return value


def moment(value: object) -> datetime:
    """An ISO date and time; without an offset UTC."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise refused(f"{value!r} is not an ISO date and time.") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def reset(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    sandbox.reset()
    return Answer(204)


def seed(sandbox: "Sandbox", call: Call) -> Answer:
    value = _value(call).get("seed")
    if not isinstance(value, int):
        raise refused("`seed` is a whole number.")
    sandbox.random.seed, sandbox.random.drawn = value, 0
    return Answer.json({"seed": value})


def get_state(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    return Answer(200, encode(sandbox.state), {"Content-Type": "application/json"})


def put_state(sandbox: "Sandbox", call: Call) -> Answer:
    sandbox.state = decode(call.body)
    sandbox.forget()
    return Answer(204)


def get_switches(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    return Answer.json(sandbox.switches)


def put_switches(sandbox: "Sandbox", call: Call) -> Answer:
    """Sets the switches that are named and leaves the others."""
    sandbox.state.switches = parse_switches(sandbox.switches, _value(call))
    return Answer.json(sandbox.switches)


def get_clock(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    return Answer.json({"now": sandbox.now()})


def post_clock(sandbox: "Sandbox", call: Call) -> Answer:
    value = _value(call)
    clock = sandbox.state.clock
    if "advance" in value:
        if isinstance(value["advance"], bool) or not isinstance(value["advance"], (int, float)):
            raise refused("`advance` is a number of seconds.")
        clock.advance(value["advance"])
    elif "now" not in value:
        raise refused("Give `advance` or `now`.")
    elif value["now"] is None:
        clock.follow_real_time()
    else:
        clock.set(moment(value["now"]), freeze=sandbox.switches.freeze_clock)
    sandbox.wake.set()
    return get_clock(sandbox, call)


def get_accounts(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    return Answer.json({"value": [a.entry() for a in sandbox.directory.accounts.values()]})


def post_account(sandbox: "Sandbox", call: Call) -> Answer:
    wish = msgspec.convert(_value(call), AccountWish)
    try:
        find_zone(wish.time_zone)
    except GraphError as failure:
        raise refused(failure.message) from None
    return Answer.json(save_account(sandbox, wish).entry(), 201)


def _app_entry(app: App) -> dict[str, object]:
    return {name: getattr(app, name) for name in App.__struct_fields__ if name != "client_secret"}


def get_apps(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    return Answer.json({"value": [_app_entry(a) for a in sandbox.directory.apps.values()]})


def post_app(sandbox: "Sandbox", call: Call) -> Answer:
    wish = msgspec.convert(_value(call), AppWish)
    expires = moment(wish.secret_expires) if wish.secret_expires else None
    return Answer.json(_app_entry(save_app(sandbox, wish, expires)), 201)


def get_mail(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    return Answer.json({"value": [mail.entry() for mail in sandbox.state.mail]})


def get_requests(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    return Answer.json({"value": sandbox.state.requests})


def delete_requests(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    sandbox.state.requests.clear()
    return Answer(204)


def get_faults(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    return Answer.json({"value": active_faults(sandbox)})


def post_fault(sandbox: "Sandbox", call: Call) -> Answer:
    return Answer.json(add_fault(sandbox, _value(call)), 201)


def delete_faults(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    clear_faults(sandbox)
    return Answer(204)
