"""A few dozen histories of series; `make simulate DEPTH=series` plays as many as one likes."""

import pytest

from convergence.series import play_seed

SEEDS = 24


@pytest.mark.parametrize("seed", range(SEEDS))
def test_both_sides_agree_date_by_date(db: None, seed: int) -> None:
    story, wrong = play_seed(seed)
    assert not wrong, "\n".join([*story, "", *wrong])
