"""What a benchmark runs on: PostgreSQL, and the sandbox and Leansoft as processes."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psutil
import psycopg

from benchmarks.calendars import Filled, state_with
from leansoft.kit.postgres import EmbeddedPostgres
from support.outlook import OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI, Sandbox
from support.product import Product, running_product
from support.waiting import free_port, wait_for


class Stage:
    def __init__(self, product: Product, sandbox: Sandbox, postgres_pid: int) -> None:
        self.product = product
        self.sandbox = sandbox
        self._postgres = psutil.Process(postgres_pid)

    def furnish(self, calendars: Iterable[Filled]) -> None:
        """Gives Outlook these calendars; what it held before is gone."""
        state = state_with(calendars)
        httpx.put(f"{self.sandbox.url}/sandbox/state", content=state, timeout=300)
        self.sandbox.register_app(OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI)
        self.product.configure()

    def inside(self, verb: str, *arguments: str) -> Any:
        """Does something inside Leansoft, in a process of its own."""
        return self._run("benchmarks.inside", verb, *arguments)

    def floor(self, email: str) -> dict[str, Any]:
        """What reading this calendar costs at least."""
        token = self.sandbox.person(email).token
        found: dict[str, Any] = self._run(
            "benchmarks.floor", f"{self.sandbox.url}/v1.0", token, self.product.database_url
        )
        return found

    def latency(self, milliseconds: float) -> None:
        self.sandbox.control("POST", "faults", {"kind": "latency", "milliseconds": milliseconds})

    def forget_requests(self) -> None:
        self.sandbox.control("DELETE", "requests")

    def requests(self) -> list[dict[str, Any]]:
        """What Leansoft asked Outlook for, round trips and the items of batches alike."""
        ledger: list[dict[str, Any]] = self.sandbox.control("GET", "requests")["value"]
        return [entry for entry in ledger if entry["path"].startswith("/v1.0/")]

    def round_trips(self) -> int:
        return sum(entry["batch_of"] is None for entry in self.requests())

    def query(self, sql: LiteralString, *parameters: object) -> list[Any]:
        """The first column of what Leansoft's database answers."""
        with psycopg.connect(self.product.database_url) as connection:
            return [row[0] for row in connection.execute(sql, parameters)]

    def cpu_seconds(self) -> float:
        """What Leansoft's processes and its PostgreSQL have spent on the processor so far."""
        own = [psutil.Process(process.pid) for process in self.product.processes]
        times = [process.cpu_times() for process in [*own, *self._postgres.children()]]
        spent = sum(time.user + time.system for time in times)
        # Connections that have ended are in the server's own account.
        return spent + sum(self._postgres.cpu_times()[:4])

    def _run(self, module: str, *arguments: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.product.environment,
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{module} {arguments[0]} failed:\n{done.stderr.decode()}")
        return json.loads(done.stdout)


@contextmanager
def stage() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="leansoft-bench-") as name:
        postgres = EmbeddedPostgres(Path(name) / "database")
        os.environ["LEANSOFT_DATABASE_URL"] = postgres.start()
        os.environ["LEANSOFT_SECRET_KEY"] = "only-for-benchmarks"
        try:
            with _sandbox() as sandbox, running_product(Path(name), sandbox) as product:
                yield Stage(product, sandbox, _pid(Path(name) / "database"))
        finally:
            postgres.release()


def _pid(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


@contextmanager
def _sandbox() -> Iterator[Sandbox]:
    port = free_port()
    command = [sys.executable, "-m", "outlook_sandbox", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    sandbox = Sandbox(f"http://localhost:{port}")
    try:
        wait_for(lambda: _answers(sandbox.url), what="the sandbox")
        yield sandbox
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/sandbox/clock").is_success
    except httpx.TransportError:
        return False
