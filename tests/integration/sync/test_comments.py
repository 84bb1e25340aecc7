"""What a person says with an answer reaches the organizer once, by Outlook's own mail."""

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import respond
from leansoft.calendars.models import Event
from leansoft.events.fields import Response
from leansoft.kit import clock
from leansoft.sync.models import SyncAction
from support.api import Caller
from support.company import Company
from support.mondays import WEEKLY


@pytest.fixture
def as_bob(bob: User) -> Caller:
    return Caller(bob)


def said(company: Company) -> list[tuple[str, str | None]]:
    """(to, comment) of each answer that Outlook has mailed."""
    sent = company.sandbox.control("GET", "mail")["value"]
    return [(mail["to"], mail["comment"]) for mail in sent if mail["kind"] == "response"]


def answer(event: Event, by: User, response: Response, comment: str = "") -> None:
    respond(event, by=by, response=response, comment=comment, now=clock.now())


def waiting(event: Event, user: User) -> str:
    return event.participants.get(user=user).response_comment


@pytest.mark.parametrize(
    "response", [Response.ACCEPTED, Response.TENTATIVELY_ACCEPTED, Response.DECLINED]
)
def test_the_comment_goes_with_the_answer_once(
    company: Company, as_bob: Caller, alice: User, tea_with_bob: Event, response: Response
) -> None:
    body = {"response": response, "comment": " Ten minutes late. "}
    assert as_bob.post(f"/events/{tea_with_bob.pk}/respond", body).status_code == 200
    company.sync(as_bob.user)
    company.sync(as_bob.user)
    assert said(company) == [(alice.email, "Ten minutes late.")]
    assert waiting(tea_with_bob, as_bob.user) == ""


@pytest.mark.parametrize("response", [Response.ACCEPTED, Response.DECLINED])
@pytest.mark.parametrize("when", ["before", "after"])
def test_the_comment_is_sent_once_though_the_answer_gets_lost(
    company: Company, bob: User, tea_with_bob: Event, response: Response, when: str
) -> None:
    answer(tea_with_bob, bob, response, "Late")
    company.sandbox.fault(method="POST", path="/(accept|decline)$", when=when, drop=True)
    company.try_sync(bob)
    assert waiting(tea_with_bob, bob) == "Late"
    company.sync(bob)
    company.sync(bob)
    assert said(company) == [("alice@example.com", "Late")]
    assert waiting(tea_with_bob, bob) == ""


def test_an_answer_that_outlook_has_is_given_again_for_a_comment(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    answer(tea_with_bob, bob, Response.ACCEPTED)
    company.sync(bob)
    answer(tea_with_bob, bob, Response.ACCEPTED, "With cake")
    company.sync(bob)
    company.sync(bob)
    assert said(company) == [(alice.email, None), (alice.email, "With cake")]


def test_another_answer_takes_back_what_was_said_with_the_first(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    answer(tea_with_bob, bob, Response.ACCEPTED, "With cake")
    answer(tea_with_bob, bob, Response.TENTATIVELY_ACCEPTED)
    company.sync(bob)
    assert said(company) == [(alice.email, None)]


def test_an_answer_given_in_outlook_meanwhile_drops_the_comment(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    answer(tea_with_bob, bob, Response.ACCEPTED, "With cake")
    company.outlook(bob).respond("Tea", "tentativelyAccept")
    company.sync(bob)
    answer(tea_with_bob, bob, Response.ACCEPTED)
    company.sync(bob)
    assert said(company) == [(alice.email, None), (alice.email, None)]


def test_the_history_shows_the_comment(company: Company, bob: User, tea_with_bob: Event) -> None:
    answer(tea_with_bob, bob, Response.ACCEPTED, "With cake")
    company.sync(bob)
    action = SyncAction.objects.get(side="outlook", run__mailbox__user=bob)
    assert action.cause == "Answered in Leansoft, with the comment “With cake”"


@pytest.mark.parametrize("response", [Response.ACCEPTED, Response.DECLINED])
def test_a_comment_on_one_date_goes_with_its_answer(
    company: Company, as_bob: Caller, alice: User, response: Response
) -> None:
    company.start(alice)
    company.start(as_bob.user)
    event = company.create(alice, "Standup", as_bob.user.email, when=WEEKLY)
    company.sync(alice)
    company.sync(as_bob.user)
    body = {"response": response, "comment": "Only this time."}
    path = f"/events/{event.pk}/respond?occurrence=2030-03-11T09:00"
    assert as_bob.post(path, body).status_code == 200
    company.sandbox.fault(method="POST", path="(accept|decline)$", when="after", drop=True)
    company.try_sync(as_bob.user)
    company.sync(as_bob.user)
    assert said(company) == [(alice.email, "Only this time.")]
    (row,) = event.participants.get(user=as_bob.user).overrides.all()
    assert row.response_comment == ""
