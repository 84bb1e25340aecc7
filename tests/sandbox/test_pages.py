"""The Outlook page and the console: the same rules as the API, by hand."""

import html
import re
from typing import Any

import httpx
import pytest

from sandbox.conftest import ANA, BO
from sandbox.ledger import covers
from sandbox.world import Person, World, at, event, weekly

CALENDAR = f"/outlook/{ANA}/calendar"
NEW = f"/outlook/{ANA}/events/new"


def fields(**changes: str) -> dict[str, str]:
    return {
        "title": "Lunch",
        "attendees": "",
        "start_date": "2026-12-01",
        "start_time": "12:00",
        "end_date": "2026-12-01",
        "end_time": "13:00",
        "zone": "Europe/Berlin",
        "location": "Canteen",
        "description": "Hungry?",
        "show_as": "busy",
        "reminder": "15",
        "repeat": "none",
    } | changes


def form_values(page: httpx.Response) -> dict[str, str]:
    """What the browser would send back for an untouched form."""
    values: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        name = re.search(r'name="(\w+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            values[name[1]] = html.unescape(value[1]) if value else "on"
    for name, inner in re.findall(r'<select[^>]*name="(\w+)">(.*?)</select>', page.text, re.S):
        chosen = re.search(r"<option([^>]*) selected>([^<]*)", inner)
        first = re.search(r"<option([^>]*)>([^<]*)", inner)
        option = chosen or first
        assert option is not None
        value = re.search(r'value="([^"]*)"', option[1])
        values[name] = html.unescape(value[1] if value else option[2])
    for name, text in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', page.text, re.S
    ):
        values[name] = html.unescape(text)
    return values


@covers("page.home")
def test_home_lists_the_mailboxes(world: World) -> None:
    world.account(ANA)
    world.account("svc@contoso.com", mailbox=False)
    page = world.http.get("/").text
    assert f'href="/outlook/{ANA.replace("@", "%40")}/calendar"' in page
    assert "no mailbox" in page


@covers("page.home")
def test_account_can_be_added_by_hand(world: World) -> None:
    form = {"name": "Ana", "email": ANA, "kind": "work"}
    assert world.http.post("/outlook/accounts", data=form).status_code == 303
    assert world.control("GET", "/accounts")["value"][0]["email"] == ANA
    refused = world.http.post("/outlook/accounts", data={"email": "x"})
    assert "not an e-mail address" in world.http.get(refused.headers["location"]).text


@covers("page.create")
def test_created_event_is_on_the_calendar_and_invites(world: World, ana: Person) -> None:
    answer = world.http.post(NEW, data=fields(attendees=f"{BO}; out@example.org"))
    week = world.http.get(answer.headers["location"]).text
    assert "Lunch" in week
    assert "Canteen" in week
    assert world.mailed() == [("invitation", "bo"), ("invitation", "out")]
    assert world.mail()[0]["cause"] == "Outlook page"
    made = ana.only_event()
    assert made["start"] == at("2026-12-01T11:00:00.0000000", "UTC")
    assert made["bodyPreview"] == "Hungry?"


@covers("page.wrong")
def test_event_form_says_what_is_wrong(world: World, ana: Person) -> None:
    page = world.http.post(NEW, data=fields(end_date="2026-11-01"))
    assert page.status_code == 400
    assert "At least one property failed validation." in page.text
    page = world.http.post(NEW, data=fields(start_time=""))
    assert "Start needs a time." in page.text
    assert 'value="Canteen"' in page.text
    assert ana.events() == []


@covers("page.create")
def test_all_day_form_shows_the_last_day(world: World, ana: Person) -> None:
    world.http.post(NEW, data=fields(all_day="on", end_date="2026-12-02"))
    made = ana.only_event()
    assert (made["start"]["dateTime"][:10], made["end"]["dateTime"][:10]) == (
        "2026-12-01",
        "2026-12-03",
    )
    page = world.http.get(f"/outlook/{ANA}/events/{made['id']}/edit")
    assert form_values(page)["end_date"] == "2026-12-02"


@covers("page.create")
def test_repeating_event(world: World, ana: Person) -> None:
    world.http.post(NEW, data=fields(repeat="weekly", repeat_until="2026-12-31"))
    recurrence = ana.only_event()["recurrence"]
    assert recurrence["pattern"]["daysOfWeek"] == ["tuesday"]
    assert recurrence["range"]["endDate"] == "2026-12-31"
    assert world.http.get(CALENDAR + "?view=list&date=2026-12-01").text.count("Lunch") == 5


@pytest.mark.parametrize(
    ("change", "mails"),
    [
        ({}, []),
        ({"categories": "Red"}, []),
        ({"show_as": "free"}, []),
        ({"title": "Dinner"}, [("update", "bo")]),
        ({"attendees": f"{BO}, chi@contoso.com"}, [("invitation", "chi")]),
        ({"attendees": ""}, [("cancellation", "bo")]),
        ({"start_time": "08:00"}, [("update", "bo")]),
    ],
)
@covers("page.edit")
def test_edit_sends_only_what_was_changed(
    world: World, ana: Person, change: dict[str, str], mails: list[tuple[str, str]]
) -> None:
    made = ana.create(event("Planning", BO))
    world.forget_mail()
    url = f"/outlook/{ANA}/events/{made['id']}/edit"
    values = form_values(world.http.get(url))
    assert world.http.post(url, data=values | change).status_code == 303
    assert world.mailed() == mails


@covers("event.block")
def test_edited_description_keeps_the_online_meeting(world: World, ana: Person) -> None:
    made = ana.create(event("Planning", BO, isOnlineMeeting=True))
    url = f"/outlook/{ANA}/events/{made['id']}/edit"
    values = form_values(world.http.get(url))
    assert values["description"] == "Agenda\nSecond line"
    world.http.post(url, data=values | {"description": "New <text>"})
    changed = ana.only_event()
    assert changed["onlineMeeting"] == made["onlineMeeting"]
    assert changed["bodyPreview"].startswith("New <text>")


@covers("page.edit")
def test_one_date_of_a_series_is_edited_alone(world: World, ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    window = "startDateTime=2026-12-01T00:00:00&endDateTime=2027-01-01T00:00:00"
    day = ana.get(f"/me/events/{made['id']}/instances?{window}")["value"][1]
    url = f"/outlook/{ANA}/events/{day['id']}/edit"
    world.http.post(url, data=form_values(world.http.get(url)) | {"title": "Special"})
    subjects = [e["subject"] for e in ana.get(f"/me/calendarView?{window}")["value"]]
    assert subjects == ["Series", "Special", "Series", "Series"]


@covers("page.edit")
def test_series_form_leaves_the_rule_alone(world: World, ana: Person) -> None:
    made = ana.create(event("Series", **weekly()))
    url = f"/outlook/{ANA}/events/{made['id']}/edit"
    world.http.post(url, data=form_values(world.http.get(url)) | {"title": "Renamed"})
    changed = ana.only_event()
    assert (changed["subject"], changed["recurrence"]) == ("Renamed", made["recurrence"])


@covers("page.delete")
def test_delete_cancels_with_a_message(world: World, ana: Person) -> None:
    made = ana.create(event("Planning", BO))
    world.forget_mail()
    url = f"/outlook/{ANA}/events/{made['id']}"
    assert "Deleting sends a cancellation to 1 person." in world.http.get(url).text
    world.http.post(url + "/delete", data={"comment": "Sorry"})
    assert world.mailed() == [("cancellation", "bo")]
    assert world.mail()[0]["comment"] == "Sorry"
    assert world.http.get(url).status_code == 404


@pytest.mark.parametrize(
    ("form", "mails"),
    [
        ({"response": "accept", "send": "on", "comment": "Yes"}, [("response", "ana")]),
        ({"response": "accept"}, []),
        ({"response": "decline", "send": "on"}, [("response", "ana")]),
    ],
)
@covers("page.respond")
def test_respond(
    world: World, ana: Person, bo: Person, form: dict[str, str], mails: list[Any]
) -> None:
    ana.create(event("Planning", BO))
    world.forget_mail()
    url = f"/outlook/{BO}/events/{bo.only_event()['id']}"
    assert "Your response: No response yet" in world.http.get(url).text
    world.http.post(url + "/respond", data=form)
    assert world.mailed() == mails
    assert len(bo.events()) == (0 if form["response"] == "decline" else 1)


@covers("page.mail")
def test_inbox_and_sent_show_the_mail(world: World, ana: Person, bo: Person) -> None:
    ana.create(event("Planning", BO))
    inbox = world.http.get(f"/outlook/{BO}/inbox").text
    link = re.search(r'href="([^"]*/mail/[^"]*)"', inbox)
    assert link is not None
    mail = world.http.get(html.unescape(link[1])).text
    assert "When: Tuesday, 1 December 2026, 09:00–10:00 (Europe/Berlin)" in mail
    assert "Second line" in mail
    assert "Accept" in mail
    assert "POST /v1.0/me/events" in mail
    assert "Planning" in world.http.get(f"/outlook/{ANA}/sent").text
    assert "No mail yet" in world.http.get(f"/outlook/{ANA}/inbox").text


@covers("operations.delivery")
def test_mail_under_way_is_not_in_the_inbox(world: World, ana: Person, bo: Person) -> None:
    world.switch(delivery_seconds=60)
    ana.create(event("Planning", BO))
    assert "Planning" not in world.http.get(f"/outlook/{BO}/inbox").text
    world.advance(61)
    assert "Planning" in world.http.get(f"/outlook/{BO}/inbox").text


@covers("event.move")
def test_event_moves_to_another_calendar_with_a_new_id(world: World, ana: Person) -> None:
    made = ana.create(event("Planning"))
    side = ana.post("/me/calendars", {"name": "Side"}, 201)
    url = f"/outlook/{ANA}/events/{made['id']}/edit"
    world.http.post(url, data=form_values(world.http.get(url)) | {"calendar": side["id"]})
    (moved,) = ana.get(f"/me/calendars/{side['id']}/events")["value"]
    assert moved["id"] != made["id"]
    assert moved["iCalUId"] == made["iCalUId"]
    assert ana.events() == []


@covers("page.safe")
def test_content_is_escaped(world: World, ana: Person) -> None:
    ana.create(event("<script>alert(1)</script>"))
    page = world.http.get(CALENDAR + "?date=2026-12-01").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


@covers("page.zone")
def test_zone_of_the_page(world: World, ana: Person) -> None:
    ana.create(event("Planning"))
    world.http.post(f"/outlook/{ANA}/time-zone", data={"zone": "Asia/Tokyo"})
    assert "17:00–18:00" in world.http.get(CALENDAR + "?date=2026-12-01").text
