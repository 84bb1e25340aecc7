"""Who gets mail: operations.md §3 and §4, row by row."""

from typing import Any

import pytest

from sandbox.conftest import ANA, BO, CHI, OUT
from sandbox.ledger import covers
from sandbox.world import Person, World, at, attendees, event

EVERYBODY = ["bo", "chi", "out"]


def to_all(kind: str) -> list[tuple[str, str]]:
    return [(kind, name) for name in EVERYBODY]


@covers("operations.invite", "operations.outside", "control.mail")
def test_create_invites_all(ana: Person, world: World) -> None:
    made = ana.create(event("Planning", BO, OUT))
    invitation = world.mail()[0]
    assert world.mailed() == [("invitation", "bo"), ("invitation", "out")]
    assert invitation["from"] == ANA
    assert invitation["subject"] == "Planning"
    assert invitation["ical_uid"] == made["iCalUId"]
    assert invitation["cause"] == "POST /v1.0/me/events"


@covers("operations.invite")
def test_create_in_the_past_invites_too(ana: Person, world: World) -> None:
    past = {"start": at("2020-01-01T09:00"), "end": at("2020-01-01T10:00")}
    ana.create(event("Planning", BO, **past))
    assert world.mailed() == [("invitation", "bo")]


@covers("operations.appointment")
def test_appointment_mails_nobody(ana: Person, world: World) -> None:
    made = ana.create(event())
    ana.patch(f"/me/events/{made['id']}", {"subject": "New"})
    ana.delete(f"/me/events/{made['id']}")
    assert world.mailed() == []


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "New"},
        {"body": {"contentType": "text", "content": "New"}},
        {"location": {"displayName": "New"}},
        {"start": at("2026-12-01T08:00")},
        {"importance": "high"},
    ],
)
@covers("operations.patch")
def test_patch_of_content_updates_all(
    ana: Person, world: World, meeting: Any, change: dict[str, Any]
) -> None:
    ana.patch(f"/me/events/{meeting['id']}", change)
    assert world.mailed() == to_all("update")
    assert world.mail()[0]["cause"] == f"PATCH /v1.0/me/events/{meeting['id']}"


@pytest.mark.parametrize(
    "change",
    [
        {"categories": ["Red"]},
        {"showAs": "free"},
        {"isReminderOn": False},
        {"reminderMinutesBeforeStart": 5},
        {"sensitivity": "private"},
    ],
)
@covers("operations.silent")
def test_patch_of_own_fields_is_silent_by_switch(
    ana: Person, world: World, meeting: Any, change: dict[str, Any]
) -> None:
    ana.patch(f"/me/events/{meeting['id']}", change)
    assert world.mailed() == []
    world.switch(silent_properties=[])
    ana.patch(f"/me/events/{meeting['id']}", change)
    assert world.mailed() == to_all("update")


@covers("operations.attendees-only")
def test_adding_one_person_invites_only_them(ana: Person, world: World, meeting: Any) -> None:
    people = attendees(BO, CHI, OUT, "dan@contoso.com")
    ana.patch(f"/me/events/{meeting['id']}", {"attendees": people})
    assert world.mailed() == [("invitation", "dan")]


@covers("operations.attendees-only", "operations.removed")
def test_removing_one_person_cancels_only_theirs(
    ana: Person, bo: Person, chi: Person, world: World, meeting: Any
) -> None:
    ana.patch(f"/me/events/{meeting['id']}", {"attendees": attendees(CHI, OUT)})
    assert world.mailed() == [("cancellation", "bo")]
    assert bo.only_event()["isCancelled"] is True
    assert chi.only_event()["isCancelled"] is False


@covers("operations.attendees-more")
def test_attendees_with_anything_else_mails_everyone(
    ana: Person, world: World, meeting: Any
) -> None:
    people = attendees(CHI, OUT, "dan@contoso.com")
    ana.patch(f"/me/events/{meeting['id']}", {"attendees": people, "subject": "New"})
    assert sorted(world.mailed()) == [
        ("cancellation", "bo"),
        ("invitation", "dan"),
        ("update", "chi"),
        ("update", "out"),
    ]


@covers("operations.attendees-only")
def test_the_same_attendees_again_mail_nobody(ana: Person, world: World, meeting: Any) -> None:
    ana.patch(f"/me/events/{meeting['id']}", {"attendees": attendees(BO, CHI, OUT)})
    assert world.mailed() == []


@covers("operations.delete-mail", "operations.cancelled-copy")
def test_delete_cancels(ana: Person, bo: Person, world: World, meeting: Any) -> None:
    ana.delete(f"/me/events/{meeting['id']}")
    assert world.mailed() == to_all("cancellation")
    copy = bo.only_event()
    assert (copy["isCancelled"], copy["subject"]) == (True, "Canceled: Planning")
    assert copy["showAs"] == "free"


@covers("operations.leniencies", "operations.cancel-comment")
def test_cancel_with_a_comment(ana: Person, world: World, meeting: Any) -> None:
    ana.post(f"/me/events/{meeting['id']}/cancel", {"Comment": "Sorry"})
    assert world.mailed() == to_all("cancellation")
    assert world.mail()[0]["comment"] == "Sorry"
    assert ana.events() == []


@covers("operations.cancel-refused")
def test_attendee_cannot_cancel(bo: Person, meeting: Any) -> None:
    path = f"/me/events/{bo.only_event()['id']}/cancel"
    assert bo.error("POST", path) == (400, "ErrorInvalidRequest")
