"""Two people change one event at the same moment."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from leansoft.calendars.models import Event
from support.api import Caller
from support.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_edit_that_waited_builds_on_the_one_before_it(as_alice: Caller) -> None:
    key = as_alice.event()["id"]
    answers: list[Any] = []

    with transaction.atomic():
        as_alice.patch(f"/events/{key}", {"end": "2026-12-01T11:30"})
        later = threading.Thread(target=_start_earlier, args=(as_alice, key, answers))
        later.start()
        wait_for(_somebody_waits, what="the second edit")
    later.join()

    assert (answers[0]["start"], answers[0]["end"]) == ("2026-12-01T08:00", "2026-12-01T11:30")
    assert Event.objects.get(pk=key).version == 3


def _start_earlier(caller: Caller, key: str, answers: list[Any]) -> None:
    answers.append(caller.patch(f"/events/{key}", {"start": "2026-12-01T08:00"}).json())
    connection.close()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        (waits,) = cursor.fetchone()
    return bool(waits)
