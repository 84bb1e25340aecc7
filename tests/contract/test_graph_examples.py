"""Graph's answers carry every key of the documented examples, with the same JSON type."""

from typing import Any

import pytest

from contract.examples import body, differences, load, response
from sandbox.world import Person, World, at, event, weekly

WINDOW = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z"


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
def test_create(ana: Person, name: str) -> None:
    """The example's own request, sent as it is printed."""
    example = load(name)
    prefer = example["request"]["headers"].get("Prefer", "")
    found = ana.request("POST", "/me/events", example["request"]["body"], Prefer=prefer)
    expected = example["response"] or {"status": 201, "body": {}}
    assert found.status_code == expected["status"]
    assert differences(expected["body"], found.json()) == []


@pytest.mark.parametrize("name", ["calendar-post-events.01", "calendar-post-events.02"])
def test_create_in_a_calendar(ana: Person, name: str) -> None:
    example = load(name)
    calendar = ana.get("/me/calendar")["id"]
    path = f"/me/calendars/{calendar}/events"
    found = ana.request("POST", path, example["request"]["body"])
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
def test_get(ana: Person, name: str, select: str, ignore: set[str]) -> None:
    made = ana.create(event("Planning", "bo@contoso.com", isOnlineMeeting=True))
    prefer = 'outlook.timezone="Pacific Standard Time"'
    found = ana.request("GET", f"/me/events/{made['id']}?$select={select}", Prefer=prefer)
    assert differences(body(name), found.json(), ignore=frozenset(ignore)) == []
    assert found.headers["preference-applied"] == prefer


def test_get_whole(ana: Person) -> None:
    made = ana.create(event("Dinner", "bo@contoso.com"))
    found = ana.get(f"/me/calendar/events/{made['id']}")
    name = "outlook-create-event-in-shared-delegated-calendar.06"
    assert differences(body(name), found) == []


def test_attendee_copy(ana: Person, bo: Person) -> None:
    ana.create(event("Dinner", bo.email))
    copy = bo.only_event()
    message = body("outlook-create-event-in-shared-delegated-calendar.03")
    assert differences(message["event"], copy) == []


def test_cancelled_copy(ana: Person, bo: Person) -> None:
    made = ana.create(event("Daily", bo.email))
    ana.delete(f"/me/events/{made['id']}")
    select = "subject,isAllDay,isCancelled,isOrganizer,onlineMeetingUrl,responseStatus,start,end"
    found = bo.get(f"/me/calendarView?{WINDOW}&$select={select}")
    assert differences(body("event.attendee-copy-cancelled"), found) == []
    assert found["value"][0]["isCancelled"] is True


def test_update(ana: Person) -> None:
    example = load("event-update.01")
    made = ana.create(event())
    change = example["request"]["body"] | {"recurrence": None}
    found = ana.request("PATCH", f"/me/events/{made['id']}", change)
    assert found.status_code == example["response"]["status"]
    assert differences(example["response"]["body"], found.json()) == []


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
    ],
)
def test_answers(ana: Person, bo: Person, name: str, verb: str) -> None:
    ana.create(event("Lunch", bo.email))
    example = load(name)
    value = {k: v for k, v in example["request"]["body"].items() if k != "proposedNewTime"}
    found = bo.request("POST", f"/me/events/{bo.only_event()['id']}/{verb}", value)
    assert (found.status_code, found.content) == (example["response"]["status"], b"")


@pytest.mark.parametrize("name", ["event-cancel.01", "event-forward.01"])
def test_organizer_actions(ana: Person, name: str) -> None:
    made = ana.create(event("Lunch", "bo@contoso.com"))
    example = load(name)
    verb = example["request"]["url"].rpartition("/")[2]
    found = ana.request("POST", f"/me/events/{made['id']}/{verb}", example["request"]["body"])
    assert (found.status_code, found.content) == (example["response"]["status"], b"")


def test_delete(ana: Person) -> None:
    made = ana.create(event())
    found = ana.request("DELETE", f"/me/events/{made['id']}")
    assert (found.status_code, found.content) == (response("event-delete.01")["status"], b"")


def test_reminder_actions(ana: Person) -> None:
    path = f"/me/events/{ana.create(event())['id']}"
    snooze = {"newReminderTime": at("2026-12-01T08:55")}
    found = ana.request("POST", path + "/snoozeReminder", snooze)
    assert found.status_code == response("event-snoozereminder.01")["status"]
    found = ana.request("POST", path + "/dismissReminder")
    assert found.status_code == response("event-dismissreminder.01")["status"]


def test_lists(ana: Person) -> None:
    ana.create(event("Orientation", "bo@contoso.com"))
    select = "subject,body,bodyPreview,organizer,attendees,start,end,location"
    found = ana.get(f"/me/events?$select={select}")
    assert differences(body("user-list-events.01"), found, ignore=frozenset({LIST_ITEM})) == []
    view = ana.get(f"/me/calendarView?{WINDOW}")
    assert differences(body("user-list-calendarview.01"), view) == []
    assert differences(body("calendar-list-calendarview.01"), view) == []


def test_instances(ana: Person) -> None:
    made = ana.create(event("Review", **weekly()))
    select = "subject,bodyPreview,seriesMasterId,type,recurrence,start,end"
    found = ana.get(f"/me/events/{made['id']}/instances?{WINDOW}&$select={select}")
    assert differences(body("event-list-instances.01"), found) == []


def test_series_with_exceptions_and_deleted_dates(ana: Person) -> None:
    made = ana.create(event("Stand-up", **weekly()))
    days = ana.get(f"/me/events/{made['id']}/instances?{WINDOW}")["value"]
    ana.patch(f"/me/events/{days[1]['id']}", {"subject": "Special"})
    ana.delete(f"/me/events/{days[2]['id']}")
    name = "event.series-exceptions-cancelled"
    query = load(name)["request"]["url"].partition("?")[2]
    found = ana.get(f"/me/events/{made['id']}/?{query}")
    assert differences(body(name), found) == []


@pytest.mark.parametrize("name", ["delta-query-events.02", "delta-query-events.03"])
def test_delta_pages(ana: Person, name: str) -> None:
    for _ in range(4):
        ana.create(event())
    found = ana.get(f"/me/calendarView/delta?{WINDOW}", Prefer="odata.maxpagesize=2")
    assert differences(body(name), found) == []
    following = ana.get(found["@odata.nextLink"].partition("/v1.0")[2])
    assert differences(body("delta-query-events.04"), following) == []


def test_delta_tombstone(ana: Person) -> None:
    made = ana.create(event())
    found = ana.get(f"/me/calendarView/delta?{WINDOW}")
    ana.delete(f"/me/events/{made['id']}")
    again = ana.get(found["@odata.deltaLink"].partition("/v1.0")[2])
    assert differences(body("delta-query-events.05"), again) == []
    tombstone = body("delta-query-events.05")["value"][0]
    assert again["value"][0].keys() == tombstone.keys()


def test_delta_empty_page(world: World, ana: Person) -> None:
    world.switch(delta_empty_pages=True)
    found = ana.request("GET", f"/me/calendarView/delta?{WINDOW}")
    expected = response("delta.empty-page-with-nextlink")
    assert differences(expected["body"], found.json()) == []
    assert found.json()["value"] == []
    assert found.headers["preference-applied"] == expected["headers"]["preference-applied"]


def test_delta_stub(ana: Person) -> None:
    ana.create(event("Series", **weekly()))
    found = ana.get(f"/me/calendarView/delta?{WINDOW}")
    (stub,) = body("delta.occurrence-stub")["value"]
    assert found["value"][1].keys() == stub.keys()
    assert differences(stub, found["value"][1]) == []


def test_delta_carries_identity_and_reminder(ana: Person) -> None:
    ana.create(event())
    found = ana.get(f"/me/calendarView/delta?{WINDOW}")
    example = {"value": body("event-delta.01")["value"]}
    assert differences(example, found) == []


def test_calendars(ana: Person) -> None:
    assert differences(body("user-list-calendars.01"), ana.get("/me/calendars")) == []
    shared = body("outlook-get-shared-events-calendars.04")
    assert differences(shared, ana.get("/me/calendars")) == []
    assert differences(body("calendar-get.01"), ana.get("/me/calendar")) == []
    assert differences(body("outlook-calendar-online-meetings.01"), ana.get("/me/calendar")) == []
    example = load("user-post-calendars.01")
    made = ana.request("POST", "/me/calendars", example["request"]["body"])
    assert made.status_code == example["response"]["status"]
    assert differences(example["response"]["body"], made.json()) == []
    path = f"/me/calendars/{made.json()['id']}"
    changed = ana.patch(path, load("calendar-update.01")["request"]["body"])
    assert differences(body("calendar-update.01"), changed) == []
    assert ana.request("DELETE", path).status_code == response("calendar-delete.01")["status"]


def test_profile_and_settings(ana: Person) -> None:
    # A person without telephone and job has nulls there.
    missing = frozenset({"/jobTitle", "/mobilePhone", "/officeLocation"})
    assert differences(body("user-get.04"), ana.get("/me"), ignore=missing) == []
    assert differences(body("user-get-mailboxsettings.01"), ana.get("/me/mailboxSettings")) == []
    hours = body("user-get-mailboxsettings.03")
    # The example's zone is a custom one.
    custom = frozenset(
        f"/timeZone/{name}" for name in ("@odata.type", "bias", "standardOffset", "daylightOffset")
    )
    found = ana.get("/me/mailboxSettings/workingHours")
    assert differences(hours, found, ignore=custom) == []


def test_zones_and_categories(ana: Person) -> None:
    zones = ana.get("/me/outlook/supportedTimeZones")
    assert differences(body("outlookuser-supportedtimezones.01"), zones) == []
    path = load("outlookuser-supportedtimezones.02")["request"]["url"].partition("/v1.0")[2]
    assert differences(body("outlookuser-supportedtimezones.02"), ana.get(path)) == []
    example = load("outlookuser-post-mastercategories.01")
    made = ana.request("POST", "/me/outlook/masterCategories", example["request"]["body"])
    assert made.status_code == 201
    assert differences(example["response"]["body"], made.json()) == []
    listed = ana.get("/me/outlook/masterCategories")
    assert differences(body("outlookuser-list-mastercategories.01"), listed) == []


@pytest.mark.parametrize("name", ["calendar-getschedule.01", "outlook-get-free-busy-schedule.01"])
def test_schedule(world: World, ana: Person, name: str) -> None:
    example = load(name)
    asked = {k.casefold(): v for k, v in example["request"]["body"].items()}
    start = asked["starttime"]
    day = start["dateTime"][:10]
    zone = start["timeZone"]
    ana.create(event(start=at(day + "T10:00", zone), end=at(day + "T11:00", zone)))
    asked["schedules"] = [ana.email, "nobody@contoso.com"]
    found = ana.post("/me/calendar/getSchedule", asked, 200)
    expected = {"value": [example["response"]["body"]["value"][0]]}
    custom = frozenset(
        f"/value[]/workingHours/timeZone/{key}"
        for key in ("@odata.type", "bias", "standardOffset", "daylightOffset")
    )
    assert differences(expected, found, ignore=custom) == []
    assert found["value"][1]["error"]["responseCode"] == "5016"


def test_reminder_view(ana: Person) -> None:
    ana.create(event("Picnic"))
    bounds = "startDateTime='2026-12-01T07:00:00',endDateTime='2026-12-01T09:00:00'"
    found = ana.get(f"/me/reminderView({bounds})")
    assert len(found["value"]) == 1
    assert differences(body("user-reminderview.02"), found) == []


def test_translated_ids(ana: Person) -> None:
    made = ana.create(event())
    example = load("outlook-immutable-id.01")
    value = example["request"]["body"] | {"inputIds": [made["id"]]}
    found = ana.post("/me/translateExchangeIds", value, 200)
    assert differences(example["response"]["body"], found) == []


@pytest.mark.parametrize("name", ["event-post-attachments.01"])
def test_attachment(ana: Person, name: str) -> None:
    example = load(name)
    path = f"/me/events/{ana.create(event())['id']}"
    value = {"contentType": "text/plain"} | example["request"]["body"]
    found = ana.request("POST", path + "/attachments", value)
    assert found.status_code == 201
    assert differences(example["response"]["body"], found.json()) == []
    assert ana.get(path)["hasAttachments"] is True


def test_open_extension(ana: Person) -> None:
    example = load("opentypeextension-post-opentypeextension.03")
    path = f"/me/events/{ana.create(event())['id']}/extensions"
    found = ana.request("POST", path, example["request"]["body"])
    assert found.status_code == 201
    assert differences(example["response"]["body"], found.json()) == []


def test_extended_property(ana: Person) -> None:
    name = "singlevaluelegacyextendedproperty-get.03"
    expected = body(name)["singleValueExtendedProperties"]
    made = ana.create(event(singleValueExtendedProperties=expected))
    query = load(name)["request"]["url"].partition("?")[2]
    found = ana.get(f"/me/events/{made['id']}?{query}")
    assert found["singleValueExtendedProperties"] == expected


def test_batch(ana: Person) -> None:
    items = [
        {"id": "1", "method": "GET", "url": "/me/events"},
        {"id": "2", "method": "DELETE", "url": "/me/events/nonsense"},
    ]
    found = ana.post("/$batch", {"requests": items}, 200)
    expected = body("batch.response-2025")["responses"]
    answers: Any = found["responses"]
    headers = frozenset({"/headers", "/body/value", "/body/@odata.context"})
    assert differences(expected[0], answers[0], ignore=headers) == []
    assert differences(expected[1], answers[1], ignore=headers) == []
    assert answers[0]["headers"]["Content-Type"].startswith("application/json")
