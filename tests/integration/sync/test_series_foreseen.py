"""Random histories of one series: each round does what its preview said, date by date and mail by
mail."""

import os
from collections import Counter

import pytest

from leansoft.accounts.models import User
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.start import preview
from leansoft.sync.show.report import plan_line
from support.company import Company
from support.series_acts import ACTS
from support.series_history import History, comes_by_itself, line_of

SEEDS = [int(seed) for seed in os.environ.get("SERIES_SEEDS", "").split()] or range(6)


class Foreseen(History):
    """Looks at the preview of each round that loses no answer."""

    def sync(self, user: User) -> SyncRun:
        if self.trouble:
            return super().sync(user)
        mailbox = self.company.mailbox(user)
        choices = {"existing": mailbox.existing, "invitations": mailbox.invitations}
        foreseen = preview(mailbox, **choices)
        run = super().sync(user)
        self.tell(f"  foreseen {[line_of(line) for line in foreseen['actions']]}")
        if run.held_run is None:
            said = Counter(map(line_of, foreseen["actions"]))
            rows = list(run.actions.all())
            done = Counter(line_of(plan_line(row)) for row in rows)
            ours = Counter(
                line_of(plan_line(row)) for row in rows if not comes_by_itself(row, rows)
            )
            # What comes back after a write is Outlook's to say, and only guessed.
            owed = [line for line in said - done if line[1:3] != ("leansoft", "updated")]
            assert (ours - said, owed) == (Counter(), [])
        return run


@pytest.mark.parametrize("seed", SEEDS)
def test_each_round_does_what_was_shown(
    company: Company, alice: User, bob: User, seed: int
) -> None:
    history = Foreseen(company, alice, bob, seed)
    try:
        history.play(ACTS)
        history.settle()
    except AssertionError:
        print("\n".join(history.story))
        raise
