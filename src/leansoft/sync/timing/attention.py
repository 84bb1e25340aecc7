"""Somebody is looking at the calendar: they want to see what Outlook holds now, not in a minute."""

from datetime import timedelta

from leansoft.accounts.models import User
from leansoft.connections.models import Mailbox
from leansoft.kit.clock import now
from leansoft.sync.models import SyncRun
from leansoft.sync.moved import in_doubt
from leansoft.sync.tasks import sync_mailbox_later

JUST_OPENED = timedelta(seconds=2)
"""Somebody who reloads twice does not need Outlook asked twice."""
WATCHING = timedelta(seconds=8)
NOTED_EVERY = timedelta(minutes=1)


def look_at_outlook(user: User, *, older_than: timedelta) -> None:
    """Asks for a round when the last one is older than this, and nothing stands in its way."""
    if in_doubt() is not None:
        return
    moment = now()
    mailboxes = Mailbox.objects.filter(user=user)
    mailboxes.exclude(looked_at__gt=moment - NOTED_EVERY).update(looked_at=moment)
    connected = mailboxes.filter(status=Mailbox.Status.CONNECTED)
    stale = connected.exclude(last_sync_at__gt=moment - older_than)
    for mailbox in stale.exclude(blocked_until__gt=moment):
        sync_mailbox_later(mailbox, SyncRun.Cause.PAGE)
