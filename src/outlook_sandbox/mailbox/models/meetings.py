"""Meetings between mailboxes: what leaves one, and what it does where it arrives.

Theory. Mail is the only thing that travels. Sending writes the post office's book at once, with
the request that caused it; the *effect* on the recipient's calendar is a `Delivery` that is due
now or later (switch `delivery_seconds`), in the order of sending. A delivery carries a snapshot:
what the organizer changes afterwards does not change mail that is already on its way.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from outlook_sandbox.mail import Mail, MailKind
from outlook_sandbox.mailbox.models.event import Attendee, Event, Person, copied
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.letters import letter, subject_of

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox


class Delivery(msgspec.Struct, kw_only=True):
    """Something on its way to a mailbox."""

    due_at: datetime
    recipient: str
    kind: Literal["request", "cancel", "response"]
    snapshot: Event
    day: str | None = None
    """The date of the occurrence that it is about; None: the event as a whole."""
    sender: Person
    response: str | None = None
    proposed: dict[str, dict[str, str]] | None = None
    sent_at: datetime
    asks_again: bool = False
    """The time has changed, so earlier answers no longer count."""
    update: bool = False
    """Not the first mail about this meeting."""


def post(  # noqa: PLR0913 (keyword-only after the subject)
    sandbox: "Sandbox",
    sender: Person,
    recipient: Attendee | Person,
    kind: MailKind,
    item: Item,
    *,
    comment: str | None = None,
    verb: str = "",
) -> None:
    """One line in the post office's book."""
    now = sandbox.now()
    subject = subject_of(kind, item, verb)
    sandbox.state.mail.append(
        Mail(
            id=sandbox.random.guid(),
            at=now,
            due_at=now + timedelta(seconds=sandbox.switches.delivery_seconds),
            sender=sender.address,
            recipient=recipient.address,
            kind=kind,
            subject=subject,
            comment=comment,
            ical_uid=item.ical_uid,
            cause=sandbox.cause,
            text=letter(kind, item, sender, comment, verb),
        )
    )


def send_request(  # noqa: PLR0913 (keyword-only after the subject)
    sandbox: "Sandbox",
    item: Item,
    recipients: list[Attendee],
    kind: MailKind,
    *,
    comment: str | None = None,
    asks_again: bool = False,
) -> None:
    """Invitations and updates."""
    for recipient in _others(item.event, recipients):
        post(sandbox, item.event.organizer, recipient, kind, item, comment=comment)
        _dispatch(
            sandbox,
            item,
            recipient.address,
            "request",
            asks_again=asks_again,
            update=kind is MailKind.UPDATE,
        )


def send_cancellation(
    sandbox: "Sandbox", item: Item, recipients: list[Attendee], *, comment: str | None = None
) -> None:
    for recipient in _others(item.event, recipients):
        kind = MailKind.CANCELLATION
        post(sandbox, item.event.organizer, recipient, kind, item, comment=comment)
        _dispatch(sandbox, item, recipient.address, "cancel")


def send_response(  # noqa: PLR0913 (keyword-only after the subject)
    sandbox: "Sandbox",
    item: Item,
    sender: Person,
    response: str,
    *,
    comment: str | None = None,
    proposed: dict[str, dict[str, str]] | None = None,
) -> None:
    organizer = item.event.organizer
    post(sandbox, sender, organizer, MailKind.RESPONSE, item, comment=comment, verb=response)
    _dispatch(
        sandbox,
        item,
        organizer.address,
        "response",
        sender=sender,
        response=response,
        proposed=proposed,
    )


def _others(event: Event, recipients: list[Attendee]) -> list[Attendee]:
    """Each address once, without the organizer and whoever is only named."""
    found: dict[str, Attendee] = {}
    for recipient in recipients:
        if recipient.address and recipient.key != event.organizer.key:
            found.setdefault(recipient.key, recipient)
    return list(found.values())


def _dispatch(  # noqa: PLR0913 (keyword-only after the subject)
    sandbox: "Sandbox",
    item: Item,
    recipient: str,
    kind: Literal["request", "cancel", "response"],
    *,
    sender: Person | None = None,
    response: str | None = None,
    proposed: dict[str, dict[str, str]] | None = None,
    asks_again: bool = False,
    update: bool = False,
) -> None:
    now = sandbox.now()
    day = item.day.isoformat() if item.day else item.event.single_of
    sandbox.state.deliveries.append(
        Delivery(
            due_at=now + timedelta(seconds=sandbox.switches.delivery_seconds),
            recipient=recipient,
            kind=kind,
            snapshot=copied(item.event),
            day=day,
            sender=sender or item.event.organizer,
            response=response,
            proposed=proposed,
            sent_at=now,
            asks_again=asks_again,
            update=update,
        )
    )
