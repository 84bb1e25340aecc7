"""Extensions, attachments, reminders, ids and free/busy."""

import re
from datetime import datetime, timedelta

from outlook_sandbox.http import Answer, Json
from outlook_sandbox.mailbox.exceptions import (
    GraphError,
    access_denied,
    invalid_parameter,
    invalid_request,
    item_not_found,
    property_validation,
    unreadable_body,
)
from outlook_sandbox.mailbox.expand import extension_id, show_extension
from outlook_sandbox.mailbox.models import fields
from outlook_sandbox.mailbox.models.items import Item, view
from outlook_sandbox.mailbox.models.mailbox import Mailbox, check_id
from outlook_sandbox.mailbox.models.render import render
from outlook_sandbox.mailbox.models.respond import folded, refuse_others
from outlook_sandbox.mailbox.models.times import moment, read_window, shown_in
from outlook_sandbox.mailbox.models.zones import find_zone
from outlook_sandbox.mailbox.responses.settings import working_hours
from outlook_sandbox.mailbox.visit import Visit

LARGEST_ATTACHMENT = 3 * 1024 * 1024
MOST_ENTRIES = 1000
_DIGITS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "0"}


def _context(visit: Visit, path: str) -> Json:
    return {"@odata.context": f"{visit.call.base_url}/v1.0/$metadata#{visit.context(path)}"}


def add_extension(visit: Visit) -> Answer:
    item = visit.item
    parts = fields.extension(visit.value)
    item.event.extensions[parts["extensionName"]] = parts
    path = f"events('{item.id}')/extensions/$entity"
    return Answer.json(_context(visit, path) | show_extension(parts), 201)


def _extension(visit: Visit) -> Json:
    for name, parts in visit.item.event.extensions.items():
        if visit.parts[1] in (name, extension_id(name)):
            return parts
    raise item_not_found()


def get_extension(visit: Visit) -> Answer:
    return Answer.json(show_extension(_extension(visit)))


def update_extension(visit: Visit) -> Answer:
    parts = _extension(visit)
    if not isinstance(visit.value, dict):
        raise property_validation()
    kept = ("id", "extensionName")
    parts |= {k: v for k, v in visit.value.items() if not k.startswith("@") and k not in kept}
    return Answer.json(show_extension(parts))


def delete_extension(visit: Visit) -> Answer:
    name = _extension(visit)["extensionName"]
    del visit.item.event.extensions[name]
    return Answer(204)


def list_attachments(visit: Visit) -> Answer:
    item = visit.item
    path = f"events('{item.id}')/attachments"
    return Answer.json(_context(visit, path) | {"value": item.event.attachments})


def add_attachment(visit: Visit) -> Answer:
    item = visit.item
    given = visit.value
    if not isinstance(given, dict) or not isinstance(given.get("name"), str):
        raise property_validation()
    content = fields.text(given.get("contentBytes", ""))
    if len(content) * 3 // 4 > LARGEST_ATTACHMENT:
        raise GraphError(413, "RequestEntityTooLarge", "The attachment is larger than 3 MB.")
    attachment: Json = {
        "@odata.type": "#microsoft.graph." + _attachment_kind(given),
        "id": "AAMkA" + visit.sandbox.random.token(30) + "=",
        "lastModifiedDateTime": visit.sandbox.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "name": given["name"],
        "contentType": fields.text_or_null(given.get("contentType")),
        "size": len(content) * 3 // 4,
        "isInline": fields.boolean(given.get("isInline", False)),
    }
    if attachment["@odata.type"].endswith("fileAttachment"):
        attachment |= {"contentId": None, "contentLocation": None, "contentBytes": content}
    item.event.attachments.append(attachment)
    visit.mailbox.touch(visit.sandbox, item.event)
    path = f"events('{item.id}')/attachments/$entity"
    return Answer.json(_context(visit, path) | attachment, 201)


def _attachment_kind(given: Json) -> str:
    kind = str(given.get("@odata.type", "")).rpartition(".")[2]
    if kind not in ("fileAttachment", "itemAttachment", "referenceAttachment"):
        raise unreadable_body("The type of the attachment is missing or unknown.")
    return kind


def _attachment(visit: Visit) -> Json:
    for attachment in visit.item.event.attachments:
        if attachment["id"] == visit.parts[1]:
            return attachment
    raise item_not_found()


def get_attachment(visit: Visit) -> Answer:
    return Answer.json(_attachment(visit))


def delete_attachment(visit: Visit) -> Answer:
    event = visit.item.event
    event.attachments.remove(_attachment(visit))
    visit.mailbox.touch(visit.sandbox, event)
    return Answer(204)


def reminder_view(visit: Visit) -> Answer:
    text = visit.arguments or visit.call.query_string
    found = dict(re.findall(r"(\w+)=['\"]?([^'\",&)]+)", text))
    given = {name.casefold(): value for name, value in found.items()}
    low = read_window(given.get("startdatetime"), "StartDateTime")
    high = read_window(given.get("enddatetime"), "EndDateTime")
    reminders = []
    for item in view(visit.mailbox, visit.calendar.id, low, high + timedelta(days=15)):
        fires_at = _fires_at(item)
        if fires_at is not None and low <= fires_at <= high:
            reminders.append(_reminder(visit, item, fires_at))
    path = "$metadata#Collection(microsoft.graph.reminder)"
    return Answer.json({"@odata.context": f"{visit.call.base_url}/v1.0/{path}", "value": reminders})


def _fires_at(item: Item) -> datetime | None:
    if not item.content["isReminderOn"] or item.event.reminder_dismissed:
        return None
    if item.event.reminder_at is not None:
        return item.event.reminder_at
    return item.starts_at - timedelta(minutes=item.content["reminderMinutesBeforeStart"])


def _reminder(visit: Visit, item: Item, fires_at: datetime) -> Json:
    shown = render(item, visit.prefer)
    zone = visit.prefer.time_zone
    return {
        "eventId": shown["id"],
        "changeKey": shown["changeKey"],
        "eventSubject": shown["subject"],
        "eventWebLink": shown["webLink"],
        "eventStartTime": shown["start"],
        "eventEndTime": shown["end"],
        "eventLocation": {"displayName": shown["location"]["displayName"]},
        "reminderFireTime": moment(fires_at.astimezone(find_zone(zone)), zone),
    }


def translate_ids(visit: Visit) -> Answer:
    given = folded(visit.value)
    refuse_others(given, "inputids", "targetidtype", "sourceidtype")
    ids = fields.texts(given.get("inputids"))
    if len(ids) > 1000:
        raise invalid_parameter("At most 1000 ids can be translated at once.")
    immutable = str(given.get("targetidtype", "")).casefold() == "restimmutableentryid"
    value = [{"sourceId": i, "targetId": _translated(visit.mailbox, i, immutable)} for i in ids]
    path = "$metadata#Collection(microsoft.graph.convertIdResult)"
    return Answer.json({"@odata.context": f"{visit.call.base_url}/v1.0/{path}", "value": value})


def _translated(mailbox: Mailbox, item_id: str, immutable: bool) -> str:
    check_id(item_id)
    event, day = mailbox.find(item_id)
    item = Item(event, day)
    return item.immutable_id if immutable else item.id


def get_schedule(visit: Visit) -> Answer:
    """Free/busy of several people (operations.md §8)."""
    if visit.account.kind == "personal":
        raise access_denied()
    given = folded(visit.value)
    refuse_others(given, "schedules", "starttime", "endtime", "availabilityviewinterval")
    names = fields.texts(given.get("schedules"))
    interval = fields.integer(given.get("availabilityviewinterval", 30))
    if not names or len(names) > 20 or not 5 <= interval <= 1440:
        raise invalid_parameter("The request has too many schedules or a wrong interval.")
    low = visit.sandbox.instant(fields.moment(given.get("starttime")))
    high = visit.sandbox.instant(fields.moment(given.get("endtime")))
    if high <= low:
        raise invalid_request("The end of the window is before its start.")
    if high - low > timedelta(days=62):
        raise GraphError(400, "ErrorTimeIntervalTooBig", "The requested time duration is too long.")
    step = timedelta(minutes=interval)
    value = [_schedule(visit, name, low, high, step) for name in names]
    path = "$metadata#Collection(microsoft.graph.scheduleInformation)"
    return Answer.json(
        {"@odata.context": f"{visit.call.base_url}/v1.0/{path}", "value": value},
        headers=visit.prefer.header(),
    )


def _schedule(visit: Visit, name: str, low: datetime, high: datetime, step: timedelta) -> Json:
    account = visit.sandbox.directory.account_by_email(name)
    mailbox = visit.sandbox.state.mailboxes.get(account.id) if account else None
    if account is None or mailbox is None or account.tenant_id != visit.account.tenant_id:
        error = {"message": f"Unable to resolve e-mail address {name}.", "responseCode": "5016"}
        return {"scheduleId": name, "availabilityView": "", "scheduleItems": None, "error": error}
    items = view(mailbox, mailbox.default_calendar.id, low, high)
    items = [item for item in items if item.content["showAs"] != "free"]
    if len(items) > MOST_ENTRIES:
        error = {"message": "The result has too many calendar entries.", "responseCode": "5006"}
        return {"scheduleId": name, "availabilityView": "", "scheduleItems": None, "error": error}
    own = account.id == visit.account.id
    return {
        "scheduleId": name,
        "availabilityView": _availability(items, low, high, step),
        "scheduleItems": [_schedule_item(visit, item, own=own) for item in items],
        "workingHours": working_hours(mailbox.time_zone),
    }


def _availability(items: list[Item], low: datetime, high: datetime, step: timedelta) -> str:
    digits, at = "", low
    while at < high:
        shown = [_DIGITS.get(i.content["showAs"], "2") for i in items if i.overlaps(at, at + step)]
        digits += max(shown, default="0")
        at += step
    return digits


def _schedule_item(visit: Visit, item: Item, *, own: bool) -> Json:
    zone, floating = visit.prefer.time_zone, item.content["isAllDay"]
    shown: Json = {
        "status": item.content["showAs"],
        "start": shown_in(item.content["start"], zone, floating=floating),
        "end": shown_in(item.content["end"], zone, floating=floating),
    }
    if own:
        place = "; ".join(p["displayName"] for p in item.content["locations"])
        private = item.content["sensitivity"] == "private"
        shown |= {"isPrivate": private, "subject": item.content["subject"], "location": place}
    return shown
