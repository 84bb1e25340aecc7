"""From Graph's `event` to the values of `leansoft.events.fields`, and (in `encoding`) back. Pure.

Graph's words end here. A payload may be partial (a delta item holds "at least the changed
properties", an occurrence in it is a stub: delta.md §4): only what is there gets a value, and
`complete` tells whether anything is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from leansoft.events.fields import (
    AttendeeType,
    Field,
    Importance,
    Response,
    Sensitivity,
    ShowAs,
    Value,
)
from leansoft.events.recurrence import BadRule
from leansoft.events.slots import instant_text
from leansoft.graph.encoding import MARKER_ID, camel, event_to_graph
from leansoft.graph.markup import text_from_html, without_meeting_block
from leansoft.graph.recurrence import rrule_from_graph
from leansoft.kit.zones import to_iana, zone

__all__ = ["MARKER_ID", "Kind", "RemoteEvent", "event_from_graph", "event_to_graph", "meeting_uid"]

GLOBAL_OBJECT_ID = "040000008200E00074C5B7101A82E008"


class Kind(StrEnum):
    SINGLE = "singleInstance"
    MASTER = "seriesMaster"
    OCCURRENCE = "occurrence"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteEvent:
    """One copy of an event, in one mailbox.

    `organizer` is `{"email", "name"}` with the address in lower case, both empty when unknown.
    `ical_uid` has its date bytes zeroed. `html` is the body as Outlook stores it; None when the
    payload has none. `original_start` and `occurrence_id` name a date of a series: the instant of
    its slot, and Outlook's `OID.….yyyy-MM-dd`. `complete` is false for a payload that leaves out
    properties: read the event by its id before relying on anything but the values present.
    `unaddressed`: attendees without an address, in Graph's own words; they are no value of ours.
    """

    id: str
    etag: str
    kind: Kind
    series_master_id: str | None
    ical_uid: str | None
    organizer: dict[str, str]
    is_organizer: bool
    is_cancelled: bool
    modified_at: datetime | None
    created_at: datetime | None
    transaction_id: str | None
    marker: str | None
    values: dict[Field, Value]
    html: str | None
    complete: bool
    original_start: datetime | None = None
    occurrence_id: str | None = None
    unaddressed: list[dict[str, Any]] = field(default_factory=list)


NEEDED = frozenset(
    {
        *("type", "iCalUId", "organizer", "isOrganizer", "isCancelled", "subject", "body"),
        *("start", "end", "isAllDay", "location", "attendees", "importance", "sensitivity"),
        *("showAs", "isReminderOn", "categories", "responseStatus"),
    }
)
"""What Graph sends whenever it sends an event in full (event.md §1)."""


EDGES = ("start", "end")
SUBJECT_LIMIT = 255
NAME_LIMIT = 255
ADDRESS_LIMIT = 254
"""Longer values do not fit into a calendar; Exchange's own limits are no longer (event.md §1)."""


def event_from_graph(payload: Mapping[str, Any]) -> RemoteEvent:
    body = payload.get("body")
    return RemoteEvent(
        id=payload["id"],
        etag=payload.get("@odata.etag") or "",
        kind=_kind(payload),
        series_master_id=payload.get("seriesMasterId"),
        ical_uid=_uid(payload),
        organizer=_organizer(payload),
        is_organizer=bool(payload.get("isOrganizer")),
        is_cancelled=bool(payload.get("isCancelled")),
        modified_at=_instant(payload.get("lastModifiedDateTime")),
        created_at=_instant(payload.get("createdDateTime")),
        transaction_id=payload.get("transactionId"),
        marker=_marker(payload),
        values=_values(payload),
        html=body.get("content") if body and body.get("contentType") == "html" else None,
        complete=payload.keys() >= NEEDED,
        original_start=_instant(payload.get("originalStart")),
        occurrence_id=payload.get("occurrenceId"),
        unaddressed=_unaddressed(payload),
    )


def _uid(payload: Mapping[str, Any]) -> str | None:
    """An invitation to one date of a series alone is a single event, not the series: it keeps its
    date."""
    return meeting_uid(payload.get("iCalUId"), keep_date=_kind(payload) is Kind.SINGLE)


def meeting_uid(uid: str | None, *, keep_date: bool = False) -> str | None:
    """One name for a meeting and each of its dates: without the instance's date.

    Bytes 16–19 of a GlobalObjectId hold it (event.md §7). Other forms are left as they are.
    """
    if not uid or len(uid) < 40 or not uid.upper().startswith(GLOBAL_OBJECT_ID):
        return uid or None
    return (uid[:32] + (uid[32:40] if keep_date else "00000000") + uid[40:]).upper()


def date_in_uid(uid: str | None) -> date | None:
    """The date of a series that an iCalUId names, if it names one."""
    if meeting_uid(uid) == meeting_uid(uid, keep_date=True) or uid is None:
        return None
    try:
        return date(int(uid[32:36], 16), int(uid[36:38], 16), int(uid[38:40], 16))
    except ValueError:
        return None


def _kind(payload: Mapping[str, Any]) -> Kind:
    if "type" in payload:
        return Kind(payload["type"])
    return Kind.OCCURRENCE if payload.get("seriesMasterId") else Kind.SINGLE


def _organizer(payload: Mapping[str, Any]) -> dict[str, str]:
    person = (payload.get("organizer") or {}).get("emailAddress") or {}
    return {"email": _address(person), "name": (person.get("name") or "")[:NAME_LIMIT]}


def _marker(payload: Mapping[str, Any]) -> str | None:
    for extra in payload.get("singleValueExtendedProperties") or []:
        # The id comes back as it was written, but a GUID has no case.
        if extra.get("id", "").casefold() == MARKER_ID.casefold():
            return str(extra["value"])
    return None


def _values(payload: Mapping[str, Any]) -> dict[Field, Value]:
    """Only the fields that the payload is about."""
    found = {
        Field.SUBJECT: _subject(payload),
        Field.BODY: _body(payload),
        Field.LOCATION: _location(payload),
        Field.WHEN: _when(payload),
        Field.IMPORTANCE: _word(Importance, payload.get("importance")),
        Field.SENSITIVITY: _word(Sensitivity, payload.get("sensitivity")),
        Field.ATTENDEES: _attendees(payload),
        Field.ONLINE_MEETING: payload.get("isOnlineMeeting"),
        Field.TALLY: _tally(payload),
        Field.PROPOSALS: _proposals(payload),
        Field.SHOW_AS: _word(ShowAs, payload.get("showAs")),
        Field.REMINDER: _reminder(payload),
        Field.CATEGORIES: payload.get("categories"),
        Field.RESPONSE: _word(Response, (payload.get("responseStatus") or {}).get("response")),
    }
    values = {field: value for field, value in found.items() if value is not None}
    if "onlineMeeting" in payload or "onlineMeetingUrl" in payload:
        values[Field.ONLINE_MEETING_URL] = _online_meeting_url(payload)
    return values


def _subject(payload: Mapping[str, Any]) -> str | None:
    return (payload["subject"] or "")[:SUBJECT_LIMIT] if "subject" in payload else None


def _body(payload: Mapping[str, Any]) -> str | None:
    if "body" not in payload:
        return None
    body = payload["body"] or {}
    content = body.get("content") or ""
    if body.get("contentType") == "html":
        content = text_from_html(content)
    text = "\n".join(content.splitlines())
    # The way to join has a field of its own; `html` keeps the join text.
    return without_meeting_block(text).strip("\n") if payload.get("isOnlineMeeting") else text


def _location(payload: Mapping[str, Any]) -> str | None:
    if "location" not in payload:
        return None
    return (payload["location"] or {}).get("displayName") or ""


def _when(payload: Mapping[str, Any]) -> Value:
    """None when anything of it is missing or unknown: a stub does not say if it is all-day."""
    first = _slot(payload)
    if first is None or _kind(payload) is not Kind.MASTER:
        return first
    if not payload.get("recurrence"):
        return None
    first = {**first, "zone": first["zone"] or _zone_of_dates(payload)}
    try:
        return {**first, "rrule": rrule_from_graph(payload["recurrence"], first)}
    except BadRule:
        return None


def _zone_of_dates(payload: Mapping[str, Any]) -> str | None:
    """The zone that a series names for its dates; its start may have been stored in a zone without
    a name (event.md §2). UTC is what such a start is shown in, and says nothing."""
    span = payload["recurrence"].get("range") or {}
    named = None if payload["isAllDay"] else to_iana(span.get("recurrenceTimeZone") or "")
    return None if named == "UTC" else named


def _slot(payload: Mapping[str, Any]) -> Value:
    if not {"start", "end", "isAllDay"} <= payload.keys():
        return None
    if payload["isAllDay"]:
        # Floating: these are dates, whatever zone they are labelled with (event.md §3).
        start, end = (payload[edge]["dateTime"][:10] for edge in EDGES)
        return {"start": start, "end": end, "zone": None, "all_day": True}
    start, end = (_utc_text(payload[edge]) for edge in EDGES)
    if start is None or end is None:
        return None
    return {
        "start": start,
        # Both are UTC in one spelling, so that text compares as time does.
        "end": max(start, end),
        "zone": to_iana(payload.get("originalStartTimeZone") or ""),
        "all_day": False,
    }


def _utc_text(moment: Mapping[str, str]) -> str | None:
    """A dateTimeTimeZone as an instant; None when its zone is unknown to us."""
    name = to_iana(moment["timeZone"])
    wall = datetime.fromisoformat(moment["dateTime"])
    if wall.tzinfo is None:
        if name is None:
            return None
        wall = wall.replace(tzinfo=zone(name))
    return instant_text(wall)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _attendees(payload: Mapping[str, Any]) -> list[dict[str, str]] | None:
    if "attendees" not in payload:
        return None
    return [
        {
            "email": email,
            "name": (person["emailAddress"].get("name") or "")[:NAME_LIMIT],
            "type": _word(AttendeeType, person.get("type")) or AttendeeType.REQUIRED.value,
        }
        for email, person in _invited(payload).items()
    ]


def _tally(payload: Mapping[str, Any]) -> dict[str, str] | None:
    """Answers are counted on the organizer's copy alone; elsewhere all are "none" (event.md §5)."""
    if "attendees" not in payload or not payload.get("isOrganizer"):
        return None
    answers = {
        email: _word(Response, (person.get("status") or {}).get("response"))
        for email, person in _invited(payload).items()
    }
    return {email: answer for email, answer in answers.items() if answer}


def _proposals(payload: Mapping[str, Any]) -> dict[str, Value] | None:
    """New times that attendees proposed with their answers, shown beside these (event.md §1)."""
    if "attendees" not in payload or not payload.get("isOrganizer"):
        return None
    proposed = {
        email: _span(person.get("proposedNewTime") or {})
        for email, person in _invited(payload).items()
    }
    return {email: span for email, span in proposed.items() if span}


def _span(time: Mapping[str, Any]) -> dict[str, str] | None:
    start, end = (time[edge] and _utc_text(time[edge]) if edge in time else None for edge in EDGES)
    return {"start": start, "end": max(start, end)} if start and end else None


def _invited(payload: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Attendees by address: without those that have none, and without the organizer, whom an
    attendee's copy lists too (event.md §5)."""
    organizer = _organizer(payload)["email"]
    people: dict[str, Mapping[str, Any]] = {}
    for person in payload["attendees"] or []:
        email = _address(person.get("emailAddress") or {})
        if email and email != organizer:
            people.setdefault(email, person)
    return people


def _unaddressed(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {name: person[name] for name in ("emailAddress", "type") if name in person}
        for person in payload.get("attendees") or []
        if not _address(person.get("emailAddress") or {})
    ]


def _address(person: Mapping[str, Any]) -> str:
    address = (person.get("address") or "").strip().casefold()
    return address if len(address) <= ADDRESS_LIMIT else ""


def _reminder(payload: Mapping[str, Any]) -> int | str | None:
    if payload.get("isReminderOn") is False:
        return "off"
    return payload.get("reminderMinutesBeforeStart") if payload.get("isReminderOn") else None


def _online_meeting_url(payload: Mapping[str, Any]) -> str | None:
    return (payload.get("onlineMeeting") or {}).get("joinUrl") or payload.get("onlineMeetingUrl")


def _word(words: type[StrEnum], text: str | None) -> str | None:
    """Graph's lowerCamel word in our spelling; None for one that we do not know."""
    return _spellings(words).get(text or "")


@cache
def _spellings(words: type[StrEnum]) -> Mapping[str, str]:
    return {camel(word): word.value for word in words}
