"""A few dozen histories of the whole program; `make simulate` plays as many as one likes."""

import pytest

from convergence.play import play_seed, shorten

SEEDS = 40


@pytest.mark.parametrize("seed", range(SEEDS))
def test_both_calendars_agree_when_it_is_quiet(db: None, seed: int) -> None:
    outcome = play_seed(seed)
    assert not outcome.wrong, str(shorten(outcome))


def test_a_seed_is_one_history_to_the_letter(db: None) -> None:
    one, other = play_seed(7), play_seed(7)
    assert (one.story, one.digest) == (other.story, other.digest)
