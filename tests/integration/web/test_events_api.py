"""The contract of `/api/v1/events`. Alice owns, Bob attends, Charlie is an outsider."""

from typing import Any

import pytest
from django.test import Client

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.contacts.models import Contact
from support.api import Caller

BOB = {"email": "bob@example.com", "name": "Bob Brown", "type": "required"}
ANA = {"email": "ana@client.example", "name": "Ana", "type": "optional"}
WEEK = {"start": "2026-11-30T00:00:00Z", "end": "2026-12-07T00:00:00Z"}

KEYS = {
    "id", "ical_uid", "subject", "description", "location", "start", "end", "time_zone", "all_day",
    "rrule", "recurrence_text", "excluded", "original_start", "attendees", "organizer", "show_as",
    "sensitivity", "importance", "reminder_minutes", "categories", "online_meeting",
    "online_meeting_url", "archived", "version", "updated_at", "outlook", "access", "locked",
    "user_ids", "my_response", "changed", "description_html",
}  # fmt: skip


@pytest.fixture
def meeting(as_alice: Caller, bob: User) -> Any:
    return as_alice.event(attendees=[BOB, ANA])


def test_create_answers_with_the_whole_event(as_alice: Caller, bob: User) -> None:
    event = as_alice.event(
        description="Numbers",
        location="Room 4",
        time_zone="Europe/Paris",
        attendees=[BOB],
        show_as="tentative",
        sensitivity="personal",
        importance="high",
        reminder_minutes=5,
        categories=["Blue"],
        online_meeting=True,
    )

    assert set(event) == KEYS
    assert (event["start"], event["end"]) == ("2026-12-01T09:00", "2026-12-01T10:00")
    assert event["time_zone"] == "Europe/Paris"
    assert event["attendees"] == [{**BOB, "response": "not_responded", "proposed": None}]
    assert event["organizer"] == {"email": "alice@example.com", "name": "Alice Adams"}
    assert event["show_as"] == "tentative"
    assert event["sensitivity"] == "personal"
    assert event["importance"] == "high"
    assert event["reminder_minutes"] == 5
    assert event["categories"] == ["Blue"]
    assert event["online_meeting"] is True
    assert event["rrule"] is None
    assert event["archived"] is False
    assert event["version"] == 1
    assert event["access"] == "organizer"
    assert event["user_ids"] == [as_alice.user.pk, bob.pk]
    assert event["outlook"] == {"state": "not_connected", "reason": None}


def test_create_takes_the_callers_zone_and_reminder_when_left_out(as_alice: Caller) -> None:
    User.objects.filter(pk=as_alice.user.pk).update(
        time_zone="Asia/Tokyo", default_reminder_minutes=40
    )
    body = {"subject": "Tea", "start": "2026-12-01T09:00", "end": "2026-12-01T10:00"}

    event = as_alice.post("/events", body).json()

    assert (event["time_zone"], event["reminder_minutes"]) == ("Asia/Tokyo", 40)


def test_create_with_a_null_reminder_has_none(as_alice: Caller) -> None:
    assert as_alice.event(reminder_minutes=None)["reminder_minutes"] is None


def test_all_day_event_speaks_dates(as_alice: Caller) -> None:
    event = as_alice.event(all_day=True, start="2026-12-01", end="2026-12-03")

    assert (event["start"], event["end"], event["all_day"]) == ("2026-12-01", "2026-12-03", True)


def test_time_that_the_clock_skips_moves_forward(as_alice: Caller) -> None:
    event = as_alice.event(
        start="2027-03-28T02:30", end="2027-03-28T03:00", time_zone="Europe/Paris"
    )

    assert (event["start"], event["end"]) == ("2027-03-28T03:30", "2027-03-28T04:00")


def test_attendee_without_address_is_named_and_known_address_gets_its_name(
    as_alice: Caller,
) -> None:
    Contact.objects.create(name="Ana Anders", email="ana@client.example")

    event = as_alice.event(attendees=[{"name": "The caterer"}, {"email": "Ana@Client.example"}])

    assert [(p["email"], p["name"]) for p in event["attendees"]] == [
        (None, "The caterer"),
        ("ana@client.example", "Ana Anders"),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"version": 3}, "version"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"show_as": "asleep"}, "show_as"),
        ({"end": "2026-12-01T08:00"}, "end"),
        ({"start": "2026-12-01T09:00Z"}, "start"),
        ({"start": "2026-12-01T09:00+01:00"}, "start"),
        ({"start": "2026-12-01"}, "start"),
        ({"start": "soon"}, "start"),
        ({"start": None}, "start"),
        ({"start": "0001-01-01T00:00", "time_zone": "Asia/Tokyo"}, "start"),
        ({"all_day": True}, "start"),
        ({"all_day": True, "start": "2026-12-01", "end": "2026-12-01"}, "end"),
        ({"subject": "x" * 256}, "subject"),
        ({"subject": "nul \x00"}, "subject"),
        ({"description": "half \ud83d"}, "description"),
        ({"attendees": [{"email": "no address"}]}, "attendees.0"),
        ({"attendees": [{"type": "required"}]}, "attendees.0"),
        ({"attendees": [{**BOB, "colour": "red"}]}, "attendees.0.colour"),
        ({"reminder_minutes": -1}, "reminder_minutes"),
        ({"categories": [""]}, "categories.0"),
    ],
)
def test_create_refuses_a_bad_value_by_name(
    as_alice: Caller, body: dict[str, Any], field: str
) -> None:
    good = {"start": "2026-12-01T09:00", "end": "2026-12-01T10:00", "time_zone": "UTC"}

    response = as_alice.post("/events", {**good, **body})

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["field"] == field
    assert response.json()["detail"].endswith(".")
    assert as_alice.get("/events").json()["count"] == 0


def test_body_that_is_no_json_is_a_bad_request(as_alice: Caller) -> None:
    response = as_alice.raw("/events", "{")

    assert response.status_code == 400
    assert response.json()["detail"] == "The body is not valid JSON."


def test_edit_changes_what_is_given_and_raises_the_version(as_alice: Caller, meeting: Any) -> None:
    edited = as_alice.patch(f"/events/{meeting['id']}", {"subject": "Retro"}).json()

    changed = {key for key in KEYS if edited[key] != meeting[key]}
    assert changed == {"subject", "version", "updated_at"}
    assert edited["version"] == 2


def test_edit_with_nothing_new_changes_nothing(as_alice: Caller, meeting: Any) -> None:
    same = {key: meeting[key] for key in ["subject", "start", "end", "time_zone", "attendees"]}

    assert as_alice.patch(f"/events/{meeting['id']}", same).json() == meeting


def test_new_zone_keeps_the_wall_time(as_alice: Caller, meeting: Any) -> None:
    edited = as_alice.patch(f"/events/{meeting['id']}", {"time_zone": "Asia/Tokyo"}).json()

    assert (edited["start"], edited["time_zone"]) == ("2026-12-01T09:00", "Asia/Tokyo")


def test_turning_all_day_needs_both_dates(as_alice: Caller, meeting: Any) -> None:
    path = f"/events/{meeting['id']}"
    dates = {"all_day": True, "start": "2026-12-01", "end": "2026-12-02"}

    assert as_alice.patch(path, {"all_day": True}).json()["field"] == "start"
    assert as_alice.patch(path, dates).json()["all_day"] is True


def test_second_of_two_alike_hours_survives_an_edit(as_alice: Caller) -> None:
    # 02:30 comes twice in Paris on this night; 01:30 UTC is the second one.
    event = as_alice.event(start="2027-10-31T01:30", end="2027-10-31T01:45")
    Event.objects.update(time_zone="Europe/Paris")

    edited = as_alice.patch(f"/events/{event['id']}", {"start": "2027-10-31T02:30"}).json()

    assert (edited["start"], edited["version"]) == ("2027-10-31T02:30", 1)


def test_a_teams_link_cannot_be_asked_for_later(as_alice: Caller, meeting: Any) -> None:
    response = as_alice.patch(f"/events/{meeting['id']}", {"online_meeting": True})

    assert (response.status_code, response.json()["field"]) == (422, "online_meeting")


def test_stale_version_is_refused(as_alice: Caller, meeting: Any) -> None:
    path = f"/events/{meeting['id']}"
    as_alice.patch(path, {"subject": "First"}, If_Match='"1"')

    assert as_alice.patch(path, {"subject": "Second"}, If_Match='"1"').status_code == 412
    assert as_alice.delete(path, If_Match='"1"').status_code == 412
    assert as_alice.patch(path, {"subject": "Second"}, If_Match='W/"2"').status_code == 200
    assert as_alice.get(path)["ETag"] == '"3"'


def test_delete_by_the_organizer_archives(as_alice: Caller, as_bob: Caller, meeting: Any) -> None:
    path = f"/events/{meeting['id']}"

    assert as_alice.delete(path).status_code == 204

    assert as_alice.get("/events").json()["count"] == 0
    assert as_alice.get("/events", archived=True).json()["items"][0]["archived"] is True
    assert as_bob.get(path).status_code == 404


def test_delete_by_an_attendee_takes_only_them_off(
    as_alice: Caller, as_bob: Caller, meeting: Any
) -> None:
    path = f"/events/{meeting['id']}"

    assert as_bob.delete(path).status_code == 204

    assert as_bob.get("/events").json()["count"] == 0
    assert as_bob.get(path).json()["archived"] is True
    assert as_alice.get(path).json()["archived"] is False
    assert as_bob.post(f"{path}/unarchive").json()["archived"] is False
    assert as_bob.get("/events").json()["count"] == 1


def test_unarchive_brings_the_event_back(as_alice: Caller, meeting: Any) -> None:
    path = f"/events/{meeting['id']}"

    assert as_alice.post(f"{path}/archive").json()["archived"] is True
    assert as_alice.post(f"{path}/unarchive").json()["archived"] is False
    assert as_alice.get("/events").json()["count"] == 1


def test_only_an_archived_event_is_removed_for_good(
    as_alice: Caller, as_bob: Caller, meeting: Any
) -> None:
    path = f"/events/{meeting['id']}"

    assert as_alice.delete(f"{path}?forever=true").status_code == 409
    as_alice.post(f"{path}/archive")
    assert as_alice.delete(f"{path}?forever=true").status_code == 204
    assert as_alice.get(path).status_code == 404


def test_attendee_answers(as_alice: Caller, as_bob: Caller, meeting: Any) -> None:
    path = f"/events/{meeting['id']}"

    answer = as_bob.post(f"{path}/respond", {"response": "accepted", "comment": None})

    assert answer.json()["my_response"] == "accepted"
    assert as_alice.get(path).json()["attendees"][0]["response"] == "accepted"
    assert as_alice.post(f"{path}/respond", {"response": "accepted"}).status_code == 403
    assert as_bob.post(f"{path}/respond", {"response": "perhaps"}).status_code == 422


def test_a_comment_that_would_reach_nobody_is_refused(as_bob: Caller, meeting: Any) -> None:
    path = f"/events/{meeting['id']}"

    refused = as_bob.post(f"{path}/respond", {"response": "declined", "comment": "Ill"})

    assert refused.status_code == 403
    assert "connect it" in refused.json()["detail"]
    assert as_bob.get(path).json()["my_response"] == "not_responded"


def test_attendee_edits_only_what_is_their_own(as_bob: Caller, meeting: Any) -> None:
    path = f"/events/{meeting['id']}"

    own = {"show_as": "free", "reminder_minutes": None, "categories": ["Red"]}
    edited = as_bob.patch(path, own).json()

    assert {key: edited[key] for key in own} == own
    assert edited["access"] == "attendee"
    response = as_bob.patch(path, {"subject": "Mine"})
    assert response.status_code == 403
    assert response.json()["detail"] == "Only Alice Adams can change this event."


def test_outsider_sees_a_busy_block(as_alice: Caller, as_charlie: Caller, bob: User) -> None:
    event = as_alice.event(
        description="Secret", location="Cellar", attendees=[BOB], categories=["Blue"]
    )

    block = as_charlie.get(f"/events/{event['id']}").json()

    assert block["access"] == "busy"
    assert (block["start"], block["end"], block["show_as"]) == (
        event["start"],
        event["end"],
        "busy",
    )
    hidden = ["subject", "description", "location", "attendees", "organizer", "categories"]
    assert [block[key] for key in hidden] == ["", "", "", [], None, []]
    assert block["user_ids"] == [as_alice.user.pk, bob.pk]
    assert as_charlie.patch(f"/events/{event['id']}", {"subject": "Ha"}).status_code == 403
    assert as_charlie.delete(f"/events/{event['id']}").status_code == 403


@pytest.mark.parametrize(
    ("sharing", "sensitivity", "subject"),
    [("busy", "normal", ""), ("details", "normal", "Review"), ("details", "private", "")],
)
def test_outsider_sees_what_the_organizer_shares(
    as_alice: Caller, as_charlie: Caller, sharing: str, sensitivity: str, subject: str
) -> None:
    User.objects.filter(pk=as_alice.user.pk).update(sharing=sharing)
    as_alice.event(sensitivity=sensitivity)

    (seen,) = as_charlie.get("/events", **WEEK).json()["items"]

    assert seen["subject"] == subject


def test_administrator_sees_no_more_than_others(as_alice: Caller, admin: User) -> None:
    as_alice.event()

    (seen,) = Caller(admin).get("/events").json()["items"]

    assert seen["subject"] == ""


def test_event_that_nobody_here_is_on_is_not_found(as_alice: Caller, as_bob: Caller) -> None:
    event = as_alice.event()
    as_alice.post(f"/events/{event['id']}/archive")

    response = as_bob.get(f"/events/{event['id']}")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2026-12-01T08:00:00Z", "2026-12-01T09:00:00Z", 0),
        ("2026-12-01T08:00:00Z", "2026-12-01T09:00:01Z", 1),
        ("2026-12-01T09:30", "2026-12-01T09:40", 1),
        ("2026-12-01T10:00:00Z", "2026-12-01T11:00:00Z", 0),
        ("2026-12-01T11:30:00+02:00", "2026-12-01T12:00:00+02:00", 1),
        ("2026-12-01T11:30:00 02:00", "2026-12-01T12:00:00 02:00", 1),
    ],
)
def test_list_takes_what_overlaps(as_alice: Caller, start: str, end: str, found: int) -> None:
    as_alice.event()

    assert as_alice.get("/events", start=start, end=end).json()["count"] == found


@pytest.mark.parametrize(
    ("start", "found"), [("2026-12-01T14:59:00Z", 1), ("2026-12-01T15:00:00Z", 0)]
)
def test_all_day_event_lies_in_the_readers_zone(as_alice: Caller, start: str, found: int) -> None:
    User.objects.filter(pk=as_alice.user.pk).update(time_zone="Asia/Tokyo")
    as_alice.event(all_day=True, start="2026-12-01", end="2026-12-02")

    found_there = as_alice.get("/events", start=start, end="2026-12-09", expand="true").json()
    assert found_there["count"] == found


@pytest.mark.parametrize("list_", ["/events", "/people", "/outlook/runs"])
def test_no_list_is_skipped_through_for_ever(as_alice: Caller, list_: str) -> None:
    answer = as_alice.get(list_, offset=10**20)
    assert (answer.status_code, answer.json()["field"]) == (422, "offset")


def test_list_pages_and_filters_by_person(as_alice: Caller, as_bob: Caller) -> None:
    for hour in (9, 11, 13):
        as_alice.event(start=f"2026-12-01T{hour:02}:00", end=f"2026-12-01T{hour + 1}:00")
    as_bob.event()

    page = as_alice.get("/events", limit=2, offset=1, user=as_alice.user.pk).json()

    assert [item["start"][11:] for item in page["items"]] == ["11:00", "13:00"]
    assert page["count"] == 3
    both = as_alice.get("/events", user=[as_alice.user.pk, as_bob.user.pk]).json()
    assert both["count"] == 4


@pytest.mark.parametrize("query", [{"limit": 1001}, {"limit": 0}, {"start": "today"}])
def test_list_refuses_a_bad_query(as_alice: Caller, query: dict[str, Any]) -> None:
    response = as_alice.get("/events", **query)

    assert response.status_code == 422
    assert response.json()["field"] in query


@pytest.mark.parametrize("events", [1, 3])
def test_list_asks_the_database_a_fixed_number_of_times(
    as_alice: Caller, bob: User, events: int, django_assert_num_queries: Any
) -> None:
    for _ in range(events):
        as_alice.event(attendees=[BOB, ANA])

    # Token, series, page, participants, their users and overrides, the events' overrides, mailbox,
    # count; and two for the request's savepoint.
    with django_assert_num_queries(11):
        assert as_alice.get("/events", **WEEK).json()["count"] == events


def test_without_sign_in_nothing_is_shown(db: None) -> None:
    response = Client().get("/api/v1/events")

    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    unknown = Client(headers={"authorization": "Bearer nonsense"}).get("/api/v1/events")
    assert unknown.status_code == 401


def test_browser_session_needs_the_csrf_token(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)

    assert browser.get("/api/v1/events").status_code == 200
    refused = browser.post("/api/v1/events", "{}", content_type="application/json")
    assert refused.status_code == 403
    assert "reload the page" in refused.json()["detail"]


def test_openapi_describes_the_events(db: None, client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()

    assert "/api/v1/events/{event_id}" in document["paths"]
