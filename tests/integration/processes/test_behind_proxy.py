"""What the web server takes from the proxy that stands in front of it."""

import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import waitress

from leansoft.servers import BEHIND_PROXY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def show_caller(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    start_response("200 OK", [])
    return [f"{environ['wsgi.url_scheme']} {environ['REMOTE_ADDR']}".encode()]


@pytest.fixture
def address() -> Iterator[str]:
    server: Any = waitress.create_server(show_caller, host="127.0.0.1", port=0, **BEHIND_PROXY)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.mark.parametrize("told", ["203.0.113.9", "192.0.2.1, 203.0.113.9"])
def test_the_caller_is_whom_the_proxy_saw_and_not_whom_they_say_they_are(
    address: str, told: str
) -> None:
    headers = {"X-Forwarded-For": told, "X-Forwarded-Proto": "https"}
    assert httpx.get(address, headers=headers).text == "https 203.0.113.9"
