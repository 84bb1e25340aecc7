"""Routes below `/me` or `/users/{id}`; a star stands for an id.

A route that begins with `calendar` is also reached as `calendars/{id}` and through a calendar
group; routes of events and views are reached with and without a calendar (operations.md §1).
"""

from collections.abc import Callable
from dataclasses import dataclass

from outlook_sandbox.http import Answer
from outlook_sandbox.mailbox.responses import calendars, delta, events, extras, messages, settings
from outlook_sandbox.mailbox.visit import Visit

Handler = Callable[[Visit], Answer]
BASIC, READ, WRITE = "Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    pattern: tuple[str, ...]
    handler: Handler
    scope: str


def _routes(*rows: tuple[str, str, Handler, str]) -> list[Route]:
    return [
        Route(method, tuple(path.casefold().split("/")) if path else (), handler, scope)
        for method, path, handler, scope in rows
    ]


OWNER_ROUTES = _routes(
    ("GET", "", settings.profile, "User.Read"),
    ("GET", "calendars", calendars.list_calendars, BASIC),
    ("POST", "calendars", calendars.create_calendar, WRITE),
    ("GET", "calendarGroups", calendars.list_groups, BASIC),
    ("GET", "mailboxSettings", settings.mailbox_settings, "MailboxSettings.Read"),
    ("PATCH", "mailboxSettings", settings.update_mailbox_settings, "MailboxSettings.ReadWrite"),
    ("GET", "mailboxSettings/*", settings.mailbox_setting, "MailboxSettings.Read"),
    ("GET", "outlook/supportedTimeZones", settings.supported_time_zones, "User.Read"),
    ("GET", "outlook/masterCategories", settings.list_categories, "MailboxSettings.Read"),
    ("POST", "outlook/masterCategories", settings.create_category, "MailboxSettings.ReadWrite"),
    ("GET", "outlook/masterCategories/*", settings.get_category, "MailboxSettings.Read"),
    ("PATCH", "outlook/masterCategories/*", settings.update_category, "MailboxSettings.ReadWrite"),
    ("DELETE", "outlook/masterCategories/*", settings.delete_category, "MailboxSettings.ReadWrite"),
    ("GET", "reminderView", extras.reminder_view, READ),
    ("GET", "messages", messages.list_messages, "Mail.Read"),
    ("GET", "messages/*", messages.get_message, "Mail.Read"),
    ("POST", "translateExchangeIds", extras.translate_ids, "User.Read"),
)

CALENDAR_ROUTES = _routes(
    ("GET", "", calendars.get_calendar, BASIC),
    ("PATCH", "", calendars.update_calendar, WRITE),
    ("DELETE", "", calendars.delete_calendar, WRITE),
    ("POST", "getSchedule", extras.get_schedule, BASIC),
)

EVENT_ROUTES = _routes(
    ("GET", "events", events.list_events, BASIC),
    ("POST", "events", events.create, WRITE),
    ("GET", "events/delta", delta.calendar_view_delta, READ),
    ("GET", "events/$count", events.count_events, BASIC),
    ("GET", "calendarView", events.calendar_view, BASIC),
    ("GET", "calendarView/delta", delta.calendar_view_delta, READ),
    ("GET", "events/*", events.get, BASIC),
    ("PATCH", "events/*", events.update, WRITE),
    ("DELETE", "events/*", events.delete, WRITE),
    ("GET", "events/*/instances", events.list_instances, BASIC),
    ("GET", "events/*/calendar", events.event_calendar, BASIC),
    ("POST", "events/*/accept", events.accept, WRITE),
    ("POST", "events/*/tentativelyAccept", events.tentatively_accept, WRITE),
    ("POST", "events/*/decline", events.decline, WRITE),
    ("POST", "events/*/cancel", events.cancel, WRITE),
    ("POST", "events/*/forward", events.forward_event, READ),
    ("POST", "events/*/permanentDelete", events.delete, WRITE),
    ("POST", "events/*/dismissReminder", events.dismiss_reminder, WRITE),
    ("POST", "events/*/snoozeReminder", events.snooze_reminder, WRITE),
    ("POST", "events/*/extensions", extras.add_extension, WRITE),
    ("GET", "events/*/extensions/*", extras.get_extension, READ),
    ("PATCH", "events/*/extensions/*", extras.update_extension, WRITE),
    ("DELETE", "events/*/extensions/*", extras.delete_extension, WRITE),
    ("GET", "events/*/attachments", extras.list_attachments, READ),
    ("POST", "events/*/attachments", extras.add_attachment, WRITE),
    ("GET", "events/*/attachments/*", extras.get_attachment, READ),
    ("DELETE", "events/*/attachments/*", extras.delete_attachment, WRITE),
)
