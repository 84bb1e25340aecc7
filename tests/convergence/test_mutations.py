"""The test of the test: an engine that is broken on purpose does not get through."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from convergence.mutations import CAUGHT, MUTATIONS
from convergence.play import play_seed

Broken = Callable[[], AbstractContextManager[Any]]


@pytest.mark.parametrize(
    "broken", [m for m in MUTATIONS if m.__name__ in CAUGHT], ids=lambda broken: broken.__name__
)
def test_a_broken_engine_is_caught(db: None, broken: Broken) -> None:
    seed = CAUGHT[broken.__name__]
    with broken():
        assert play_seed(seed).wrong
    assert not play_seed(seed).wrong, "the engine as it is fails too, so that nothing is shown"
