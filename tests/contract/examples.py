"""The example payloads of the facts, and what "same shape" means."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

_BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "graph" / "examples"


def folder() -> Path:
    found = Path(os.environ.get("LEANSOFT_GRAPH_EXAMPLES", _BESIDE))
    assert found.is_dir(), (
        f"The Graph examples are not at {found}: put the folder `shared` beside the repository, "
        "or name the examples' folder in LEANSOFT_GRAPH_EXAMPLES."
    )
    return found


@cache
def load(name: str) -> Any:
    return json.loads((folder() / f"{name}.json").read_text())


def response(name: str) -> Any:
    return load(name)["response"]


def body(name: str) -> Any:
    return response(name)["body"]


def differences(
    expected: Any, found: Any, path: str = "", *, ignore: frozenset[str] = frozenset()
) -> list[str]:
    """Keys of `expected` that are missing in `found`, or have another JSON type there."""
    if expected is None or path in ignore:
        return []
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return [f"{path}: object expected, {found!r} found"]
        lines = []
        for key, value in expected.items():
            here = f"{path}/{key}"
            if here in ignore:
                continue
            if key not in found:
                lines.append(f"{here}: missing")
            else:
                lines += differences(value, found[key], here, ignore=ignore)
        return lines
    if isinstance(expected, list):
        if not isinstance(found, list):
            return [f"{path}: list expected, {found!r} found"]
        if not expected or not found:
            return []
        return differences(expected[0], found[0], path + "[]", ignore=ignore)
    return [] if _kind(expected) == _kind(found) else [f"{path}: {expected!r} against {found!r}"]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, (int, float)) else type(value).__name__
