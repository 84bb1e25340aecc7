"""Microsoft tells of changes: over HTTP, to a web server of ours, with a sandbox that may lie."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.db import connection

from leansoft.accounts.models import User
from leansoft.connections.calendar import open_subscriptions
from leansoft.connections.models import Mailbox, Subscription
from leansoft.sync import tasks
from leansoft.sync.models import SyncRun
from leansoft.sync.show.status import outlook_status
from support.company import Company
from support.jobs import do_jobs
from support.told import (
    at_microsoft,
    notified,
    wait_until_notified,
)
from support.waiting import wait_for

NOTIFICATION = SyncRun.Cause.NOTIFICATION


def post(here: str, body: Any, query: str = "") -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body)
    return httpx.post(f"{here}/outlook/notifications{query}", content=content)


def notice(company: Company, user: User, **facts: Any) -> dict[str, Any]:
    row = Subscription.objects.get(mailbox__user=user)
    item = {"subscriptionId": row.remote_id, "clientState": "forged", "changeType": "updated"}
    return {"value": [{**item, **facts}]}


def test_edit_in_outlook_arrives_without_polling(told: Company, alice: User) -> None:
    told.outlook(alice).create("Tea")

    wait_until_notified(alice)
    assert "sync_mailbox" in do_jobs()

    assert told.event(alice, "Tea").subject == "Tea"
    told.outlook(alice).update("Tea", subject="Coffee")
    wait_until_notified(alice)
    do_jobs()
    assert told.event(alice, "Coffee").subject == "Coffee"


def test_poll_is_slower_while_notifications_work(told: Company, alice: User) -> None:
    told.sync(alice)
    mailbox = told.mailbox(alice)
    assert mailbox.last_sync_at
    assert mailbox.next_sync_at
    assert mailbox.next_sync_at - mailbox.last_sync_at > timedelta(minutes=9)

    Subscription.objects.all().delete()
    told.sync(alice)
    mailbox.refresh_from_db()
    assert mailbox.next_sync_at - mailbox.last_sync_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    "switches",
    [
        {"notifications_doubled": True},
        {"notifications_reordered": True, "notifications_doubled": True},
        {"notification_delay_seconds": 1.0},
        {"notifications_lost": 1.0},
        {"notifications_lost": 0.5, "notifications_reordered": True},
    ],
)
def test_bad_delivery_does_no_harm(told: Company, alice: User, switches: dict[str, Any]) -> None:
    told.sandbox.control("PUT", "switches", switches)
    outlook = told.outlook(alice)
    for number in range(3):
        outlook.create(f"Tea {number}")
        do_jobs()
    outlook.update("Tea 1", subject="Coffee")
    outlook.delete("Tea 2")
    if "notification_delay_seconds" in switches:
        wait_until_notified(alice)
    do_jobs()

    Mailbox.objects.update(next_sync_at=None)
    tasks.poll_mailboxes(0)
    do_jobs()

    assert [event["subject"] for event in outlook.events()] == ["Tea 0", "Coffee"]
    assert {told.event(alice, name).subject for name in ("Tea 0", "Coffee")} == {"Tea 0", "Coffee"}
    assert not told.sandbox.mails()
    assert told.sync(alice).actions.count() == 0


def test_news_that_nobody_told_bring_the_subscription_into_doubt(
    told: Company, alice: User
) -> None:
    mailbox = told.mailbox(alice)
    (lost,) = at_microsoft(mailbox)
    open_subscriptions(mailbox).delete(lost.id)
    told.outlook(alice).create("Tea")

    Mailbox.objects.update(next_sync_at=None)
    tasks.poll_mailboxes(0)

    assert do_jobs() == ["sync_mailbox", "keep_subscribed", "sync_mailbox"]
    (fresh,) = at_microsoft(mailbox)
    assert fresh.id == Subscription.objects.get().remote_id != lost.id


def test_burst_makes_one_run(told: Company, alice: User) -> None:
    outlook = told.outlook(alice)
    for number in range(10):
        outlook.create(f"Tea {number}")
    wait_for(lambda: notified(alice) and not _under_way(told), what="the notifications")

    runs = SyncRun.objects.filter(mailbox__user=alice, cause=NOTIFICATION)
    assert runs.count() == 1
    do_jobs()
    assert {told.event(alice, f"Tea {number}").subject for number in range(10)} == {
        f"Tea {number}" for number in range(10)
    }


def test_posts_at_one_moment_make_one_run(here: str, told: Company, alice: User) -> None:
    secret = _secret_of(told)
    body = notice(told, alice, clientState=secret)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: post(here, body).status_code, range(24)))

    assert answers == [202] * 24
    assert SyncRun.objects.filter(cause=NOTIFICATION, mailbox__user=alice).count() == 1


def test_forged_and_unknown_notifications_are_dropped(
    here: str, told: Company, alice: User
) -> None:
    forged = notice(told, alice)
    unknown = notice(told, alice, subscriptionId="somebody-else", clientState=_secret_of(told))
    removed = notice(told, alice, lifecycleEvent="subscriptionRemoved")

    assert [post(here, body).status_code for body in (forged, unknown, removed)] == [202] * 3

    assert do_jobs() == []
    assert not notified(alice)
    assert outlook_status(alice)["notifications"]


def test_handshake_answers_the_decoded_token(here: str, reachable: Company) -> None:
    answer = post(here, b"", "?validationToken=Validation%3A+a%20%3Cb%3E%2B")

    assert (answer.status_code, answer.text) == (200, "Validation: a <b>+")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"value": 1}', b"[" * 9999])
def test_malformed_posts_are_refused(here: str, reachable: Company, body: bytes) -> None:
    assert post(here, body).status_code == 400


def test_huge_posts_are_refused(here: str, reachable: Company) -> None:
    assert post(here, b" " * 3_000_000).status_code == 413
    assert httpx.get(f"{here}/outlook/notifications").status_code == 405


def test_what_cannot_be_stored_is_not_taken(here: str, told: Company, alice: User) -> None:
    body = notice(told, alice, clientState=_secret_of(told))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_jobs RENAME TO procrastinate_jobs_away")
    try:
        assert post(here, body).status_code == 503
        assert not notified(alice)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE procrastinate_jobs_away RENAME TO procrastinate_jobs")
    assert post(here, body).status_code == 202
    assert notified(alice)


def test_a_slow_database_keeps_nobody_waiting(here: str, told: Company, alice: User) -> None:
    body = notice(told, alice, clientState=_secret_of(told))
    with closing(connection.get_new_connection(connection.get_connection_params())) as other:
        other.execute("LOCK TABLE sync_syncrun IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        # Not stored, so not taken: Microsoft sends it again.
        assert post(here, body).status_code == 503
        assert time.monotonic() - began < 3
        other.rollback()
    assert post(here, body).status_code == 202
    assert notified(alice)


def _secret_of(company: Company) -> str:
    """Only Microsoft knows it in the clear."""
    state = company.sandbox.control("GET", "state")
    (subscription,) = state["subscriptions"].values()
    secret: str = subscription["client_state"]
    return secret


def _under_way(company: Company) -> bool:
    return bool(company.sandbox.control("GET", "state")["notifications"])
