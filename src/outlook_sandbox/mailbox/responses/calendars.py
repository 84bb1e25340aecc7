"""Calendars (operations.md §2)."""

from outlook_sandbox.http import Answer, Json
from outlook_sandbox.mailbox import odata
from outlook_sandbox.mailbox.exceptions import invalid_request, property_validation
from outlook_sandbox.mailbox.models import fields
from outlook_sandbox.mailbox.models.delete import delete_item
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.mailbox import Calendar, new_change_key
from outlook_sandbox.mailbox.visit import Visit

_PAGE = 100
_COLORS = (
    "auto",
    "lightBlue",
    "lightGreen",
    "lightOrange",
    "lightGray",
    "lightYellow",
    "lightTeal",
    "lightPink",
    "lightBrown",
    "lightRed",
    "maxColor",
)
_IGNORED = (
    "id",
    "changeKey",
    "canShare",
    "canViewPrivateItems",
    "canEdit",
    "isRemovable",
    "isTallyingResponses",
    "owner",
    "hexColor",
    "allowedOnlineMeetingProviders",
    "defaultOnlineMeetingProvider",
    "isDefaultCalendar",
)
_WRITABLE: dict[str, fields.Reader] = {
    "name": fields.text,
    "color": fields.one_of(*_COLORS),
} | dict.fromkeys(_IGNORED, lambda value: value)


def render_calendar(visit: Visit, calendar: Calendar) -> Json:
    account = visit.account
    user = f"{account.graph_id}@{account.tenant_id}"
    base = f"{visit.call.base_url}/v1.0/users('{user}')"
    return {
        "@odata.id": f"{base}/calendars('{calendar.id}')",
        "id": calendar.id,
        "name": calendar.name,
        "color": calendar.color,
        "hexColor": calendar.hex_color,
        "isDefaultCalendar": calendar.is_default,
        "changeKey": calendar.change_key,
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"] if account.teams else [],
        "defaultOnlineMeetingProvider": "teamsForBusiness" if account.teams else "unknown",
        "isTallyingResponses": calendar.is_default,
        "isRemovable": not calendar.is_default,
        "owner": {"name": account.name, "address": account.email},
    }


def show_calendar(visit: Visit, calendar: Calendar, status: int = 200) -> Answer:
    context = f"{visit.call.base_url}/v1.0/$metadata#{visit.context('calendars/$entity')}"
    return Answer.json({"@odata.context": context} | render_calendar(visit, calendar), status)


def list_calendars(visit: Visit) -> Answer:
    options = odata.read_options(visit.sandbox, visit.call)
    rendered = [render_calendar(visit, c) for c in visit.mailbox.calendars.values()]
    found = odata.arranged(rendered, options)
    end = options.skip + (options.top or _PAGE)
    context = f"{visit.call.base_url}/v1.0/$metadata#{visit.context('calendars')}"
    page = [odata.selected(value, options.select) for value in found[options.skip : end]]
    body: Json = {"@odata.context": context, "value": page}
    if end < len(found):
        body["@odata.nextLink"] = odata.next_link(visit.call, options, end)
    return Answer.json(body)


def list_groups(visit: Visit) -> Answer:
    group = {
        "id": visit.mailbox.default_calendar.id,
        "name": "My Calendars",
        "classId": "0006f0b7-0000-0000-c000-000000000046",
        "changeKey": visit.mailbox.default_calendar.change_key,
    }
    context = f"{visit.call.base_url}/v1.0/$metadata#{visit.context('calendarGroups')}"
    return Answer.json({"@odata.context": context, "value": [group]})


def create_calendar(visit: Visit) -> Answer:
    given = fields.members(visit.value, "calendar", _WRITABLE)
    name = given.get("name", "").strip()
    if not name:
        raise property_validation()
    if any(c.name.casefold() == name.casefold() for c in visit.mailbox.calendars.values()):
        raise invalid_request("A folder with the specified name already exists.")
    calendar = visit.mailbox.add_calendar(visit.sandbox, name)
    calendar.color = given.get("color", "auto")
    return show_calendar(visit, calendar, 201)


def get_calendar(visit: Visit) -> Answer:
    return show_calendar(visit, visit.calendar)


def update_calendar(visit: Visit) -> Answer:
    calendar = visit.calendar
    given = fields.members(visit.value, "calendar", _WRITABLE)
    calendar.name = given.get("name", calendar.name)
    calendar.color = given.get("color", calendar.color)
    calendar.change_key = new_change_key(visit.sandbox)
    return show_calendar(visit, calendar)


def delete_calendar(visit: Visit) -> Answer:
    calendar = visit.calendar
    if calendar.is_default:
        raise invalid_request("The default calendar cannot be deleted.")
    for event in list(visit.mailbox.events_in(calendar.id)):
        delete_item(visit.sandbox, visit.account, visit.mailbox, Item(event))
    del visit.mailbox.calendars[calendar.id]
    return Answer(204)
