"""Which facts the sandbox plays, and which tests prove it.

The files in `facts/` say what there is to play, a line for each endpoint, parameter, header, error
and rule. A test that proves one carries `@covers("file.key")`. Both together make COVERAGE.md:

    PYTHONPATH=tests python -m sandbox.ledger

A line is ticked only if a test claims it, so a line cannot be ticked by hand. `Outcomes` watches
the run; tests/sandbox/test_coverage.py fails when a claim did not run and pass.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import outlook_sandbox

TESTS = Path(__file__).resolve().parents[1]
FACTS = Path(__file__).parent / "facts"
COVERAGE = Path(outlook_sandbox.__file__).parent / "COVERAGE.md"
FOLDERS = ("sandbox", "contract", "clients")
HEAD = """# What the sandbox plays

Generated from `tests/sandbox/facts` and the tests that claim its lines with `@covers`; do not edit.
Every ticked line names its tests, below `tests/`. A line without a tick says why it has none.
"""


def covers(*facts: str) -> pytest.MarkDecorator:
    """Claims that a test proves these facts, each named `file.key`."""
    return pytest.mark.covers(*facts)


@dataclass(frozen=True, slots=True)
class Fact:
    key: str
    text: str
    left_out: str
    """Why it is not played; empty for what is."""


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


def read_facts(file: Path) -> Iterator[Fact | Heading]:
    """Lines `key | text`, or `key | text | why it is left out`, under headings."""
    for line in file.read_text().splitlines():
        if line.startswith("#"):
            mark, _, text = line.partition(" ")
            yield Heading(len(mark) + 1, text)
        elif line.strip():
            key, text, *why = [part.strip() for part in line.split(" | ")]
            yield Fact(f"{file.stem.partition('-')[2]}.{key}", text, why[0] if why else "")


def all_lines() -> list[Fact | Heading]:
    return [line for file in sorted(FACTS.glob("*.txt")) for line in read_facts(file)]


def all_facts() -> list[Fact]:
    return [line for line in all_lines() if isinstance(line, Fact)]


def read_claims() -> dict[str, list[str]]:
    """The tests that claim each fact, as `folder/file.py::function`."""
    claims: dict[str, list[str]] = defaultdict(list)
    for folder in FOLDERS:
        for file in sorted((TESTS / folder).glob("test_*.py")):
            for node in ast.parse(file.read_text()).body:
                if isinstance(node, ast.FunctionDef):
                    for fact in _claimed(node):
                        claims[fact].append(f"{folder}/{file.name}::{node.name}")
    return claims


def _claimed(function: ast.FunctionDef) -> Iterator[str]:
    """Decorators, and marks of single parameters."""
    for decorator in function.decorator_list:
        for node in ast.walk(decorator):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "covers":
                yield from (str(n.value) for n in node.args if isinstance(n, ast.Constant))


def write_ledger() -> str:
    claims = read_claims()
    parts = [HEAD]
    for line in all_lines():
        if isinstance(line, Heading):
            parts.append(f"\n{'#' * line.level} {line.text}\n\n")
            continue
        tests = claims.get(line.key, [])
        mark = "x" if tests else " "
        end = f" — {', '.join(tests)}" if tests else f" (no test: {line.left_out})"
        parts.append(f"- [{mark}] {line.text}{end}\n")
    return "".join(parts).replace("\n\n\n", "\n\n")


class Outcomes:
    """What became of the tests of this session."""

    def __init__(self) -> None:
        self.collected: set[str] = set()
        self.ran: dict[str, bool] = {}
        """By function; whether all its runs so far passed."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.collected = {function_of(item.nodeid) for item in items}
        # The test that looks at the outcomes comes after all the others.
        items.sort(key=lambda item: item.get_closest_marker("last") is not None)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            name = function_of(report.nodeid)
            self.ran[name] = self.ran.get(name, True) and report.passed


def function_of(nodeid: str) -> str:
    """`sandbox/test_x.py::test_y`, without the folder of all tests and the parameters."""
    path, _, name = nodeid.partition("::")
    return f"{'/'.join(Path(path).parts[-2:])}::{name.partition('[')[0]}"


KEY = pytest.StashKey[Outcomes]()


def watch(config: pytest.Config) -> None:
    """Called by the conftest of every folder that claims facts."""
    if KEY not in config.stash:
        config.addinivalue_line("markers", "covers(*facts): the facts that a test proves")
        config.addinivalue_line("markers", "last: runs after all other tests")
        config.stash[KEY] = Outcomes()
        config.pluginmanager.register(config.stash[KEY], "sandbox-outcomes")


if __name__ == "__main__":
    COVERAGE.write_text(write_ledger())
