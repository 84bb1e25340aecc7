"""The one place that touches the network."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import httpx

from leansoft.graph.errors import TransientError
from leansoft.graph.wire import Request, Response, date_of
from leansoft.kit.clock import now

TIMEOUT = httpx.Timeout(connect=10, read=60, write=30, pool=30)

NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
"""Failures before the first byte of the request left; after any other it may have been executed."""


class Transport:
    """Sends requests. Shared by threads; `clock_skew_seconds` is the latest measurement."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(transport=transport, timeout=TIMEOUT, follow_redirects=False)
        # Another transport, as in a simulation, may know only one thread.
        self._threads = None if transport else ThreadPoolExecutor(thread_name_prefix="graph")
        # How far this clock runs ahead of Microsoft's.
        self.clock_skew_seconds: float | None = None

    def send(self, request: Request) -> Response:
        """Raises `TransientError` when there is no answer."""
        sent_at = now()
        try:
            answer = self._client.request(
                request.method, request.url, headers=dict(request.headers), content=request.body
            )
        except httpx.RequestError as error:
            raise TransientError(
                f"{type(error).__name__}: {error}",
                outcome_unknown=not isinstance(error, NEVER_SENT),
            ) from error
        headers = {name.lower(): value for name, value in answer.headers.items()}
        self._measure(date_of(headers), (now() - sent_at).total_seconds())
        return Response(status=answer.status_code, headers=headers, body=answer.content)

    def start(self, request: Request) -> Callable[[], Response]:
        """Sends it while the caller goes on. The result waits for the answer, and raises as
        `send`."""
        if self._threads is None:
            return partial(self.send, request)
        return self._threads.submit(self.send, request).result

    def _measure(self, theirs: datetime | None, took_seconds: float) -> None:
        if theirs is None:
            return
        # The header has whole seconds, cut off; it was written somewhere in the round trip.
        ahead = (now() - theirs).total_seconds()
        self.clock_skew_seconds = ahead - took_seconds / 2 - 0.5

    def close(self) -> None:
        self._client.close()
