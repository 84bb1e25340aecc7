"""A mailbox's calendar, ready to be spoken to."""

import uuid
from collections.abc import Callable

from leansoft.connections.budget import spend
from leansoft.connections.clouds import present_hosts
from leansoft.connections.microsoft import transport
from leansoft.connections.models import Mailbox
from leansoft.connections.tokens import access_token
from leansoft.graph.calendar import Calendar
from leansoft.graph.subscriptions import Subscriptions
from leansoft.graph.wire import Request, Response, authorized
from leansoft.kit.clock import now

SKEW_THAT_MATTERS_SECONDS = 2.0
"""The `Date` header has whole seconds, so that smaller differences are noise."""


def open_calendar(mailbox: Mailbox) -> Calendar:
    """Every call may also raise what `access_token` raises."""
    sender = _Sender(mailbox)
    return Calendar(sender.send, sender.start)


def calendar_with(token: str) -> Calendar:
    """The calendar that this access token opens, before there is a mailbox for it."""
    graph_url = present_hosts().graph_url
    return Calendar(lambda request: _send(request, token, graph_url))


def open_subscriptions(mailbox: Mailbox) -> Subscriptions:
    """As `open_calendar`."""
    return Subscriptions(_Sender(mailbox).send)


def subscriptions_with(token: str) -> Subscriptions:
    """What this access token may see of them, after the mailbox has forgotten its tokens."""
    graph_url = present_hosts().graph_url
    return Subscriptions(lambda request: _send(request, token, graph_url))


class _Sender:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._graph_url = present_hosts().graph_url

    def send(self, request: Request) -> Response:
        token = self._token_for(request)
        return self._settled(request, token, _send(request, token, self._graph_url))

    def start(self, request: Request) -> Callable[[], Response]:
        """As `send`, but the answer is waited for when the result is called."""
        token = self._token_for(request)
        answer = transport().start(_ready(request, token, self._graph_url))
        return lambda: self._settled(request, token, answer())

    def _token_for(self, request: Request) -> str:
        spend(self._mailbox, request.counts_as, now=now())
        return access_token(self._mailbox)

    def _settled(self, request: Request, token: str, response: Response) -> Response:
        if response.status == 401:
            # Ended or revoked before its time; a fresh one settles it (operations.md §9).
            response = _send(request, access_token(self._mailbox, rejected=token), self._graph_url)
        self._note_skew(transport().clock_skew_seconds)
        return response

    def _note_skew(self, seconds: float | None) -> None:
        mailbox = self._mailbox
        if seconds is None:
            return
        if abs(seconds - mailbox.clock_skew_seconds) < SKEW_THAT_MATTERS_SECONDS:
            return
        mailbox.clock_skew_seconds = seconds
        Mailbox.objects.filter(pk=mailbox.pk).update(clock_skew_seconds=seconds)


def _send(request: Request, token: str, graph_url: str) -> Response:
    return transport().send(_ready(request, token, graph_url))


def _ready(request: Request, token: str, graph_url: str) -> Request:
    request_id = str(uuid.uuid4())
    return authorized(request, base_url=graph_url, token=token, request_id=request_id)
