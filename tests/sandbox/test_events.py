"""Single events: properties, strictness, leniencies, concurrency (event.md)."""

from typing import Any

import pytest

from sandbox.ledger import covers
from sandbox.world import Person, World, at, event


@covers(
    "event.defaults",
    "event.change-key",
    "event.location-echo",
    "event.fraction",
    "event.utc",
    "event.organizer-copy",
)
def test_create_answers_with_the_whole_event(ana: Person) -> None:
    made = ana.create(event("Lunch"))
    assert made["type"] == "singleInstance"
    assert made["start"] == {"dateTime": "2026-12-01T08:00:00.0000000", "timeZone": "UTC"}
    assert made["originalStartTimeZone"] == "Europe/Berlin"
    assert made["responseStatus"] == {"response": "organizer", "time": "0001-01-01T00:00:00Z"}
    assert made["location"]["uniqueIdType"] == "private"
    assert (made["isReminderOn"], made["reminderMinutesBeforeStart"]) == (True, 15)
    assert (made["showAs"], made["importance"], made["sensitivity"]) == ("busy", "normal", "normal")
    assert made["organizer"]["emailAddress"] == {"name": "Ana", "address": "ana@contoso.com"}
    assert made["@odata.etag"] == f'W/"{made["changeKey"]}"'
    assert ana.get(f"/me/events/{made['id']}")["iCalUId"] == made["iCalUId"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"colour": "red"}, "RequestBodyRead"),
        ({"subject": 5}, "RequestBodyRead"),
        ({"isAllDay": "perhaps"}, "RequestBodyRead"),
        ({"importance": "urgent"}, "RequestBodyRead"),
        ({"attendees": None}, "RequestBodyRead"),
        ({"attendees": [{"type": "required"}]}, "ErrorPropertyValidationFailure"),
        ({"body": {"contentType": "rtf", "content": ""}}, "RequestBodyRead"),
        ({"start": {"dateTime": "2026-12-01T09:00:00"}}, "TimeZoneNotSupportedException"),
        ({"start": at("2026-12-01T09:00", "EST")}, "TimeZoneNotSupportedException"),
        ({"start": at("2026-12-01T09:00", "Mars/Base")}, "TimeZoneNotSupportedException"),
        ({"start": {"dateTime": "tomorrow", "timeZone": "UTC"}}, "RequestBodyRead"),
        ({"end": at("2026-12-01T08:00")}, "ErrorPropertyValidationFailure"),
        ({"subject": "x" * 256}, "ErrorPropertyValidationFailure"),
        ({"reminderMinutesBeforeStart": True}, "RequestBodyRead"),
        ({"categories": "red"}, "RequestBodyRead"),
    ],
)
@covers(
    "event.unknown",
    "event.subject",
    "event.enums",
    "event.zones-refused",
    "operations.RequestBodyRead",
)
def test_create_refuses(ana: Person, change: dict[str, Any], code: str) -> None:
    assert ana.error("POST", "/me/events", event() | change) == (400, code)
    assert ana.events() == []


@pytest.mark.parametrize("missing", ["start", "end"])
@covers("event.required")
def test_start_and_end_are_needed(ana: Person, missing: str) -> None:
    value = event()
    del value[missing]
    assert ana.error("POST", "/me/events", value) == (400, "ErrorPropertyValidationFailure")


@covers("event.read-only", "event.enums", "operations.aliases", "operations.leniencies")
def test_documented_leniencies(ana: Person) -> None:
    value = event(
        isAllDay="false", importance="HIGH", id="mine", organizer={"a": 1}, isOrganizer=False
    )
    value["body"]["contentType"] = "HTML"
    made = ana.post("/ME/Events", value, 201)
    assert (made["isAllDay"], made["importance"], made["isOrganizer"]) == (False, "high", True)
    assert made["id"] != "mine"


@pytest.mark.parametrize(
    "zone", ["America/Los_Angeles", "Pacific Standard Time", "GMT", "US/Pacific", "Etc/UTC", "UTC"]
)
@covers("event.zones")
def test_accepted_zones(ana: Person, zone: str) -> None:
    made = ana.create(event(start=at("2026-12-01T09:00", zone), end=at("2026-12-01T10:00", zone)))
    assert made["originalStartTimeZone"] == zone


@covers("event.offset")
def test_offset_in_a_date_time_is_honoured_or_refused_by_switch(world: World, ana: Person) -> None:
    value = event(
        start=at("2026-12-01T09:00:00+00:00", "Europe/Berlin"),
        end=at("2026-12-01T10:00:00+00:00", "Europe/Berlin"),
    )
    assert ana.create(value)["start"]["dateTime"] == "2026-12-01T09:00:00.0000000"
    assert "offset" in world.control("GET", "/requests")["value"][-1]["notes"][0]
    world.switch(accept_offset_in_date_time=False)
    assert ana.error("POST", "/me/events", value) == (400, "RequestBodyRead")


@covers("event.prefer-zone")
def test_prefer_time_zone_converts_and_is_echoed(ana: Person) -> None:
    made = ana.create(event())
    prefer = 'outlook.timezone="Pacific Standard Time"'
    response = ana.request("GET", f"/me/events/{made['id']}", Prefer=prefer)
    assert response.json()["start"] == at("2026-12-01T00:00:00.0000000", "Pacific Standard Time")
    assert response.headers["preference-applied"] == prefer


@covers("event.prefer-refused")
def test_prefer_unknown_zone_is_refused(ana: Person) -> None:
    prefer = 'outlook.timezone="Nowhere"'
    found = ana.error("GET", "/me/events", Prefer=prefer)
    assert found == (400, "TimeZoneNotSupportedException")


@covers("event.html")
def test_text_becomes_html_and_comes_back_as_text(ana: Person) -> None:
    made = ana.create(event())
    assert made["body"]["contentType"] == "html"
    assert "<html>\r\n<head>" in made["body"]["content"]
    assert made["bodyPreview"] == "Agenda\r\nSecond line"
    prefer = 'outlook.body-content-type="text"'
    shown = ana.get(f"/me/events/{made['id']}", Prefer=prefer)
    assert shown["body"] == {"contentType": "text", "content": "Agenda\r\nSecond line"}


@covers("event.sanitised")
def test_html_is_sanitised(ana: Person) -> None:
    unsafe = '<p onclick="x()">Hello <b>you</b></p><script>alert(1)</script><form><input></form>'
    made = ana.create(event(body={"contentType": "html", "content": unsafe}))
    assert "<p>Hello <b>you</b></p>" in made["body"]["content"]
    assert "alert" not in made["body"]["content"]
    assert "form" not in made["body"]["content"]


@pytest.mark.parametrize(
    ("start", "end", "answer"),
    [
        (at("2026-12-01T00:00"), at("2026-12-02T00:00"), 201),
        (at("2026-12-01T00:00"), at("2026-12-04T00:00"), 201),
        (at("2026-12-01T09:00"), at("2026-12-02T00:00"), "ErrorInvalidRequest"),
        (at("2026-12-01T00:00"), at("2026-12-02T09:00"), "ErrorInvalidRequest"),
        (at("2026-12-01T00:00"), at("2026-12-01T00:00"), "ErrorPropertyValidationFailure"),
        (at("2026-12-01T00:00"), at("2026-12-02T00:00", "UTC"), "ErrorPropertyValidationFailure"),
    ],
)
@covers("event.midnight")
def test_all_day_rules(ana: Person, start: Any, end: Any, answer: int | str) -> None:
    response = ana.request("POST", "/me/events", event(isAllDay=True, start=start, end=end))
    if answer == 201:
        assert response.json()["start"] == at("2026-12-01T00:00:00.0000000", "UTC")
    else:
        assert response.json()["error"]["code"] == answer


@covers("event.floating")
def test_all_day_dates_float_in_any_zone(ana: Person) -> None:
    whole = event(isAllDay=True, start=at("2026-12-01T00:00"), end=at("2026-12-02T00:00"))
    made = ana.create(whole)
    shown = ana.get(f"/me/events/{made['id']}", Prefer='outlook.timezone="Asia/Tokyo"')
    assert shown["start"] == at("2026-12-01T00:00:00.0000000", "Asia/Tokyo")


@covers("event.stays")
def test_moving_an_all_day_event_to_an_hour_needs_is_all_day(ana: Person) -> None:
    made = ana.create(
        event(isAllDay=True, start=at("2026-12-01T00:00"), end=at("2026-12-02T00:00"))
    )
    change: dict[str, Any] = {"start": at("2026-12-01T09:00"), "end": at("2026-12-01T10:00")}
    path = f"/me/events/{made['id']}"
    assert ana.error("PATCH", path, change) == (400, "ErrorInvalidRequest")
    assert ana.patch(path, change | {"isAllDay": False})["isAllDay"] is False


@covers("event.change-key", "event.if-match")
def test_if_match(ana: Person) -> None:
    made = ana.create(event())
    path, old = f"/me/events/{made['id']}", made["@odata.etag"]
    changed = ana.patch(path, {"subject": "A"}, If_Match=old)
    assert changed["@odata.etag"] != old
    stale = ana.error("PATCH", path, {"subject": "B"}, If_Match=old)
    assert stale == (412, "ErrorIrresolvableConflict")
    assert ana.error("PATCH", path, {}, If_Match="nonsense") == (400, "ErrorInvalidChangeKey")
    assert ana.error("DELETE", path, If_Match=old) == (412, "ErrorIrresolvableConflict")
    assert ana.get(path)["subject"] == "A"


@covers("operations.delete")
def test_delete_is_final(ana: Person) -> None:
    made = ana.create(event())
    path = f"/me/events/{made['id']}"
    ana.delete(path)
    assert ana.error("DELETE", path) == (404, "ErrorItemNotFound")
    assert ana.error("GET", path) == (404, "ErrorItemNotFound")


@covers("operations.ErrorInvalidIdMalformed")
def test_malformed_id(ana: Person) -> None:
    assert ana.error("GET", "/me/events/abc") == (400, "ErrorInvalidIdMalformed")


@covers("event.transaction")
def test_transaction_id_repeats_the_answer(world: World, ana: Person) -> None:
    value = event("Once", "bo@contoso.com", transactionId="t-1")
    first, second = ana.create(value), ana.create(value)
    assert second["id"] == first["id"]
    assert len(ana.events()) == 1
    assert world.mailed() == [("invitation", "bo")]


@covers("event.transaction-other")
def test_transaction_id_of_another_event(world: World, ana: Person) -> None:
    made = ana.create(event("Once", transactionId="t-1"))
    response = ana.request("POST", "/me/events", event("Twice", transactionId="t-1"))
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "ErrorDuplicateTransactionId")
    assert error["@event.existingEventId"] == made["id"]
    world.switch(duplicate_transaction_status=409)
    assert ana.request("POST", "/me/events", event("2", transactionId="t-1")).status_code == 409


@covers("event.transaction-other")
def test_transaction_id_of_a_deleted_event_stays_used(ana: Person) -> None:
    value = event("Once", transactionId="t-1")
    made = ana.create(value)
    ana.delete(f"/me/events/{made['id']}")
    response = ana.request("POST", "/me/events", value)
    assert response.json()["error"]["@event.existingEventId"] == made["id"]


PROPERTY = "String {66f5a359-4659-4830-9070-00040ec6ac6e} Name Fun"


@covers("event.extended")
def test_extended_properties_are_found_and_expanded_but_not_echoed(ana: Person) -> None:
    props = [{"id": PROPERTY, "value": "Food"}]
    made = ana.create(event(singleValueExtendedProperties=props))
    ana.create(event("Other"))
    expand = f"$expand=singleValueExtendedProperties($filter=id eq '{PROPERTY}')"
    where = f"ep: ep/id eq '{PROPERTY}' and ep/value eq 'food'"
    found = ana.get(f"/me/events?$filter=singleValueExtendedProperties/Any({where})&{expand}")
    assert "singleValueExtendedProperties" not in made
    assert [e["id"] for e in found["value"]] == [made["id"]]
    assert found["value"][0]["singleValueExtendedProperties"] == props


@covers("event.extensions-expand", "operations.expand")
def test_open_extensions(ana: Person) -> None:
    extension = {
        "@odata.type": "microsoft.graph.openTypeExtension",
        "extensionName": "com.x.y",
        "colour": "red",
    }
    made = ana.create(event(extensions=[extension]))
    path = f"/me/events/{made['id']}"
    shown = ana.get(path + "?$expand=extensions($filter=id eq 'com.x.y')")
    assert shown["extensions"][0]["colour"] == "red"
    ana.post(path + "/extensions", extension | {"extensionName": "com.z"}, 201)
    assert len(ana.get(path + "?$expand=extensions")["extensions"]) == 2


@covers("event.immutable")
def test_immutable_ids_lead_to_the_same_event(ana: Person) -> None:
    made = ana.create(event())
    prefer = 'IdType="ImmutableId"'
    shown = ana.get(f"/me/events/{made['id']}", Prefer=prefer)
    assert shown["id"] != made["id"]
    assert ana.get(f"/me/events/{shown['id']}")["id"] == made["id"]


@covers("event.block", "event.teams", "event.teams-one-way")
def test_teams_block_and_the_way_back(ana: Person) -> None:
    made = ana.create(event(isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness"))
    path, url = f"/me/events/{made['id']}", made["onlineMeeting"]["joinUrl"]
    assert url in made["body"]["content"]
    assert ana.patch(path, {"isOnlineMeeting": False})["isOnlineMeeting"] is True
    gone = ana.patch(path, {"body": {"contentType": "html", "content": "Plain"}})
    assert (gone["isOnlineMeeting"], gone["onlineMeeting"]) == (False, None)


@covers("event.teams-ignored")
def test_online_meeting_is_silently_ignored_without_teams(world: World) -> None:
    pia = world.person("pia@outlook.com", kind="personal")
    made = pia.create(event(isOnlineMeeting=True))
    assert (made["isOnlineMeeting"], made["onlineMeeting"]) == (False, None)
