"""From the values of `leansoft.events.fields` to the properties of Graph's `event`. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from leansoft.events.fields import Field, ShowAs, Value, Values
from leansoft.graph.markup import html_from_text, replace_own_part
from leansoft.graph.recurrence import recurrence_to_graph
from leansoft.graph.zones import graph_zone
from leansoft.kit.zones import zone

MARKER_ID = "String {6d3f4c0e-9f0b-4f53-8f1c-2f0b8a5f7c1e} Name LeansoftEvent"
"""The extended property that names our event (event.md §11)."""


def event_to_graph(
    values: Values, *, html_base: str | None = None, drop_recurrence: bool = False
) -> dict[str, Any]:
    """The properties for these values and nothing else: what is not sent stays as it is.

    `html_base` is the HTML that Outlook holds now: the join text in it is kept. With
    `drop_recurrence` a time without a rule makes a single event of a series. Read-only fields and
    the response, which is a verb, are left out. Raises `Inexpressible` for a rule that Outlook does
    not know.
    """
    payload: dict[str, Any] = {}
    for field, value in values.items():
        payload |= _property(field, value, html_base)
    if drop_recurrence and Field.WHEN in values:
        payload.setdefault("recurrence", None)
    return payload


def _property(field: Field, value: Value, html_base: str | None) -> dict[str, Any]:
    match field:
        case Field.SUBJECT:
            return {"subject": value}
        case Field.BODY:
            return {"body": {"contentType": "html", "content": _html(value, html_base)}}
        case Field.LOCATION:
            return {"location": {"displayName": value}}
        case Field.WHEN:
            return _when_to_graph(value)
        case Field.IMPORTANCE | Field.SENSITIVITY:
            return {field.value: str(value)}
        case Field.ATTENDEES:
            return {"attendees": [_attendee(person) for person in value if person["email"]]}
        case Field.SHOW_AS if value != ShowAs.UNKNOWN:
            return {"showAs": camel(value)}
        case Field.REMINDER if value == "off":
            return {"isReminderOn": False}
        case Field.REMINDER:
            return {"isReminderOn": True, "reminderMinutesBeforeStart": value}
        case Field.CATEGORIES:
            return {"categories": list(value)}
        case Field.ONLINE_MEETING if value:
            return {"isOnlineMeeting": True}
        case _:
            return {}


def _html(text: str, html_base: str | None) -> str:
    return replace_own_part(text, html_base) if html_base else html_from_text(text)


def _attendee(person: Mapping[str, Any]) -> dict[str, Any]:
    address = {"address": person["email"]}
    if person["name"]:
        address["name"] = person["name"]
    return {"emailAddress": address, "type": str(person["type"])}


def _when_to_graph(value: Mapping[str, Any]) -> dict[str, Any]:
    if value.get("rrule"):
        return {**_slot_to_graph(value), "recurrence": recurrence_to_graph(value)}
    return _slot_to_graph(value)


def _slot_to_graph(value: Mapping[str, Any]) -> dict[str, Any]:
    if value["all_day"]:
        # Midnight in one and the same zone; which one does not matter (event.md §3).
        start, end = (_moment(f"{value[edge]}T00:00:00", "UTC") for edge in ("start", "end"))
        return {"start": start, "end": end, "isAllDay": True}
    series = bool(value.get("rrule"))
    start, end = (_wall(value[edge], value["zone"] or "UTC", series) for edge in ("start", "end"))
    return {"start": start, "end": end, "isAllDay": False}


def _wall(instant: str, name: str, series: bool) -> dict[str, str]:
    moment = datetime.fromisoformat(instant).astimezone(zone(name))
    if moment.fold and not series:
        # The hour that a clock shows twice: only UTC can say that the second one is meant. A series
        # keeps its zone, in which its later dates are computed.
        moment, name = moment.astimezone(UTC), "UTC"
    return _moment(moment.replace(tzinfo=None).isoformat(), graph_zone(name))


def _moment(wall: str, name: str) -> dict[str, str]:
    return {"dateTime": wall, "timeZone": name}


def camel(word: str) -> str:
    """The word as Graph spells it."""
    first, *rest = str(word).split("_")
    return first + "".join(part.title() for part in rest)
