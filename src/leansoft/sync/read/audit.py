"""Once a night, ids and etags of the whole calendar are compared with what we know.

Delta tells only of its window, and a change may get lost on any way. A difference is no evidence,
but a reason to ask: what Outlook says then goes through the plan like any other news.
"""

from datetime import datetime, time, timedelta

from django.db.models.fields.json import KT

from leansoft.connections.models import Mailbox
from leansoft.graph.calendar import Calendar
from leansoft.kit.zones import zone
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.read.observe import ask, ask_for_absent
from leansoft.sync.read.pull import keep

BEGINS, HOURS = time(0), 5
"""Of the owner's night."""
SPREAD = 7919
"""A prime, so that neighbours among the mailboxes are far apart in the night."""


def audit_if_due(run: SyncRun, calendar: Calendar, *, now: datetime) -> None:
    """With a poll in the night, so that nobody waits for it. Raises as `Calendar`."""
    mailbox = run.mailbox
    at = mailbox.next_audit_at
    if at is not None and (at > now or run.cause != SyncRun.Cause.POLL):
        return
    # The first round has read everything just now.
    if at is not None:
        audit(mailbox, calendar)
    mailbox.next_audit_at = next_audit(mailbox, now)
    keep(mailbox, "next_audit_at")


def next_audit(mailbox: Mailbox, now: datetime) -> datetime:
    """This mailbox's own minute of the coming night."""
    minute = timedelta(minutes=mailbox.pk * SPREAD % (HOURS * 60))
    clock = zone(mailbox.user.time_zone)
    midnight = datetime.combine(now.astimezone(clock).date(), BEGINS, tzinfo=clock)
    return next(at for days in (0, 1, 2) if (at := midnight + timedelta(days=days) + minute) > now)


def audit(mailbox: Mailbox, calendar: Calendar) -> int:
    """Asks about every difference; answers how many there were. Raises as `Calendar`."""
    there = _etags_there(calendar)
    here = _etags_here(mailbox)
    differing = {name for name, etag in there.items() if here.pop(name, None) != etag}
    ask(mailbox, calendar, *sorted(differing))
    # What is left, Outlook's list does not show.
    ask_for_absent(mailbox, calendar, *sorted(here))
    return len(differing) + len(here)


def _etags_there(calendar: Calendar) -> dict[str, str]:
    found: dict[str, str] = {}
    next_link: str | None = None
    while True:
        page = calendar.list_etags(next_link)
        found |= page.etags
        next_link = page.next_link
        if next_link is None:
            return found


def _etags_here(mailbox: Mailbox) -> dict[str, str]:
    """Of what Outlook is known to hold."""
    links = EventLink.objects.filter(mailbox=mailbox, remote__here=True)
    links = links.annotate(etag=KT("remote__event__etag"))
    return {name: etag for name, etag in links.values_list("remote_id", "etag") if name}
