"""Graph's answers carry every key of the documented examples, with the same JSON type."""

from typing import Any
from uuid import uuid4

import pytest

from contract.examples import body, differences, load, response
from sandbox.ledger import covers
from sandbox.world import Person, at, event, weekly

WINDOW = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z"


def fresh(value: dict[str, Any]) -> dict[str, Any]:
    """A mailbox remembers transaction ids, also those of earlier runs."""
    return value | ({"transactionId": str(uuid4())} if "transactionId" in value else {})


@pytest.mark.parametrize(
    "name",
    [
        "user-post-events.01",
        "user-post-events.02",
        "user-post-events.03",
        "user-post-events.04",
        "outlook-calendar-online-meetings.02",
        "outlook-calendar-meeting-proposals.01",
        "singlevaluelegacyextendedproperty-post-singlevalueextendedproperties.01",
    ],
)
@covers("event.defaults", "event.keys", "operations.create")
def test_create(ana: Person, name: str) -> None:
    """The example's own request, sent as it is printed."""
    example = load(name)
    prefer = example["request"]["headers"].get("Prefer", "")
    value = fresh(example["request"]["body"])
    found = ana.request("POST", "/me/events", value, Prefer=prefer)
    expected = example["response"] or {"status": 201, "body": {}}
    assert found.status_code == expected["status"]
    assert differences(expected["body"], found.json()) == []


@pytest.mark.parametrize(
    "name",
    [
        "calendar-post-events.01",
        "calendar-post-events.02",
        "outlook-create-event-in-shared-delegated-calendar.02",
    ],
)
@covers("operations.create")
def test_create_in_a_calendar(ana: Person, name: str) -> None:
    example = load(name)
    calendar = ana.get("/me/calendar")["id"]
    path = f"/me/calendars/{calendar}/events"
    found = ana.request("POST", path, fresh(example["request"]["body"]))
    assert found.status_code == 201
    assert differences(example["response"]["body"], found.json()) == []


SELECT_1 = "subject,body,bodyPreview,organizer,attendees,start,end,location,hideAttendees"
SELECT_2 = "subject,body,bodyPreview,organizer,attendees,start,end,location,locations"
PROPOSAL = "/attendees[]/proposedNewTime"
LIST_ITEM = "/value[]/locations"


@pytest.mark.parametrize(
    ("name", "select", "ignore"),
    [
        # The example answers with `locations`, which its own $select does not name.
        ("event-get.01", SELECT_1, {"/locations"}),
        ("event-get.02", SELECT_2, {"/locations[]/uniqueId"}),
        (
            "outlook-calendar-online-meetings.03",
            "isOnlineMeeting,onlineMeetingProvider,onlineMeeting",
            set(),
        ),
    ],
)
@covers("event.prefer-zone", "event.teams", "operations.get")
def test_get(ana: Person, name: str, select: str, ignore: set[str]) -> None:
    made = ana.create(event("Planning", "bo@contoso.com", isOnlineMeeting=True))
    prefer = 'outlook.timezone="Pacific Standard Time"'
    found = ana.request("GET", f"/me/events/{made['id']}?$select={select}", Prefer=prefer)
    assert differences(body(name), found.json(), ignore=frozenset(ignore)) == []
    assert found.headers["preference-applied"] == prefer


@covers("event.keys", "operations.get")
def test_get_whole(ana: Person) -> None:
    made = ana.create(event("Dinner", "bo@contoso.com"))
    found = ana.get(f"/me/calendar/events/{made['id']}")
    name = "outlook-create-event-in-shared-delegated-calendar.06"
    assert differences(body(name), found) == []


@covers("event.attendee-copy")
def test_attendee_copy(ana: Person, bo: Person) -> None:
    ana.create(event("Dinner", bo.email))
    copy = bo.only_event()
    message = body("outlook-create-event-in-shared-delegated-calendar.03")
    assert differences(message["event"], copy) == []


@covers("operations.cancelled-copy")
def test_cancelled_copy(ana: Person, bo: Person) -> None:
    made = ana.create(event("Daily", bo.email))
    ana.delete(f"/me/events/{made['id']}")
    select = "subject,isAllDay,isCancelled,isOrganizer,onlineMeetingUrl,responseStatus,start,end"
    found = bo.get(f"/me/calendarView?{WINDOW}&$select={select}")
    assert differences(body("event.attendee-copy-cancelled"), found) == []
    assert found["value"][0]["isCancelled"] is True


@pytest.mark.parametrize(
    "name",
    [
        "event-update.01",
        "outlook-calendar-meeting-proposals.05",
        "outlook-calendar-online-meetings.04",
    ],
)
@covers("event.keys", "operations.update")
def test_update(ana: Person, name: str) -> None:
    example = load(name)
    made = ana.create(event())
    change = example["request"]["body"] | {"recurrence": None}
    found = ana.request("PATCH", f"/me/events/{made['id']}", change)
    assert found.status_code == example["response"]["status"]
    assert differences(example["response"]["body"], found.json()) == []


@covers("operations.proposal")
def test_proposal_in_the_tally(ana: Person, bo: Person) -> None:
    ana.create(event("Lunch", bo.email))
    example = load("outlook-calendar-meeting-proposals.02")
    path = f"/me/events/{bo.only_event()['id']}/tentativelyAccept"
    found = bo.request("POST", path, example["request"]["body"])
    assert found.status_code == example["response"]["status"]
    shown = ana.get(f"/me/events/{ana.only_event()['id']}")
    assert differences(body("outlook-calendar-meeting-proposals.04"), shown) == []


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("event-accept.01", "accept"),
        ("event-tentativelyaccept.01", "tentativelyAccept"),
        ("event-decline.01", "decline"),
        ("outlook-create-event-in-shared-delegated-calendar.04", "tentativelyAccept"),
    ],
)
@covers("operations.accept")
def test_answers(ana: Person, bo: Person, name: str, verb: str) -> None:
    ana.create(event("Lunch", bo.email))
    example = load(name)
    value = {k: v for k, v in example["request"]["body"].items() if k != "proposedNewTime"}
    found = bo.request("POST", f"/me/events/{bo.only_event()['id']}/{verb}", value)
    assert (found.status_code, found.content) == (example["response"]["status"], b"")


@pytest.mark.parametrize("name", ["event-cancel.01", "event-forward.01"])
@covers("operations.cancel", "operations.forward")
def test_organizer_actions(ana: Person, name: str) -> None:
    made = ana.create(event("Lunch", "bo@contoso.com"))
    example = load(name)
    verb = example["request"]["url"].rpartition("/")[2]
    found = ana.request("POST", f"/me/events/{made['id']}/{verb}", example["request"]["body"])
    assert (found.status_code, found.content) == (example["response"]["status"], b"")


@covers("operations.delete")
def test_delete(ana: Person) -> None:
    made = ana.create(event())
    found = ana.request("DELETE", f"/me/events/{made['id']}")
    assert (found.status_code, found.content) == (response("event-delete.01")["status"], b"")


@covers("operations.reminders")
def test_reminder_actions(ana: Person) -> None:
    path = f"/me/events/{ana.create(event())['id']}"
    snooze = {"newReminderTime": at("2026-12-01T08:55")}
    found = ana.request("POST", path + "/snoozeReminder", snooze)
    assert found.status_code == response("event-snoozereminder.01")["status"]
    found = ana.request("POST", path + "/dismissReminder")
    assert found.status_code == response("event-dismissreminder.01")["status"]


@covers("operations.list", "operations.view")
def test_lists(ana: Person) -> None:
    ana.create(event("Orientation", "bo@contoso.com"))
    select = "subject,body,bodyPreview,organizer,attendees,start,end,location"
    found = ana.get(f"/me/events?$select={select}")
    assert differences(body("user-list-events.01"), found, ignore=frozenset({LIST_ITEM})) == []
    view = ana.get(f"/me/calendarView?{WINDOW}")
    assert differences(body("user-list-calendarview.01"), view) == []
    assert differences(body("calendar-list-calendarview.01"), view) == []


@covers("operations.instances")
def test_instances(ana: Person) -> None:
    made = ana.create(event("Review", **weekly()))
    select = "subject,bodyPreview,seriesMasterId,type,recurrence,start,end"
    found = ana.get(f"/me/events/{made['id']}/instances?{WINDOW}&$select={select}")
    assert differences(body("event-list-instances.01"), found) == []


@covers("event.cancelled", "event.exceptions")
def test_series_with_exceptions_and_deleted_dates(ana: Person) -> None:
    made = ana.create(event("Stand-up", **weekly()))
    days = ana.get(f"/me/events/{made['id']}/instances?{WINDOW}")["value"]
    ana.patch(f"/me/events/{days[1]['id']}", {"subject": "Special"})
    ana.delete(f"/me/events/{days[2]['id']}")
    name = "event.series-exceptions-cancelled"
    query = load(name)["request"]["url"].partition("?")[2]
    found = ana.get(f"/me/events/{made['id']}/?{query}")
    assert differences(body(name), found) == []
