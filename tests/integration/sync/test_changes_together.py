"""Changes of Outlook that come in together leave everything as if each had come in alone."""

from typing import Any

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.calendars.values import personal_values, shared_values
from leansoft.sync.models import EventLink, SyncAction
from support.company import Company
from support.outlook import people

ANA, EVE = "ana@elsewhere.org", "eve@elsewhere.org"
LATER = {"dateTime": "2030-03-05T09:00:00", "timeZone": "Europe/Paris"}
CHANGES: dict[str, dict[str, Any]] = {
    "Renamed": {"subject": "Another name"},
    "Moved": {"start": LATER, "end": {**LATER, "dateTime": "2030-03-05T11:00:00"}},
    "Told": {"body": {"contentType": "html", "content": "<p>The <b>agenda</b></p>"}},
    "Shown": {"showAs": "free", "categories": ["Red"], "isReminderOn": False},
    "Marked": {"importance": "high", "sensitivity": "private"},
    "Joined": {"attendees": people(ANA, EVE), "location": {"displayName": "Room 4"}},
    "Left": {"attendees": []},
    "Edited on both sides": {"subject": "Outlook's", "importance": "high"},
    "Edited here too": {"subject": "By Outlook"},
    "All day": {
        "isAllDay": True,
        "start": {"dateTime": "2030-03-05T00:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2030-03-06T00:00:00", "timeZone": "UTC"},
    },
}
MANY = [f"Plan {number}" for number in range(40)]


def change(company: Company, user: User) -> None:
    """Both calendars hold the same; then Outlook's changes, and ours of two events."""
    company.start(user)
    outlook = company.outlook(user)
    made = {name: outlook.create(name, attendees=people(ANA))["id"] for name in CHANGES}
    made["Becomes a series"] = outlook.create("Becomes a series")["id"]
    company.sync(user)
    company.edit(company.event(user, "Edited on both sides"), user, subject="Ours")
    company.edit(company.event(user, "Edited here too"), user, location="Room 5")
    for name, fields in CHANGES.items():
        outlook.ask("PATCH", f"/me/events/{made[name]}", fields)
    reach = {"type": "numbered", "startDate": "2030-03-04", "numberOfOccurrences": 3}
    daily = {"pattern": {"type": "daily", "interval": 1}, "range": reach}
    outlook.ask("PATCH", f"/me/events/{made['Becomes a series']}", {"recurrence": daily})


def journal(user: User) -> list[dict[str, Any]]:
    """The last round's, without what names this user's own rows."""
    run = user.mailbox.runs.latest("queued_at")
    own = {"id", "run_id", "event_id", "at"}
    rows: list[dict[str, Any]] = [
        {name: value for name, value in row.items() if name not in own}
        for row in SyncAction.objects.filter(run=run).values()
    ]
    for row in rows:
        row["mails"] = [{**mail, "event": None} for mail in row["mails"]]
        row["changed_at"] = row["changed_at"] is not None
    return sorted(rows, key=repr)


def events(user: User) -> list[dict[str, Any]]:
    found = Event.objects.filter(participants__user=user, participants__is_organizer=True)
    return [
        {
            "values": {**shared_values(event), **personal_values(event.organizer)},
            "html": event.description_html,
            "edited": sorted(event.edited_at),
            "version": event.version,
        }
        for event in found.order_by("subject")
    ]


def links(user: User) -> list[dict[str, Any]]:
    names = ("state", "epoch", "incarnation", "base", "intent", "refusal", "refused_dates")
    rows = EventLink.objects.filter(mailbox__user=user).order_by("event__subject")
    return list(rows.values(*names, "planned_version", "remote_changed"))


def test_together_and_one_by_one_end_alike(company: Company, alice: User, bob: User) -> None:
    for user in (alice, bob):
        change(company, user)
    company.sync(alice)
    company.pull(bob)
    company.settle(bob)
    assert journal(alice) == journal(bob)
    assert events(alice) == events(bob)
    assert links(alice) == links(bob)
    assert len(journal(alice)) == len(CHANGES) + 2
    assert company.sync(alice).actions.count() == company.sync(bob).actions.count() == 0


def test_colleagues_hear_of_what_came_in_together(company: Company, alice: User, bob: User) -> None:
    company.start(alice)
    company.start(bob)
    for name in MANY[:3]:
        company.outlook(alice).create(name, attendees=people(bob.email))
    company.sync(alice)
    company.sync(bob)
    for name in MANY[:3]:
        company.outlook(alice).update(name, categories=["Red"], location={"displayName": "Room 4"})
    company.sync(alice)
    company.sync(bob)
    assert {event.location for event in Event.objects.all()} == {"Room 4"}
    assert company.sync(bob).actions.count() == company.sync(alice).actions.count() == 0


def test_changes_come_in_together(
    company: Company, alice: User, django_assert_max_num_queries: Any
) -> None:
    company.start(alice)
    outlook = company.outlook(alice)
    for name in MANY:
        outlook.create(name)
    company.sync(alice)
    for name in MANY:
        outlook.update(name, location={"displayName": "Room 4"})
    company.pull(alice)
    with django_assert_max_num_queries(120):
        assert company.sync(alice).actions.count() == len(MANY)
    assert {event.location for event in Event.objects.all()} == {"Room 4"}
