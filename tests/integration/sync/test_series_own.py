"""What people have of their own on single dates: it lives in their own mailbox, and what that says
comes in when both meet anew."""

from datetime import date

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import respond_on
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import personal_values_on
from leansoft.events.fields import Field, Response, Value
from leansoft.kit import clock
from leansoft.sync.control import disconnect, start_over
from leansoft.sync.leave.orders import Next
from leansoft.sync.leave.removal import Existing
from leansoft.sync.models import SyncAction
from leansoft.sync.run import execute
from support.company import Company
from support.dates import again, edit_date, take_out
from support.mondays import MONDAYS, WEEKLY, in_step, instance

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
    calendar = [instance(company.outlook(bob), str(day))["subject"] for day in MONDAYS]
    assert calendar == ["Standup"] * 4
    in_step(company, bob)


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
