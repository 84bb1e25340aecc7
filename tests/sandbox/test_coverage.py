"""COVERAGE.md tells the truth: its tests exist, and it leaves nothing out."""

import ast
import re
from pathlib import Path

import pytest

import outlook_sandbox
from outlook_sandbox.control.urls import URLS as CONTROL_URLS
from outlook_sandbox.identity.urls import URLS as IDENTITY_URLS
from outlook_sandbox.mailbox.urls import CALENDAR_ROUTES, EVENT_ROUTES, OWNER_ROUTES, Route

TESTS = Path(__file__).resolve().parents[1]
PACKAGE = Path(outlook_sandbox.__file__).parent
TEXT = (PACKAGE / "COVERAGE.md").read_text()
TICKED = re.findall(r"^- \[x\] (.+)$", TEXT, re.MULTILINE)


def functions_of(name: str) -> set[str]:
    file = TESTS / name
    assert file.is_file(), f"{name} does not exist"
    tree = ast.parse(file.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("line", TICKED)
def test_ticked_line_names_a_test_that_exists(line: str) -> None:
    match = re.search(r" — ([\w/]+\.py)::(\w+)$", line)
    assert match is not None, line
    assert match[2] in functions_of(match[1])


def words(route: Route, prefix: str) -> str:
    return f"{route.method} {'/'.join(route.pattern) or prefix}".casefold()


def test_every_endpoint_of_graph_is_listed() -> None:
    listed = {part.casefold() for part in re.findall(r"`((?:GET|POST|PATCH|DELETE) [^`]+)`", TEXT)}
    routes = {words(route, "/me") for route in OWNER_ROUTES}
    routes |= {words(route, "calendar") for route in CALENDAR_ROUTES}
    routes |= {words(route, "") for route in EVENT_ROUTES}
    assert routes - listed == set()


def test_every_endpoint_of_the_sign_in_side_is_listed() -> None:
    endpoints = {rule.endpoint for rule in IDENTITY_URLS.iter_rules()}
    assert {name for name in endpoints if f"`{name}`" not in TEXT} == set()


def test_every_error_code_is_listed() -> None:
    """Codes as they stand in the sources: capitalised words handed to GraphError."""
    found: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "GraphError":
                found |= {
                    part.value
                    for part in node.args[1:2]
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    assert {code for code in found if f"`{code}`" not in TEXT} == set()


def test_control_plane_is_the_contract() -> None:
    paths = {rule.rule for rule in CONTROL_URLS.iter_rules()}
    assert paths == {
        f"/sandbox/{name}"
        for name in (
            "reset",
            "seed",
            "state",
            "switches",
            "clock",
            "accounts",
            "apps",
            "mail",
            "requests",
            "faults",
        )
    }
