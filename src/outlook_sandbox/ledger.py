"""The ledger of requests to the Graph and to the token endpoint."""

from datetime import datetime

import msgspec

LEDGER_LIMIT = 20_000


class LedgerEntry(msgspec.Struct, kw_only=True):
    id: str
    at: datetime
    method: str
    path: str
    query: str
    status: int
    mailbox: str | None = None
    batch_of: str | None = None
    """For an item of a batch: the `id` of the entry of the batch itself."""
    notes: list[str] = []
    """Leniencies that this request made use of."""


def record(ledger: list[LedgerEntry], entry: LedgerEntry) -> None:
    ledger.append(entry)
    if len(ledger) > LEDGER_LIMIT * 2:
        del ledger[:LEDGER_LIMIT]
