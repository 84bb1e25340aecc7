"""Changing an event, a series or one occurrence (operations.md §3, §5)."""

import copy
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.exceptions import (
    crossing_boundary,
    invalid_request,
    property_validation,
)
from outlook_sandbox.mailbox.models.create import resolved, write_properties
from outlook_sandbox.mailbox.models.draft import (
    Draft,
    check_when,
    read_draft,
    settle_recurrence,
    stored_zones,
)
from outlook_sandbox.mailbox.models.event import WHEN_FIELDS, Attendee, Event, Override
from outlook_sandbox.mailbox.models.items import Item, neighbours, rule_of
from outlook_sandbox.mailbox.models.mailbox import Mailbox
from outlook_sandbox.mailbox.models.recurrence import dates_between
from outlook_sandbox.mailbox.models.teams import settle_online_meeting
from outlook_sandbox.mailbox.models.times import day_of, shown_in, wall_of
from outlook_sandbox.mailbox.models.updates_mail import Before, mail_update
from outlook_sandbox.mailbox.models.zones import same_zone

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.identity.models import Account
    from outlook_sandbox.sandbox import Sandbox


def update_item(
    sandbox: "Sandbox", account: "Account", mailbox: Mailbox, item: Item, value: Any
) -> Item:
    """Changes what the request names. An attendee's PATCH stays in their own mailbox."""
    draft = read_draft(sandbox, value)
    event = item.event
    before = Before.of(item)
    if item.day is None:
        _update_whole(sandbox, account, event, draft)
    else:
        _update_occurrence(sandbox, account, item, draft)
    mailbox.touch(sandbox, event)
    changed = Item(event, item.day)
    if event.is_organizer:
        mail_update(sandbox, before, changed, draft)
    return changed


def _update_whole(sandbox: "Sandbox", account: "Account", event: Event, draft: Draft) -> None:
    content = copy.deepcopy(event.content | draft.content)
    _settle_series_start(event, draft, content)
    check_when(sandbox, content)
    if "recurrence" in draft.content or WHEN_FIELDS & draft.content.keys():
        settle_recurrence(sandbox, content)
    previous, event.content = event.content, content
    if {"start", "end"} & draft.content.keys():
        event.stored_zones = stored_zones(sandbox, content)
    if draft.attendees is not None:
        people = [resolved(sandbox, account, parts) for parts in draft.attendees]
        event.attendees = merged_attendees(event.attendees, people)
    write_properties(event.extended, draft)
    for extension in draft.extensions:
        event.extensions[extension["extensionName"]] = extension
    settle_online_meeting(sandbox, account, event)
    _settle_overrides(sandbox, event, previous)
    if "reminderMinutesBeforeStart" in draft.content or _when(previous) != _when(content):
        event.reminder_at, event.reminder_dismissed = None, False


def _settle_series_start(event: Event, draft: Draft, content: Json) -> None:
    """A series whose time moves without a new rule keeps its rule, from its new first day."""
    found = content.get("recurrence")
    if found is None or "recurrence" in draft.content:
        return
    for name in ("start", "end"):
        named = draft.content.get(name)
        if named and not same_zone(named["timeZone"], event.content[name]["timeZone"]):
            # Another zone needs `recurrence` too (event.md §4).
            raise property_validation()
    if "start" in draft.content:
        found["range"]["startDate"] = day_of(content["start"]).isoformat()


def _when(content: Json) -> list[Any]:
    return [content[name] for name in sorted(WHEN_FIELDS)]


def _settle_overrides(sandbox: "Sandbox", event: Event, previous: Json) -> None:
    """A new time or rule drops exceptions and deletions (operations.md §5)."""
    if not event.is_series:
        event.overrides, event.deleted_dates = {}, []
        return
    if previous["recurrence"] is None:
        return
    drops = sandbox.switches.series_change_drops_exceptions
    rule_changed = (
        previous["recurrence"]["pattern"] != event.content["recurrence"]["pattern"]
        or previous["recurrence"]["range"]["startDate"]
        != event.content["recurrence"]["range"]["startDate"]
    )
    time_changed = any(previous[n] != event.content[n] for n in ("start", "end", "isAllDay"))
    if (drops == "always" and (rule_changed or time_changed)) or (
        drops == "pattern" and rule_changed
    ):
        event.overrides, event.deleted_dates = {}, []
        return
    event.overrides = {d: o for d, o in event.overrides.items() if _still_there(event, d)}
    event.deleted_dates = [d for d in event.deleted_dates if _still_there(event, d)]
    if not sandbox.switches.exceptions_follow_master:
        for override in event.overrides.values():
            frozen = {k: v for k, v in previous.items() if k not in WHEN_FIELDS}
            override.content = frozen | override.content


def _still_there(event: Event, day: str) -> bool:
    wanted = date.fromisoformat(day)
    return wanted in dates_between(rule_of(event), wanted, wanted)


def merged_attendees(present: list[Attendee], wanted: list[Attendee]) -> list[Attendee]:
    """The new list, whole; people who stay keep their answers."""
    known = {attendee.key: attendee for attendee in present}
    merged = []
    for attendee in wanted:
        if (before := known.get(attendee.key)) is not None:
            attendee.response = before.response
            attendee.responded_at = before.responded_at
            attendee.proposed = before.proposed
        merged.append(attendee)
    return merged


def _update_occurrence(sandbox: "Sandbox", account: "Account", item: Item, draft: Draft) -> None:
    assert item.day is not None
    event, day = item.event, item.day
    if draft.content.get("recurrence") is not None:
        raise invalid_request("Recurrence cannot be set on an occurrence of a series.")
    draft.content.pop("recurrence", None)
    content = item.content | draft.content
    check_when(sandbox, content)
    if {"start", "end"} & draft.content.keys():
        _check_boundary(event, day, content)
    now = sandbox.now()
    override = event.overrides.get(day.isoformat()) or Override(
        content={}, created_at=now, modified_at=now
    )
    override.content |= draft.content
    override.modified_at = now
    if draft.attendees is not None:
        people = [resolved(sandbox, account, parts) for parts in draft.attendees]
        override.attendees = merged_attendees(item.attendees, people)
    write_properties(override.extended, draft)
    event.overrides[day.isoformat()] = override


def _check_boundary(event: Event, day: date, content: Json) -> None:
    """Not onto or past the day of a neighbour, nor into it (operations.md §5)."""
    zone = event.content["start"]["timeZone"]
    before, after = neighbours(event, day)
    starts, ends = _walls(content, zone)
    if before is not None:
        previous_start, previous_end = _walls(before.content, zone)
        if starts.date() <= previous_start.date() or starts < previous_end:
            raise crossing_boundary()
    if after is not None:
        next_start, _ = _walls(after.content, zone)
        if starts.date() >= next_start.date() or ends > next_start:
            raise crossing_boundary()


def _walls(content: Json, zone: str) -> tuple[datetime, datetime]:
    """Start and end on the clocks of the series' zone."""
    floating = content["isAllDay"]
    start, end = (shown_in(content[name], zone, floating=floating) for name in ("start", "end"))
    return wall_of(start), wall_of(end)
