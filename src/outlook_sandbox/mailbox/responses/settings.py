"""The profile, mailbox settings, time zones and categories."""

from datetime import UTC, datetime

from outlook_sandbox.http import Answer, Json
from outlook_sandbox.mailbox.exceptions import (
    GraphError,
    item_not_found,
    property_validation,
)
from outlook_sandbox.mailbox.models import fields
from outlook_sandbox.mailbox.models.mailbox import Category
from outlook_sandbox.mailbox.models.zones import find_zone, iana_names, windows_names
from outlook_sandbox.mailbox.visit import Visit

WORKING_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def profile(visit: Visit) -> Answer:
    account = visit.account
    given, _, family = account.name.partition(" ")
    work = account.kind == "work"
    body: Json = {
        "@odata.context": f"{visit.call.base_url}/v1.0/$metadata#users/$entity",
        "businessPhones": [],
        "displayName": account.name,
        "givenName": given,
        "jobTitle": None,
        "mail": (account.mail or account.email) if account.mailbox else None,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": "en-US" if work else None,
        "surname": family,
        "userPrincipalName": account.email,
        "id": account.graph_id,
    }
    query = {name.casefold(): text for name, text in visit.call.query.items()}
    if select := query.get("$select"):
        wanted = {name.strip().casefold() for name in select.split(",")}
        body = {k: v for k, v in body.items() if k.startswith("@") or k.casefold() in wanted}
    return Answer.json(body)


def _settings(visit: Visit) -> Json:
    zone = visit.mailbox.time_zone
    nothing = {"dateTime": "2026-01-01T00:00:00.0000000", "timeZone": "UTC"}
    return {
        "automaticRepliesSetting": {
            "status": "disabled",
            "externalAudience": "all",
            "scheduledStartDateTime": nothing,
            "scheduledEndDateTime": nothing,
            "internalReplyMessage": "",
            "externalReplyMessage": "",
        },
        "timeZone": zone,
        "language": {"locale": "en-US", "displayName": "English (United States)"},
        "workingHours": working_hours(zone),
        "dateFormat": "MM/dd/yyyy",
        "timeFormat": "hh:mm tt",
        "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
        "userPurpose": "user",
    } | visit.mailbox.settings


def working_hours(zone: str) -> Json:
    return {
        "daysOfWeek": WORKING_DAYS,
        "startTime": "08:00:00.0000000",
        "endTime": "17:00:00.0000000",
        "timeZone": {"name": zone},
    }


def mailbox_settings(visit: Visit) -> Answer:
    context = f"{visit.call.base_url}/v1.0/$metadata#{visit.context('mailboxSettings')}"
    return Answer.json({"@odata.context": context} | _settings(visit))


def mailbox_setting(visit: Visit) -> Answer:
    """One setting by its name: `/mailboxSettings/timeZone`."""
    folded = {name.casefold(): name for name in _settings(visit)}
    name = folded.get(visit.parts[0].casefold())
    if name is None:
        raise item_not_found()
    value = _settings(visit)[name]
    path = visit.context(f"mailboxSettings/{name}")
    context = {"@odata.context": f"{visit.call.base_url}/v1.0/$metadata#{path}"}
    return Answer.json(context | (value if isinstance(value, dict) else {"value": value}))


def update_mailbox_settings(visit: Visit) -> Answer:
    known = {name: (lambda value: value) for name in _settings(visit)}
    given = fields.members(visit.value, "mailboxSettings", known)
    if "timeZone" in given:
        find_zone(fields.text(given["timeZone"]))
        visit.mailbox.time_zone = given.pop("timeZone")
    visit.mailbox.settings |= given
    return mailbox_settings(visit)


def supported_time_zones(visit: Visit) -> Answer:
    """Windows names, or IANA ones when asked for."""
    if "iana" in visit.arguments.casefold():
        zones = [{"alias": n, "displayName": n} for n in sorted(iana_names().values())]
    else:
        zones = [{"alias": n, "displayName": _windows_title(n)} for n in windows_names()]
    path = "$metadata#Collection(microsoft.graph.timeZoneInformation)"
    return Answer.json({"@odata.context": f"{visit.call.base_url}/v1.0/{path}", "value": zones})


def _windows_title(name: str) -> str:
    offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(find_zone(name)).strftime("%z")
    return f"(UTC{offset[:3]}:{offset[3:]}) {name.removesuffix(' Standard Time')}"


def _show_category(category: Category) -> Json:
    return {"id": category.id, "displayName": category.name, "color": category.color}


def list_categories(visit: Visit) -> Answer:
    path = visit.context("outlook/masterCategories")
    return Answer.json(
        {
            "@odata.context": f"{visit.call.base_url}/v1.0/$metadata#{path}",
            "value": [_show_category(c) for c in visit.mailbox.categories],
        }
    )


_CATEGORY: dict[str, fields.Reader] = {
    "displayName": fields.text,
    "color": fields.one_of("none", *(f"preset{n}" for n in range(25))),
    "id": lambda value: value,
}


def create_category(visit: Visit) -> Answer:
    given = fields.members(visit.value, "outlookCategory", _CATEGORY)
    name = given.get("displayName", "").strip()
    if not name:
        raise property_validation()
    if any(c.name.casefold() == name.casefold() for c in visit.mailbox.categories):
        raise GraphError(409, "ErrorItemExists", "A category with this name already exists.")
    category = Category(id=visit.sandbox.random.guid(), name=name, color=given.get("color", "none"))
    visit.mailbox.categories.append(category)
    return _category_entity(visit, category, 201)


def _category_entity(visit: Visit, category: Category, status: int = 200) -> Answer:
    path = visit.context("outlook/masterCategories/$entity")
    context = {"@odata.context": f"{visit.call.base_url}/v1.0/$metadata#{path}"}
    return Answer.json(context | _show_category(category), status)


def _category(visit: Visit) -> Category:
    for category in visit.mailbox.categories:
        if category.id == visit.parts[0]:
            return category
    raise item_not_found()


def get_category(visit: Visit) -> Answer:
    return _category_entity(visit, _category(visit))


def update_category(visit: Visit) -> Answer:
    """Only the colour can be changed."""
    category = _category(visit)
    given = fields.members(visit.value, "outlookCategory", _CATEGORY)
    category.color = given.get("color", category.color)
    return _category_entity(visit, category)


def delete_category(visit: Visit) -> Answer:
    visit.mailbox.categories.remove(_category(visit))
    return Answer(204)
