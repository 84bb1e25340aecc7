"""Creating an event (operations.md §2, §3; event.md §9)."""

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from outlook_sandbox.http import Json
from outlook_sandbox.mail import MailKind
from outlook_sandbox.mailbox.exceptions import duplicate_transaction, property_validation
from outlook_sandbox.mailbox.models.draft import Draft, complete, read_draft, stored_zones
from outlook_sandbox.mailbox.models.event import Attendee, Event, Person
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.mailbox import (
    Calendar,
    Mailbox,
    Transaction,
    new_event_id,
    new_immutable_id,
    new_uid,
)
from outlook_sandbox.mailbox.models.meetings import send_request
from outlook_sandbox.mailbox.models.teams import settle_online_meeting

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.identity.models import Account
    from outlook_sandbox.sandbox import Sandbox


def create_event(
    sandbox: "Sandbox", account: "Account", mailbox: Mailbox, calendar: Calendar, value: Any
) -> Event:
    """A new event; the present one when the same create is repeated with its transactionId."""
    draft = read_draft(sandbox, value)
    content = complete(sandbox, draft.content)
    digest = hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()
    repeated = _repeated(sandbox, mailbox, draft, digest)
    if repeated is not None:
        return repeated
    now = sandbox.now()
    event = Event(
        id=new_event_id(sandbox),
        immutable_id=new_immutable_id(sandbox),
        calendar_id=calendar.id,
        uid=new_uid(sandbox),
        content=content,
        created_at=now,
        modified_at=now,
        organizer=Person(address=account.email, name=account.name),
        attendees=[resolved(sandbox, account, parts) for parts in draft.attendees or []],
        transaction_id=draft.transaction_id,
        stored_zones=stored_zones(sandbox, content),
    )
    write_properties(event.extended, draft)
    for extension in draft.extensions:
        event.extensions[extension["extensionName"]] = extension
    settle_online_meeting(sandbox, account, event)
    mailbox.insert(sandbox, event)
    if draft.transaction_id is not None:
        mailbox.transactions[draft.transaction_id] = Transaction(event_id=event.id, digest=digest)
    send_request(sandbox, Item(event), event.attendees, MailKind.INVITATION)
    return event


def resolved(sandbox: "Sandbox", account: "Account", parts: Json) -> Attendee:
    """Colleagues come back as the directory writes them: address and, if none is given, name."""
    attendee = Attendee(**parts)
    known = sandbox.directory.account_by_email(attendee.address)
    if known is not None and known.tenant_id == account.tenant_id and account.kind == "work":
        if attendee.name.casefold() in ("", attendee.key):
            attendee.name = known.name
        attendee.address = known.email
    return attendee


def _repeated(sandbox: "Sandbox", mailbox: Mailbox, draft: Draft, digest: str) -> Event | None:
    if draft.transaction_id is None:
        return None
    if len(draft.transaction_id) > 255:
        raise property_validation()
    before = mailbox.transactions.get(draft.transaction_id)
    if before is None:
        return None
    event = mailbox.events.get(before.event_id)
    if event is not None and before.digest == digest:
        return event
    raise duplicate_transaction(sandbox.switches.duplicate_transaction_status, before.event_id)


def write_properties(extended: dict[str, Any], draft: Draft) -> None:
    for parts in draft.extended:
        if parts.get("value") is None:
            extended.pop(parts["id"], None)
        else:
            extended[parts["id"]] = parts["value"]
