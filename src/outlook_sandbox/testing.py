"""For tests of whole products: a sandbox server in a thread."""

import threading
from dataclasses import dataclass

from outlook_sandbox.sandbox import Sandbox
from outlook_sandbox.server import Server


@dataclass
class RunningSandbox:
    url: str
    sandbox: Sandbox
    _server: Server
    _thread: threading.Thread

    def stop(self) -> None:
        self._server.close()
        self._thread.join(timeout=5)

    def __enter__(self) -> "RunningSandbox":
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()


def start_sandbox(sandbox: Sandbox | None = None, port: int = 0) -> RunningSandbox:
    """Starts on a free port of localhost; `.stop()` ends it."""
    sandbox = sandbox or Sandbox()
    server = Server(sandbox, "127.0.0.1", port)
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    return RunningSandbox(f"http://localhost:{server.port}", sandbox, server, thread)
