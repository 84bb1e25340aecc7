from datetime import timedelta

import httpx
import pytest

from leansoft.graph.client import NEVER_SENT, Transport
from leansoft.graph.errors import TransientError
from leansoft.graph.wire import Request
from leansoft.kit.clock import now

ASK = Request(method="GET", url="https://graph.microsoft.com/v1.0/me", headers={"A": "b"})


def request_errors() -> list[type[httpx.RequestError]]:
    """Every error of httpx that a request may end with."""
    found: list[type[httpx.RequestError]] = []
    waiting: list[type[httpx.RequestError]] = [httpx.RequestError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


def failing(kind: type[httpx.RequestError]) -> Transport:
    def handle(request: httpx.Request) -> httpx.Response:
        raise kind("down", request=request)

    return Transport(httpx.MockTransport(handle))


@pytest.mark.parametrize("kind", request_errors())
def test_every_error_of_the_network_is_transient(kind: type[httpx.RequestError]) -> None:
    with pytest.raises(TransientError) as caught:
        failing(kind).send(ASK)
    assert caught.value.outcome_unknown is not issubclass(kind, NEVER_SENT)
    assert caught.value.retry_after is None


def test_read_timeout_leaves_the_outcome_open() -> None:
    with pytest.raises(TransientError) as caught:
        failing(httpx.ReadTimeout).send(ASK)
    assert caught.value.outcome_unknown


def test_nobody_listening_means_that_nothing_happened() -> None:
    with pytest.raises(TransientError) as caught:
        Transport().send(Request(method="GET", url="http://127.0.0.1:9/"))
    assert not caught.value.outcome_unknown


def test_answer_comes_back_as_it_is() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        assert request.headers["A"] == "b"
        return httpx.Response(302, headers={"Location": "https://elsewhere.example/"}, content=b"x")

    response = Transport(httpx.MockTransport(handle)).send(ASK)
    assert (response.status, response.body) == (302, b"x")
    assert response.headers["location"] == "https://elsewhere.example/"


@pytest.mark.parametrize("ahead_seconds", [-3600, 0, 90])
def test_skew_is_how_far_this_clock_runs_ahead(ahead_seconds: int) -> None:
    theirs = now() - timedelta(seconds=ahead_seconds)
    date = theirs.strftime("%a, %d %b %Y %H:%M:%S GMT")
    transport = Transport(
        httpx.MockTransport(lambda _: httpx.Response(200, headers={"Date": date}))
    )
    transport.send(ASK)
    assert transport.clock_skew_seconds == pytest.approx(ahead_seconds, abs=1.5)


def test_answer_without_a_date_measures_nothing() -> None:
    transport = Transport(httpx.MockTransport(lambda _: httpx.Response(204)))
    transport.send(ASK)
    assert transport.clock_skew_seconds is None
