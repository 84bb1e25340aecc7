"""What is no single event: delta, calendars, settings, schedules, extensions, batches."""

from typing import Any

import pytest

from contract.examples import body, differences, load, response
from sandbox.ledger import covers
from sandbox.world import Person, World, at, event, weekly

WINDOW = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z"


@pytest.mark.parametrize("name", ["delta-query-events.02", "delta-query-events.03"])
@covers("operations.delta", "delta.links")
def test_delta_pages(ana: Person, name: str) -> None:
    for _ in range(4):
        ana.create(event())
    found = ana.get(f"/me/calendarView/delta?{WINDOW}", Prefer="odata.maxpagesize=2")
    assert differences(body(name), found) == []
    following = ana.get(found["@odata.nextLink"].partition("/v1.0")[2])
    assert differences(body("delta-query-events.04"), following) == []


@covers("delta.removed")
def test_delta_tombstone(ana: Person) -> None:
    made = ana.create(event())
    found = ana.get(f"/me/calendarView/delta?{WINDOW}", Prefer="odata.maxpagesize=1000")
    ana.delete(f"/me/events/{made['id']}")
    again = ana.get(found["@odata.deltaLink"].partition("/v1.0")[2])
    assert differences(body("delta-query-events.05"), again) == []
    tombstone = body("delta-query-events.05")["value"][0]
    told = next(item for item in again["value"] if item["id"] == made["id"])
    assert told.keys() == tombstone.keys()


@covers("delta.empty", "delta.applied")
def test_delta_empty_page(world: World, ana: Person) -> None:
    world.switch(delta_empty_pages=True)
    found = ana.request("GET", f"/me/calendarView/delta?{WINDOW}")
    expected = response("delta.empty-page-with-nextlink")
    assert differences(expected["body"], found.json()) == []
    assert found.json()["value"] == []
    assert found.headers["preference-applied"] == expected["headers"]["preference-applied"]


@covers("delta.stubs")
def test_delta_stub(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    found = ana.get(f"/me/calendarView/delta?{WINDOW}", Prefer="odata.maxpagesize=1000")
    (stub,) = body("delta.occurrence-stub")["value"]
    shown = next(i for i in found["value"] if i.get("seriesMasterId") == made["id"])
    assert shown.keys() == stub.keys()
    assert differences(stub, shown) == []


@covers("delta.first")
def test_delta_carries_identity_and_reminder(ana: Person) -> None:
    ana.create(event())
    found = ana.get(f"/me/calendarView/delta?{WINDOW}")
    example = {"value": body("event-delta.01")["value"]}
    assert differences(example, found) == []


@covers("operations.calendars", "operations.calendar-fields")
def test_calendars(ana: Person) -> None:
    assert differences(body("user-list-calendars.01"), ana.get("/me/calendars")) == []
    delegated = body("outlook-create-event-in-shared-delegated-calendar.01")
    assert differences(delegated, ana.get("/me/calendars")) == []
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


@covers("operations.me", "operations.settings")
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


@covers("operations.zones", "operations.master-categories")
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
@covers("operations.schedule", "operations.schedule-unknown")
def test_schedule(ana: Person, name: str) -> None:
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


@covers("operations.reminder-view")
def test_reminder_view(ana: Person) -> None:
    made = ana.create(event("Picnic"))
    bounds = "startDateTime='2026-12-01T07:00:00',endDateTime='2026-12-01T09:00:00'"
    found = ana.get(f"/me/reminderView({bounds})")
    own = [reminder for reminder in found["value"] if reminder["eventId"] == made["id"]]
    assert len(own) == 1
    assert differences(body("user-reminderview.02"), found | {"value": own}) == []


@covers("event.translate")
def test_translated_ids(ana: Person) -> None:
    made = ana.create(event())
    example = load("outlook-immutable-id.01")
    value = example["request"]["body"] | {"inputIds": [made["id"]]}
    found = ana.post("/me/translateExchangeIds", value, 200)
    assert differences(example["response"]["body"], found) == []


@pytest.mark.parametrize("name", ["event-post-attachments.01", "event-post-attachments.02"])
@covers("event.attachments")
def test_attachment(ana: Person, name: str) -> None:
    example = load(name)
    path = f"/me/events/{ana.create(event())['id']}"
    value = {"contentType": "text/plain"} | example["request"]["body"]
    found = ana.request("POST", path + "/attachments", value)
    assert found.status_code == 201
    # Only full metadata has the address of the entity.
    address = frozenset({"/@odata.id"})
    assert differences(example["response"]["body"], found.json(), ignore=address) == []
    assert ana.get(path)["hasAttachments"] is True


@covers("event.extensions")
def test_open_extension(ana: Person) -> None:
    example = load("opentypeextension-post-opentypeextension.03")
    path = f"/me/events/{ana.create(event())['id']}/extensions"
    found = ana.request("POST", path, example["request"]["body"])
    assert found.status_code == 201
    assert differences(example["response"]["body"], found.json()) == []


@covers("event.extended")
def test_extended_property(ana: Person) -> None:
    name = "singlevaluelegacyextendedproperty-get.03"
    expected = body(name)["singleValueExtendedProperties"]
    made = ana.create(event(singleValueExtendedProperties=expected))
    query = load(name)["request"]["url"].partition("?")[2]
    found = ana.get(f"/me/events/{made['id']}?{query}")
    assert found["singleValueExtendedProperties"] == expected


def test_extended_property_is_changed(ana: Person) -> None:
    name = "singlevaluelegacyextendedproperty-post-singlevalueextendedproperties.02"
    change = load(name)["request"]["body"]
    (wanted,) = change["singleValueExtendedProperties"]
    path = f"/me/events/{ana.create(event())['id']}"
    ana.patch(path, change)
    expand = f"$expand=singleValueExtendedProperties($filter=id eq '{wanted['id']}')"
    assert ana.get(f"{path}?{expand}")["singleValueExtendedProperties"] == [wanted]


def test_documented_patterns_and_ranges(ana: Person) -> None:
    """Every pattern of the page is accepted, with each of its ranges that fits the start."""
    parts = [
        part["json"] for part in load("outlook-schedule-recurring-events.fragments.01")["fragments"]
    ]
    patterns = [part["pattern"] for part in parts if "pattern" in part]
    ranges = [part["range"] for part in parts if "range" in part]
    assert len(patterns) >= 6
    assert {span["type"] for span in ranges} == {"endDate", "noEnd", "numbered"}
    for number, pattern in enumerate(patterns):
        span = ranges[number % len(ranges)]
        day = span["startDate"]
        value = event("Series", start=at(f"{day}T09:00"), end=at(f"{day}T10:00"))
        made = ana.create(value | {"recurrence": {"pattern": pattern, "range": span}})
        assert made["recurrence"]["pattern"]["type"] == pattern["type"]


@covers("batch.answers")
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
    asked, answered, *_ = [part["json"] for part in load("json-batching.fragments.01")["fragments"]]
    assert items[0].keys() <= asked["requests"][0].keys()
    assert {"id", "status", "body"} <= answered["responses"][1].keys() & answers[1].keys()


@covers("operations.messages")
@pytest.mark.parametrize(
    "name",
    [
        "eventmessage-get.01",
        "eventmessage-get.02",
        "outlook-create-event-in-shared-delegated-calendar.03",
    ],
)
def test_invitation_as_a_message(world: World, ana: Person, bo: Person, name: str) -> None:
    ana.create(event("Dinner", bo.email))
    reader = world.sign_in(bo.email, scope="openid Mail.Read")
    (listed,) = reader.get("/me/messages")["value"]
    query = load(name)["request"]["url"].partition("?")[2]
    found = reader.get(f"/me/messages/{listed['id']}?{query}")
    assert differences(body(name), found) == []
    assert found["meetingMessageType"] == body(name)["meetingMessageType"]


@covers("operations.messages")
def test_answer_as_a_message(world: World, ana: Person, bo: Person) -> None:
    ana.create(event("Dinner", bo.email))
    answer = {"comment": "I will probably be able to make it."}
    bo.post(f"/me/events/{bo.only_event()['id']}/tentativelyAccept", answer)
    reader = world.sign_in(ana.email, scope="openid Mail.Read")
    (found,) = reader.get("/me/messages")["value"]
    name = "outlook-create-event-in-shared-delegated-calendar.05"
    expected = {k: v for k, v in body(name).items() if k != "@odata.context"}
    assert differences(expected, found) == []
    for member in ("meetingMessageType", "bodyPreview"):
        assert found[member] == expected[member]
    assert found["subject"] == "Tentative: Dinner"
