"""Getting ready: the data folder, the database and Django, before any command touches them."""

import atexit
import json
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import django
from django.core.management import call_command
from django.db import connection

from leansoft.kit.postgres import EmbeddedPostgres

MIGRATION_LOCK = 7_032_023
"""Two servers that start at once take turns; any number that nothing else uses will do."""


OF_THE_DEMO = (
    "LEANSOFT_BASE_URL", "LEANSOFT_MICROSOFT_LOGIN_URL", "LEANSOFT_MICROSOFT_GRAPH_URL",
)  # fmt: skip


_started: list[EmbeddedPostgres] = []


class Failed(Exception):
    """What was asked for cannot be done; the message says why, in one line."""


class CannotStart(Failed):
    """The message says what stands in the way and what to do."""


def data_folder() -> Path:
    return Path(os.environ.get("LEANSOFT_DATA_DIR") or "data").resolve()


def prepare() -> None:
    """Sets Django up on the database named in the environment, else on the one in the data folder.

    Children inherit what is decided here. Raises `DatabaseUnavailable`.
    """
    os.environ["LEANSOFT_DATA_DIR"] = str(data_folder())
    _recall_demo()
    if not os.environ.get("LEANSOFT_DATABASE_URL"):
        server = EmbeddedPostgres(data_folder())
        os.environ["LEANSOFT_DATABASE_URL"] = server.start()
        _started.append(server)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leansoft.settings")
    django.setup()


@atexit.register
def release_database() -> None:
    """Stops the server that this process started, unless others use it. Twice is as once."""
    while _started:
        _started.pop().release()


def remember_demo() -> None:
    """Lets other commands on this data folder know that its Microsoft is the sandbox."""
    kept = {name: os.environ[name] for name in OF_THE_DEMO if name in os.environ}
    _demo_file().write_text(json.dumps(kept, indent=2))


def _recall_demo() -> None:
    """What the environment says by itself counts more."""
    try:
        kept = json.loads(_demo_file().read_text())
    except (FileNotFoundError, NotADirectoryError):
        return
    except ValueError as error:
        raise Failed(f"{_demo_file()} is damaged: delete it, and start the demo again.") from error
    for name in OF_THE_DEMO:
        if name in kept:
            os.environ.setdefault(name, kept[name])


def _demo_file() -> Path:
    return data_folder() / "demo.json"


def migrate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        # Closing the session gives the lock back, also after a failed migration.
        connection.close()


def claim_address(*, host: str, port: int, base_url: bool = True, option: str = "--port") -> None:
    """Checks that a server can listen there, and lets links name that port unless told otherwise.

    `option`: how to choose another port.

    Raises `CannotStart`.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Cannot listen on {host}:{port}: {error.strerror or error}. Stop the program that "
                f"uses the port, or choose another one with {option}."
            ) from error
    if base_url and not os.environ.get("LEANSOFT_BASE_URL"):
        os.environ["LEANSOFT_BASE_URL"] = f"http://localhost:{port}"


def end_on_sigterm() -> None:
    """Lets SIGTERM end the process the ordinary way, so that what it started is stopped."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)


def when_it_answers(url: str, announce: Callable[[], None]) -> None:
    """Calls `announce` once, from a thread of its own, as soon as the address answers."""
    threading.Thread(target=_await_answer, args=(url, announce), daemon=True).start()


def _await_answer(url: str, announce: Callable[[], None]) -> None:
    while not answers(url):
        time.sleep(0.1)
    announce()


def answers(url: str) -> bool:
    """Whether a program serves this address, whatever it says."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
