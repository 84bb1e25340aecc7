"""No example is forgotten: each is used by a test of this folder, or left out for a reason."""

import ast
from pathlib import Path

from contract.examples import folder
from sandbox.ledger import covers

LEFT_OUT = {
    "delta-query-overview.01": "a list of users, which is the directory and no calendar",
    "errors.fragments.01": "an error of the file service, and placeholders of a schema",
    "json-batching.01": "a request without its body; the fragments of the same page have it",
    "opentypeextension-post-opentypeextension.01": "an extension on a draft message",
    "webhooks-lifecycle.01": "a request for a subscription to messages, without an answer",
}


def used() -> set[str]:
    """Names of examples that stand in the tests."""
    names: set[str] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        if file.name != Path(__file__).name:
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    names.add(node.value)
    return names


@covers("clients.examples")
def test_every_example_is_used_or_left_out_for_a_reason() -> None:
    files = {file.stem for file in folder().glob("*.json")}
    assert files - used() == LEFT_OUT.keys()


def test_reasons_are_given() -> None:
    assert all(LEFT_OUT.values())
