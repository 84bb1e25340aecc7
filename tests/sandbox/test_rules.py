"""Rules of events and of the operations on them that no other file proves."""

from typing import Any

import pytest

from sandbox.conftest import ANA, BO
from sandbox.ledger import covers
from sandbox.world import Person, World, at, event, weekly

WINDOW = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z"


@covers("event.id-case")
def test_ids_are_case_sensitive(ana: Person) -> None:
    made = ana.create(event())
    swapped = made["id"][:5] + made["id"][5:].swapcase()
    assert ana.error("GET", f"/me/events/{swapped}") == (404, "ErrorItemNotFound")


@covers("event.times")
def test_stamps_are_utc_with_trimmed_fractions(world: World, ana: Person) -> None:
    world.switch(freeze_clock=True)
    world.control("POST", "/clock", {"now": "2026-11-30T10:00:00.250000Z"})
    ana = world.sign_in(ANA)
    made = ana.create(event())
    assert made["createdDateTime"] == made["lastModifiedDateTime"] == "2026-11-30T10:00:00.25Z"


@covers("event.categories")
def test_categories_are_free_and_do_not_travel(ana: Person, bo: Person) -> None:
    made = ana.create(event("Planning", BO, categories=["Nobody’s"]))
    assert made["categories"] == ["Nobody’s"]
    assert bo.only_event()["categories"] == []


@covers("event.preview")
def test_preview_is_255_characters_of_text(ana: Person) -> None:
    content = "<p>" + "word " * 100 + "</p>"
    made = ana.create(event(body={"contentType": "html", "content": content}))
    assert made["bodyPreview"] == ("word " * 100)[:255]


@covers("event.reminder")
def test_reminder_may_come_after_the_start(ana: Person) -> None:
    assert ana.create(event(reminderMinutesBeforeStart=-10))["reminderMinutesBeforeStart"] == -10


@covers("event.draft")
def test_nothing_is_a_draft(ana: Person) -> None:
    made = ana.create(event("Planning", BO))
    changed = ana.patch(f"/me/events/{made['id']}", {"subject": "New"})
    assert (made["isDraft"], changed["isDraft"]) == (False, False)


@covers("event.locations")
def test_location_replaces_locations(ana: Person) -> None:
    places = [{"displayName": "One"}, {"displayName": "Two"}]
    made = ana.create(event(locations=places))
    assert made["location"]["displayName"] == "One; Two"
    changed = ana.patch(f"/me/events/{made['id']}", {"location": {"displayName": "Three"}})
    assert [place["displayName"] for place in changed["locations"]] == ["Three"]


@pytest.mark.parametrize(("number", "status"), [(500, 201), (501, 400)])
@covers("event.attendees-500")
def test_five_hundred_attendees(ana: Person, number: int, status: int) -> None:
    people = [f"guest{n}@example.org" for n in range(number)]
    assert ana.request("POST", "/me/events", event("All hands", *people)).status_code == status


@covers("event.filter-utc")
def test_preferred_zone_changes_no_window(ana: Person) -> None:
    ana.create(event())  # 08:00 to 09:00 UTC
    window = "startDateTime=2026-12-01T07:30:00&endDateTime=2026-12-01T08:30:00"
    found = ana.get(f"/me/calendarView?{window}", Prefer='outlook.timezone="Asia/Tokyo"')
    assert found["value"][0]["start"] == at("2026-12-01T17:00:00.0000000", "Asia/Tokyo")


@covers("event.two-zones")
def test_start_and_end_may_name_different_zones(ana: Person) -> None:
    start, end = at("2026-12-01T09:00", "Europe/Berlin"), at("2026-12-01T09:00", "Europe/London")
    made = ana.create(event(start=start, end=end))
    assert made["originalStartTimeZone"] == "Europe/Berlin"
    assert made["originalEndTimeZone"] == "Europe/London"
    assert made["end"]["dateTime"].startswith("2026-12-01T09:00")


@covers("event.window-utc")
def test_all_day_events_are_windowed_in_utc(ana: Person) -> None:
    """A day in Tokyo begins while it is still the day before in UTC."""
    start, end = at("2026-12-01T00:00", "Asia/Tokyo"), at("2026-12-02T00:00", "Asia/Tokyo")
    ana.create(event(isAllDay=True, start=start, end=end))
    tokyo = "startDateTime=2026-12-02T00:00:00%2B09:00&endDateTime=2026-12-03T00:00:00%2B09:00"
    assert len(ana.get(f"/me/calendarView?{tokyo}")["value"]) == 1


@covers("event.empty-body")
def test_no_body_comes_back_empty(ana: Person) -> None:
    value = event()
    del value["body"]
    assert ana.create(value)["body"] == {"contentType": "html", "content": ""}


@covers("event.icaluid")
def test_ical_uid_of_an_occurrence_holds_its_date(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    days = ana.get(f"/me/events/{made['id']}/instances?{WINDOW}")["value"]
    assert made["iCalUId"].startswith("040000008200E00074C5B7101A82E00800000000")
    assert days[1]["iCalUId"][32:40] == "07EA0C08"  # 2026, 12, 8
    assert days[1]["iCalUId"][:32] + "00000000" + days[1]["iCalUId"][40:] == made["iCalUId"]
    assert {day["uid"] for day in days} == {made["iCalUId"]}


@covers("event.icaluid-filter")
def test_event_is_found_by_its_ical_uid(ana: Person, bo: Person) -> None:
    made = ana.create(event("Planning", BO))
    bo.create(event("Other"))
    (found,) = bo.get(f"/me/events?$filter=iCalUId eq '{made['iCalUId']}'")["value"]
    assert found["subject"] == "Planning"


@covers("event.translate")
def test_translating_too_many_ids(ana: Person) -> None:
    made = ana.create(event())
    value = {
        "inputIds": [made["id"]] * 1001,
        "sourceIdType": "restId",
        "targetIdType": "restImmutableEntryId",
    }
    refused = ana.error("POST", "/me/translateExchangeIds", value)
    assert refused == (400, "ErrorInvalidParameter")


@covers("event.teams-select")
def test_online_meeting_in_a_view_needs_its_flag(ana: Person) -> None:
    ana.create(event(isOnlineMeeting=True))
    (bare,) = ana.get(f"/me/calendarView?{WINDOW}&$select=onlineMeeting")["value"]
    assert not bare.get("onlineMeeting")
    select = "onlineMeeting,isOnlineMeeting"
    (whole,) = ana.get(f"/me/calendarView?{WINDOW}&$select={select}")["value"]
    assert whole["onlineMeeting"]["joinUrl"]


@covers("operations.aliases", "operations.groups")
def test_every_alias_leads_to_the_event(ana: Person) -> None:
    made = ana.create(event())
    user = ana.get("/me")["id"]
    calendar = ana.get("/me/calendar")["id"]
    (group,) = ana.get("/me/calendarGroups")["value"]
    for prefix in (
        "/me",
        "/Me/Calendar",
        f"/users/{user}",
        "/users/ANA@contoso.com/calendar",
        f"/me/calendars/{calendar}",
        f"/me/calendarGroups/{group['id']}/calendars/{calendar}",
    ):
        assert [e["id"] for e in ana.get(f"{prefix}/EVENTS")["value"]] == [made["id"]]
        assert ana.get(f"{prefix}/events/{made['id']}")["id"] == made["id"]


@covers("operations.calendar-fields")
def test_calendar_has_its_colour_and_rights(ana: Person) -> None:
    made = ana.post("/me/calendars", {"name": "Side", "color": "lightBlue"}, 201)
    assert (made["color"], made["isDefaultCalendar"], made["canEdit"]) == ("lightBlue", False, True)
    assert made["isTallyingResponses"] is False
    main = ana.get("/me/calendar")
    assert (main["isTallyingResponses"], main["isRemovable"]) == (True, False)
    assert main["owner"] == {"name": "Ana", "address": ANA}
    assert main["allowedOnlineMeetingProviders"] == ["teamsForBusiness"]


@covers("operations.permanent")
def test_permanent_delete(ana: Person) -> None:
    path = f"/me/events/{ana.create(event())['id']}"
    ana.post(path + "/permanentDelete", status=204)
    assert ana.error("GET", path) == (404, "ErrorItemNotFound")


@covers("operations.count")
def test_count_is_plain_text(ana: Person) -> None:
    for _ in range(3):
        ana.create(event())
    found = ana.request("GET", "/me/events/$count")
    assert (found.text, found.headers["content-type"]) == ("3", "text/plain")


@covers("operations.calendar-of")
def test_calendar_of_an_event(ana: Person) -> None:
    side = ana.post("/me/calendars", {"name": "Side"}, 201)
    made = ana.post(f"/me/calendars/{side['id']}/events", event(), 201)
    assert ana.get(f"/me/events/{made['id']}/calendar")["id"] == side["id"]


@covers("operations.forward")
def test_forwarding_needs_only_read(world: World, ana: Person) -> None:
    world.account(BO)
    ana.create(event("Planning", BO))
    reader = world.sign_in(BO, scope="openid Calendars.Read")
    people = {"toRecipients": [{"emailAddress": {"address": "dan@example.org"}}]}
    reader.post(f"/me/events/{reader.only_event()['id']}/forward", people)
    assert world.mailed()[1] == ("invitation", "dan")


@covers("operations.basic")
def test_basic_reader_sees_no_body(world: World, ana: Person) -> None:
    made = ana.create(event())
    world.account("boss@contoso.com", admin=True)
    world.account(ANA, admin=True)
    reader = world.sign_in(ANA, scope="openid Calendars.ReadBasic")
    for shown in (reader.only_event(), reader.get(f"/me/calendarView?{WINDOW}")["value"][0]):
        assert shown["subject"] == "Planning"
        assert {"body", "bodyPreview"} & shown.keys() == set()
    path = f"/me/events/{made['id']}"
    assert "body" not in reader.get(path)
    assert reader.error("GET", path + "/attachments") == (403, "ErrorAccessDenied")
    refused = reader.error("GET", path + "?$expand=attachments")
    assert refused == (403, "ErrorAccessDenied")


@covers("operations.headers")
def test_headers_of_a_create(ana: Person) -> None:
    answer = ana.request("POST", "/me/events", event())
    assert answer.headers["etag"] == answer.json()["@odata.etag"]
    assert answer.json()["id"] in answer.headers["location"]


@covers("operations.cancel-comment")
def test_one_date_is_cancelled_with_a_comment(ana: Person, world: World) -> None:
    made = ana.create(event("Series", BO, **weekly()))
    world.forget_mail()
    day = ana.get(f"/me/events/{made['id']}/instances?{WINDOW}")["value"][1]
    ana.post(f"/me/events/{day['id']}/cancel", {"comment": "Holiday"})
    assert [(m["kind"], m["comment"]) for m in world.mail()] == [("cancellation", "Holiday")]
    assert len(ana.get(f"/me/calendarView?{WINDOW}")["value"]) == 3


@covers("operations.shorten")
def test_series_is_shortened(ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    rule: Any = weekly()
    rule["recurrence"]["range"] = {
        "type": "endDate",
        "startDate": "2026-12-01",
        "endDate": "2026-12-08",
    }
    ana.patch(f"/me/events/{made['id']}", rule)
    assert len(ana.get(f"/me/events/{made['id']}/instances?{WINDOW}")["value"]) == 2


@covers("operations.single-instances")
def test_single_event_has_no_instances(ana: Person) -> None:
    made = ana.create(event())
    assert ana.get(f"/me/events/{made['id']}/instances?{WINDOW}")["value"] == []


@covers("operations.select-view")
def test_stamps_are_not_selectable_in_a_view(ana: Person) -> None:
    ana.create(event())
    select = "$select=subject,createdDateTime,lastModifiedDateTime"
    (shown,) = ana.get(f"/me/calendarView?{WINDOW}&{select}")["value"]
    assert shown.keys() == {"@odata.etag", "id", "subject"}


@covers("operations.filter-quote")
def test_quote_in_a_filter(ana: Person) -> None:
    ana.create(event("Ana’s and Bo's"))
    assert len(ana.get("/me/events?$filter=subject eq 'Ana’s and Bo''s'")["value"]) == 1


@pytest.mark.parametrize("name", ["calendar", "instances"])
@covers("operations.expand")
def test_calendar_and_instances_do_not_expand(ana: Person, name: str) -> None:
    assert ana.error("GET", f"/me/events?$expand={name}") == (400, "BadRequest")
