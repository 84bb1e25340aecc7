"""What people have of their own on single dates: it lives in their own mailbox, and what that says
comes in when both meet anew."""

from datetime import date

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import respond_on
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import personal_overrides_of, personal_values_on
from leansoft.events.fields import Field, Response, Value
from leansoft.kit import clock
from leansoft.sync.control import disconnect, start_over
from leansoft.sync.leave.orders import Next
from leansoft.sync.leave.removal import Existing
from leansoft.sync.models import SyncAction
from leansoft.sync.run import execute
from support.company import Company
from support.dates import again, edit_date, take_out
from support.mondays import MONDAYS, PATTERN, RANGE, WEEKLY, in_step, instance, moved, shown

ANA = "ana@elsewhere.org"


@pytest.fixture
def series(company: Company, alice: User, bob: User) -> Event:
    """Alice's four Mondays with Bob and Ana, in step in both calendars."""
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Standup", bob.email, ANA, when=WEEKLY)
    company.sync(alice)
    company.sync(bob)
    return again(event)


def own(event: Event, user: User, day: date) -> Value:
    return personal_values_on(again(event).participants.get(user=user), day)


def start_again(company: Company, user: User) -> None:
    execute(start_over(company.mailbox(user), existing=Existing.LEAVE, following=Next.ALL))
    company.sync(user)


def test_a_new_start_writes_no_answer_of_a_single_date(
    company: Company, bob: User, series: Event
) -> None:
    respond_on(series, MONDAYS[1], by=bob, response=Response.ACCEPTED, now=clock.now())
    take_out(series, MONDAYS[2], bob)
    before = company.sandbox.mails()
    start_again(company, bob)
    assert company.sandbox.mails() == before
    assert own(series, bob, MONDAYS[1])[Field.RESPONSE] == "not_responded"
    assert SyncAction.objects.get(occurrence=MONDAYS[1]).lost == {"response": "accepted"}
    # But what he took off his calendar is off it.
    days = [start[:10] for start, _ in shown(company.outlook(bob))]
    assert days == [str(MONDAYS[n]) for n in (0, 1, 3)]
    in_step(company, bob)


def test_a_new_start_writes_nothing_where_both_sides_hold_the_same_dates(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    edit_date(series, MONDAYS[1], alice, subject="Retro", when=moved(11, 12), show_as="free")
    take_out(series, MONDAYS[2], alice)
    company.sync(alice)
    respond_on(again(series), MONDAYS[1], by=bob, response=Response.ACCEPTED, now=clock.now())
    company.sync(bob)
    company.sync(alice)
    before = company.sandbox.mails()
    for user in (alice, bob):
        run = start_over(company.mailbox(user), existing=Existing.LEAVE, following=Next.ALL)
        execute(run)
        rows = list(run.actions.values_list("kind", "occurrence", "lost"))
        assert rows == [("adopted", None, {})], user
        in_step(company, user)
    # And what follows on these dates travels as before.
    company.edit(again(series), alice, location="Hall")
    edit_date(series, MONDAYS[1], alice, subject="Review", when=moved(11, 8))
    assert company.sandbox.mails() == before
    company.sync(alice)
    found = instance(company.outlook(alice), "2030-03-11")
    assert (found["subject"], found["start"]["dateTime"][:13]) == ("Review", "2030-03-11T08")
    assert own(series, bob, MONDAYS[1])[Field.RESPONSE] == "accepted"


def test_a_new_start_writes_nothing_of_the_organizers_own_on_a_date(
    company: Company, alice: User, series: Event
) -> None:
    edit_date(series, MONDAYS[1], alice, show_as="free")
    before = company.sandbox.mails()
    start_again(company, alice)
    assert instance(company.outlook(alice), "2030-03-11")["showAs"] == "busy"
    assert own(series, alice, MONDAYS[1])[Field.SHOW_AS] == "busy"
    assert company.sandbox.mails() == before
    in_step(company, alice)


def test_what_the_organizer_takes_back_while_disconnected_stays_taken_back(
    company: Company, alice: User, series: Event
) -> None:
    edit_date(series, MONDAYS[1], alice, show_as="free")
    company.sync(alice)
    disconnect(company.mailbox(alice))
    assert again(series).locked
    outlook = company.outlook(alice)
    busy = {"showAs": "busy"}
    outlook.ask("PATCH", f"/me/events/{instance(outlook, '2030-03-11')['id']}", busy)
    company.start(alice)
    assert own(series, alice, MONDAYS[1])[Field.SHOW_AS] == "busy"
    assert instance(outlook, "2030-03-11")["showAs"] == "busy"
    in_step(company, alice)


@pytest.mark.parametrize("act", ["leave", "decline", "show-as"])
def test_a_copy_with_the_rule_from_before_says_nothing_of_the_new_dates(
    company: Company, alice: User, bob: User, series: Event, act: str
) -> None:
    outlook = company.outlook(bob)
    date = f"/me/events/{instance(outlook, '2030-03-11')['id']}"
    match act:
        case "leave":
            outlook.ask("DELETE", date)
        case "decline":
            outlook.ask("POST", f"{date}/decline", {})
        case _:
            outlook.ask("PATCH", date, {"showAs": "free"})
    company.sync(bob)
    later = {"start": "2030-03-04T10:00:00Z", "end": "2030-03-04T11:00:00Z"}
    company.edit(again(series), alice, when={**WEEKLY, **later})
    # Bob's copy has not been told yet.
    run = company.sync(bob)
    assert list(run.actions.all()) == []
    assert personal_overrides_of(again(series).participants.get(user=bob)) == {}
    company.sync(alice)
    company.sync(bob)
    assert personal_overrides_of(again(series).participants.get(user=bob)) == {}
    assert [instance(outlook, str(day))["showAs"] for day in MONDAYS] == ["tentative"] * 4
    in_step(company, bob)


def test_a_date_that_came_back_with_a_new_rule_can_be_left_again(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    take_out(series, MONDAYS[1], bob)
    company.sync(bob)
    later = {"start": "2030-03-04T10:00:00Z", "end": "2030-03-04T11:00:00Z"}
    company.edit(again(series), alice, when={**WEEKLY, **later})
    company.sync(alice)
    company.sync(bob)
    assert len(shown(company.outlook(bob))) == 4
    take_out(series, MONDAYS[1], bob)
    company.sync(bob)
    assert len(shown(company.outlook(bob))) == 3
    in_step(company, bob)


def test_an_answer_to_one_date_that_is_as_to_the_series_follows_it(
    company: Company, alice: User, bob: User, series: Event
) -> None:
    company.sandbox.control("PUT", "switches", {"series_change_drops_exceptions": "never"})
    respond_on(series, MONDAYS[1], by=bob, response=Response.ACCEPTED, now=clock.now())
    outlook = company.outlook(bob)
    outlook.ask("POST", f"/me/events/{outlook.event('Standup')['id']}/accept", {})
    company.sync(bob)
    # Another end asks everybody anew.
    shorter = {"pattern": PATTERN, "range": {**RANGE, "numberOfOccurrences": 3}}
    company.outlook(alice).update("Standup", recurrence=shorter)
    company.sync(alice)
    company.sync(bob)
    assert instance(outlook, "2030-03-11")["responseStatus"]["response"] == "notResponded"
    assert own(series, bob, MONDAYS[1])[Field.RESPONSE] == "not_responded"
    in_step(company, bob)
