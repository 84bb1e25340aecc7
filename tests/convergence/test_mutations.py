"""The test of the test: an engine that is broken on purpose does not get through."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from convergence.mutations import CAUGHT
from convergence.play import play_seed

SEEDS = 30


@pytest.mark.parametrize("broken", CAUGHT, ids=lambda broken: broken.__name__)
def test_a_broken_engine_is_caught(
    db: None, broken: Callable[[], AbstractContextManager[Any]]
) -> None:
    with broken():
        assert any(play_seed(seed).wrong for seed in range(SEEDS))
