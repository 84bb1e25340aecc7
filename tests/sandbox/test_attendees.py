"""The attendee's side of a meeting, and series between mailboxes (operations.md §3, §4)."""

from typing import Any

import pytest

from sandbox.conftest import ANA, BO, CHI, OUT
from sandbox.ledger import covers
from sandbox.world import Person, World, at, attendees, event, weekly


@covers("event.attendee-copy", "event.icaluid")
def test_copy_of_the_attendee(bo: Person, meeting: Any) -> None:
    copy = bo.only_event()
    assert copy["iCalUId"] == meeting["iCalUId"]
    assert copy["id"] != meeting["id"]
    assert (copy["isOrganizer"], copy["showAs"]) == (False, "tentative")
    assert copy["responseStatus"]["response"] == "notResponded"
    assert copy["organizer"]["emailAddress"]["address"] == ANA
    named = [a["emailAddress"]["address"] for a in copy["attendees"]]
    assert named == [ANA, BO, CHI, OUT]
    assert {a["status"]["response"] for a in copy["attendees"]} == {"none"}


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize(
    ("verb", "response", "shown"),
    [
        ("accept", "accepted", "busy"),
        ("tentativelyAccept", "tentativelyAccepted", "tentative"),
    ],
)
@covers("operations.answer")
def test_answer_travels_to_the_organizers_tally(
    world: World, bo: Person, verb: str, response: str, shown: str
) -> None:
    bo.post(f"/me/events/{bo.only_event()['id']}/{verb}", {"comment": "Fine"})
    copy = bo.only_event()
    assert (copy["showAs"], copy["responseStatus"]["response"]) == (shown, response)
    assert world.mailed() == [("response", "ana")]
    assert world.mail()[0]["comment"] == "Fine"
    tally = world.sign_in(ANA).only_event()["attendees"][0]["status"]
    assert tally["response"] == response


@covers("operations.leniencies", "operations.quiet-answer")
def test_answer_without_sending_stays_at_home(
    ana: Person, bo: Person, world: World, meeting: Any
) -> None:
    bo.post(f"/me/events/{bo.only_event()['id']}/accept", {"sendResponse": "false"})
    assert world.mailed() == []
    assert ana.only_event()["attendees"][0]["status"]["response"] == "none"
    assert bo.only_event()["responseStatus"]["response"] == "accepted"


@covers("operations.decline")
def test_decline_removes_the_copy(ana: Person, bo: Person, world: World, meeting: Any) -> None:
    bo.post(f"/me/events/{bo.only_event()['id']}/decline")
    assert bo.events() == []
    assert world.mailed() == [("response", "ana")]
    assert ana.only_event()["attendees"][0]["status"]["response"] == "declined"


@covers("operations.organizer-answer")
def test_organizer_cannot_answer(ana: Person, meeting: Any) -> None:
    path = f"/me/events/{meeting['id']}/accept"
    assert ana.error("POST", path) == (400, "ErrorInvalidRequest")


@covers("operations.proposal")
def test_proposals(ana: Person, bo: Person, meeting: Any) -> None:
    path = f"/me/events/{bo.only_event()['id']}/tentativelyAccept"
    slot = {"Start": at("2026-12-02T09:00"), "End": at("2026-12-02T10:00")}
    silent = {"proposedNewTime": slot, "sendResponse": False}
    assert bo.error("POST", path, silent) == (400, "ErrorInvalidParameter")
    bo.post(path, {"proposedNewTime": slot})
    proposed = ana.only_event()["attendees"][0]["proposedNewTime"]
    assert proposed["start"]["dateTime"] == "2026-12-02T08:00:00.0000000"
    ana.patch(f"/me/events/{meeting['id']}", {"allowNewTimeProposals": False})
    assert bo.error("POST", path, {"proposedNewTime": slot}) == (400, "ErrorInvalidRequest")


@covers("operations.own-patch")
def test_attendee_patch_stays_in_their_mailbox_until_the_next_update(
    ana: Person, bo: Person, world: World, meeting: Any
) -> None:
    path = f"/me/events/{bo.only_event()['id']}"
    bo.patch(path, {"subject": "Mine", "categories": ["Red"]})
    assert world.mailed() == []
    assert ana.only_event()["subject"] == "Planning"
    ana.patch(f"/me/events/{meeting['id']}", {"location": {"displayName": "Room 2"}})
    copy = bo.get(path)
    assert (copy["subject"], copy["categories"]) == ("Planning", ["Red"])


@covers("operations.own-delete")
def test_attendee_delete_is_silent_by_switch(
    ana: Person, bo: Person, chi: Person, world: World, meeting: Any
) -> None:
    bo.delete(f"/me/events/{bo.only_event()['id']}")
    assert world.mailed() == []
    world.switch(attendee_delete_mails_organizer=True)
    chi.delete(f"/me/events/{chi.only_event()['id']}")
    assert world.mailed() == [("response", "ana")]


@covers("operations.new-time")
def test_update_after_a_new_time_asks_again(ana: Person, bo: Person, meeting: Any) -> None:
    path = f"/me/events/{bo.only_event()['id']}"
    bo.post(path + "/accept")
    ana.patch(f"/me/events/{meeting['id']}", {"subject": "New"})
    assert bo.get(path)["responseStatus"]["response"] == "accepted"
    ana.patch(f"/me/events/{meeting['id']}", {"end": at("2026-12-01T11:00")})
    assert bo.get(path)["responseStatus"]["response"] == "notResponded"
    assert ana.only_event()["attendees"][0]["status"]["response"] == "none"


@covers("operations.delivery")
def test_delivery_waits_for_the_clock(ana: Person, bo: Person, world: World) -> None:
    world.switch(delivery_seconds=60)
    ana.create(event("Planning", BO))
    assert world.mailed() == [("invitation", "bo")]
    assert bo.events() == []
    world.advance(61)
    assert bo.only_event()["subject"] == "Planning"


@covers("event.hidden")
def test_hidden_attendees(ana: Person, bo: Person) -> None:
    ana.create(event("Planning", BO, CHI, hideAttendees=True))
    assert [a["emailAddress"]["address"] for a in bo.only_event()["attendees"]] == [BO]


@covers("operations.series", "operations.occurrence")
def test_series_update_mails_once_more_per_exception(ana: Person, bo: Person, world: World) -> None:
    made = ana.create(event("Standup", BO, **weekly()))
    window = "startDateTime=2026-12-01T00:00:00&endDateTime=2027-01-01T00:00:00"
    days = ana.get(f"/me/events/{made['id']}/instances?{window}")["value"]
    ana.patch(f"/me/events/{days[1]['id']}", {"location": {"displayName": "Elsewhere"}})
    assert world.mailed() == [("invitation", "bo"), ("update", "bo")]
    world.forget_mail()
    ana.patch(f"/me/events/{made['id']}", {"subject": "New"})
    assert world.mailed() == [("update", "bo"), ("update", "bo")]


@covers("operations.delete-date")
def test_deleting_an_occurrence_cancels_that_date(ana: Person, bo: Person, world: World) -> None:
    made = ana.create(event("Standup", BO, **weekly()))
    world.forget_mail()
    window = "startDateTime=2026-12-01T00:00:00&endDateTime=2027-01-01T00:00:00"
    days = ana.get(f"/me/events/{made['id']}/instances?{window}")["value"]
    ana.delete(f"/me/events/{days[1]['id']}")
    assert world.mailed() == [("cancellation", "bo")]
    copies = bo.get(f"/me/calendarView?{window}")["value"]
    assert [copy["isCancelled"] for copy in copies] == [False, True, False, False]


@covers("operations.occurrence", "operations.one-date")
def test_someone_invited_to_one_date_only(ana: Person, chi: Person, world: World) -> None:
    made = ana.create(event("Standup", BO, **weekly()))
    window = "startDateTime=2026-12-01T00:00:00&endDateTime=2027-01-01T00:00:00"
    days = ana.get(f"/me/events/{made['id']}/instances?{window}")["value"]
    world.forget_mail()
    ana.patch(f"/me/events/{days[1]['id']}", {"attendees": attendees(BO, CHI)})
    assert world.mailed() == [("invitation", "chi")]
    copy = chi.only_event()
    assert copy["type"] == "singleInstance"
    assert copy["iCalUId"] == days[1]["iCalUId"]
    ana.patch(f"/me/events/{made['id']}", {"attendees": attendees(BO, CHI)})
    assert [item["type"] for item in chi.events()] == ["seriesMaster"]


@covers("operations.forward-mail")
def test_forward_by_an_attendee_tells_the_organizer(
    ana: Person, bo: Person, world: World, meeting: Any
) -> None:
    dan = world.person("dan@contoso.com")
    recipients = [{"emailAddress": {"address": "dan@contoso.com", "name": "Dan"}}]
    path = f"/me/events/{bo.only_event()['id']}/forward"
    bo.post(path, {"ToRecipients": recipients, "Comment": "Come"})
    assert world.mailed() == [("invitation", "dan"), ("notice", "ana")]
    assert dan.only_event()["iCalUId"] == meeting["iCalUId"]
    assert len(ana.only_event()["attendees"]) == 4


@covers("operations.removed")
def test_invited_again_after_a_removal(ana: Person, bo: Person, world: World, meeting: Any) -> None:
    path = f"/me/events/{meeting['id']}"
    bo.post(f"/me/events/{bo.only_event()['id']}/accept")
    ana.patch(path, {"attendees": attendees(CHI, OUT)})
    ana.patch(path, {"attendees": attendees(BO, CHI, OUT)})
    copy = bo.only_event()
    assert (copy["isCancelled"], copy["subject"]) == (False, "Planning")
    assert copy["responseStatus"]["response"] == "notResponded"


@covers("operations.restored")
def test_update_restores_a_declined_copy_by_switch(
    ana: Person, bo: Person, world: World, meeting: Any
) -> None:
    path = f"/me/events/{meeting['id']}"
    bo.post(f"/me/events/{bo.only_event()['id']}/decline")
    world.switch(updates_restore_copies=False)
    ana.patch(path, {"subject": "Second"})
    assert bo.events() == []
    world.switch(updates_restore_copies=True)
    ana.patch(path, {"subject": "Third"})
    assert bo.only_event()["subject"] == "Third"


@covers("operations.series")
def test_answer_to_one_date_costs_no_further_mail(ana: Person, bo: Person, world: World) -> None:
    made = ana.create(event("Standup", BO, **weekly()))
    window = "startDateTime=2026-12-01T00:00:00&endDateTime=2027-01-01T00:00:00"
    days = bo.get(f"/me/calendarView?{window}")["value"]
    bo.post(f"/me/events/{days[1]['id']}/accept")
    world.forget_mail()
    ana.patch(f"/me/events/{made['id']}", {"subject": "New"})
    assert world.mailed() == [("update", "bo")]


@covers("operations.own-dates")
def test_dates_that_an_attendee_took_off_stay_off_until_the_time_changes(
    ana: Person, bo: Person
) -> None:
    made = ana.create(event("Standup", BO, **weekly()))
    window = "startDateTime=2026-12-01T00:00:00&endDateTime=2027-01-01T00:00:00"
    bo.delete(f"/me/events/{bo.get(f'/me/calendarView?{window}')['value'][1]['id']}")
    ana.patch(f"/me/events/{made['id']}", {"subject": "New"})
    assert len(bo.get(f"/me/calendarView?{window}")["value"]) == 3
    ana.patch(f"/me/events/{made['id']}", {"start": at("2026-12-01T08:00")})
    assert len(bo.get(f"/me/calendarView?{window}")["value"]) == 4
