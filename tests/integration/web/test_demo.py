"""The demo: a small company in Leansoft, and its accounts in the sandbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import pytest

from support.shell import Shell, ask, free_port, wait_until_up

LAST_LINE = "  Ctrl-C stops everything; the data stays.\n"


class Demo:
    def __init__(self, folder: Path) -> None:
        self.shell, self.port, self.sandbox_port = Shell(folder), free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self.sandbox = f"http://localhost:{self.sandbox_port}/sandbox"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Gives what it prints before it is ready; stopped cleanly in the end."""
        ports = ("--port", str(self.port), "--sandbox-port", str(self.sandbox_port))
        program = self.shell.start("demo", *ports)
        assert program.stdout is not None
        try:
            yield "".join(takewhile(lambda line: line != LAST_LINE, program.stdout))
        finally:
            program.terminate()
            _, errors = program.communicate(timeout=30)
        assert (program.returncode, errors) == (0, "")

    def ask_as_ada(self, path: str) -> int:
        token = self.shell("token", "create", "ada@harbor.example").stdout.strip()
        return int(ask(f"{self.url}/api/v1/{path}", token)["count"])

    def coffee_rounds(self) -> dict[str, int]:
        """What differs in the series that Ada holds."""
        token = self.shell("token", "create", "ada@harbor.example").stdout.strip()
        events = ask(f"{self.url}/api/v1/events", token)["items"]
        (series,) = (event for event in events if event["rrule"])
        return {"moved": len(series["changed"]), "deleted": len(series["excluded"])}


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return Demo(tmp_path / "data")


def test_demo_fills_both_sides_once(demo: Demo) -> None:
    with demo.running() as printed:
        assert "Filled a small company." in printed
        assert demo.url in printed
        accounts = {account["email"] for account in ask(f"{demo.sandbox}/accounts")["value"]}
        assert accounts == {f"{name}@harbor.example" for name in ("ada", "ben", "chiara", "dev")}
        assert demo.ask_as_ada("people") == 16
        first = demo.ask_as_ada("events")
        assert demo.coffee_rounds() == {"moved": 1, "deleted": 1}

    with demo.running() as printed:
        assert "Filled" not in printed
        assert demo.ask_as_ada("events") == first >= 25


def test_other_commands_find_the_demos_sandbox(demo: Demo) -> None:
    with demo.running():
        wait_until_up(f"{demo.sandbox}/clock")

        checks = demo.shell("outlook", "doctor").stdout

    assert f"localhost:{demo.sandbox_port} answers" in checks
