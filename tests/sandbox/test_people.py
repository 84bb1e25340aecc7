"""Free/busy of colleagues, and mail as messages (operations.md §4, §8)."""

from typing import Any

import pytest

from sandbox.conftest import ANA, BO
from sandbox.ledger import covers
from sandbox.world import Person, World, at, event


def schedule(*people: str, **more: Any) -> dict[str, Any]:
    bounds = {"startTime": at("2026-12-01T08:00"), "endTime": at("2026-12-01T12:00")}
    return {"schedules": list(people), "availabilityViewInterval": 60} | bounds | more


@pytest.mark.parametrize(
    "asked",
    [
        schedule(*[f"p{n}@contoso.com" for n in range(21)]),
        schedule(ANA, availabilityViewInterval=4),
        schedule(ANA, availabilityViewInterval=1441),
    ],
)
@covers("operations.schedule-limits")
def test_schedule_refuses(ana: Person, asked: Any) -> None:
    refused = ana.error("POST", "/me/calendar/getSchedule", asked)
    assert refused == (400, "ErrorInvalidParameter")


@covers("operations.schedule-private", "operations.schedule-digits")
def test_schedule_of_a_colleague(ana: Person, bo: Person) -> None:
    for hour, shown in (("08", "tentative"), ("09", "oof"), ("10", "workingElsewhere")):
        wall = {"start": at(f"2026-12-01T{hour}:00"), "end": at(f"2026-12-01T{hour}:30")}
        bo.create(event("Secret", showAs=shown, **wall))
    (found,) = ana.post("/me/calendar/getSchedule", schedule(BO), 200)["value"]
    assert found["availabilityView"] == "1300"
    assert [item.keys() for item in found["scheduleItems"]] == [{"status", "start", "end"}] * 3
    (own,) = bo.post("/me/calendar/getSchedule", schedule(BO), 200)["value"]
    assert own["scheduleItems"][0]["subject"] == "Secret"


@covers("operations.schedule-personal")
def test_personal_account_has_no_schedules(world: World) -> None:
    pia = world.person("pia@outlook.com", kind="personal")
    refused = pia.error("POST", "/me/calendar/getSchedule", schedule("pia@outlook.com"))
    assert refused == (403, "ErrorAccessDenied")


@covers("operations.messages")
def test_messages_need_their_scope_and_come_in_pages(world: World, ana: Person, bo: Person) -> None:
    for number in range(12):
        ana.create(event(f"Meeting {number}", BO))
    assert bo.error("GET", "/me/messages") == (403, "ErrorAccessDenied")
    reader = world.sign_in(BO, scope="openid Mail.Read Calendars.Read")
    page = reader.get("/me/messages?$select=subject")
    assert [m["subject"] for m in page["value"]] == [f"Meeting {n}" for n in range(11, 1, -1)]
    rest = reader.get(page["@odata.nextLink"].partition("/v1.0")[2])
    assert [m["subject"] for m in rest["value"]] == ["Meeting 1", "Meeting 0"]
    assert reader.error("GET", "/me/messages?$expand=attachments") == (400, "BadRequest")
    gone = reader.error("GET", "/me/messages/AAMkAabcdefgh12345678AAA=")
    assert gone == (404, "ErrorItemNotFound")


@covers("operations.schedule-5006")
def test_schedule_of_too_many_entries(ana: Person) -> None:
    for _ in range(1001):
        ana.create(event())
    (found,) = ana.post("/me/calendar/getSchedule", schedule(ANA), 200)["value"]
    assert found["error"]["responseCode"] == "5006"
    assert found["scheduleItems"] is None
