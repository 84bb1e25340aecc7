"""The console: the ledger of requests, faults, switches, the clock."""

from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec

from outlook_sandbox.control import models as control
from outlook_sandbox.control.exceptions import refused
from outlook_sandbox.control.responses import moment
from outlook_sandbox.http import Answer, Call, Json, Refusal
from outlook_sandbox.switches import Switches, parse_switches
from outlook_sandbox.web.switch_texts import switch_groups
from outlook_sandbox.web.templating import page

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

SHOWN = 200
_NUMBERS = ("skip", "times", "status")
_DECIMALS = ("retry_after", "delay_seconds")


def _page(sandbox: "Sandbox", name: str, section: str, status: int = 200, **values: Any) -> Answer:
    return page(
        name,
        status,
        section=section,
        accounts=sorted(sandbox.directory.accounts.values(), key=lambda a: a.email),
        **values,
    )


def requests(sandbox: "Sandbox", call: Call) -> Answer:
    ledger = list(reversed(sandbox.state.requests[-SHOWN:]))
    live = call.query.get("live") == "1"
    total = len(sandbox.state.requests)
    return _page(sandbox, "requests.html", "requests", ledger=ledger, live=live, total=total)


def clear_requests(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    sandbox.state.requests.clear()
    return Answer.redirect("/console/requests", 303)


def faults(sandbox: "Sandbox", call: Call) -> Answer:
    problem = None
    if call.method == "POST":
        try:
            control.add_fault(sandbox, _wish(call.form))
        except Refusal as failure:
            problem = failure.answer.value()["error"]["message"]
        except (msgspec.MsgspecError, ValueError) as failure:
            problem = str(failure)
        else:
            return Answer.redirect("/console/faults", 303)
    active = [_fault_text(fault) for fault in control.active_faults(sandbox)]
    status = 400 if problem else 200
    return _page(sandbox, "faults.html", "faults", status, active=active, problem=problem)


def _wish(form: dict[str, str]) -> Json:
    """The form's filled-in fields as a fault of the control plane."""
    wish: Json = {name: text.strip() for name, text in form.items() if text.strip()}
    for name in _NUMBERS:
        if name in wish:
            wish[name] = int(wish[name])
    for name in _DECIMALS:
        if name in wish:
            wish[name] = float(wish[name])
    if "milliseconds" in wish:
        wish["milliseconds"] = float(wish["milliseconds"])
    if "drop" in wish:
        wish["drop"] = True
    if wish.get("kind") == "token_error":
        wish["aadsts"] = int(wish["aadsts"]) if "aadsts" in wish else None
    return wish


def _fault_text(fault: Json) -> str:
    if fault.get("kind") == "latency":
        return f"Every request waits {fault['milliseconds']:g} ms"
    if fault.get("kind") == "token_error":
        return f"Token requests of {fault['email']} fail with AADSTS{fault['aadsts']}"
    whom = f" of {fault['email']}" if fault["email"] else ""
    what = f"{fault['method'] or 'Any request'} {fault['path'] or ''}".strip()
    effect = "is delayed" if not (fault["status"] or fault["drop"]) else "fails"
    if fault["status"]:
        effect = f"answers {fault['status']}"
    if fault["drop"]:
        effect = "breaks the connection"
    carried_out = " after it was carried out" if fault["when"] == "after" else ""
    skips = f", after {fault['skip']} that pass" if fault["skip"] else ""
    return f"{what}{whom} {effect}{carried_out} ({fault['times']} more{skips})"


def clear_faults(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    control.clear_faults(sandbox)
    return Answer.redirect("/console/faults", 303)


def switches(sandbox: "Sandbox", call: Call) -> Answer:
    problem = None
    if call.method == "POST":
        try:
            sandbox.state.switches = parse_switches(sandbox.switches, _switch_values(call.form))
        except (msgspec.MsgspecError, ValueError) as failure:
            problem = str(failure)
        else:
            return Answer.redirect("/console/switches", 303)
    status = 400 if problem else 200
    groups = switch_groups(sandbox.switches)
    return _page(sandbox, "switches.html", "switches", status, groups=groups, problem=problem)


def _switch_values(form: dict[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, kind in get_type_hints(Switches).items():
        if kind is bool:
            values[name] = name in form
        elif name not in form:
            continue
        elif kind is float:
            values[name] = float(form[name])
        elif kind is int or name == "duplicate_transaction_status":
            values[name] = int(form[name])
        elif kind is str or "Literal" in str(kind):
            values[name] = form[name]
        else:
            values[name] = [part.strip() for part in form[name].split(",") if part.strip()]
    return values


def clock(sandbox: "Sandbox", call: Call) -> Answer:
    problem = None
    if call.method == "POST":
        try:
            _move_clock(sandbox, call.form)
        except Refusal as failure:
            problem = failure.answer.value()["error"]["message"]
        else:
            return Answer.redirect("/console/clock", 303)
    now = sandbox.now()
    shift = sandbox.state.clock.shift_seconds
    waiting = len(sandbox.state.deliveries)
    status = 400 if problem else 200
    values = {"now": now, "shift": shift, "waiting": waiting, "problem": problem}
    values["shift_text"] = _shift_text(shift)
    return _page(sandbox, "clock.html", "clock", status, **values)


def _move_clock(sandbox: "Sandbox", form: dict[str, str]) -> None:
    if "real" in form:
        sandbox.state.clock.follow_real_time()
    elif form.get("now"):
        target = moment(form["now"])
        sandbox.state.clock.set(target, freeze=sandbox.switches.freeze_clock)
    else:
        try:
            sandbox.state.clock.advance(float(form.get("advance", "")))
        except ValueError:
            raise refused("Give a number of seconds.") from None
    sandbox.wake.set()


def _shift_text(seconds: float) -> str:
    """For instance "7 days 22 hours ahead of"; the two largest units are enough."""
    left = round(abs(seconds))
    words: list[str] = []
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        number, left = divmod(left, size)
        if number and len(words) < 2:
            words.append(f"{number} {unit}{'' if number == 1 else 's'}")
    return f"{' '.join(words)} {'ahead of' if seconds > 0 else 'behind'}"
