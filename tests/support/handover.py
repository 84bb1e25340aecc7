"""An administrator hands a meeting to another organizer: Exchange can do it, Graph cannot."""

import secrets
from datetime import UTC, datetime
from typing import Any

from support.outlook import Sandbox

State = dict[str, Any]


def hand_over(sandbox: Sandbox, subject: str, to: str, *, told: set[str] | None = None) -> None:
    """Every copy of the meeting names this organizer, and who organized it before attends.

    `to`: has a copy, or is somebody outside. `told`: only these people's copies are changed yet.
    """
    state = sandbox.control("GET", "state")
    emails = {a["id"]: a["email"] for a in state["directory"]["accounts"].values()}
    for key, mailbox in state["mailboxes"].items():
        for event in mailbox["events"].values():
            if event["content"]["subject"] != subject:
                continue
            if told is None or emails[key] in told:
                _rewrite(event, to, is_own=emails[key] == to)
                _touch(mailbox, event)
    sandbox.control("PUT", "state", state)


def give_copy(sandbox: Sandbox, subject: str, email: str) -> None:
    """Somebody who was not on it has it on their calendar."""
    state = sandbox.control("GET", "state")
    (key,) = [a["id"] for a in state["directory"]["accounts"].values() if a["email"] == email]
    copies = [e for m in state["mailboxes"].values() for e in m["events"].values()]
    source = next(event for event in copies if event["content"]["subject"] == subject)
    mailbox = state["mailboxes"][key]
    (calendar,) = [c["id"] for c in mailbox["calendars"].values() if c["is_default"]]
    ids = {name: f"AAMkA{secrets.token_hex(8)}" for name in ("id", "immutable_id")}
    event = {**source, **ids, "calendar_id": calendar, "is_organizer": False, "extended": {}}
    mailbox["events"][event["id"]] = event
    mailbox["aliases"][event["immutable_id"]] = event["id"]
    mailbox["by_uid"].setdefault(event["uid"], []).append(event["id"])
    sandbox.control("PUT", "state", state)


def take_away(sandbox: Sandbox, subject: str, email: str) -> None:
    """This person's copy goes, and nobody is told: they have left the company."""
    state = sandbox.control("GET", "state")
    (key,) = [a["id"] for a in state["directory"]["accounts"].values() if a["email"] == email]
    mailbox = state["mailboxes"][key]
    (event,) = [e for e in mailbox["events"].values() if e["content"]["subject"] == subject]
    del mailbox["events"][event["id"]]
    del mailbox["aliases"][event["immutable_id"]]
    mailbox["by_uid"][event["uid"]].remove(event["id"])
    mailbox["seq"] += 1
    mailbox["tombstones"][event["id"]] = {
        "seq": mailbox["seq"],
        "at": event["modified_at"],
        "calendar_id": event["calendar_id"],
        "immutable_id": event["immutable_id"],
    }
    mailbox["log"].append([mailbox["seq"], event["id"]])
    sandbox.control("PUT", "state", state)


def _rewrite(event: State, to: str, *, is_own: bool) -> None:
    before = event["organizer"]
    people = [a for a in event["attendees"] if a["address"] not in {to, before["address"]}]
    event["attendees"] = [{**before, "response": "accepted"}, *people]
    event["organizer"] = {"address": to, "name": to}
    if is_own:
        event["response"] = "organizer"
    elif event["is_organizer"]:
        event["response"] = "accepted"
    event["is_organizer"] = is_own


def _touch(mailbox: State, event: State) -> None:
    mailbox["seq"] += 1
    event["seq"] = mailbox["seq"]
    event["change_key"] = secrets.token_hex(16)
    event["modified_at"] = datetime.now(UTC).isoformat()
    mailbox["log"].append([mailbox["seq"], event["id"]])
