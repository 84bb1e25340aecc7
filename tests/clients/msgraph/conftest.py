"""The sandbox runs as a program of the main environment, which this one does not need to copy."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.microsoft import Microsoft
from clients.subscriber import Subscriber, subscribing
from support.outlook import Sandbox

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("tls")
    python = os.environ.get("LEANSOFT_PYTHON", str(ROOT / ".venv" / "bin" / "python"))
    with subprocess.Popen(
        [python, "-m", "clients.serve", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout
        assert program.stdin
        line = program.stdout.readline()
        assert line, "The sandbox does not start."
        yield json.loads(line)
        program.stdin.close()
        program.wait(timeout=10)


@pytest.fixture
def microsoft(served: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Microsoft:
    found = Microsoft(
        url=served["url"],
        certificate=Path(served["certificate"]),
        sandbox=Sandbox(served["plain_url"]),
    )
    for name, value in found.trust().items():
        monkeypatch.setenv(name, value)
    found.prepare()
    return found


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    with subscribing() as found:
        yield found
