"""Connections, and rounds that are struck by faults, crashes and what others do meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import httpx
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from convergence.book import Round
from convergence.crashes import Crash
from convergence.here import NothingToDo
from convergence.outlook import InProcess
from convergence.scribe import writes
from convergence.steps import Fault, Step
from convergence.work import do_errands, do_round, queue_round
from convergence.world import World, nothing
from leansoft.connections.domain.connect import ConnectFailed, begin_connect, complete_connect
from leansoft.connections.domain.integration import redirect_uri
from leansoft.connections.models import Mailbox
from leansoft.sync import control
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.start import preview, start_sync
from outlook_sandbox.subscriptions.delivery import deliver
from support.person import sign_in

Play = Callable[[World, Step], None]
ODDITIES = (
    "delta_replays", "delta_shuffle", "delta_duplicates", "delta_empty_pages",
    "delta_removed_in_first_round", "attendee_delete_mails_organizer", "retry_after_fraction",
    "all_day_shows_free", "join_url_delayed", "refresh_token_single_use",
)  # fmt: skip
Status = Mailbox.Status


def connect(world: World, who: str, random: Random, number: int) -> str:
    """Signs in at Microsoft; chooses how to start, unless the mailbox only came back."""
    session = SessionStore()
    user = world.user(who)
    try:
        address = begin_connect(session, user)
        way = InProcess(world)
        back = sign_in(address, email=who, back_to=redirect_uri(), transport=way)
        mailbox = complete_connect(session, user, back)
    except ConnectFailed as failed:
        return f"fails: {failed}"
    if mailbox.status != Status.CHOOSING or random.random() < 0.05:
        return mailbox.status
    choices = {
        "existing": random.choice(["push", "push", "push", "push", "push", "keep_local"]),
        "invitations": random.choice(["send", "send", "quiet"]),
    }
    if random.random() < 0.3:
        preview(mailbox, **choices)
    start_sync(mailbox, **choices)
    return str(list(choices.values()))


def disconnect(world: World, who: str, random: Random, number: int) -> str:
    control.disconnect(_mailbox(who))
    return ""


def pause(world: World, who: str, random: Random, number: int) -> str:
    control.pause(_mailbox(who))
    return ""


def resume(world: World, who: str, random: Random, number: int) -> str:
    control.resume(_mailbox(who))
    return ""


def expire_cursor(world: World, who: str, random: Random, number: int) -> str:
    world.outlook(who).control("POST", "faults", {"kind": "expire_delta_tokens", "email": who})
    return ""


def revoke(world: World, who: str, random: Random, number: int) -> str:
    world.outlook(who).control("POST", "faults", {"kind": "revoke_tokens", "email": who})
    return ""


def weather(world: World, who: str, random: Random, number: int) -> str:
    """How Outlook behaves where it is free to."""
    odd = {name: random.random() < 0.5 for name in random.sample(ODDITIES, 3)}
    world.memory.confused = random.random() < 0.5
    pages = {"delta_page_size": random.choice([1, 2, 10])}
    late = {"delta_lag_seconds": random.choice([0.0, 0.0, 30.0])}
    told = {
        "notifications_lost": random.choice([0.0, 0.0, 0.3, 1.0]),
        "notifications_doubled": random.random() < 0.3,
        "notifications_reordered": random.random() < 0.3,
        "notification_delay_seconds": random.choice([0.0, 0.0, 90.0]),
    }
    budget = {"request_budget": random.choice([10_000, 10_000, 10_000, 12])}
    world.outlook(who).control("PUT", "switches", {**odd, **pages, **late, **told, **budget})
    remembers = ["delta shows old states"] if world.memory.confused else []
    return ", ".join([*remembers, *(name for name, on in odd.items() if on)])


def sync(world: World, step: Step, play: Play) -> str:
    """One round, perhaps abandoned in its midst; whatever is left over is the next round's."""
    mailbox = _mailbox(step.who)
    if step.who in world.syncing:
        return "waits for the round that goes on"
    run = queue_round(mailbox, SyncRun.Cause.MANUAL)
    with _struck(world, step, play), world.points.crashing_at(step.trouble.crash_at):
        try:
            _play(world, mailbox, run)
        except Crash:
            world.book.forget_answer(step.who)
            return "dies"
        finally:
            world.sandbox.state.faults.clear()
    if Random(step.chance).random() < 0.3:
        do_errands(world)
    return f"{run.state} {run.errors or ''}"


def play_round(world: World, mailbox: Mailbox, cause: SyncRun.Cause) -> SyncRun:
    run = queue_round(mailbox, cause)
    _play(world, mailbox, run)
    return run


def _play(world: World, mailbox: Mailbox, run: SyncRun) -> None:
    who, began = mailbox.user.email, world.moment
    requests = world.sandbox.state.requests
    before = len(requests)
    world.syncing.append(who)
    try:
        do_round(run)
    finally:
        world.syncing.remove(who)
    world.mistakes += [error for error in run.errors if "mistake" in error]
    own = [r for r in requests[before:] if r.mailbox == who]
    if run.state == SyncRun.State.DONE and own and _goes_on(mailbox):
        lag = timedelta(seconds=world.sandbox.switches.delta_lag_seconds)
        times = {"knows": began - lag, "began": began, "ended": world.moment}
        world.book.rounds.append(Round(who=who, requests=len(own), **times))


def _goes_on(mailbox: Mailbox) -> bool:
    """A round that its owner stopped ends well, but was not carried through."""
    same = Mailbox.objects.filter(pk=mailbox.pk, started_at=mailbox.started_at)
    return same.filter(status=Status.CONNECTED).exists()


@contextmanager
def _struck(world: World, step: Step, play: Play) -> Iterator[None]:
    for fault in step.trouble.faults:
        world.outlook(step.who).control("POST", "faults", _fault(fault, step.who))
    before, depth = world.before_request, len(connection.savepoint_ids)
    waiting = list(step.trouble.meanwhile)
    seen = {True: 0, False: 0}

    def act(request: httpx.Request) -> None:
        writing = writes(request)
        due = [m for m in waiting if m.skip == seen[m.writing] and writing >= m.writing]
        seen[False] += 1
        seen[True] += writing
        # Whoever holds rows makes others wait, so nobody acts inside a transaction.
        if len(connection.savepoint_ids) == depth:
            with world.points.spared():
                deliver(world.sandbox)
                for other in due:
                    waiting.remove(other)
                    world.before_request = nothing
                    play(world, other.step)
                    world.before_request = act

    world.before_request = act
    try:
        yield
    finally:
        world.before_request = before


def _fault(fault: Fault, who: str) -> dict[str, object]:
    answer: dict[str, object] = {"status": fault.status} if fault.status else {"drop": True}
    if fault.status == 429:
        answer["retry_after"] = 20
    method = {"method": fault.method} if fault.method else {}
    when = {"when": fault.when, "skip": fault.skip, "email": who}
    return {**method, **when, **answer}


def _mailbox(who: str) -> Mailbox:
    """Raises `NothingToDo`."""
    mailbox = Mailbox.objects.filter(user__email=who).first()
    if mailbox is None:
        raise NothingToDo
    return mailbox
