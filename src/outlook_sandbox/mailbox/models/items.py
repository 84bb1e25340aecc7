"""Items: what a view shows. A single event, a master, or one instance of a series."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.exceptions import item_not_found, occurrence_deleted
from outlook_sandbox.mailbox.models.event import Attendee, Event, Override, dated_uid
from outlook_sandbox.mailbox.models.mailbox import Mailbox, occurrence_id
from outlook_sandbox.mailbox.models.recurrence import Rule, dates_between, first_date
from outlook_sandbox.mailbox.models.times import combine, instant_of, moment, wall_of


@dataclass(frozen=True)
class Item:
    event: Event
    day: date | None = None
    """For an instance: the date of its original slot."""

    @cached_property
    def override(self) -> Override | None:
        return None if self.day is None else self.event.overrides.get(self.day.isoformat())

    @property
    def type(self) -> str:
        if self.day is None:
            return "seriesMaster" if self.event.is_series else "singleInstance"
        return "exception" if self.override else "occurrence"

    @property
    def id(self) -> str:
        return self.event.id if self.day is None else occurrence_id(self.event.id, self.day)

    @property
    def immutable_id(self) -> str:
        own = self.event.immutable_id
        return own if self.day is None else occurrence_id(own, self.day)

    @property
    def ical_uid(self) -> str:
        return self.event.ical_uid if self.day is None else dated_uid(self.event.uid, self.day)

    @cached_property
    def content(self) -> Json:
        if self.day is None:
            return self.event.content
        content = self.event.content | slot_of(self.event, self.day) | {"recurrence": None}
        return content | self.override.content if self.override else content

    @property
    def attendees(self) -> list[Attendee]:
        if self.override is not None and self.override.attendees is not None:
            return self.override.attendees
        return self.event.attendees

    @property
    def response(self) -> str:
        own = self.override.response if self.override else None
        return own or self.event.response

    @property
    def responded_at(self) -> datetime | None:
        if self.override is not None and self.override.response is not None:
            return self.override.responded_at
        return self.event.responded_at

    @property
    def is_cancelled(self) -> bool:
        return self.event.is_cancelled or bool(self.override and self.override.is_cancelled)

    @cached_property
    def starts_at(self) -> datetime:
        return instant_of(self.content["start"], floating=self.content["isAllDay"])

    @cached_property
    def ends_at(self) -> datetime:
        return instant_of(self.content["end"], floating=self.content["isAllDay"])

    def overlaps(self, low: datetime, high: datetime) -> bool:
        if self.starts_at == self.ends_at:
            return low <= self.starts_at < high
        return self.starts_at < high and self.ends_at > low

    @property
    def original_start(self) -> datetime | None:
        if self.day is None:
            return None
        slot = slot_of(self.event, self.day)
        return instant_of(slot["start"], floating=self.event.content["isAllDay"])


def slot_of(event: Event, day: date) -> Json:
    """Start and end of the slot on `day`: the master's time of day and duration."""
    start, end = wall_of(event.content["start"]), wall_of(event.content["end"])
    begins = combine(day, start)
    return {
        "start": moment(begins, event.content["start"]["timeZone"]),
        "end": moment(begins + (end - start), event.content["end"]["timeZone"]),
    }


def rule_of(event: Event) -> Rule:
    return Rule.of(event.content["recurrence"])


def find_item(mailbox: Mailbox, item_id: str, deleted_code: str = "ErrorItemNotFound") -> Item:
    event, day = mailbox.find(item_id)
    if day is not None:
        if day.isoformat() in event.deleted_dates:
            raise occurrence_deleted(deleted_code)
        if day.isoformat() not in event.overrides and not yields(event, day):
            raise item_not_found()
    return Item(event, day)


def yields(event: Event, day: date) -> bool:
    return day in dates_between(rule_of(event), day, day)


def slots(event: Event, low: date, high: date) -> Iterator[date]:
    """Dates of a series that are not deleted."""
    return (
        day
        for day in dates_between(rule_of(event), low, high)
        if day.isoformat() not in event.deleted_dates
    )


def instances(event: Event, low: datetime, high: datetime) -> list[Item]:
    """What of an event lies in a window; never a master."""
    if event.span is not None:
        if event.span[0] > high.timestamp() or event.span[1] < low.timestamp():
            return []
        item = Item(event)
        return [item] if item.overlaps(low, high) else []
    duration = wall_of(event.content["end"]) - wall_of(event.content["start"])
    first = (low - duration - timedelta(days=2)).date()
    last = (high + timedelta(days=2)).date()
    days = {day for day in slots(event, first, last) if day.isoformat() not in event.overrides}
    days.update(date.fromisoformat(day) for day in event.overrides)
    found = [item for day in sorted(days) if (item := Item(event, day)).overlaps(low, high)]
    return sorted(found, key=lambda item: item.starts_at)


def view(mailbox: Mailbox, calendar_id: str, low: datetime, high: datetime) -> list[Item]:
    near = (mailbox.events[event_id] for event_id in mailbox.spans.between(low, high))
    events = (event for event in near if event.calendar_id == calendar_id)
    found = [item for event in events for item in instances(event, low, high)]
    return sorted(found, key=lambda item: (item.starts_at, item.id))


def neighbours(event: Event, day: date) -> tuple[Item | None, Item | None]:
    """The instances before and after the one of `day`, as they stand."""
    rule = rule_of(event)
    first = first_date(rule) or day
    before = [d for d in slots(event, first, day) if d < day]
    # A window of nine years holds the next instance of every pattern that Outlook can make.
    after = next((d for d in slots(event, day, _later(day)) if d > day), None)
    return (
        Item(event, before[-1]) if before else None,
        Item(event, after) if after else None,
    )


def _later(day: date) -> date:
    return min(day + timedelta(days=365 * 9), date(2200, 12, 31))
