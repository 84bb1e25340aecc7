"""A few dozen histories of the whole program; `make simulate` plays as many as one likes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from convergence.play import play_seed, shorten

SEEDS = 40
TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_both_calendars_agree_when_it_is_quiet(db: None, seed: int) -> None:
    outcome = play_seed(seed)
    assert not outcome.wrong, str(shorten(outcome))


def test_a_seed_is_one_history_to_the_letter(db: None) -> None:
    """Whatever was played before, in any process: neither hashes nor sets decide anything."""
    command = [sys.executable, "-m", "convergence", "1", "7", "--digests"]
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    for name in ("LEANSOFT_DATABASE_URL", "LEANSOFT_DATA_DIR"):
        environment.pop(name, None)
    other = subprocess.run(
        command, cwd=TESTS, env=environment, capture_output=True, text=True, check=False
    )
    assert f"7 {play_seed(7).digest}" in other.stdout.splitlines(), other.stdout + other.stderr
