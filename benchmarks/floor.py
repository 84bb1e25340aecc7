"""The least that a first pull can cost: fetch the same pages, decode them, COPY rows.

`python -m benchmarks.floor GRAPH_URL TOKEN DATABASE_URL` prints what it took as JSON. A process of
its own, as the measured one is.
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec
import psycopg

from leansoft.graph.calendar import PAGE_SIZE, WITH_MARKER
from leansoft.graph.wire import IMMUTABLE_IDS

BEHIND, AHEAD = timedelta(days=30), timedelta(days=365)
"""The window of `leansoft.sync.read.pull`."""
TABLE = "CREATE TEMPORARY TABLE floor (id text, subject text, starts text, body text, event jsonb)"
COPY = "COPY floor (id, subject, starts, body, event) FROM STDIN"


def main() -> None:
    graph_url, token, database_url = sys.argv[1:]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(headers=headers) as client, psycopg.connect(database_url) as connection:
        connection.execute(TABLE)
        begun = time.perf_counter()
        pages = read_all(client, graph_url, connection)
        took = time.perf_counter() - begun
    print(json.dumps({"seconds": took, "requests": pages}))


def read_all(client: httpx.Client, graph_url: str, connection: psycopg.Connection[Any]) -> int:
    now = datetime.now(UTC)
    window = {"startDateTime": _utc(now - BEHIND), "endDateTime": _utc(now + AHEAD)}
    listing = {"$top": str(PAGE_SIZE), "$expand": WITH_MARKER}
    pages = 0
    for path, query in [("/me/calendarView/delta", window), ("/me/events", listing)]:
        link = f"{graph_url}{path}?{urlencode(query, safe='$', quote_via=quote)}"
        while link:
            prefer = f"{IMMUTABLE_IDS}, odata.maxpagesize={PAGE_SIZE}"
            answer = client.get(link, headers={"Prefer": prefer})
            page = msgspec.json.decode(answer.raise_for_status().content)
            _copy(connection, page["value"])
            pages += 1
            link = page.get("@odata.nextLink", "")
    return pages


def _copy(connection: psycopg.Connection[Any], events: list[dict[str, Any]]) -> None:
    encode = msgspec.json.encode
    with connection.cursor().copy(COPY) as copy:
        for event in events:
            body = (event.get("body") or {}).get("content")
            starts = event.get("start", {}).get("dateTime")
            whole = encode(event).decode()
            copy.write_row((event["id"], event.get("subject"), starts, body, whole))
    connection.commit()


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


if __name__ == "__main__":
    main()
