"""The event form: from an event to fields, and from fields to what Graph would be sent.

An edit sends only what was changed, as Outlook does: who is mailed depends on it.
"""

import html
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.models.body import as_text
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.teams import join_block
from outlook_sandbox.mailbox.models.times import wall_of
from outlook_sandbox.mailbox.models.zones import find_zone

SHOW_AS = (
    ("free", "Free"),
    ("tentative", "Tentative"),
    ("busy", "Busy"),
    ("oof", "Away"),
    ("workingElsewhere", "Working elsewhere"),
)
REMINDERS = (
    ("none", "No reminder"),
    ("0", "At start time"),
    ("5", "5 minutes before"),
    ("15", "15 minutes before"),
    ("30", "30 minutes before"),
    ("60", "1 hour before"),
    ("1440", "1 day before"),
)
REPEATS = (
    ("none", "Does not repeat"),
    ("daily", "Every day"),
    ("weekly", "Every week"),
    ("weekdays", "Every weekday"),
    ("absoluteMonthly", "Every month"),
    ("absoluteYearly", "Every year"),
    ("keep", "As it is"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass
class EventForm:
    title: str = ""
    attendees: str = ""
    start_date: str = ""
    start_time: str = "09:00"
    end_date: str = ""
    end_time: str = "10:00"
    all_day: bool = False
    zone: str = "UTC"
    location: str = ""
    description: str = ""
    show_as: str = "busy"
    reminder: str = "15"
    repeat: str = "none"
    repeat_until: str = ""
    categories: str = ""
    private: bool = False
    online: bool = False
    calendar: str = ""
    names: dict[str, str] = field(default_factory=dict)
    """Names of known attendees by address, kept when the list is edited."""


def blank_form(start: datetime, zone: str, calendar: str) -> EventForm:
    end = start + timedelta(hours=1)
    return EventForm(
        start_date=start.date().isoformat(),
        start_time=f"{start:%H:%M}",
        end_date=end.date().isoformat(),
        end_time=f"{end:%H:%M}",
        zone=zone,
        calendar=calendar,
    )


def form_of(item: Item) -> EventForm:
    content = item.content
    zone = content["start"]["timeZone"]
    start, end = wall_of(content["start"]), wall_of(content["end"])
    if content["end"]["timeZone"] != zone and not content["isAllDay"]:
        end = item.ends_at.astimezone(find_zone(zone)).replace(tzinfo=None)
    last = end - timedelta(days=1) if content["isAllDay"] else end
    people = [a for a in item.attendees if a.key != item.event.organizer.key]
    return EventForm(
        title=content["subject"],
        attendees=", ".join(a.address for a in people),
        start_date=start.date().isoformat(),
        start_time=f"{start:%H:%M}",
        end_date=last.date().isoformat(),
        end_time=f"{end:%H:%M}",
        all_day=content["isAllDay"],
        zone=zone,
        location="; ".join(p["displayName"] for p in content["locations"]),
        description=_description(item),
        show_as=content["showAs"],
        reminder=_reminder(content),
        repeat="keep" if content["recurrence"] else "none",
        categories=", ".join(content["categories"]),
        private=content["sensitivity"] == "private",
        online=content["isOnlineMeeting"],
        calendar=item.event.calendar_id,
        names={a.key: a.name for a in people},
    )


def _description(item: Item) -> str:
    """The text without the block that joins an online meeting."""
    text = as_text(item.content["body"]).replace("\r\n", "\n")
    if item.event.online_meeting is not None:
        text = text.partition("_" * 80)[0].rstrip()
    return text


def with_join_block(value: Json, item: Item) -> Json:
    """A changed body keeps its online meeting: without the block that would end."""
    if "body" in value and item.event.online_meeting is not None:
        lines = html.escape(value["body"]["content"], quote=False).replace("\n", "<br>\n")
        content = f"<div>{lines}</div>\n{join_block(item.event.online_meeting)}"
        value["body"] = {"contentType": "html", "content": content}
    return value


def _reminder(content: Json) -> str:
    return str(content["reminderMinutesBeforeStart"]) if content["isReminderOn"] else "none"


def read_form(form: dict[str, str]) -> EventForm:
    return EventForm(
        title=form.get("title", ""),
        attendees=form.get("attendees", ""),
        start_date=form.get("start_date", ""),
        start_time=form.get("start_time", ""),
        end_date=form.get("end_date", ""),
        end_time=form.get("end_time", ""),
        all_day="all_day" in form,
        zone=form.get("zone", "UTC"),
        location=form.get("location", ""),
        description=form.get("description", "").replace("\r\n", "\n"),
        show_as=form.get("show_as", "busy"),
        reminder=form.get("reminder", "15"),
        repeat=form.get("repeat", "none"),
        repeat_until=form.get("repeat_until", ""),
        categories=form.get("categories", ""),
        private="private" in form,
        online="online" in form,
        calendar=form.get("calendar", ""),
    )


def new_event(form: EventForm) -> Json:
    """The whole create; raises ValueError with a sentence."""
    value: Json = {
        "subject": form.title,
        "body": _body(form),
        "location": {"displayName": form.location},
        "showAs": form.show_as,
        "categories": _list(form.categories),
        "sensitivity": "private" if form.private else "normal",
        **_when(form),
        **_reminder_value(form),
    }
    if form.attendees.strip():
        value["attendees"] = _attendees(form)
    if form.online:
        value["isOnlineMeeting"] = True
    if form.repeat not in ("none", "keep"):
        value["recurrence"] = _recurrence(form)
    return value


def changes(before: EventForm, after: EventForm) -> Json:
    """The PATCH: only what the person changed."""
    value: Json = {}
    if after.title != before.title:
        value["subject"] = after.title
    if after.description.strip() != before.description.strip():
        value["body"] = _body(after)
    if after.location.strip() != before.location.strip():
        value["location"] = {"displayName": after.location}
    if after.show_as != before.show_as:
        value["showAs"] = after.show_as
    if after.reminder != before.reminder:
        value |= _reminder_value(after)
    if _list(after.categories) != _list(before.categories):
        value["categories"] = _list(after.categories)
    if after.private != before.private:
        value["sensitivity"] = "private" if after.private else "normal"
    if after.online and not before.online:
        value["isOnlineMeeting"] = True
    if _addresses(after.attendees) != _addresses(before.attendees):
        after.names = before.names
        value["attendees"] = _attendees(after)
    return value | _changed_times(before, after)


def _changed_times(before: EventForm, after: EventForm) -> Json:
    value = _when(after)
    repeats = after.repeat != before.repeat
    if value == _when(before) and not repeats:
        return {}
    if repeats:
        value["recurrence"] = None if after.repeat == "none" else _recurrence(after)
    if value["isAllDay"] == before.all_day:
        del value["isAllDay"]
    return value


def _body(form: EventForm) -> Json:
    return {"contentType": "text", "content": form.description}


def _list(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;]", text) if part.strip()]


def _addresses(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\s]+", text) if part.strip()]


def _attendees(form: EventForm) -> list[Json]:
    return [
        {
            "type": "required",
            "emailAddress": {"address": a, "name": form.names.get(a.casefold(), a)},
        }
        for a in _addresses(form.attendees)
    ]


def _reminder_value(form: EventForm) -> Json:
    if form.reminder == "none":
        return {"isReminderOn": False}
    return {"isReminderOn": True, "reminderMinutesBeforeStart": int(form.reminder)}


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name} needs a date.") from None


def _when(form: EventForm) -> Json:
    """The form's last day of an all-day event is the day before Graph's exclusive end."""
    first, last = _day(form.start_date, "Start"), _day(form.end_date, "End")
    if form.all_day:
        last += timedelta(days=1)
        start, end = f"{first}T00:00:00", f"{last}T00:00:00"
    else:
        start = f"{first}T{_time(form.start_time, 'Start')}:00"
        end = f"{last}T{_time(form.end_time, 'End')}:00"
    return {
        "start": {"dateTime": start, "timeZone": form.zone},
        "end": {"dateTime": end, "timeZone": form.zone},
        "isAllDay": form.all_day,
    }


def _time(text: str, name: str) -> str:
    if not re.fullmatch(r"\d\d:\d\d(:\d\d)?", text):
        raise ValueError(f"{name} needs a time.")
    return text[:5]


def _recurrence(form: EventForm) -> Json:
    first = _day(form.start_date, "Start")
    pattern: Json = {"type": form.repeat, "interval": 1}
    if form.repeat == "weekly":
        pattern["daysOfWeek"] = [_WEEKDAYS[first.weekday()]]
    elif form.repeat == "weekdays":
        pattern |= {"type": "weekly", "daysOfWeek": list(_WEEKDAYS[:5])}
    elif form.repeat == "absoluteMonthly":
        pattern["dayOfMonth"] = first.day
    elif form.repeat == "absoluteYearly":
        pattern |= {"dayOfMonth": first.day, "month": first.month}
    span: dict[str, Any] = {"type": "noEnd", "startDate": first.isoformat()}
    if form.repeat_until:
        until = _day(form.repeat_until, "Until")
        span |= {"type": "endDate", "endDate": until.isoformat()}
    return {"pattern": pattern, "range": span}
