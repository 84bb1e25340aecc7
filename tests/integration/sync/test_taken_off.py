"""Somebody takes themselves off a meeting before their own copy of it was first read."""

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, respond_on
from leansoft.calendars.domain.events import archive_event
from leansoft.calendars.models import Event, Participant
from leansoft.events.fields import Response
from leansoft.kit import clock
from support.company import Company
from support.mondays import MONDAYS, WEEKLY, shown
from support.outlook import people
from support.sides import here, in_step, there


def test_their_copy_is_taken_off_too_and_nobody_is_mailed(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    archive_event(event, by=bob, now=clock.now())
    company.sync(bob)
    in_step(company, alice, bob)
    assert (here(bob), there(company, bob)) == ([], [])
    assert (here(alice), there(company, alice)) == (["Tea"], ["Tea"])
    assert company.sandbox.mails() == [(bob.email, "invitation", "Tea")]


def test_whoever_connects_later_is_not_put_on_it_again(
    company: Company, alice: User, bob: User
) -> None:
    company.sandbox.add_account(bob.email, bob.name)
    company.start(alice)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    archive_event(event, by=bob, now=clock.now())
    company.start(bob)
    in_step(company, alice, bob)
    assert (here(bob), there(company, bob)) == ([], [])


def test_off_before_outlook_invites_is_off(company: Company, alice: User, bob: User) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email)
    archive_event(event, by=bob, now=clock.now())
    in_step(company, alice, bob)
    assert (here(bob), there(company, bob)) == ([], [])
    assert not Event.objects.get().is_archived


def test_an_invitation_after_that_counts_again(company: Company, alice: User, bob: User) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    archive_event(event, by=bob, now=clock.now())
    in_step(company, bob, alice)
    company.outlook(alice).update("Tea", attendees=[])
    in_step(company, alice, bob)
    company.outlook(alice).update("Tea", attendees=people(bob.email))
    in_step(company, alice, bob)
    assert (here(bob), there(company, bob)) == (["Tea"], ["Tea"])


def test_somebody_put_back_by_an_update_may_leave_again_before_it_is_read(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    archive_event(tea_with_bob, by=bob, now=clock.now())
    company.sync(bob)
    company.outlook(alice).update("Tea", subject="Coffee")
    company.pull(bob)
    assert Participant.objects.get(user=bob, event=tea_with_bob).removed_at is None
    archive_event(tea_with_bob, by=bob, now=clock.now())
    in_step(company, bob, alice)
    assert (here(bob), there(company, bob)) == ([], [])


def test_dates_that_somebody_left_before_their_copy_was_read_stay_left(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Standup", bob.email, when=WEEKLY)
    company.sync(alice)
    delete_occurrence(event, MONDAYS[1], by=bob, now=clock.now())
    respond_on(event, MONDAYS[2], by=bob, response=Response.DECLINED, now=clock.now())
    in_step(company, bob, alice)
    assert len(shown(company.outlook(bob))) == 2
    assert len(shown(company.outlook(alice))) == 4
    days = Participant.objects.get(event=event, user=bob).overrides.exclude(removed_at=None)
    assert [row.date for row in days] == MONDAYS[1:3]
    answers = [mail for mail in company.sandbox.mails() if mail[1] == "response"]
    assert [to for to, _, _ in answers] == [alice.email]


def test_an_invitation_to_a_whole_series_counts_for_dates_left_before(
    company: Company, alice: User, bob: User
) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Standup", bob.email, when=WEEKLY)
    in_step(company, alice, bob)
    delete_occurrence(event, MONDAYS[1], by=bob, now=clock.now())
    archive_event(event, by=bob, now=clock.now())
    in_step(company, bob, alice)
    company.outlook(alice).update("Standup", subject="Daily")
    in_step(company, alice, bob)
    assert (here(bob), len(shown(company.outlook(bob)))) == (["Daily"], 4)
