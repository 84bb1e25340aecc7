"""The console, and what the pages say in words."""

from typing import Any

import pytest

from sandbox.conftest import ANA, BO
from sandbox.ledger import covers
from sandbox.test_pages import form_values
from sandbox.world import Person, World, event


@pytest.mark.parametrize(
    "path", ["/outlook/nobody@x.y/calendar", f"/outlook/{ANA}/events/x", "/outlook/a/b/c/d"]
)
@covers("page.safe")
def test_missing_pages(world: World, ana: Person, path: str) -> None:
    assert world.http.get(path).status_code == 404


@covers("page.ledger")
def test_console_ledger(world: World, ana: Person) -> None:
    ana.get("/me/events?$top=5")
    page = world.http.get("/console/requests?live=1").text
    assert "/v1.0/me/events" in page
    assert 'http-equiv="refresh"' in page
    world.http.post("/console/requests/clear")
    assert "No application has asked anything yet." in world.http.get("/console/requests").text


@covers("page.faults")
def test_console_faults(world: World, ana: Person) -> None:
    form = {"method": "GET", "path": "^/me$", "email": "", "status": "503", "times": "2"}
    world.http.post("/console/faults", data=form | {"skip": "0", "when": "before", "code": ""})
    assert "answers 503" in world.http.get("/console/faults").text
    assert ana.error("GET", "/me") == (503, "ServiceUnavailable")
    world.http.post(
        "/console/faults", data={"kind": "token_error", "email": ANA, "aadsts": "50076"}
    )
    assert "AADSTS50076" in world.http.get("/console/faults").text
    world.http.post("/console/faults/clear")
    assert "Everything works." in world.http.get("/console/faults").text
    wrong = world.http.post("/console/faults", data={"path": "("})
    assert wrong.status_code == 400


@covers("page.faults")
def test_console_switches_keep_what_is_not_touched(world: World) -> None:
    before = world.control("GET", "/switches")
    values = form_values(world.http.get("/console/switches"))
    world.http.post("/console/switches", data=values)
    assert world.control("GET", "/switches") == before
    world.http.post("/console/switches", data=values | {"delta_shuffle": "on"})
    assert world.control("GET", "/switches") == before | {"delta_shuffle": True}
    wrong = world.http.post("/console/switches", data=values | {"delivery_seconds": "x"})
    assert wrong.status_code == 400


@covers("page.faults")
def test_console_clock(world: World) -> None:
    world.http.post("/console/clock", data={"now": "2030-01-01T10:00"})
    world.http.post("/console/clock", data={"advance": "3600"})
    assert "1 January 2030, 11:00" in world.http.get("/console/clock").text
    world.http.post("/console/clock", data={"real": "1"})
    assert "Real time." in world.http.get("/console/clock").text


@pytest.mark.parametrize(
    ("pattern", "span", "text"),
    [
        ({"type": "daily", "interval": 2}, {"type": "noEnd"}, "Every 2 days"),
        (
            {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday", "friday"]},
            {"type": "endDate", "endDate": "2027-03-31"},
            "Every week on Tuesday and Friday, until 31 March 2027",
        ),
        (
            {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 1},
            {"type": "numbered", "numberOfOccurrences": 3},
            "Every month on day 1, 3 times",
        ),
        (
            {
                "type": "relativeYearly",
                "interval": 1,
                "daysOfWeek": ["tuesday"],
                "index": "first",
                "month": 12,
            },
            {"type": "noEnd"},
            "Every year on the first Tuesday of December",
        ),
    ],
)
@covers("page.rule")
def test_rule_is_told_in_words(
    world: World, ana: Person, pattern: Any, span: Any, text: str
) -> None:
    rule = {"pattern": pattern, "range": span | {"startDate": "2026-12-01"}}
    made = ana.create(event("Series", BO, recurrence=rule))
    url = f"/outlook/{ANA}/events/{made['id']}"
    assert text in world.http.get(url).text
    assert text in world.http.get(url + "/edit").text
    assert f"Repeats: {text}" in world.sandbox.state.mail[0].text


@covers("page.zone")
def test_mail_is_timed_in_the_zone_of_the_mailbox(world: World, ana: Person, bo: Person) -> None:
    world.control("POST", "/clock", {"now": "2026-11-30T23:30:00Z"})
    world.http.post(f"/outlook/{BO}/time-zone", data={"zone": "Asia/Tokyo"})
    world.sign_in(ANA).create(event("Planning", BO))
    assert "1 Dec 08:30" in world.http.get(f"/outlook/{BO}/inbox").text
