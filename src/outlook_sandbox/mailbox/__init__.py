"""Mailboxes: calendars, events, meetings between mailboxes, delta (event.md, operations.md)."""
