"""While a preview is made, its page says how far it is."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
from django.test import Client

from leansoft.accounts.models import User
from leansoft.graph.calendar import PAGE_SIZE
from leansoft.kit import clock
from support.company import Company
from support.waiting import wait_for

EVENTS = PAGE_SIZE + 10


def reading(browser: httpx.Client) -> str:
    return browser.get("/outlook/start/reading").text


def some_read(browser: httpx.Client) -> int:
    """How many, as long as there is more to read."""
    found = re.search(r": (\d+) events so far", reading(browser))
    return int(found[1]) if found else 0


def test_the_page_counts_what_has_been_read(
    here: str, reachable: Company, alice: User, client: Client
) -> None:
    mailbox = reachable.connect(alice)
    soon = (clock.now() + timedelta(days=1)).date().isoformat()
    times = {
        edge: {"dateTime": f"{soon}T{hour}:00:00", "timeZone": "UTC"}
        for edge, hour in (("start", "09"), ("end", "10"))
    }
    outlook = reachable.outlook(alice)
    for number in range(EVENTS):
        outlook.create(f"Event {number}", **times)
    reachable.sandbox.fault(kind="latency", milliseconds=800)
    client.force_login(alice)
    cookies = {name: held.value for name, held in client.cookies.items()}
    with httpx.Client(base_url=here, cookies=cookies) as browser:
        assert reading(browser) == "Reading your Outlook calendar…"
        with ThreadPoolExecutor(1) as beside:
            made = beside.submit(browser.get, "/outlook/start/preview", timeout=60)
            # The first of two pages; what it shows is seen before the second has come.
            assert wait_for(lambda: some_read(browser)) == PAGE_SIZE
            assert not made.done()
            assert f"{EVENTS} events to Leansoft" in re.sub(r"<[^>]+>", "", made.result().text)
        assert reading(browser) == f"{EVENTS} events read. Working out what would happen…"
    mailbox.refresh_from_db()
    assert mailbox.status == "choosing"
