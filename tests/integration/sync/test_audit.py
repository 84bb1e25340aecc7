"""The nightly comparison finds what nothing else has told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leansoft.accounts.models import User
from leansoft.connections.models import Mailbox
from leansoft.kit import clock
from leansoft.sync.models import SyncRun
from leansoft.sync.read.audit import next_audit
from leansoft.sync.run import run_now
from support.company import Company


@pytest.fixture
def unheard(company: Company, alice: User) -> Company:
    """Delta is silent about what happens from now on."""
    company.connect(alice)
    for subject in ("Tea", "Lunch", "Walk"):
        company.outlook(alice).create(subject)
    company.start(alice)
    company.sandbox.control("PUT", "switches", {"delta_lag_seconds": 3600.0})
    return company


def at_night(company: Company, user: User) -> SyncRun:
    Mailbox.objects.update(next_audit_at=clock.now() - timedelta(minutes=1))
    run = run_now(company.mailbox(user), SyncRun.Cause.POLL)
    assert run.state == SyncRun.State.DONE, run.errors
    return run


def test_finds_what_delta_never_mentioned(unheard: Company, alice: User) -> None:
    outlook = unheard.outlook(alice)
    outlook.update("Tea", subject="Coffee")
    outlook.delete("Lunch")
    outlook.create("Cake")
    assert unheard.sync(alice).actions.count() == 0

    run = at_night(unheard, alice)

    assert sorted(run.actions.values_list("kind", "subject")) == [
        ("created", "Cake"),
        ("deleted", "Lunch"),
        ("updated", "Tea"),
    ]
    assert unheard.event(alice, "Coffee")
    assert unheard.event(alice, "Cake")


def test_asks_about_differences_only(unheard: Company, alice: User) -> None:
    unheard.outlook(alice).update("Tea", subject="Coffee")
    unheard.sandbox.control("DELETE", "requests")
    at_night(unheard, alice)
    paths = [path for _, path in unheard.sandbox.requests()]
    assert [path.partition("/me/")[2].partition("/")[0] for path in paths] == [
        "calendarView",
        "events",
        "events",
    ]
    assert at_night(unheard, alice).actions.count() == 0


def test_is_left_to_a_poll_in_the_night(unheard: Company, alice: User) -> None:
    unheard.outlook(alice).update("Tea", subject="Coffee")
    due = clock.now() - timedelta(minutes=1)
    Mailbox.objects.update(next_audit_at=due)
    unheard.sync(alice)
    assert unheard.mailbox(alice).next_audit_at == due
    run_now(unheard.mailbox(alice), SyncRun.Cause.POLL)
    assert unheard.event(alice, "Coffee")
    following = unheard.mailbox(alice).next_audit_at
    assert following
    assert following > clock.now()


def test_every_mailbox_has_its_own_minute_of_its_owners_night() -> None:
    owner = User(time_zone="Asia/Tokyo")
    now = datetime(2030, 6, 3, 12, tzinfo=UTC)
    moments = [next_audit(Mailbox(pk=n, user=owner), now) for n in range(1, 301)]
    assert len(set(moments)) == 300
    assert {m.astimezone(ZoneInfo("Asia/Tokyo")).hour for m in moments} == {0, 1, 2, 3, 4}
    assert all(now < moment <= now + timedelta(days=1) for moment in moments)
