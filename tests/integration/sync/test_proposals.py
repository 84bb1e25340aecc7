"""New times that attendees propose in Outlook: the organizer sees them here, and may use them."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.web.event_words import Speaker, told_changes
from support.api import Caller
from support.company import Company
from support.outlook import people
from support.sides import ANA, in_step, new_mails

LATER = {"start": "2030-03-05T14:00", "end": "2030-03-05T15:00"}
"""By the meeting's clock, in Paris."""


def in_graph(times: dict[str, str]) -> dict[str, Any]:
    return {
        edge: {"dateTime": f"{wall}:00", "timeZone": "Europe/Paris"} for edge, wall in times.items()
    }


def propose(company: Company, email: str, verb: str, *, times: dict[str, str] = LATER) -> None:
    person = company.sandbox.person(email)
    path = f"/me/events/{person.event('Tea')['id']}/{verb}"
    person.ask("POST", path, {"proposedNewTime": in_graph(times)})


def answers(user: User, event: Event, **query: str) -> list[tuple[str, Any]]:
    """(response, proposed time) of each attendee, as the API shows them."""
    shown = Caller(user).get(f"/events/{event.pk}", **query).json()
    return [(person["response"], person["proposed"]) for person in shown["attendees"]]


@pytest.fixture
def tea(company: Company, alice: User) -> Event:
    """Alice's meeting with Ana, who is outside."""
    company.sandbox.add_account(ANA)
    company.start(alice)
    company.create(alice, "Tea", ANA)
    company.sync(alice)
    return company.event(alice, "Tea")


@pytest.mark.parametrize(
    ("verb", "answer"), [("tentativelyAccept", "tentatively_accepted"), ("decline", "declined")]
)
def test_a_proposal_appears_beside_the_answer(
    company: Company, alice: User, tea: Event, verb: str, answer: str
) -> None:
    propose(company, ANA, verb)
    company.sync(alice)
    assert answers(alice, tea) == [(answer, LATER)]


def test_a_proposal_is_there_when_the_meeting_first_comes_in(company: Company, alice: User) -> None:
    for email in (ANA, alice.email):
        company.sandbox.add_account(email)
    company.outlook(alice).create("Tea", attendees=people(ANA))
    propose(company, ANA, "tentativelyAccept")
    company.start(alice)
    tea = company.event(alice, "Tea")
    assert answers(alice, tea) == [("tentatively_accepted", LATER)]


def test_a_colleague_proposes_through_their_own_outlook(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    propose(company, bob.email, "tentativelyAccept")
    in_step(company, alice, bob)
    assert answers(alice, tea_with_bob) == [("tentatively_accepted", LATER)]


def test_only_the_organizer_sees_a_proposal(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    propose(company, bob.email, "tentativelyAccept")
    in_step(company, alice, bob)
    assert answers(bob, tea_with_bob) == [("tentatively_accepted", None)]


def test_using_the_time_moves_the_meeting_and_tells_everybody_once(
    company: Company, alice: User, tea: Event
) -> None:
    propose(company, ANA, "tentativelyAccept")
    company.sync(alice)
    before = company.sandbox.mails()
    used = Caller(alice).patch(f"/events/{tea.pk}", LATER)
    assert used.status_code == 200
    assert used.json()["attendees"][0]["proposed"] is None
    in_step(company, alice)
    assert new_mails(company, before) == [(ANA, "update", "Tea")]
    assert company.outlook(alice).event("Tea")["start"]["dateTime"].startswith("2030-03-05T13:00")
    assert answers(alice, tea) == [("none", None)]
    assert tea.participants.get(email=ANA).proposed is None


def test_a_proposal_goes_when_the_meeting_is_moved_in_outlook(
    company: Company, alice: User, tea: Event
) -> None:
    propose(company, ANA, "tentativelyAccept")
    company.sync(alice)
    at = {"timeZone": "UTC"}
    company.outlook(alice).update(
        "Tea",
        start={"dateTime": "2030-03-07T09:00:00", **at},
        end={"dateTime": "2030-03-07T10:00:00", **at},
    )
    company.sync(alice)
    assert tea.participants.get(email=ANA).proposed is None


def test_a_later_answer_without_a_proposal_takes_it_back(
    company: Company, alice: User, tea: Event
) -> None:
    propose(company, ANA, "tentativelyAccept")
    company.sync(alice)
    company.sandbox.person(ANA).respond("Tea", "accept")
    company.sync(alice)
    assert answers(alice, tea) == [("accepted", None)]


def test_nothing_is_written_because_of_a_proposal(
    company: Company, alice: User, tea: Event
) -> None:
    propose(company, ANA, "tentativelyAccept")
    before = company.sandbox.mails()
    run = company.sync(alice)
    assert [row.side for row in run.actions.all()] == ["leansoft"]
    assert company.sync(alice).actions.count() == 0
    assert new_mails(company, before) == []


def test_people_are_sent_back_as_they_were_shown(company: Company, alice: User, tea: Event) -> None:
    propose(company, ANA, "tentativelyAccept")
    company.sync(alice)
    api = Caller(alice)
    attendees = api.get(f"/events/{tea.pk}").json()["attendees"]
    assert api.patch(f"/events/{tea.pk}", {"attendees": attendees}).status_code == 200
    assert answers(alice, tea) == [("tentatively_accepted", LATER)]


DAILY = {
    "recurrence": {
        "pattern": {"type": "daily", "interval": 1},
        "range": {"type": "numbered", "startDate": "2030-03-04", "numberOfOccurrences": 5},
    }
}
DAY, OTHER = date(2030, 3, 5), date(2030, 3, 6)


@pytest.fixture
def daily_tea(company: Company, alice: User) -> Event:
    company.sandbox.add_account(ANA)
    company.start(alice)
    company.outlook(alice).create("Tea", attendees=people(ANA), **DAILY)
    company.sync(alice)
    return company.event(alice, "Tea")


def propose_for_date(company: Company, day: date) -> None:
    person = company.sandbox.person(ANA)
    span = f"startDateTime={day}T00:00:00&endDateTime={day}T23:00:00"
    (one,) = person.ask("GET", f"/me/calendarView?{span}")["value"]
    body = {"proposedNewTime": in_graph(LATER)}
    person.ask("POST", f"/me/events/{one['id']}/tentativelyAccept", body)


def test_a_proposal_for_one_date_is_shown_on_that_date_alone(
    company: Company, alice: User, daily_tea: Event
) -> None:
    propose_for_date(company, DAY)
    company.sync(alice)
    on_date = answers(alice, daily_tea, occurrence=DAY.isoformat())
    assert on_date == [("tentatively_accepted", LATER)]
    assert answers(alice, daily_tea, occurrence=OTHER.isoformat()) == [("none", None)]
    assert answers(alice, daily_tea) == [("none", None)]
    assert company.sync(alice).actions.count() == 0


def test_using_a_time_for_one_date_moves_that_date(
    company: Company, alice: User, daily_tea: Event
) -> None:
    propose_for_date(company, DAY)
    company.sync(alice)
    before = company.sandbox.mails()
    used = Caller(alice).patch(f"/events/{daily_tea.pk}?occurrence={DAY}&scope=this", LATER)
    assert used.status_code == 200
    in_step(company, alice)
    assert new_mails(company, before) == [(ANA, "update", "Tea")]
    assert answers(alice, daily_tea, occurrence=DAY.isoformat()) == [("none", None)]
    rows = [row.proposed for p in daily_tea.attendees for row in p.overrides.all()]
    assert rows == [None] * len(rows)
    assert company.sync(alice).actions.count() == 0


@pytest.mark.parametrize(
    ("proposed", "shown"),
    [
        (LATER, LATER),
        (
            {"start": "2030-03-05T00:00", "end": "2030-03-06T00:00"},
            {"start": "2030-03-05", "end": "2030-03-06"},
        ),
    ],
    ids=["hours", "whole days"],
)
def test_a_proposal_for_an_all_day_event_is_by_the_organizers_clock(
    company: Company, alice: User, proposed: dict[str, str], shown: dict[str, str]
) -> None:
    alice.time_zone = "Europe/Paris"
    alice.save()
    company.sandbox.add_account(ANA)
    company.start(alice)
    days = {
        edge: {"dateTime": f"{day}T00:00:00", "timeZone": "UTC"}
        for edge, day in {"start": "2030-03-04", "end": "2030-03-05"}.items()
    }
    company.outlook(alice).create("Tea", attendees=people(ANA), isAllDay=True, **days)
    propose(company, ANA, "tentativelyAccept", times=proposed)
    company.sync(alice)
    assert answers(alice, company.event(alice, "Tea")) == [("tentatively_accepted", shown)]


def test_the_history_tells_of_a_proposal(company: Company, alice: User, tea: Event) -> None:
    propose(company, ANA, "tentativelyAccept")
    (row,) = company.sync(alice).actions.all()
    told = told_changes(row, Speaker(zone=ZoneInfo("Europe/Paris"), names={ANA: "Ana"}))
    assert [(one.name, one.before, one.after) for one in told] == [
        ("answers", "none", "Ana: maybe"),
        ("proposed times", "none", "Ana: Tue 5 Mar 2030, 14:00–15:00"),
    ]
