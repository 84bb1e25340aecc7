"""An item as Graph shows it, in the documented order of properties (event.md §1)."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.models.body import as_text, preview
from outlook_sandbox.mailbox.models.event import Attendee, Event
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.times import NO_TIME, shown_in, write_instant
from outlook_sandbox.mailbox.prefer import Preferences

if TYPE_CHECKING:  # the sandbox imports this package
    pass

UTC_HTML = Preferences()


def shown_id(item: Item, prefer: Preferences) -> str:
    return item.immutable_id if prefer.immutable_ids else item.id


def master_id(event: Event, prefer: Preferences) -> str:
    return event.immutable_id if prefer.immutable_ids else event.id


def render(item: Item, prefer: Preferences) -> Json:
    """All properties that come without being asked for."""
    event, content = item.event, item.content
    item_id = shown_id(item, prefer)
    override = item.override
    return {
        "@odata.etag": event.etag,
        "id": item_id,
        "createdDateTime": write_instant(override.created_at if override else event.created_at),
        "lastModifiedDateTime": write_instant(
            override.modified_at if override else event.modified_at
        ),
        "changeKey": event.change_key,
        "categories": content["categories"],
        "transactionId": event.transaction_id if item.day is None else None,
        "originalStartTimeZone": event.stored_zones[0],
        "originalEndTimeZone": event.stored_zones[1],
        "iCalUId": item.ical_uid,
        "uid": event.uid,
        "reminderMinutesBeforeStart": content["reminderMinutesBeforeStart"],
        "isReminderOn": content["isReminderOn"],
        "hasAttachments": any(not a.get("isInline") for a in event.attachments),
        "subject": content["subject"],
        "bodyPreview": preview(content["body"]),
        "importance": content["importance"],
        "sensitivity": content["sensitivity"],
        "isAllDay": content["isAllDay"],
        "isCancelled": item.is_cancelled,
        "isOrganizer": event.is_organizer,
        "responseRequested": content["responseRequested"],
        "seriesMasterId": None if item.day is None else master_id(event, prefer),
        "showAs": content["showAs"],
        "type": item.type,
        "webLink": _web_link(item_id),
        "onlineMeetingUrl": None,
        "isOnlineMeeting": content["isOnlineMeeting"],
        "onlineMeetingProvider": content["onlineMeetingProvider"],
        "allowNewTimeProposals": content["allowNewTimeProposals"],
        "occurrenceId": _occurrence_key(item, prefer),
        "isDraft": False,
        "hideAttendees": content["hideAttendees"],
        "responseStatus": {
            "response": item.response,
            "time": write_instant(item.responded_at),
        },
        "body": render_body(content["body"], prefer),
        **_when(item, prefer),
        "location": _place(content["locations"]),
        "locations": [_listed_place(place) for place in content["locations"]],
        "recurrence": content["recurrence"],
        "attendees": [_attendee(a, prefer) for a in item.attendees],
        "organizer": _recipient(event.organizer.name, event.organizer.address),
        "onlineMeeting": event.online_meeting,
    }


def _when(item: Item, prefer: Preferences) -> Json:
    floating = item.content["isAllDay"]
    shown: Json = {
        name: shown_in(item.content[name], prefer.time_zone, floating=floating)
        for name in ("start", "end")
    }
    if item.day is not None:
        shown["originalStart"] = write_instant(item.original_start)
    return shown


def render_body(document: str, prefer: Preferences) -> Json:
    if prefer.text_body:
        return {"contentType": "text", "content": as_text(document)}
    return {"contentType": "html", "content": document}


def _web_link(item_id: str) -> str:
    return (
        f"https://outlook.office365.com/owa/?itemid={quote(item_id, safe='')}"
        "&exvsurl=1&path=/calendar/item"
    )


def _occurrence_key(item: Item, prefer: Preferences) -> str | None:
    if item.day is None:
        return None
    return occurrence_key(master_id(item.event, prefer), item.day.isoformat())


def occurrence_key(series_id: str, day: str) -> str:
    return f"OID.{series_id}.{day}"


def _place(locations: list[Json]) -> Json:
    """`location` echoes its name as a private unique id (event.md §1)."""
    name = "; ".join(place["displayName"] for place in locations)
    if not locations:
        return {"displayName": "", "locationType": "default", "uniqueIdType": "unknown"} | _BARE
    own = locations[0] if len(locations) == 1 else {}
    return own | {
        "displayName": name,
        "locationType": "default",
        "uniqueId": name,
        "uniqueIdType": "private",
    }


_BARE: Json = {"address": {}, "coordinates": {}}


def _listed_place(place: Json) -> Json:
    return {
        "displayName": place["displayName"],
        "locationType": "default",
        "uniqueId": place["displayName"],
        "uniqueIdType": "private",
    } | place


def _attendee(attendee: Attendee, prefer: Preferences) -> Json:
    time = write_instant(attendee.responded_at) if attendee.responded_at else NO_TIME
    shown: Json = {
        "type": attendee.type,
        "status": {"response": attendee.response, "time": time},
        "emailAddress": {"name": attendee.name, "address": attendee.address},
    }
    if attendee.proposed is not None:
        shown["proposedNewTime"] = {
            name: shown_in(value, prefer.time_zone, floating=False)
            for name, value in attendee.proposed.items()
        }
    return shown


def _recipient(name: str, address: str) -> Json:
    return {"emailAddress": {"name": name, "address": address}}


def render_stub(item: Item, prefer: Preferences) -> Json:
    """An occurrence as delta shows it (delta.md §4)."""
    return {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": item.event.etag,
        "id": shown_id(item, prefer),
        "seriesMasterId": master_id(item.event, prefer),
        "type": "occurrence",
        **{k: v for k, v in _when(item, prefer).items() if k != "originalStart"},
    }
