"""Deleting and cancelling (operations.md §3, §4, §5)."""

from datetime import date
from typing import TYPE_CHECKING

from outlook_sandbox.mailbox.exceptions import invalid_request
from outlook_sandbox.mailbox.models.event import Event, Person
from outlook_sandbox.mailbox.models.items import Item, slots
from outlook_sandbox.mailbox.models.mailbox import Mailbox
from outlook_sandbox.mailbox.models.meetings import send_cancellation, send_response

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.identity.models import Account
    from outlook_sandbox.sandbox import Sandbox


def delete_item(
    sandbox: "Sandbox",
    account: "Account",
    mailbox: Mailbox,
    item: Item,
    *,
    comment: str | None = None,
) -> None:
    event = item.event
    if event.is_organizer:
        if item.day is None:
            _cancel_everywhere(sandbox, event, comment)
        else:
            send_cancellation(sandbox, item, item.attendees, comment=comment)
    elif sandbox.switches.attendee_delete_mails_organizer and not item.is_cancelled:
        person = Person(address=account.email, name=account.name)
        send_response(sandbox, item, person, "declined")
    take_out(sandbox, mailbox, item)


def _cancel_everywhere(sandbox: "Sandbox", event: Event, comment: str | None) -> None:
    send_cancellation(sandbox, Item(event), event.attendees, comment=comment)
    told = {attendee.key for attendee in event.attendees}
    for day, override in sorted(event.overrides.items()):
        # People who were only invited to single dates.
        extra = [a for a in override.attendees or [] if a.key not in told]
        send_cancellation(sandbox, Item(event, date.fromisoformat(day)), extra, comment=comment)


def take_out(sandbox: "Sandbox", mailbox: Mailbox, item: Item) -> None:
    """Out of this mailbox, with no mail."""
    event = item.event
    if item.day is None:
        mailbox.remove(sandbox, event, _days(event))
        return
    day = item.day.isoformat()
    event.overrides.pop(day, None)
    event.deleted_dates = sorted({*event.deleted_dates, day})
    mailbox.touch(sandbox, event)


def _days(event: Event) -> list[str]:
    if not event.is_series:
        return []
    start = date.fromisoformat(event.content["recurrence"]["range"]["startDate"])
    last = start.replace(year=start.year + 2, day=min(start.day, 28))
    return [day.isoformat() for day in slots(event, start, last)]


def cancel_item(
    sandbox: "Sandbox", account: "Account", mailbox: Mailbox, item: Item, comment: str | None
) -> None:
    if not item.event.is_organizer:
        raise invalid_request(
            "Your request can't be completed. You need to be an organizer to cancel a meeting."
        )
    delete_item(sandbox, account, mailbox, item, comment=comment)
