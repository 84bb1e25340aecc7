"""COVERAGE.md tells the truth: it is what the facts and the tests say, and leaves nothing out."""

import ast
import re
from pathlib import Path

import pytest

import outlook_sandbox
from outlook_sandbox.control.urls import URLS as CONTROL_URLS
from outlook_sandbox.identity.urls import URLS as IDENTITY_URLS
from outlook_sandbox.mailbox.urls import CALENDAR_ROUTES, EVENT_ROUTES, OWNER_ROUTES, Route
from sandbox.ledger import COVERAGE, KEY, all_facts, read_claims, write_ledger

PACKAGE = Path(outlook_sandbox.__file__).parent
FACTS = all_facts()
TEXT = "\n".join(fact.text for fact in FACTS)


def test_file_is_what_the_tests_say() -> None:
    """If this fails: `make coverage-ledger`."""
    assert COVERAGE.read_text() == write_ledger()


def test_every_fact_has_a_key_of_its_own() -> None:
    keys = [fact.key for fact in FACTS]
    assert sorted(set(keys)) == sorted(keys)


def test_every_claim_is_a_fact() -> None:
    assert set(read_claims()) - {fact.key for fact in FACTS} == set()


def test_every_fact_is_proved_or_says_why_it_is_left_out() -> None:
    claims = read_claims()
    assert [f.key for f in FACTS if bool(claims.get(f.key)) == bool(f.left_out)] == []


@pytest.mark.last
def test_every_claim_ran_and_passed(request: pytest.FixtureRequest) -> None:
    """Of the tests that belong to this run; all of them, when everything is run."""
    outcomes = request.config.stash[KEY]
    claimed = {test for tests in read_claims().values() for test in tests}
    files = {name.partition("::")[0] for name in outcomes.collected}
    expected = {name for name in claimed if name.partition("::")[0] in files}
    if not hasattr(request.config, "workerinput") and not request.config.option.keyword:
        assert expected - outcomes.collected == set()
        assert (expected & outcomes.collected) - outcomes.ran.keys() == set()
    # With several workers each sees its own part of the tests.
    assert {name for name in expected if not outcomes.ran.get(name, True)} == set()


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
