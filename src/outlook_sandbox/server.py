"""Serving the application on a socket, and ending at once when told to."""

import os
import signal
import threading
from types import FrameType
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

from outlook_sandbox.app import create_app
from outlook_sandbox.sandbox import Sandbox
from outlook_sandbox.subscriptions.delivery import Courier

LIFELINE = "LEANSOFT_LIFELINE_FD"
THREADS = 16


class Server:
    """A listening socket is open once this exists; raises OSError when it cannot be."""

    def __init__(
        self, sandbox: Sandbox, host: str, port: int, public_url: str | None = None
    ) -> None:
        self.sandbox = sandbox
        app = create_app(sandbox, public_url)
        app.on_a_socket = True
        self._server: Any = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            expose_tracebacks=False,
        )
        self.port: int = int(self._server.effective_port)
        self.courier = Courier(sandbox)

    def run(self) -> None:
        self.courier.start()
        self._server.run()

    def close(self) -> None:
        """Ends `run` in the thread that is in it, also while clients keep connections open."""
        self.courier.stop()
        self._server.task_dispatcher.shutdown()
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._server._map))


def end_with_supervisor() -> None:
    """Ends this process when the supervisor's end of the inherited pipe is closed."""
    number = os.environ.get(LIFELINE)
    if number is None:
        return
    handle = int(number)

    def watch() -> None:
        while os.read(handle, 1):
            pass
        os._exit(0)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def stop_on_signals() -> None:
    """State is saved after every request, so there is nothing left to finish."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (signature of a handler)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
