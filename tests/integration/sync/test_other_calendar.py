"""An event that somebody moves to another of their Outlook calendars: nobody deleted it."""

from typing import Any

import httpx
import lxml.html
import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, delete_forever, respond
from leansoft.calendars.models import Event
from leansoft.connections.calendar import open_calendar
from leansoft.events.fields import Field, Response
from leansoft.kit import clock
from leansoft.sync.control import disconnect, start_over
from leansoft.sync.leave.orders import Next
from leansoft.sync.leave.removal import Existing
from leansoft.sync.models import SyncAction
from leansoft.sync.preview.forecast import forecast_act
from leansoft.sync.read.audit import audit
from leansoft.sync.run import execute
from leansoft.sync.show.status import event_states
from support.company import Company
from support.outlook import people
from support.sides import ANA, here, in_step, new_mails, there

ELSEWHERE = (
    "not_in_outlook",
    "It is in another of your Outlook calendars, which is not kept in sync.",
)


def add_calendar(company: Company, user: User) -> str:
    made: str = company.outlook(user).ask("POST", "/me/calendars", {"name": "Side"})["id"]
    return made


def default_calendar(company: Company, user: User) -> str:
    found: str = company.outlook(user).ask("GET", "/me/calendar")["id"]
    return found


def move(company: Company, user: User, event_id: str, calendar_id: str) -> None:
    """As on Outlook's own page: no request of Graph's moves an event."""
    page = f"{company.sandbox.url}/outlook/{user.email}/events/{event_id}/edit"
    (form,) = [
        form
        for form in lxml.html.fromstring(httpx.get(page).text).forms
        if "calendar" in form.fields
    ]
    data: dict[str, Any] = {**dict(form.form_values()), "calendar": calendar_id}
    assert httpx.post(page, data=data).is_redirect


def move_away(company: Company, user: User, subject: str) -> str:
    """Answers the calendar that holds it now."""
    side = add_calendar(company, user)
    move(company, user, company.outlook(user).event(subject)["id"], side)
    return side


def in_side(company: Company, user: User, side: str) -> dict[str, Any]:
    (found,) = company.outlook(user).ask("GET", f"/me/calendars/{side}/events")["value"]
    event: dict[str, Any] = found
    return event


def state(user: User) -> tuple[str | None, str | None]:
    event = Event.objects.get()
    shown = event_states([event], user)[event.pk]
    return shown["state"], shown["reason"]


def by_audit(company: Company, user: User) -> None:
    audit(company.mailbox(user), open_calendar(company.mailbox(user)))


@pytest.fixture
def meeting(company: Company, alice: User, bob: User) -> Event:
    """Alice's meeting, with Bob and somebody outside, in step."""
    company.start(alice)
    company.start(bob)
    company.create(alice, "Tea", bob.email, ANA)
    in_step(company, alice, bob)
    return Event.objects.get()


def test_nothing_is_deleted_and_nobody_is_mailed(
    company: Company, alice: User, bob: User, meeting: Event
) -> None:
    before = company.sandbox.mails()
    side = move_away(company, alice, "Tea")
    in_step(company, alice, bob)
    assert (here(alice), here(bob), there(company, bob)) == (["Tea"], ["Tea"], ["Tea"])
    assert in_side(company, alice, side)["subject"] == "Tea"
    assert new_mails(company, before) == []
    assert state(alice) == ELSEWHERE
    assert not SyncAction.objects.filter(kind=SyncAction.Kind.DELETED).exists()


def test_what_is_changed_here_stays_here(
    company: Company, alice: User, bob: User, meeting: Event
) -> None:
    side = move_away(company, alice, "Tea")
    company.sync(alice)
    before = company.sandbox.mails()
    assert forecast_act("edit", meeting, {Field.SUBJECT: "Coffee"}, by=alice) == []
    company.edit(meeting, alice, subject="Coffee")
    in_step(company, alice, bob)
    assert (here(alice), in_side(company, alice, side)["subject"]) == (["Coffee"], "Tea")
    assert new_mails(company, before) == []


@pytest.mark.parametrize("for_good", [True, False])
def test_what_its_organizer_deletes_here_is_deleted_there(
    company: Company, alice: User, bob: User, meeting: Event, *, for_good: bool
) -> None:
    side = move_away(company, alice, "Tea")
    company.sync(alice)
    before = company.sandbox.mails()
    told = {(mail["to"], mail["kind"]) for mail in forecast_act("archive", meeting, {}, by=alice)}
    archive_event(meeting, by=alice, now=clock.now())
    if for_good:
        delete_forever(meeting, by=alice)
    in_step(company, alice, bob)
    assert company.outlook(alice).ask("GET", f"/me/calendars/{side}/events")["value"] == []
    assert {(to, kind) for to, kind, _ in new_mails(company, before)} == told
    assert told == {(bob.email, "cancellation"), (ANA, "cancellation")}
    assert (here(alice), here(bob)) == ([], [])
    assert not [e for e in company.outlook(bob).events() if not e["isCancelled"]]


def test_what_was_changed_there_since_comes_back_instead(
    company: Company, alice: User, bob: User, meeting: Event
) -> None:
    """As anywhere: whoever changed it in Outlook did not know of the deletion."""
    side = move_away(company, alice, "Tea")
    company.sync(alice)
    moved = in_side(company, alice, side)
    company.outlook(alice).ask("PATCH", f"/me/events/{moved['id']}", {"subject": "Coffee"})
    before = company.sandbox.mails()
    archive_event(meeting, by=alice, now=clock.now())
    in_step(company, alice, bob)
    assert (here(alice), in_side(company, alice, side)["subject"]) == (["Coffee"], "Coffee")
    assert new_mails(company, before) == []
    by_audit(company, alice)
    assert state(alice) == ELSEWHERE


@pytest.mark.parametrize("aloud", [True, False])
def test_who_leaves_it_here_leaves_their_copy_there(
    company: Company, alice: User, bob: User, meeting: Event, *, aloud: bool
) -> None:
    side = move_away(company, bob, "Tea")
    company.sync(bob)
    before = company.sandbox.mails()
    if aloud:
        respond(meeting, by=bob, response=Response.DECLINED, now=clock.now())
    else:
        archive_event(meeting, by=bob, now=clock.now())
    in_step(company, bob, alice)
    assert company.outlook(bob).ask("GET", f"/me/calendars/{side}/events")["value"] == []
    assert (here(alice), here(bob)) == (["Tea"], [])
    assert [kind for _, kind, _ in new_mails(company, before)] == (["response"] if aloud else [])


def test_a_series_moves_as_a_whole(company: Company, alice: User) -> None:
    company.start(alice)
    span = {"type": "numbered", "startDate": "2027-03-01", "numberOfOccurrences": 4}
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
    company.outlook(alice).create(
        "Standup",
        start={"dateTime": "2027-03-01T09:00:00", "timeZone": "Europe/Paris"},
        end={"dateTime": "2027-03-01T10:00:00", "timeZone": "Europe/Paris"},
        recurrence={"pattern": pattern, "range": span},
    )
    in_step(company, alice)
    move_away(company, alice, "Standup")
    in_step(company, alice)
    assert (here(alice), state(alice)) == (["Standup"], ELSEWHERE)


def test_what_comes_back_is_in_step_again(
    company: Company, alice: User, bob: User, meeting: Event
) -> None:
    side = move_away(company, alice, "Tea")
    in_step(company, alice)
    company.edit(meeting, alice, location="Kitchen")
    in_step(company, alice)
    moved = in_side(company, alice, side)
    company.outlook(alice).ask("PATCH", f"/me/events/{moved['id']}", {"subject": "Coffee"})
    move(company, alice, moved["id"], default_calendar(company, alice))
    in_step(company, alice, bob)
    assert here(alice) == here(bob) == ["Coffee"]
    assert company.outlook(alice).event("Coffee")["location"]["displayName"] == "Kitchen"
    assert state(alice) == ("synced", None)


def test_the_nightly_comparison_finds_it_too(company: Company, alice: User, meeting: Event) -> None:
    company.sandbox.control("PUT", "switches", {"delta_removed_outside_window": False})
    move_away(company, alice, "Tea")
    by_audit(company, alice)
    assert (here(alice), state(alice)) == (["Tea"], ELSEWHERE)
    by_audit(company, alice)
    company.sync(alice)
    assert (here(alice), state(alice)) == (["Tea"], ELSEWHERE)


def test_deleted_where_it_is_now_is_deleted(
    company: Company, alice: User, bob: User, meeting: Event
) -> None:
    side = move_away(company, alice, "Tea")
    in_step(company, alice)
    company.outlook(alice).ask("DELETE", f"/me/events/{in_side(company, alice, side)['id']}")
    by_audit(company, alice)
    in_step(company, alice, bob)
    assert here(alice) == here(bob) == []
    assert Event.objects.get().is_archived


def test_an_attendee_moves_their_own_copy(
    company: Company, alice: User, bob: User, meeting: Event
) -> None:
    before = company.sandbox.mails()
    move_away(company, bob, "Tea")
    in_step(company, bob, alice)
    assert (here(alice), here(bob)) == (["Tea"], ["Tea"])
    assert (state(bob), state(alice)) == (ELSEWHERE, ("synced", None))
    company.edit(meeting, alice, subject="Coffee")
    in_step(company, alice, bob)
    assert here(bob) == ["Coffee"]
    assert {kind for _, kind, _ in new_mails(company, before)} == {"update"}


def test_a_new_start_creates_no_second_one(company: Company, alice: User) -> None:
    company.start(alice)
    company.outlook(alice).create("Tea", attendees=people(ANA))
    in_step(company, alice)
    before = company.sandbox.mails()
    move_away(company, alice, "Tea")
    in_step(company, alice)
    execute(start_over(company.mailbox(alice), existing=Existing.LEAVE, following=Next.ALL))
    in_step(company, alice)
    assert (here(alice), there(company, alice), state(alice)) == (["Tea"], [], ELSEWHERE)
    disconnect(company.mailbox(alice))
    company.start(alice)
    assert (here(alice), there(company, alice), state(alice)) == (["Tea"], [], ELSEWHERE)
    assert new_mails(company, before) == []


def test_a_copy_that_was_moved_speaks_for_a_meeting_that_its_organizer_keeps_elsewhere(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    side = add_calendar(company, alice)
    time = {"dateTime": "2030-03-04T09:00:00", "timeZone": "UTC"}
    tea = {"subject": "Tea", "start": time, "end": time, "attendees": people(bob.email)}
    company.outlook(alice).ask("POST", f"/me/calendars/{side}/events", tea)
    company.sync(bob)
    move_away(company, bob, "Tea")
    in_step(company, bob, alice)
    assert (here(alice), here(bob)) == (["Tea"], ["Tea"])


def test_a_change_far_away_is_no_move(company: Company, alice: User) -> None:
    """Outlook tells of what lies outside its window as if it were removed."""
    company.start(alice)
    company.outlook(alice).create("Tea")
    in_step(company, alice)
    company.outlook(alice).update("Tea", subject="Coffee")
    in_step(company, alice)
    assert (here(alice), state(alice)) == (["Coffee"], ("synced", None))
