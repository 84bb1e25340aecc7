"""Events: create, list, get, update, delete, and the actions on them."""

from outlook_sandbox.http import Answer, Json
from outlook_sandbox.mailbox.exceptions import invalid_request, property_validation
from outlook_sandbox.mailbox.models import fields
from outlook_sandbox.mailbox.models.create import create_event
from outlook_sandbox.mailbox.models.delete import cancel_item, delete_item
from outlook_sandbox.mailbox.models.items import Item, instances, view
from outlook_sandbox.mailbox.models.respond import (
    folded,
    forward,
    read_reply,
    refuse_others,
    respond,
)
from outlook_sandbox.mailbox.models.times import read_window
from outlook_sandbox.mailbox.models.update import update_item
from outlook_sandbox.mailbox.odata import page_of_items, read_options, show
from outlook_sandbox.mailbox.responses.calendars import show_calendar
from outlook_sandbox.mailbox.visit import Visit

LONGEST_WINDOW_DAYS = 1825
HIDDEN_IN_VIEWS = frozenset({"createddatetime", "lastmodifieddatetime", "view"})
"""Not selectable in a calendarView (event.md §1); `view` marks the place."""


def _entity(visit: Visit, item: Item, status: int = 200) -> Answer:
    options = read_options(visit.sandbox, visit.call)
    suffix = f"({','.join(options.select)})" if options.select else ""
    context = visit.context(f"events{suffix}/$entity")
    body: Json = {"@odata.context": f"{visit.call.base_url}/v1.0/$metadata#{context}"}
    body |= show(visit, item, options)
    headers = visit.prefer.header() | {"ETag": item.event.etag}
    if status == 201:
        headers["Location"] = (
            f"{visit.call.base_url}/v1.0/{context.split('/')[0]}/events('{item.id}')"
        )
        if visit.sandbox.switches.join_url_delayed and body.get("onlineMeeting"):
            body["onlineMeeting"] = None
    return Answer.json(body, status, headers=headers)


def list_events(visit: Visit) -> Answer:
    """Singles and masters of one calendar; `/me/events` is the default one (§1)."""
    mailbox, calendar = visit.mailbox, visit.calendar
    return page_of_items(
        visit,
        lambda: (Item(event) for event in mailbox.events_in(calendar.id)),
        context=visit.context("events"),
    )


def count_events(visit: Visit) -> Answer:
    number = sum(1 for _ in visit.mailbox.events_in(visit.calendar.id))
    return Answer(200, str(number).encode(), {"Content-Type": "text/plain"})


def create(visit: Visit) -> Answer:
    event = create_event(visit.sandbox, visit.account, visit.mailbox, visit.calendar, visit.value)
    return _entity(visit, Item(event), 201)


def get(visit: Visit) -> Answer:
    return _entity(visit, visit.item)


def update(visit: Visit) -> Answer:
    item = visit.item
    visit.check_etag(item.event)
    changed = update_item(visit.sandbox, visit.account, visit.mailbox, item, visit.value)
    return _entity(visit, changed)


def delete(visit: Visit) -> Answer:
    item = visit.item
    visit.check_etag(item.event)
    delete_item(visit.sandbox, visit.account, visit.mailbox, item)
    return Answer(204)


def cancel(visit: Visit) -> Answer:
    item = visit.item
    given = folded(visit.optional_value)
    refuse_others(given, "comment")
    comment = fields.text_or_null(given.get("comment"))
    cancel_item(visit.sandbox, visit.account, visit.mailbox, item, comment)
    return Answer(202)


def _respond(visit: Visit, verb: str) -> Answer:
    item = visit.item
    reply = read_reply(verb, visit.optional_value)
    respond(visit.sandbox, visit.account, visit.mailbox, item, reply)
    return Answer(202)


def accept(visit: Visit) -> Answer:
    return _respond(visit, "accept")


def tentatively_accept(visit: Visit) -> Answer:
    return _respond(visit, "tentativelyaccept")


def decline(visit: Visit) -> Answer:
    return _respond(visit, "decline")


def forward_event(visit: Visit) -> Answer:
    forward(visit.sandbox, visit.account, visit.mailbox, visit.item, visit.value)
    return Answer(202)


def dismiss_reminder(visit: Visit) -> Answer:
    event = visit.item.event
    event.reminder_dismissed = True
    visit.mailbox.touch(visit.sandbox, event)
    return Answer(200)


def snooze_reminder(visit: Visit) -> Answer:
    event = visit.item.event
    given = folded(visit.value)
    refuse_others(given, "newremindertime")
    if "newremindertime" not in given:
        raise property_validation()
    at = fields.moment(given["newremindertime"])
    event.reminder_at = visit.sandbox.instant(at)
    event.reminder_dismissed = False
    visit.mailbox.touch(visit.sandbox, event)
    return Answer(200)


def calendar_view(visit: Visit) -> Answer:
    given = {name.casefold(): text for name, text in visit.call.query.items()}
    low = read_window(given.get("startdatetime"), "StartDateTime")
    high = read_window(given.get("enddatetime"), "EndDateTime")
    if high < low:
        raise invalid_request("The end of the window is before its start.")
    if (high - low).days > LONGEST_WINDOW_DAYS:
        raise invalid_request("The requested window is longer than 1825 days.")
    mailbox, calendar = visit.mailbox, visit.calendar
    return page_of_items(
        visit,
        lambda: view(mailbox, calendar.id, low, high),
        context=visit.context("calendarView"),
        hidden=HIDDEN_IN_VIEWS if _selects(given) else frozenset(),
    )


def _selects(given: dict[str, str]) -> bool:
    return bool(given.get("$select"))


def list_instances(visit: Visit) -> Answer:
    item = visit.item
    given = {name.casefold(): text for name, text in visit.call.query.items()}
    low = read_window(given.get("startdatetime"), "StartDateTime")
    high = read_window(given.get("enddatetime"), "EndDateTime")
    return page_of_items(
        visit,
        lambda: instances(item.event, low, high) if item.type == "seriesMaster" else [],
        context=visit.context(f"events('{item.id}')/instances"),
    )


def event_calendar(visit: Visit) -> Answer:
    return show_calendar(visit, visit.mailbox.calendars[visit.item.event.calendar_id])
