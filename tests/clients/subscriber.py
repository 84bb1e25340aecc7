"""Somebody who subscribes to changes: answers the handshake and keeps what arrives."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Subscriber:
    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/notifications"
        self.handshakes = 0
        self._received: queue.Queue[dict[str, Any]] = queue.Queue()

    def take(self, body: bytes) -> None:
        for notification in json.loads(body)["value"]:
            self._received.put(notification)

    def next(self) -> dict[str, Any]:
        """The next notification; waits for it."""
        return self._received.get(timeout=10)


@contextmanager
def subscribing() -> Iterator[Subscriber]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            token = parse_qs(urlsplit(self.path).query).get("validationToken")
            if token is None:
                subscriber.take(body)
                self._answer(202, b"")
            else:
                subscriber.handshakes += 1
                self._answer(200, token[0].encode())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    subscriber = Subscriber(server.server_port)
    thread = threading.Thread(target=server.serve_forever, name="subscriber", daemon=True)
    thread.start()
    try:
        yield subscriber
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()
