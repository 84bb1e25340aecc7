"""Undos of runs about series: a dozen; others by `UNDONE_SEEDS="100 101" pytest …`."""

import os

import pytest

from convergence.undone import play_seed

SEEDS = [int(seed) for seed in os.environ.get("UNDONE_SEEDS", "").split()] or range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_sides_are_as_before_but_for_what_was_said(db: None, seed: int) -> None:
    story, wrong = play_seed(seed)
    assert not wrong, "\n".join([*story, "", *wrong])
