"""Requests to Graph: who may ask, calendars, paging, query options, windows, headers."""

import httpx
import pytest

from sandbox.ledger import covers
from sandbox.world import Person, World, at, event


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
