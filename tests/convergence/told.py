"""Whoever is connected is told: Microsoft keeps one subscription of theirs, the one that Leansoft
knows, and what changes in their Outlook asks for a round."""

from collections.abc import Iterator

from convergence.work import do_errands
from convergence.world import World
from leansoft.connections.models import Mailbox, Subscription
from leansoft.sync.models import SyncRun

SEEN_ONCE = {"status": Mailbox.Status.CONNECTED, "last_sync_at__isnull": False}
CHANGE = {
    "subject": "News",
    "start": {"dateTime": "2030-02-01T09:00:00", "timeZone": "UTC"},
    "end": {"dateTime": "2030-02-01T10:00:00", "timeZone": "UTC"},
}


def deaf(world: World) -> Iterator[str]:
    """Changes Outlook, so that it has to come last."""
    do_errands(world)
    SyncRun.objects.filter(state=SyncRun.State.QUEUED).delete()
    for mailbox in Mailbox.objects.filter(**SEEN_ONCE).order_by("account"):
        known = Subscription.objects.filter(mailbox=mailbox).values_list("remote_id", flat=True)
        if list(known) != _at_microsoft(world, mailbox.account):
            yield f"deaf: another subscription tells of {mailbox.account}, or none"
        world.outlook(mailbox.account).ask("POST", "/me/events", CHANGE)
        do_errands(world)
        if not SyncRun.objects.filter(mailbox=mailbox, state=SyncRun.State.QUEUED).exists():
            yield f"deaf: a change in the Outlook of {mailbox.account} asks for no round"


def _at_microsoft(world: World, who: str) -> list[str]:
    account = world.sandbox.directory.account_by_email(who)
    assert account is not None
    subscriptions = world.sandbox.state.subscriptions.values()
    return [held.id for held in subscriptions if held.account_id == account.id]
