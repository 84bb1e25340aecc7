"""Microsoft's limit on the requests of one mailbox (batch-and-throttling.md §2), kept in advance.

Requests are counted by the minute in the mailbox's row, which a round loads when it begins and
saves when it ends. What a killed worker had not saved is Microsoft's to count: it then answers 429.
"""

from datetime import datetime, timedelta

from leansoft.connections.models import Mailbox
from leansoft.graph.errors import BudgetSpent

PERIOD = timedelta(minutes=10)
LIMIT = 9_000
"""Microsoft's is 10,000; the rest is for what is counted nowhere, as the care for subscriptions."""


def spend(mailbox: Mailbox, requests: int, *, now: datetime) -> None:
    """Counts these in the unsaved row, before they are sent. Raises `BudgetSpent`."""
    recent = {
        minute: count
        for minute, count in mailbox.spent.items()
        if now < datetime.fromisoformat(minute) + PERIOD
    }
    if sum(recent.values()) + requests > LIMIT:
        frees_at = datetime.fromisoformat(min(recent)) + PERIOD
        raise BudgetSpent("The budget is spent.", retry_after=(frees_at - now).total_seconds())
    # A minute begins with its first request and ends after sixty seconds at the latest.
    minute = now.replace(second=59, microsecond=999_999).isoformat()
    recent[minute] = recent.get(minute, 0) + requests
    mailbox.spent = recent
