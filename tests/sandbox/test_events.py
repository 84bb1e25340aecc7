"""Single events: properties, strictness, leniencies, concurrency (event.md)."""

from typing import Any

import httpx
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


@covers("operations.MailboxNotEnabledForRESTAPI")
def test_account_without_mailbox(world: World) -> None:
    nobody = world.person("nobody@contoso.com", mailbox=False)
    assert nobody.error("GET", "/me/events") == (404, "MailboxNotEnabledForRESTAPI")


@covers("operations.scopes")
def test_missing_scope(world: World) -> None:
    world.account("ro@contoso.com")
    reader = world.sign_in("ro@contoso.com", scope="openid Calendars.Read")
    assert reader.get("/me/events")["value"] == []
    assert reader.error("POST", "/me/events", event()) == (403, "ErrorAccessDenied")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({}, "Access token is empty."),
        ({"Authorization": "Bearer x"}, "CompactToken parsing failed with error code: 80049217"),
    ],
)
@covers("operations.InvalidAuthenticationToken")
def test_without_a_token(world: World, header: dict[str, str], message: str) -> None:
    response = world.http.get("/v1.0/me", headers=header)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (401, "InvalidAuthenticationToken")
    assert error["message"] == message
    assert response.headers["www-authenticate"].startswith("Bearer")


@covers("operations.InvalidAuthenticationToken")
def test_expired_token(world: World, ana: Person) -> None:
    world.advance(5401)
    assert ana.error("GET", "/me") == (401, "InvalidAuthenticationToken")


@covers("operations.ErrorItemNotFound", "operations.ErrorInvalidUser")
def test_foreign_mailbox_is_not_found(ana: Person, bo: Person) -> None:
    assert ana.get("/users/ana@contoso.com/events")["value"] == []
    assert ana.error("GET", "/users/bo@contoso.com/events") == (404, "ErrorItemNotFound")
    assert ana.error("GET", "/users/x@y.z/events") == (404, "ErrorInvalidUser")


@covers("operations.calendars", "operations.list")
def test_calendars(ana: Person) -> None:
    made = ana.post("/me/calendars", {"name": "Side"}, 201)
    path = f"/me/calendars/{made['id']}"
    inside = ana.post(path + "/events", event("Side"), 201)
    main = ana.create(event("Main"))
    assert [e["subject"] for e in ana.events()] == ["Main"]
    assert [e["subject"] for e in ana.get(path + "/events")["value"]] == ["Side"]
    assert ana.get(f"/me/events/{inside['id']}")["subject"] == "Side"
    assert ana.error("GET", f"{path}/events/{main['id']}") == (404, "ErrorItemNotFound")
    assert ana.patch(path, {"name": "Other"})["name"] == "Other"
    ana.delete(path)
    assert ana.error("GET", f"/me/events/{inside['id']}") == (404, "ErrorItemNotFound")
    assert ana.error("DELETE", "/me/calendar") == (400, "ErrorInvalidRequest")


def all_pages(person: Person, path: str) -> list[str]:
    subjects: list[str] = []
    link: str | None = path
    while link is not None:
        page = person.get(link)
        subjects += [item["subject"] for item in page["value"]]
        link = page.get("@odata.nextLink")
        link = link and link.removeprefix("http://localhost:8001/v1.0")
    return subjects


@covers("operations.page-10", "operations.orderby", "operations.skip", "operations.count-option")
def test_paging_follows_skip_links(ana: Person) -> None:
    for number in range(23):
        ana.create(event(f"{number:02}"))
    assert len(ana.get("/me/events")["value"]) == 10
    expected = [f"{n:02}" for n in range(23)]
    assert all_pages(ana, "/me/events?$top=7") == expected
    assert all_pages(ana, "/me/events?$top=7&$orderby=subject desc") == expected[::-1]
    assert ana.get("/me/events?$top=2&$count=true")["@odata.count"] == 23


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("subject eq 'b'", ["B"]),
        ("startswith(subject,'a')", ["A"]),
        ("contains(subject,'c') or subject eq 'A'", ["A", "C"]),
        ("start/dateTime ge '2026-12-02T00:00'", ["B", "C"]),
        ("start/dateTime ge '2026-12-02T00:00' and end/dateTime lt '2026-12-03T00:00'", ["B"]),
        ("isAllDay eq false and not (subject eq 'A')", ["B", "C"]),
        ("categories/any(a:a eq 'Red')", ["C"]),
        ("lastModifiedDateTime ge 2020-01-01T00:00:00Z", ["A", "B", "C"]),
        ("organizer/emailAddress/address eq 'ANA@contoso.com'", ["A", "B", "C"]),
        ("type eq 'seriesMaster'", []),
    ],
)
@covers("operations.filter")
def test_filter(ana: Person, where: str, expected: list[str]) -> None:
    for number, subject in enumerate("ABC", 1):
        day = f"2026-12-0{number}"
        red = ["Red"] if subject == "C" else []
        start, end = at(day + "T09:00"), at(day + "T10:00")
        ana.create(event(subject, start=start, end=end, categories=red))
    found = ana.get(f"/me/events?$filter={where}&$orderby=subject")["value"]
    assert [item["subject"] for item in found] == expected


@pytest.mark.parametrize(
    "query", ["$filter=body/content eq 'x'", "$filter=subject is 'x'", "$search=x", "$top=0"]
)
@covers(
    "operations.page-10", "operations.filter-refused", "operations.search", "operations.BadRequest"
)
def test_query_refused(ana: Person, query: str) -> None:
    assert ana.error("GET", f"/me/events?{query}") == (400, "BadRequest")


@covers("event.etag", "operations.select")
def test_select(ana: Person) -> None:
    ana.create(event())
    (item,) = ana.get("/me/events?$select=subject,start")["value"]
    assert item.keys() == {"@odata.etag", "id", "subject", "start"}


@covers("operations.window", "operations.window-long", "operations.ErrorInvalidParameter")
def test_calendar_view_needs_a_window_of_at_most_1825_days(ana: Person) -> None:
    assert ana.error("GET", "/me/calendarView") == (400, "ErrorInvalidParameter")
    window = "startDateTime=2020-01-01T00:00:00&endDateTime=2026-01-01T00:00:00"
    assert ana.error("GET", f"/me/calendarView?{window}") == (400, "ErrorInvalidRequest")


@covers("operations.view", "operations.window-offset")
def test_calendar_view_honours_offsets(ana: Person) -> None:
    ana.create(event())  # 08:00 to 09:00 UTC
    inside = "startDateTime=2026-12-01T09:30:00%2B01:00&endDateTime=2026-12-01T12:00:00"
    outside = "startDateTime=2026-12-01T09:30:00&endDateTime=2026-12-01T12:00:00"
    assert len(ana.get(f"/me/calendarView?{inside}")["value"]) == 1
    assert ana.get(f"/me/calendarView?{outside}")["value"] == []


@covers("operations.headers")
def test_request_headers(ana: Person) -> None:
    response: httpx.Response = ana.request("GET", "/me", client_request_id="abc")
    assert response.headers["client-request-id"] == "abc"
    assert response.headers["request-id"]
    assert "ServerInfo" in response.headers["x-ms-ags-diagnostic"]


@covers("operations.zones", "operations.settings")
def test_settings_zones_and_categories(ana: Person) -> None:
    assert ana.get("/me/mailboxSettings/timeZone")["value"] == "UTC"
    assert ana.patch("/me/mailboxSettings", {"timeZone": "Tokyo Standard Time"})
    assert ana.get("/me/mailboxSettings")["timeZone"] == "Tokyo Standard Time"
    zones = ana.get("/me/outlook/supportedTimeZones")["value"]
    assert "Pacific Standard Time" in {zone["alias"] for zone in zones}
    iana = "(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')"
    zones = ana.get("/me/outlook/supportedTimeZones" + iana)["value"]
    assert {"Europe/Berlin"} <= {zone["alias"] for zone in zones}
    made = ana.post("/me/outlook/masterCategories", {"displayName": "Red", "color": "preset0"}, 201)
    assert ana.get("/me/outlook/masterCategories")["value"][0]["id"] == made["id"]
