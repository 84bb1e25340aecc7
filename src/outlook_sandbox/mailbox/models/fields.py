"""Reading what a client writes: types, enums, leniencies (event.md §1, operations.md §2)."""

from collections.abc import Callable, Mapping
from typing import Any

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.exceptions import (
    property_validation,
    unknown_property,
    unreadable_body,
    unsupported_zone,
    wrong_type,
)
from outlook_sandbox.mailbox.models.body import stored_body
from outlook_sandbox.mailbox.models.times import FIRST_YEAR, LAST_YEAR, read_wall, write_wall
from outlook_sandbox.mailbox.models.zones import find_zone

Reader = Callable[[Any], Any]


def members(value: Any, kind: str, known: Mapping[str, Reader]) -> Json:
    """An object of a known shape; annotations (`@…`) are ignored, other names are refused."""
    if not isinstance(value, dict):
        raise wrong_type(value, f"microsoft.graph.{kind}")
    result = {}
    for name, part in value.items():
        if "@" in name:
            continue
        if name not in known:
            raise unknown_property(name, kind)
        result[name] = known[name](part)
    return result


def boolean(value: Any) -> bool:
    """Also as a string: official clients and samples send "true" (operations.md §2)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    raise wrong_type(value, "Edm.Boolean")


def integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise wrong_type(value, "Edm.Int32")
    try:
        number = int(value)
    except ValueError:
        raise wrong_type(value, "Edm.Int32") from None
    if not -(2**31) <= number < 2**31:
        raise wrong_type(value, "Edm.Int32")
    return number


def decimal(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong_type(value, "Edm.Double")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise wrong_type(value, "Edm.String")
    return value


def text_or_null(value: Any) -> str | None:
    return None if value is None else text(value)


def text_or_empty(value: Any) -> str:
    return "" if value is None else text(value)


def texts(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise wrong_type(value, "Collection(Edm.String)")
    return [text(part) for part in value]


def one_of(*words: str) -> Reader:
    """An enum: accepted in any case, kept as Graph writes it (event.md §1)."""
    folded = {word.casefold(): word for word in words}

    def read(value: Any) -> str:
        if not isinstance(value, str) or value.casefold() not in folded:
            raise unreadable_body(f"Requested value '{value}' was not found.")
        return folded[value.casefold()]

    return read


def each(reader: Reader, kind: str) -> Reader:
    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise wrong_type(value, f"Collection(microsoft.graph.{kind})")
        return [reader(part) for part in value]

    return read


def body(value: Any) -> str:
    if value is None:
        return ""
    shape = {"contentType": one_of("text", "html"), "content": text_or_empty}
    parts = members(value, "itemBody", shape)
    return stored_body(parts.get("contentType", "text"), parts.get("content", ""))


def moment(value: Any) -> Json:
    """A dateTimeTimeZone; the zone is needed. `offset` marks one that carried an offset."""
    parts = members(value, "dateTimeTimeZone", {"dateTime": text, "timeZone": text_or_null})
    if "dateTime" not in parts:
        raise property_validation()
    zone = parts.get("timeZone") or ""
    if not zone:
        raise unsupported_zone(zone)
    tz = find_zone(zone)
    try:
        wall = read_wall(parts["dateTime"])
    except ValueError:
        raise wrong_type(parts["dateTime"], "Edm.DateTime") from None
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise property_validation()
    if wall.tzinfo is None:
        return {"dateTime": write_wall(wall), "timeZone": zone}
    shifted = wall.astimezone(tz)
    return {"dateTime": write_wall(shifted), "timeZone": zone, "offset": True}


_ADDRESS = {
    "street": text_or_null,
    "city": text_or_null,
    "state": text_or_null,
    "countryOrRegion": text_or_null,
    "postalCode": text_or_null,
    "type": text_or_null,
    "postOfficeBox": text_or_null,
}
_COORDINATES = {
    "latitude": decimal,
    "longitude": decimal,
    "altitude": decimal,
    "accuracy": decimal,
    "altitudeAccuracy": decimal,
}
_LOCATION: dict[str, Reader] = {
    "displayName": text_or_empty,
    "locationType": text_or_null,
    "uniqueId": text_or_null,
    "uniqueIdType": text_or_null,
    "locationEmailAddress": text_or_null,
    "locationUri": text_or_null,
    "address": lambda value: None if value is None else members(value, "address", _ADDRESS),
    "coordinates": (
        lambda value: None if value is None else members(value, "coordinates", _COORDINATES)
    ),
}


def location(value: Any) -> Json:
    """Kept without what the service decides itself (type and unique id)."""
    if value is None:
        return {"displayName": ""}
    parts = members(value, "location", _LOCATION)
    kept = {
        name: part
        for name, part in parts.items()
        if part is not None and name not in ("locationType", "uniqueId", "uniqueIdType")
    }
    return {"displayName": ""} | kept


_EMAIL_ADDRESS: dict[str, Reader] = {"name": text_or_null, "address": text_or_null}


def email_address(value: Any) -> Json:
    parts = members(value, "emailAddress", _EMAIL_ADDRESS)
    if not parts.get("address"):
        raise property_validation()
    return parts


_RESPONSE_STATUS = {"response": text_or_null, "time": text_or_null}


def attendee(value: Any) -> Json:
    """`status` is the service's and ignored. The address may be empty: see `draft`."""
    shape = {
        "type": one_of("required", "optional", "resource"),
        "status": lambda v: None if v is None else members(v, "responseStatus", _RESPONSE_STATUS),
        "emailAddress": lambda v: members(v, "emailAddress", _EMAIL_ADDRESS),
        "proposedNewTime": lambda v: v,
    }
    person = members(value, "attendee", shape)
    parts = person.get("emailAddress", {})
    address, name = ((parts.get(part) or "").strip() for part in ("address", "name"))
    if not address and not name:
        raise property_validation()
    return {
        "address": address,
        "name": name or address,
        "type": person.get("type", "required"),
    }


attendees = each(attendee, "attendee")


def recipient(value: Any) -> Json:
    parts = members(value, "recipient", {"emailAddress": email_address})
    if "emailAddress" not in parts:
        raise property_validation()
    address = parts["emailAddress"]
    return {"address": address["address"], "name": address.get("name") or address["address"]}


def extended_property(value: Any) -> Json:
    parts = members(value, "singleValueLegacyExtendedProperty", {"id": text, "value": text_or_null})
    if not parts.get("id"):
        raise property_validation()
    return parts


def extension(value: Any) -> Json:
    """An open extension: any further members are its content."""
    if not isinstance(value, dict) or not isinstance(value.get("extensionName"), str):
        raise property_validation()
    return {k: v for k, v in value.items() if not k.startswith("@") and k != "id"}
