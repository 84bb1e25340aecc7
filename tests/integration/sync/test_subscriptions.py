"""The subscription of a mailbox: asked for, renewed, lost and made again, removed."""

import time
from datetime import timedelta

import pytest
from pytest_django import Settings

from leansoft.accounts.models import User
from leansoft.connections.models import Subscription
from leansoft.connections.tokens import access_token
from leansoft.kit import clock
from leansoft.sync import control
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.start import start_sync
from leansoft.sync.show.status import outlook_status
from leansoft.sync.timing.subscriptions import due_mailboxes
from support.company import Company
from support.jobs import do_jobs, forget_jobs
from support.told import (
    a_minute_passes,
    advance,
    at_microsoft,
    lifecycle,
    wait_until_notified,
)
from support.waiting import wait_for

HALF_A_LIFE = timedelta(minutes=5_001)
A_LIFE = timedelta(minutes=10_001)


def test_first_sync_asks_to_be_told(reachable: Company, alice: User) -> None:
    mailbox = reachable.connect(alice)
    start_sync(mailbox, existing="push", invitations="send")

    assert do_jobs() == ["sync_mailbox", "keep_subscribed", "sync_mailbox"]

    assert outlook_status(alice)["notifications"]
    (remote,) = at_microsoft(mailbox)
    assert remote.url.endswith("/outlook/notifications")
    assert timedelta(days=6) < remote.expires_at - clock.now() <= timedelta(minutes=10_000)


def test_renewed_at_half_life(told: Company, alice: User) -> None:
    (before,) = at_microsoft(told.mailbox(alice))
    half = clock.now() + HALF_A_LIFE
    assert not due_mailboxes(half - timedelta(minutes=5)).exists()
    assert due_mailboxes(half).exists()

    advance(told, HALF_A_LIFE)
    assert "keep_subscribed" in a_minute_passes()

    (after,) = at_microsoft(told.mailbox(alice))
    assert after.id == before.id
    assert after.expires_at - before.expires_at > timedelta(minutes=4_999)


def test_made_anew_when_it_expired(told: Company, alice: User) -> None:
    (before,) = at_microsoft(told.mailbox(alice))

    advance(told, A_LIFE)
    assert not outlook_status(alice)["notifications"]
    a_minute_passes()

    (after,) = at_microsoft(told.mailbox(alice))
    assert after.id != before.id
    assert outlook_status(alice)["notifications"]


@pytest.mark.parametrize(
    ("event", "stays"), [("reauthorizationRequired", True), ("subscriptionRemoved", False)]
)
def test_lifecycle_events_are_heeded(told: Company, alice: User, event: str, stays: bool) -> None:
    mailbox = told.mailbox(alice)
    (before,) = at_microsoft(mailbox)

    lifecycle(told, alice, event)

    (after,) = at_microsoft(told.mailbox(alice))
    assert (after.id == before.id) is stays
    assert outlook_status(alice)["notifications"]
    assert a_minute_passes() == []


def test_what_was_missed_is_looked_for_everywhere(told: Company, alice: User) -> None:
    told.sandbox.control("DELETE", "requests")

    assert lifecycle(told, alice, "missed") == ["heed_lifecycle", "sync_mailbox"]

    asked = [path for _, path in told.sandbox.requests()]
    assert "/v1.0/me/events" in asked


def test_asked_to_authorize_again_shows_a_fresh_token(told: Company, alice: User) -> None:
    # Shortly before the token lapses; the one in the cache is good for some minutes more.
    token, expires_at = (
        access_token(told.mailbox(alice)),
        told.mailbox(alice).access_token_expires_at,
    )
    assert expires_at
    seconds = (expires_at - clock.now()).total_seconds()
    told.sandbox.control("POST", "clock", {"advance": seconds - 600})

    assert wait_for(do_jobs, what="it") == ["heed_lifecycle", "keep_subscribed"]

    assert access_token(told.mailbox(alice)) != token
    time.sleep(1)
    assert do_jobs() == []


def test_one_that_is_in_the_way_is_replaced(told: Company, alice: User) -> None:
    # As after a database from yesterday's backup, or a create whose answer was lost.
    (lost,) = at_microsoft(told.mailbox(alice))
    Subscription.objects.all().delete()

    a_minute_passes()

    (fresh,) = at_microsoft(told.mailbox(alice))
    assert fresh.id != lost.id
    told.outlook(alice).create("Tea")
    wait_until_notified(alice)


def test_one_of_another_leansoft_is_left_alone(
    told: Company, alice: User, settings: Settings
) -> None:
    (theirs,) = at_microsoft(told.mailbox(alice))
    Subscription.objects.all().delete()
    settings.BASE_URL = settings.BASE_URL.replace("localhost", "127.0.0.1")

    assert a_minute_passes() == ["keep_subscribed"]

    assert at_microsoft(told.mailbox(alice)) == [theirs]
    assert not outlook_status(alice)["notifications"]
    assert outlook_status(alice)["state"] == "connected"


def test_moved_leansoft_is_told_at_its_new_address(
    told: Company, alice: User, settings: Settings
) -> None:
    settings.BASE_URL = settings.BASE_URL.replace("localhost", "127.0.0.1")

    a_minute_passes()

    (moved,) = at_microsoft(told.mailbox(alice))
    assert moved.url.startswith("http://127.0.0.1")


def test_disconnecting_removes_it(told: Company, alice: User) -> None:
    mailbox = told.mailbox(alice)
    assert len(at_microsoft(mailbox)) == 1

    control.disconnect(told.mailbox(alice))

    assert at_microsoft(mailbox) == []  # with the token from before
    assert not Subscription.objects.exists()
    assert a_minute_passes() == []


def test_disconnecting_works_when_microsoft_does_not_answer(told: Company, alice: User) -> None:
    told.sandbox.fault(method="DELETE", path="^/subscriptions", status=503)

    control.disconnect(told.mailbox(alice))

    assert outlook_status(alice)["state"] == "not_connected"


def test_without_an_answer_polling_goes_on(reachable: Company, alice: User) -> None:
    reachable.start(alice)
    forget_jobs()
    reachable.sandbox.fault(method="POST", path="^/subscriptions", status=503, times=9)

    assert a_minute_passes() == ["keep_subscribed"]

    assert reachable.sync(alice).state == SyncRun.State.DONE
    status = outlook_status(alice)
    assert (status["state"], status["reason"], status["notifications"]) == (
        "connected",
        None,
        False,
    )
    # Tried again later, and less and less often.
    assert a_minute_passes() == []
    advance(reachable, timedelta(seconds=70))
    assert a_minute_passes() == ["keep_subscribed"]
    advance(reachable, timedelta(seconds=70))
    assert a_minute_passes() == []


def test_server_that_microsoft_does_not_reach_is_polled_for(
    reachable: Company, alice: User, settings: Settings
) -> None:
    reachable.start(alice)
    forget_jobs()
    settings.BASE_URL = "http://localhost:9"  # nobody shakes hands there

    assert a_minute_passes() == ["keep_subscribed"]
    assert not outlook_status(alice)["notifications"]
