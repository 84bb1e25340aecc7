"""While a preview reads Outlook, however long it takes, it holds no rows that others wait for."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.db import connection

from leansoft.accounts.models import ApiToken, User
from support.company import Company
from support.waiting import wait_for

PREVIEWS = [
    "outlook/preview",
    "outlook/disconnect?existing=delete_both",
    "outlook/reset",
    "outlook/runs/{run}/undo",
]


def reading() -> str | None:
    """The state of the connection whose round has waited for a while, which is for Outlook."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM pg_stat_activity JOIN pg_locks USING (pid)"
            " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
            " AND state <> 'active' AND clock_timestamp() - state_change > interval '300 ms'"
        )
        row = cursor.fetchone()
    return row[0] if row else None


@pytest.mark.parametrize("path", PREVIEWS)
def test_no_transaction_is_open_while_outlook_is_read(
    here: str, reachable: Company, alice: User, path: str
) -> None:
    reachable.start(alice)
    reachable.create(alice, "Tea")
    run = reachable.sync(alice)
    reachable.sandbox.fault(kind="latency", milliseconds=1000)
    token = {"Authorization": f"Bearer {ApiToken.issue(alice)}"}
    address = f"{here}/api/v1/{path.format(run=run.pk)}"
    with ThreadPoolExecutor(1) as beside:
        asked = beside.submit(httpx.get, address, headers=token, timeout=60)
        assert wait_for(reading) == "idle"
        assert asked.result().status_code == 200, asked.result().text
