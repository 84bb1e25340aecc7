"""The calm after the storm: nothing fails any more, and everybody who is connected syncs."""

from random import Random

from convergence import rounds
from convergence.steps import USERS
from convergence.world import World
from leansoft.connections.models import Mailbox
from leansoft.kit import clock
from leansoft.sync.models import SyncRun
from leansoft.sync.run import run_now
from leansoft.sync.start import start_sync

ROUNDS = 4
LATE = {"delta_lag_seconds": 0.0}


def calm_down(world: World) -> list[str]:
    """Answers what is wrong already: a round that fails, or one that finds something to write
    when everybody has had several."""
    world.outlook(USERS[0]).control("DELETE", "faults")
    world.outlook(USERS[0]).control("PUT", "switches", LATE)
    world.wait(4000)
    _come_back(world)
    # Only now some notice that their sign-in has ended.
    _everybody_syncs(world)
    _come_back(world)
    wrong: list[str] = []
    for _ in range(ROUNDS):
        wrong += _everybody_syncs(world)
    before, mails = len(world.sandbox.state.requests), len(world.sandbox.state.mail)
    wrong += _everybody_syncs(world)
    late = [f"{r.method} {r.path}" for r in world.sandbox.state.requests[before:]]
    writes = [line for line in late if not line.startswith("GET") and "oauth2" not in line]
    wrong += [f"restless: another sync sends {line}" for line in writes]
    wrong += [
        f"restless: another sync mails {m.recipient}" for m in world.sandbox.state.mail[mails:]
    ]
    return wrong


def _come_back(world: World) -> None:
    """Whoever is not connected as they should be signs in again, chooses or resumes."""
    broken = [Mailbox.Status.NEEDS_RECONNECT, Mailbox.Status.ERROR, Mailbox.Status.CHOOSING]
    for mailbox in Mailbox.objects.exclude(status=Mailbox.Status.DISCONNECTED).order_by("account"):
        who = mailbox.user.email
        if mailbox.status == Mailbox.Status.PAUSED:
            rounds.resume(world, who, Random(0), 0)
        while mailbox.status in broken:
            said = rounds.connect(world, who, Random(world.random_seed), 0)
            world.tell(f"    {who} comes back: {said}")
            if mailbox.status == Mailbox.Status.CHOOSING:
                start_sync(mailbox, existing="push", invitations="send")
            mailbox.refresh_from_db()


def _everybody_syncs(world: World) -> list[str]:
    SyncRun.objects.filter(state=SyncRun.State.QUEUED).delete()
    world.wait(60)
    wrong = []
    for mailbox in Mailbox.objects.filter(status=Mailbox.Status.CONNECTED).order_by("account"):
        run = run_now(mailbox, SyncRun.Cause.POLL, clock=clock.now)
        rounds.note_mistakes(world, run)
        if run.state != SyncRun.State.DONE:
            wrong.append(
                f"failing: a quiet round of {mailbox.account} ends {run.state}: {run.errors}"
            )
    return wrong
