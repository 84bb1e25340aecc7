"""A request body as an event's properties: read, defaulted, checked."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.exceptions import (
    invalid_request,
    property_validation,
    unknown_property,
    wrong_type,
)
from outlook_sandbox.mailbox.models import fields
from outlook_sandbox.mailbox.models.event import DEFAULTS
from outlook_sandbox.mailbox.models.patterns import recurrence
from outlook_sandbox.mailbox.models.recurrence import Rule, dates, first_date
from outlook_sandbox.mailbox.models.times import combine, moment, to_utc, wall_of
from outlook_sandbox.mailbox.models.zones import CUSTOM_ZONE, same_zone

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

CONTENT: dict[str, fields.Reader] = {
    "subject": fields.text_or_empty,
    "body": fields.body,
    "importance": fields.one_of("low", "normal", "high"),
    "sensitivity": fields.one_of("normal", "personal", "private", "confidential"),
    "showAs": fields.one_of("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"),
    "start": fields.moment,
    "end": fields.moment,
    "isAllDay": fields.boolean,
    "isReminderOn": fields.boolean,
    "reminderMinutesBeforeStart": fields.integer,
    "responseRequested": fields.boolean,
    "allowNewTimeProposals": fields.boolean,
    "hideAttendees": fields.boolean,
    "isOnlineMeeting": fields.boolean,
    "onlineMeetingProvider": fields.one_of(
        "unknown", "teamsForBusiness", "skypeForBusiness", "skypeForConsumer"
    ),
    "categories": fields.texts,
    "location": fields.location,
    "locations": fields.each(fields.location, "location"),
    "recurrence": recurrence,
}
ASIDE: dict[str, fields.Reader] = {
    "attendees": fields.attendees,
    "transactionId": fields.text_or_null,
    "singleValueExtendedProperties": fields.each(
        fields.extended_property, "singleValueLegacyExtendedProperty"
    ),
    "multiValueExtendedProperties": lambda value: value,
    "extensions": fields.each(fields.extension, "extension"),
    "attachments": lambda value: value,
}
IGNORED = frozenset(
    {
        "id",
        "createdDateTime",
        "lastModifiedDateTime",
        "changeKey",
        "originalStartTimeZone",
        "originalEndTimeZone",
        "iCalUId",
        "uid",
        "hasAttachments",
        "bodyPreview",
        "isCancelled",
        "isOrganizer",
        "isDraft",
        "seriesMasterId",
        "type",
        "webLink",
        "onlineMeetingUrl",
        "onlineMeeting",
        "responseStatus",
        "organizer",
        "originalStart",
        "occurrenceId",
        "cancelledOccurrences",
        "exceptionOccurrences",
        "calendar",
        "instances",
    }
)
"""Read-only properties are accepted and have no effect (event.md §2)."""


@dataclass(slots=True)
class Draft:
    content: Json = field(default_factory=dict)
    attendees: list[Json] | None = None
    transaction_id: str | None = None
    extended: list[Json] = field(default_factory=list)
    extensions: list[Json] = field(default_factory=list)
    named: frozenset[str] = frozenset()
    """Every writable property that the request named."""


def read_draft(sandbox: "Sandbox", value: Any) -> Draft:
    if not isinstance(value, dict):
        raise wrong_type(value, "microsoft.graph.event")
    draft = Draft()
    aside: Json = {}
    for name, part in value.items():
        if "@" in name or name in IGNORED:
            continue
        if name in CONTENT:
            draft.content[name] = CONTENT[name](part)
        elif name in ASIDE:
            aside[name] = ASIDE[name](part)
        else:
            raise unknown_property(name, "event")
    draft.named = frozenset(draft.content) | frozenset(aside)
    draft.attendees = aside.get("attendees")
    draft.transaction_id = aside.get("transactionId")
    draft.extended = aside.get("singleValueExtendedProperties", [])
    draft.extensions = aside.get("extensions", [])
    _settle_places(draft.content)
    _settle_offsets(sandbox, draft.content)
    _check_limits(sandbox, draft)
    return draft


def _settle_places(content: Json) -> None:
    """`location` and `locations` always correspond; the list wins when both are given."""
    place = content.pop("location", None)
    if place is not None and not content.get("locations"):
        content["locations"] = [place] if place["displayName"] or len(place) > 1 else []


def _settle_offsets(sandbox: "Sandbox", content: Json) -> None:
    for name in ("start", "end"):
        if content.get(name, {}).pop("offset", False):
            if not sandbox.switches.accept_offset_in_date_time:
                raise wrong_type(content[name]["dateTime"], "Edm.DateTime")
            sandbox.note(f"{name}.dateTime carried an offset, which was honoured")


def _check_limits(sandbox: "Sandbox", draft: Draft) -> None:
    if len(draft.content.get("subject", "")) > sandbox.switches.subject_limit:
        raise property_validation()
    people = draft.attendees or []
    if len(people) > 500:
        raise property_validation()
    if sandbox.switches.attendees_need_address and any(not p["address"] for p in people):
        raise property_validation()


def complete(sandbox: "Sandbox", content: Json) -> Json:
    """Content of a new event: defaults filled in, everything checked together."""
    if "start" not in content or "end" not in content:
        raise property_validation()
    whole = DEFAULTS | content
    if whole["isAllDay"] and "showAs" not in content and sandbox.switches.all_day_shows_free:
        whole["showAs"] = "free"
    check_when(sandbox, whole)
    settle_recurrence(sandbox, whole)
    return whole


def check_when(sandbox: "Sandbox", content: Json) -> None:
    start, end = content["start"], content["end"]
    if content["isAllDay"]:
        _check_all_day(start, end)
        return
    begins, ends = (
        to_utc(start["dateTime"], start["timeZone"]),
        to_utc(end["dateTime"], end["timeZone"]),
    )
    if ends < begins or (ends == begins and not sandbox.switches.zero_length_events):
        raise property_validation()


def _check_all_day(start: Json, end: Json) -> None:
    """Midnight to midnight in one zone (event.md §3)."""
    for name, value in (("Start", start), ("End", end)):
        if any(part for part in wall_of(value).time().isoformat() if part not in "0:"):
            raise invalid_request(
                f"The Event.{name} property for an all-day event needs to be set to midnight."
            )
    if not same_zone(start["timeZone"], end["timeZone"]) or wall_of(end) <= wall_of(start):
        raise property_validation()


def settle_recurrence(sandbox: "Sandbox", content: Json) -> None:
    """Checks a series against its start, and moves the start to the first real date."""
    found = content["recurrence"]
    if found is None:
        return
    span, start = found["range"], content["start"]
    span["recurrenceTimeZone"] = span["recurrenceTimeZone"] or start["timeZone"]
    if not same_zone(span["recurrenceTimeZone"], start["timeZone"]):
        raise property_validation()
    begins, ends = wall_of(start), wall_of(content["end"])
    if date.fromisoformat(span["startDate"]) != begins.date():
        raise property_validation()
    rule = Rule.of(found)
    first = first_date(rule)
    if first is None:
        raise property_validation()
    if sandbox.switches.series_start_moves and first != begins.date():
        content["start"] = moment(combine(first, begins), start["timeZone"])
        content["end"] = moment(
            combine(first, begins) + (ends - begins), content["end"]["timeZone"]
        )
        span["startDate"] = first.isoformat()
    if sandbox.switches.refuse_overlapping_series:
        _check_overlap(rule, ends - begins)


def _check_overlap(rule: Rule, duration: timedelta) -> None:
    if duration <= timedelta(days=1):
        return
    previous: date | None = None
    for number, day in enumerate(dates(rule)):
        if previous is not None and day - previous < duration:
            raise property_validation()
        if number > 60:
            return
        previous = day


def stored_zones(sandbox: "Sandbox", content: Json) -> tuple[str, str]:
    if sandbox.switches.custom_time_zones:
        return CUSTOM_ZONE, CUSTOM_ZONE
    return content["start"]["timeZone"], content["end"]["timeZone"]
