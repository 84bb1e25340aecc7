"""Answering an invitation, and forwarding one (operations.md §4)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from outlook_sandbox.http import Json
from outlook_sandbox.mail import MailKind
from outlook_sandbox.mailbox.exceptions import (
    invalid_parameter,
    invalid_request,
    property_validation,
    unreadable_body,
)
from outlook_sandbox.mailbox.models import fields
from outlook_sandbox.mailbox.models.arrivals import occurrence_list
from outlook_sandbox.mailbox.models.delete import take_out
from outlook_sandbox.mailbox.models.event import Attendee, Override, Person
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.mailbox import Mailbox
from outlook_sandbox.mailbox.models.meetings import post, send_request, send_response

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.identity.models import Account
    from outlook_sandbox.sandbox import Sandbox

RESPONSES = {
    "accept": "accepted",
    "tentativelyaccept": "tentativelyAccepted",
    "decline": "declined",
}
_SHOWS = {"accepted": "busy", "tentativelyAccepted": "tentative"}


@dataclass(frozen=True, slots=True)
class Reply:
    response: str
    comment: str | None = None
    send: bool = True
    proposed: Json | None = None


def folded(value: Any) -> Json:
    """Parameter names of actions count in any case (operations.md §2)."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise unreadable_body("The request body is not a JSON object.")
    return {name.casefold(): part for name, part in value.items() if "@" not in name}


def refuse_others(given: Json, *known: str) -> None:
    for name in given:
        if name not in known:
            raise unreadable_body(
                f"The parameter '{name}' in the request payload is not a valid parameter for "
                "the operation."
            )


def read_reply(verb: str, value: Any) -> Reply:
    given = folded(value)
    known = ["comment", "sendresponse"] + ([] if verb == "accept" else ["proposednewtime"])
    refuse_others(given, *known)
    send = given.get("sendresponse")
    return Reply(
        response=RESPONSES[verb],
        comment=fields.text_or_null(given.get("comment")) or None,
        send=True if send is None else fields.boolean(send),
        proposed=_proposal(given.get("proposednewtime")),
    )


def _proposal(value: Any) -> Json | None:
    if value is None:
        return None
    slot = folded(value)
    names = {"datetime": "dateTime", "timezone": "timeZone"}
    parts = {
        end: fields.moment({names.get(k, k): v for k, v in folded(slot.get(end)).items()})
        for end in ("start", "end")
    }
    return parts


def respond(
    sandbox: "Sandbox", account: "Account", mailbox: Mailbox, item: Item, reply: Reply
) -> None:
    event = item.event
    if event.is_organizer:
        raise invalid_request(
            "Your request can't be completed. You can't respond to this meeting because you're "
            "the meeting organizer."
        )
    if reply.proposed is not None:
        if not reply.send:
            raise invalid_parameter("A new time can be proposed only when a response is sent.")
        if not item.content["allowNewTimeProposals"]:
            raise invalid_request("The organizer does not allow new time proposals.")
    person = Person(address=account.email, name=account.name)
    if reply.send:
        send_response(
            sandbox, item, person, reply.response, comment=reply.comment, proposed=reply.proposed
        )
    if reply.response == "declined":
        # Declining moves the event to Deleted Items (operations.md §4).
        take_out(sandbox, mailbox, item)
        return
    _record(sandbox, item, reply.response)
    mailbox.touch(sandbox, event)


def _record(sandbox: "Sandbox", item: Item, response: str) -> None:
    now = sandbox.now()
    event = item.event
    if item.day is None:
        event.response, event.responded_at = response, now
        event.content["showAs"] = _SHOWS[response]
        for override in event.overrides.values():
            # An answer to the series is an answer to every date of it.
            override.response, override.responded_at = None, None
            override.content.pop("showAs", None)
        return
    override = event.overrides.setdefault(
        item.day.isoformat(), Override(content={}, created_at=now, modified_at=now)
    )
    override.response, override.responded_at = response, now
    override.content["showAs"] = _SHOWS[response]


def forward(
    sandbox: "Sandbox", account: "Account", mailbox: Mailbox, item: Item, value: Any
) -> None:
    """An invitation for new people; the organizer hears of it and lists them (§3)."""
    given = folded(value)
    refuse_others(given, "torecipients", "comment")
    people = fields.each(fields.recipient, "recipient")(given.get("torecipients") or [])
    if not people:
        raise property_validation()
    comment = fields.text_or_null(given.get("comment"))
    attendees = [Attendee(address=p["address"], name=p["name"]) for p in people]
    event = item.event
    if event.is_organizer:
        _list(sandbox, item, attendees)
        mailbox.touch(sandbox, event)
        send_request(sandbox, item, attendees, MailKind.INVITATION, comment=comment)
        return
    _forward_as_attendee(sandbox, account, item, attendees, comment)


def _forward_as_attendee(
    sandbox: "Sandbox",
    account: "Account",
    item: Item,
    attendees: list[Attendee],
    comment: str | None,
) -> None:
    sender = Person(address=account.email, name=account.name)
    event = item.event
    organizer = sandbox.directory.account_by_email(event.organizer.address)
    home = sandbox.state.mailboxes.get(organizer.id) if organizer else None
    original = (
        next((e for e in home.copies_of(event.uid) if e.is_organizer), None) if home else None
    )
    if home is None or original is None:
        for attendee in attendees:
            post(sandbox, sender, attendee, MailKind.INVITATION, item, comment=comment)
        return
    whole = Item(original, item.day)
    _list(sandbox, whole, attendees)
    home.touch(sandbox, original)
    send_request(sandbox, whole, attendees, MailKind.INVITATION, comment=comment)
    post(sandbox, sender, event.organizer, MailKind.NOTICE, whole)


def _list(sandbox: "Sandbox", item: Item, people: list[Attendee]) -> None:
    """On the organizer's copy; of one date, when only that was forwarded."""
    event = item.event
    listed = event.attendees
    if item.day is not None:
        listed = occurrence_list(sandbox, event, item.day.isoformat())
    known = {a.key for a in listed}
    listed += [a for a in people if a.key not in known]
