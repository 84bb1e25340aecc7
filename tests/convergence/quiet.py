"""The calm after the storm: nothing fails any more, and everybody who is connected syncs."""

from random import Random

from convergence import rounds
from convergence.steps import USERS
from convergence.work import do_errands
from convergence.world import World
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.preview.start import start_sync

MOST_ROUNDS = 6
"""More than any news needs to travel from one mailbox through Leansoft to all others."""
CALM = {
    "delta_lag_seconds": 0.0, "delta_replays": False, "delta_empty_pages": False,
    "delta_page_size": 100, "delta_removed_in_first_round": False,
    "notifications_lost": 0.0, "notifications_doubled": False, "notifications_reordered": False,
    "notification_delay_seconds": 0.0, "request_budget": 10_000,
}  # fmt: skip


def calm_down(world: World) -> list[str]:
    """Answers what is wrong already: a round that fails, or an unrest that does not end.

    It ends with a round that writes nothing, and finds that out with one request per mailbox.
    """
    world.outlook(USERS[0]).control("DELETE", "faults")
    world.outlook(USERS[0]).control("PUT", "switches", CALM)
    world.memory.confused = False
    world.wait(4000)
    news: list[str] = []
    for number in range(MOST_ROUNDS):
        back = _come_back(world)
        news, failed = _round_of_all(world)
        # Only in a round do some notice that their sign-in has ended.
        if not news and not failed and not back:
            return []
        if failed and number == MOST_ROUNDS - 1:
            return failed
    return [f"restless: another sync {line}" for line in news]


def _round_of_all(world: World) -> tuple[list[str], list[str]]:
    """What it wrote on either side, and what failed."""
    before, mails = len(world.book.writes), len(world.sandbox.state.mail)
    versions, journal = _versions(), SyncAction.objects.count()
    rounds = len(world.book.rounds)
    failed = _everybody_syncs(world)
    news = [f"sends {write}" for write in world.book.writes[before:]]
    news += [f"mails {mail.recipient}" for mail in world.sandbox.state.mail[mails:]]
    news += [f"touches {event}" for event, _ in _versions() - versions]
    rows = SyncAction.objects.order_by("pk")[journal:]
    news += [f"writes on {row.side}: {row} ({row.cause})" for row in rows]
    news += [
        f"by {done.who} takes {done.requests} requests"
        for done in world.book.rounds[rounds:]
        if done.requests > 1
    ]
    return news, failed


def _versions() -> set[tuple[str, int]]:
    return {(str(event.pk), event.version) for event in Event.objects.all()}


def _come_back(world: World) -> bool:
    """Whoever is not connected as they should be signs in again, chooses or resumes."""
    back = False
    broken = [Mailbox.Status.NEEDS_RECONNECT, Mailbox.Status.ERROR, Mailbox.Status.CHOOSING]
    for mailbox in Mailbox.objects.exclude(status=Mailbox.Status.DISCONNECTED).order_by("account"):
        who = mailbox.user.email
        if mailbox.status == Mailbox.Status.PAUSED:
            rounds.resume(world, who, Random(0), 0)
            back = True
        while mailbox.status in broken:
            back = True
            said = rounds.connect(world, who, Random(world.random_seed), 0)
            world.tell(f"    {who} comes back: {said}")
            if mailbox.status == Mailbox.Status.CHOOSING:
                start_sync(mailbox, existing="push", invitations="send")
            mailbox.refresh_from_db()
    return back


def _everybody_syncs(world: World) -> list[str]:
    world.wait(60)
    do_errands(world)
    wrong = []
    for mailbox in Mailbox.objects.filter(status=Mailbox.Status.CONNECTED).order_by("account"):
        run = rounds.play_round(world, mailbox, SyncRun.Cause.POLL)
        if run.state != SyncRun.State.DONE:
            wrong.append(
                f"failing: a quiet round of {mailbox.account} ends {run.state}: {run.errors}"
            )
    return wrong
