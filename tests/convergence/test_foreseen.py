"""Previews and undos within histories: a dozen; others by `FORESEEN_SEEDS="100 101" pytest …`."""

import os

import pytest

from convergence.foreseen import play_seed

SEEDS = [int(seed) for seed in os.environ.get("FORESEEN_SEEDS", "").split()] or range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_round_does_what_was_shown_and_an_undo_takes_it_back(db: None, seed: int) -> None:
    outcome = play_seed(seed)
    assert not outcome.wrong, str(outcome)
