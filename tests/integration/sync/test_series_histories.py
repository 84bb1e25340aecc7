"""Random histories of one series: people here and in Outlook, and whatever Outlook may do to dates.

After the storm both sides agree, date by date, a further round writes nothing, and every mail that
Outlook sent was foreseen. A seed that fails tells its story.
"""

import os

import pytest

from leansoft.accounts.models import User
from support.company import Company
from support.series_acts import ACTS, LONGER
from support.series_history import History, calendar_here, calendar_there

SEEDS = [int(seed) for seed in os.environ.get("SERIES_SEEDS", "").split()] or range(8)
"""Others by hand: `SERIES_SEEDS="232 240" pytest …`."""


@pytest.mark.parametrize("seed", SEEDS)
def test_both_sides_agree_after_the_storm(
    company: Company, alice: User, bob: User, seed: int
) -> None:
    history = History(company, alice, bob, seed)
    try:
        history.play([*ACTS, *LONGER])
        history.settle()
        for user in (alice, bob):
            assert calendar_here(history, user) == calendar_there(history, user), user.name
    except AssertionError:
        print("\n".join(history.story))
        raise
