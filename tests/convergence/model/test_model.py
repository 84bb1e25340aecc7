"""A few thousand histories of the small world, and an engine broken on purpose in it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
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


def test_a_seed_is_one_history() -> None:
    assert play_seed(7) == play_seed(7)
