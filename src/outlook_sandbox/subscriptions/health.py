"""How quickly subscribers answer, and what becomes of those that are slow (notifications.md §5).

Counted in a window of ten minutes, on the sandbox's clock, and only from a hundred notifications
on. When the window has passed, the endpoint is as good as a new one.
"""

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

WINDOW = PENALTY = timedelta(minutes=10)
FEWEST = 100
SLOW_SECONDS, SLOW_PART = 3.0, 0.10
DROP_SECONDS, DROP_PART = 10.0, 0.15


class Health(StrEnum):
    GOOD = "good"
    SLOW = "slow"  # new notifications wait ten minutes
    DROP = "drop"  # new notifications are discarded


def note_answer(sandbox: "Sandbox", url: str, seconds: float) -> None:
    """One answer of a subscriber, or the wait for one that did not come."""
    answers = sandbox.answers.setdefault(_endpoint(url), [])
    answers.append((sandbox.now(), seconds))
    oldest = sandbox.now() - WINDOW
    while answers[0][0] < oldest:
        del answers[0]


def health_of(sandbox: "Sandbox", url: str) -> Health:
    oldest = sandbox.now() - WINDOW
    taken = [s for at, s in sandbox.answers.get(_endpoint(url), []) if at >= oldest]
    if len(taken) < FEWEST:
        return Health.GOOD
    if _part(taken, DROP_SECONDS) > DROP_PART:
        return Health.DROP
    return Health.SLOW if _part(taken, SLOW_SECONDS) > SLOW_PART else Health.GOOD


def _part(taken: list[float], limit: float) -> float:
    return sum(seconds >= limit for seconds in taken) / len(taken)


def _endpoint(url: str) -> str:
    return urlsplit(url).netloc
