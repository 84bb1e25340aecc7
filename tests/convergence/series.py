"""Histories of one series in the whole program: people here and in Outlook, whatever Outlook may do
to dates, lost answers and lost workers.

After the storm both sides agree, date by date, a further round writes nothing, and every mail that
Outlook sent was foreseen.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from convergence.outlook import SANDBOX_URL, InProcess
from convergence.world import new_world
from support.company import Company
from support.outlook import OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI, Sandbox
from support.series_acts import ACTS, LONGER
from support.series_history import History, calendar_here, calendar_there


def play_seed(seed: int) -> tuple[list[str], list[str]]:
    """The story, and what is wrong."""
    with new_history(seed) as history:
        try:
            history.play([*ACTS, *LONGER])
            history.settle()
        except AssertionError as error:
            return history.story, [f"mistake: {error}"]
        return history.story, list(disagreements(history))


@contextmanager
def new_history(seed: int) -> Iterator[History]:
    with new_world(seed) as world:
        sandbox = Sandbox(SANDBOX_URL, InProcess(world))
        sandbox.register_app(OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI)
        alice, bob = (world.user(f"{name}@example.com") for name in ("alice", "bob"))
        yield History(Company(sandbox), alice, bob, seed)


def disagreements(history: History) -> Iterator[str]:
    for user in (history.alice, history.bob):
        here, there = calendar_here(history, user), calendar_there(history, user)
        if here != there:
            yield f"differs: {user.name}: {here} here, {there} in Outlook"
