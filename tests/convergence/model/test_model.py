"""A few thousand histories of the small world, and an engine broken on purpose in it."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from convergence.model.mutations import MUTATIONS
from convergence.model.play import play_seed

SHARES, SEEDS = 4, 750
ENOUGH = 1_500


@pytest.mark.parametrize("share", range(SHARES))
def test_both_sides_agree_when_it_is_quiet(share: int) -> None:
    for seed in range(share * SEEDS, (share + 1) * SEEDS):
        outcome = play_seed(seed)
        assert not outcome.wrong, str(outcome.shortened())


@pytest.mark.parametrize("broken", MUTATIONS, ids=lambda broken: broken.__name__)
def test_a_broken_plan_is_caught(broken: Callable[[], AbstractContextManager[Any]]) -> None:
    with broken():
        caught = next((s for s in range(ENOUGH) if play_seed(s).wrong), None)
    assert caught is not None
    assert not play_seed(caught).wrong


TELL = """
from convergence.model.play import play_seed

for seed in range(60):
    print(play_seed(seed))
"""


def test_a_seed_is_one_history_to_the_letter() -> None:
    """In every process, whatever the order of its sets."""
    tests = Path(__file__).parents[2]
    paths = os.pathsep.join([str(tests), str(tests.parent / "src")])
    told = [
        subprocess.run(
            [sys.executable, "-c", TELL],
            env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1] != b""
