"""Pace: how often a mailbox is asked, and when it is left alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.connections.budget import LIMIT, PERIOD, spend
from leansoft.connections.models import Mailbox
from leansoft.graph.errors import BudgetSpent
from leansoft.kit import clock
from leansoft.sync.models import SyncRun
from leansoft.sync.run import run_now
from leansoft.sync.tasks import sync_mailbox, sync_mailbox_later
from leansoft.sync.timing.attention import JUST_OPENED, look_at_outlook
from leansoft.sync.timing.pace import LAST_RETRY, back_off, until_next_poll
from support.company import Company
from support.jobs import do_jobs, forget_jobs

NOON = datetime(2030, 6, 3, 12, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("seen", "hour", "told", "minutes"),
    [
        (timedelta(minutes=1), 12, True, 10),
        (timedelta(minutes=1), 12, False, 1),
        (timedelta(minutes=1), 3, False, 1),
        (timedelta(hours=5), 12, True, 30),
        (timedelta(hours=5), 12, False, 5),
        (timedelta(hours=5), 3, True, 120),
        (timedelta(hours=5), 3, False, 30),
        (timedelta(days=4), 12, True, 120),
        (None, 12, False, 30),
    ],
)
def test_poll_follows_use(seen: timedelta | None, hour: int, told: bool, minutes: int) -> None:
    moment = NOON.replace(hour=hour)
    looked_at = None if seen is None else moment - seen
    pause = until_next_poll(now=moment, looked_at=looked_at, time_zone="UTC", told=told)
    assert timedelta(0) < timedelta(minutes=minutes) - pause < A_MINUTE


def test_night_is_night_where_the_owner_lives() -> None:
    asked = {"now": NOON, "looked_at": NOON - timedelta(hours=5), "told": False}
    by_day = until_next_poll(time_zone="Europe/Paris", **asked)  # type: ignore[arg-type] # mixed values
    at_night = until_next_poll(time_zone="Pacific/Auckland", **asked)  # type: ignore[arg-type] # mixed values
    assert by_day < at_night


def test_back_off_doubles_up_to_a_limit_and_spreads_mailboxes() -> None:
    waits = [back_off(failures=n, mailbox_id=1) for n in range(1, 40)]
    assert waits[0] < timedelta(seconds=20)
    assert waits[3] > 2 * waits[0]
    assert max(waits) <= LAST_RETRY
    assert min(waits[20:]) >= LAST_RETRY / 2
    assert len({back_off(failures=20, mailbox_id=n) for n in range(50)}) == 50


def test_budget_is_kept_for_ten_minutes() -> None:
    mailbox = Mailbox()
    spend(mailbox, LIMIT, now=NOON)
    with pytest.raises(BudgetSpent) as caught:
        spend(mailbox, 1, now=NOON + A_MINUTE)
    assert caught.value.retry_after
    spend(mailbox, LIMIT, now=NOON + A_MINUTE + timedelta(seconds=caught.value.retry_after))
    assert PERIOD >= timedelta(seconds=caught.value.retry_after) > PERIOD - 2 * A_MINUTE


def test_long_run_pauses_before_microsoft_refuses_and_goes_on_later(
    company: Company, alice: User
) -> None:
    company.start(alice)
    forget_jobs()
    for number in range(25):
        company.create(alice, f"Plan {number}")
    this_minute = clock.now().replace(second=59, microsecond=999_999)
    Mailbox.objects.update(spent={this_minute.isoformat(): LIMIT - 22})
    run = sync_mailbox_later(company.mailbox(alice), SyncRun.Cause.EDIT)

    do_jobs()

    run.refresh_from_db()
    assert run.state == SyncRun.State.QUEUED
    assert run.errors == []
    assert len(company.outlook(alice).events()) == 20
    blocked_until = company.mailbox(alice).blocked_until
    assert blocked_until
    assert clock.now() < blocked_until <= clock.now() + PERIOD + A_MINUTE

    with clock.told_by(lambda: blocked_until):
        sync_mailbox_later(company.mailbox(alice), SyncRun.Cause.POLL)
        sync_mailbox(str(run.pk))

    run.refresh_from_db()
    assert run.state == SyncRun.State.DONE
    assert len(company.outlook(alice).events()) == 25


def test_outage_is_waited_out_ever_longer_until_it_is_over(company: Company, alice: User) -> None:
    company.start(alice)
    company.sandbox.fault(method="GET", status=503, times=3)
    waits = []
    for _ in range(3):
        company.try_sync(alice)
        mailbox = company.mailbox(alice)
        assert mailbox.blocked_until
        waits.append(mailbox.blocked_until - clock.now())
    assert waits[2] > 1.5 * waits[0]
    company.sync(alice)
    assert company.mailbox(alice).failures == 0


def test_looking_at_the_calendar_quickens_the_poll(company: Company, alice: User) -> None:
    company.start(alice)
    Mailbox.objects.update(looked_at=clock.now() - timedelta(hours=1))
    company.sync(alice)
    assert _pause(company, alice) > 4 * A_MINUTE
    look_at_outlook(alice, older_than=JUST_OPENED)
    company.sync(alice)
    assert _pause(company, alice) < A_MINUTE


def _pause(company: Company, user: User) -> timedelta:
    mailbox = company.mailbox(user)
    assert mailbox.next_sync_at
    assert mailbox.last_sync_at
    return mailbox.next_sync_at - mailbox.last_sync_at


def test_idle_round_is_one_request_and_few_queries(
    company: Company, alice: User, django_assert_max_num_queries: Any
) -> None:
    company.start(alice)
    for number in range(3):
        company.outlook(alice).create(f"Tea {number}")
    company.sync(alice)
    mailbox = company.mailbox(alice)
    company.sandbox.control("DELETE", "requests")
    with django_assert_max_num_queries(20):
        run_now(mailbox, SyncRun.Cause.POLL)
    assert [path for _, path in company.sandbox.requests()] == ["/v1.0/me/calendarView/delta"]
