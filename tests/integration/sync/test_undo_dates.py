"""Dates that a run took out of a series: they come back as events of their own."""

from datetime import date
from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence, respond_on
from leansoft.calendars.models import Channel, Event
from leansoft.calendars.overrides import personal_overrides_of
from leansoft.events.fields import Field, Response
from leansoft.kit import clock
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.run import execute
from leansoft.sync.show.status import event_states
from leansoft.sync.tasks import undo_later
from support.company import Company, required
from support.mondays import MONDAYS, WEEKLY, instance, shown
from support.undoing import nothing_follows, reasons, take_back

ANA, CHI = "ana@elsewhere.org", "chi@elsewhere.org"
DAY = MONDAYS[1]
AS_SINGLE = (
    "On 11 March 2030: Outlook takes no single date back into a series, so it comes back as an "
    "event of its own"
)
SENT = "Outlook has sent 1 mail about it; that cannot be taken back."


@pytest.fixture
def series(company: Company, alice: User) -> Event:
    """Alice's four Mondays, in step."""
    company.start(alice)
    event = company.create(alice, "Standup", when=WEEKLY, location="Room 1", body="Agenda")
    company.sync(alice)
    event.refresh_from_db()
    return event


def invite(company: Company, alice: User, series: Event, *emails: str) -> None:
    company.edit(series, alice, attendees=required(*emails))
    company.sync(alice)


def take_out(company: Company, alice: User, series: Event, day: date = DAY) -> SyncRun:
    delete_occurrence(series, day, by=alice, now=clock.now())
    return company.sync(alice)


def delete_there(company: Company, alice: User, day: date = DAY) -> SyncRun:
    outlook = company.outlook(alice)
    outlook.ask("DELETE", f"/me/events/{instance(outlook, day.isoformat())['id']}")
    return company.sync(alice)


def single() -> Event:
    return Event.objects.get(rrule="")


def lines(preview: dict[str, Any]) -> list[tuple[str, str]]:
    return [(str(line["side"]), str(line["kind"])) for line in preview["actions"]]


def test_a_date_taken_out_here_comes_back_as_a_single_event_on_both_sides(
    company: Company, alice: User, series: Event
) -> None:
    before = shown(company.outlook(alice))
    preview = take_back(company, take_out(company, alice, series))
    assert reasons(preview) == [f"{AS_SINGLE}."]
    assert lines(preview) == [("leansoft", "created"), ("outlook", "created")]
    assert shown(company.outlook(alice)) == before
    series.refresh_from_db()
    assert series.excluded == [DAY]
    event = single()
    assert (event.subject, event.location, event.description) == ("Standup", "Room 1", "Agenda")
    assert event_states([event], alice)[event.pk]["state"] == "synced"
    nothing_follows(company, alice)


def test_it_is_as_the_date_was_and_people_are_invited_to_it(
    company: Company, alice: User, series: Event
) -> None:
    invite(company, alice, series, ANA)
    values = {
        Field.SUBJECT: "Big one",
        Field.ATTENDEES: required(ANA, CHI),
        Field.SHOW_AS: "free",
    }
    edit_occurrence(series, DAY, by=alice, values=values, now=clock.now())
    company.sync(alice)
    before = shown(company.outlook(alice))
    preview = take_back(company, take_out(company, alice, series))
    assert [(m["to"], m["kind"], m["certain"]) for m in preview["mails"]] == [
        (ANA, "invitation", True),
        (CHI, "invitation", True),
    ]
    assert shown(company.outlook(alice)) == before
    event = single()
    assert {p.email for p in event.attendees} == {ANA, CHI}
    assert event.organizer.show_as == "free"
    nothing_follows(company, alice)


def test_a_date_deleted_in_outlook_comes_back_on_both_sides_when_nobody_is_invited(
    company: Company, alice: User, series: Event
) -> None:
    before = shown(company.outlook(alice))
    preview = take_back(company, delete_there(company, alice))
    assert (reasons(preview), preview["mails"]) == ([f"{AS_SINGLE}."], [])
    assert not preview["may_invite"]
    assert shown(company.outlook(alice)) == before
    nothing_follows(company, alice)


@pytest.mark.parametrize("invites", [True, False])
def test_people_are_invited_again_to_what_was_deleted_in_outlook_only_when_asked_for(
    company: Company, alice: User, series: Event, invites: bool
) -> None:
    invite(company, alice, series, ANA)
    preview = take_back(company, delete_there(company, alice), invites=invites)
    assert preview["may_invite"]
    assert [m["to"] for m in preview["mails"]] == ([ANA] if invites else [])
    assert len(shown(company.outlook(alice))) == (4 if invites else 3)
    only_here = ", here only: to have it in Outlook, invite people again."
    assert reasons(preview) == [f"{AS_SINGLE}{'.' if invites else only_here}"]
    nothing_follows(company, alice)


def test_whoever_takes_part_quietly_still_does(
    company: Company, alice: User, series: Event
) -> None:
    invite(company, alice, series, ANA, CHI)
    series.participants.filter(email=CHI).update(channel=Channel.NONE)
    Event.objects.filter(pk=series.pk).update(version=series.version + 5)
    company.sync(alice)
    series.refresh_from_db()
    preview = take_back(company, take_out(company, alice, series))
    assert [m["to"] for m in preview["mails"]] == [ANA]
    assert {p.email: p.channel for p in single().attendees} == {ANA: "outlook", CHI: "none"}
    nothing_follows(company, alice)


def test_taking_that_back_and_forth(company: Company, alice: User, series: Event) -> None:
    before = shown(company.outlook(alice))
    run = take_out(company, alice, series)
    without = shown(company.outlook(alice))
    undo = take_back(company, run)["run"]
    again = take_back(company, undo)["run"]
    assert shown(company.outlook(alice)) == without
    assert single().is_archived
    nothing_follows(company, alice)
    take_back(company, again)
    assert shown(company.outlook(alice)) == before
    nothing_follows(company, alice)


def test_a_run_undone_a_second_time_brings_the_date_back_a_second_time(
    company: Company, alice: User, series: Event
) -> None:
    before = shown(company.outlook(alice))
    run = take_out(company, alice, series)
    undo = take_back(company, run)["run"]
    take_back(company, undo)
    take_back(company, run)
    assert shown(company.outlook(alice)) == before
    nothing_follows(company, alice)


def test_an_undo_that_begins_again_makes_no_second_event(
    company: Company, alice: User, series: Event
) -> None:
    before = shown(company.outlook(alice))
    run = take_out(company, alice, series)
    company.sandbox.fault(method="POST", path="/me/(calendar/)?events", status=503, times=1)
    undo = undo_later(run, invites=False)
    execute(undo)
    assert (undo.state, Event.objects.filter(rrule="").count()) == (SyncRun.State.FAILED, 1)
    execute(undo_later(run, invites=False))
    assert shown(company.outlook(alice)) == before
    nothing_follows(company, alice)


def test_a_date_that_the_rule_no_longer_yields_stays_out(
    company: Company, alice: User, series: Event
) -> None:
    run = take_out(company, alice, series)
    company.edit(series, alice, when={**WEEKLY, "rrule": "FREQ=WEEKLY;INTERVAL=2;COUNT=2"})
    company.sync(alice)
    preview = take_back(company, run)
    assert reasons(preview) == ["On 11 March 2030: The series no longer has this date."]
    assert Event.objects.count() == 1


def test_a_date_off_an_attendees_calendar_stays_off(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    company.start(bob)
    invite(company, alice, series, bob.email)
    company.sync(bob)
    preview = take_back(company, delete_there(company, bob))
    assert reasons(preview) == [
        "On 11 March 2030: Outlook takes no single date back into a series. To have it again, ask "
        "Alice Adams to invite you."
    ]
    nothing_follows(company, bob)


# Somebody who is invited to single dates alone


@pytest.fixture
def guest(company: Company, alice: User, bob: User, series: Event) -> SyncRun:
    """Bob is invited to one date; the run in which that came in."""
    company.start(bob)
    values = {Field.ATTENDEES: required(bob.email)}
    edit_occurrence(series, DAY, by=alice, values=values, now=clock.now())
    company.sync(alice)
    run = company.sync(bob)
    assert list(run.actions.values_list("occurrence", flat=True)) == [DAY]
    return run


def part(series: Event, user: User) -> Any:
    return personal_overrides_of(series.participants.get(user=user)).get(DAY)


def test_a_guests_own_fields_of_that_date_go_back(
    company: Company, bob: User, series: Event, guest: SyncRun
) -> None:
    company.outlook(bob).update("Standup", showAs="oof", categories=["Red"])
    run = company.sync(bob)
    assert part(series, bob).values["show_as"] == "oof"
    preview = take_back(company, run)
    assert preview["cannot_restore"] == preview["mails"] == []
    (copy,) = company.outlook(bob).events()
    assert (copy["showAs"], copy["categories"]) == ("tentative", [])
    nothing_follows(company, bob)


def test_what_a_guest_changed_here_goes_back(
    company: Company, bob: User, series: Event, guest: SyncRun
) -> None:
    edit_occurrence(series, DAY, by=bob, values={Field.SHOW_AS: "free"}, now=clock.now())
    take_back(company, company.sync(bob))
    assert company.outlook(bob).events()[0]["showAs"] == "tentative"
    nothing_follows(company, bob)


def test_a_guests_answer_stays(
    company: Company, alice: User, bob: User, series: Event, guest: SyncRun
) -> None:
    respond_on(series, DAY, by=bob, response=Response.ACCEPTED, now=clock.now())
    preview = take_back(company, company.sync(bob))
    assert "Your answer has reached the organizer, and stays." in reasons(preview)
    nothing_follows(company, bob)


def test_an_invitation_to_one_date_that_came_in_is_parted_and_joined_again(
    company: Company, bob: User, series: Event, guest: SyncRun
) -> None:
    undo = take_back(company, guest)["run"]
    link = EventLink.objects.get(mailbox__user=bob)
    assert (link.state, link.reason) == ("apart", "undone")
    company.outlook(bob).update("Standup", showAs="oof")
    nothing_follows(company, bob)
    take_back(company, undo)
    assert part(series, bob).values["show_as"] == "oof"
    nothing_follows(company, bob)


def test_a_date_that_a_guest_deleted_in_outlook_comes_back_here(
    company: Company, bob: User, series: Event, guest: SyncRun
) -> None:
    company.outlook(bob).delete("Standup")
    run = company.sync(bob)
    assert part(series, bob).removed_at is not None
    undo = take_back(company, run)["run"]
    assert part(series, bob) is None or part(series, bob).removed_at is None
    nothing_follows(company, bob)
    take_back(company, undo)
    assert part(series, bob).removed_at is not None
    nothing_follows(company, bob)
