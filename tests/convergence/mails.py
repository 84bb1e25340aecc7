"""Every mail was foreseen by the write that caused it, one by one, and every mail foreseen as
certain was sent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from convergence.book import Write
from convergence.world import World
from leansoft.sync.models import SyncAction

UNWANTED_BY_QUIET = {"invitation", "update"}

Mail = tuple[str, str]
"""(recipient, kind)."""


def mail_findings(world: World) -> Iterator[str]:
    mailing = sorted(world.book.writes, key=lambda write: write.action or 0)
    for action, attempts in groupby(mailing, key=lambda write: write.action or 0):
        yield from _of_one_action(action, list(attempts))
    yield from _told_quietly(world.book.writes)


def _of_one_action(action: int, attempts: Sequence[Write]) -> Iterator[str]:
    """A write may need several attempts, of which one is carried out."""
    sent = Counter(
        (mail.recipient.casefold(), str(mail.kind)) for write in attempts for mail in write.mails
    )
    row = SyncAction.objects.filter(pk=action).first()
    forecast = row.mails if row and row.outcome != SyncAction.Outcome.REFUSED else []
    foreseen = Counter[Mail]((mail["to"].casefold(), mail["kind"]) for mail in forecast)
    certain = Counter[Mail](
        (mail["to"].casefold(), mail["kind"]) for mail in forecast if mail["certain"]
    )
    if not any(write.changed for write in attempts):
        certain.clear()
    for (to, kind), count in sorted((sent - foreseen).items()):
        yield f"unforeseen: {count} × {kind} to {to}, by {attempts[0]}"
    for (to, kind), count in sorted((certain - sent).items()):
        yield f"unsent: {count} × {kind} to {to}, by {attempts[0]}"


def _told_quietly(writes: Sequence[Write]) -> Iterator[str]:
    for write in writes:
        for mail in write.mails:
            if mail.recipient.casefold() in write.quiet and str(mail.kind) in UNWANTED_BY_QUIET:
                yield f"loud: {mail.recipient} takes part quietly, and is mailed by {write}"
