"""Within whole histories: a round does what its preview said, and an undo brings both sides back,
but for what it listed.

Wherever a history has a round that nothing strikes, its preview is looked at first. When all is
quiet somebody does a few things more, has a round, and takes it back.
"""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

from convergence.play import Outcome, outcome_of, take
from convergence.quiet import calm_down
from convergence.rounds import play_round
from convergence.steps import HERE, THERE, Step, Trouble, draw_history
from convergence.world import World, new_world
from leansoft.connections.models import Mailbox
from leansoft.events.fields import READ_ONLY, Field
from leansoft.graph.errors import GraphError
from leansoft.kit import clock
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.preview.start import preview
from leansoft.sync.run import execute
from leansoft.sync.show.report import plan_line
from leansoft.sync.tasks import undo_later
from leansoft.sync.undo.preview import preview_undo
from leansoft.sync.undo.undoing import CannotUndo, check_can_undo
from support.pictures import picture_here, picture_there, surprises

ACTS = {**HERE, **THERE}
Line = tuple[str, str, str, str | None, tuple[tuple[str, str, bool], ...]]


def play_seed(seed: int) -> Outcome:
    steps = draw_history(seed)
    with new_world(seed) as world:
        wrong = [found for step in steps for found in _take(world, step)]
        world.tell("--- quiet")
        if not wrong and not calm_down(world):
            wrong = list(_take_back(world, Random(seed)))
        return outcome_of(world, seed, steps, wrong)


# What a round does is what its preview said


def _take(world: World, step: Step) -> Iterator[str]:
    mailbox = _mailbox_to_look_at(world, step)
    foreseen = _preview(mailbox) if mailbox is not None else None
    take(world, step)
    if mailbox is None or foreseen is None:
        return
    run = SyncRun.objects.filter(mailbox=mailbox, started_at__isnull=False).latest("started_at")
    if run.state != SyncRun.State.DONE or run.held_run is not None:
        return
    yield from _differences(run, foreseen)


def _mailbox_to_look_at(world: World, step: Step) -> Mailbox | None:
    """Whose round nothing will strike, and finds Outlook as the preview did."""
    if step.act != "sync" or step.trouble != Trouble():
        return None
    if world.sandbox.switches.delta_lag_seconds or world.memory.confused:
        return None
    mailbox = Mailbox.objects.filter(user__email=step.who, status=Mailbox.Status.CONNECTED).first()
    if mailbox is None or mailbox.order is not None:
        return None
    open_writes = EventLink.objects.filter(mailbox=mailbox, intent__isnull=False)
    return None if open_writes.exists() else mailbox


def _preview(mailbox: Mailbox) -> dict[str, Any] | None:
    choices = {"existing": mailbox.existing, "invitations": mailbox.invitations}
    try:
        return preview(mailbox, **choices)
    except GraphError:
        return None


def _differences(run: SyncRun, foreseen: dict[str, Any]) -> Iterator[str]:
    rows = list(run.actions.all())
    done = Counter(_line(plan_line(row)) for row in rows)
    answered = {row.event_id for row in rows if _is_answer(row)}
    ours = Counter(_line(plan_line(row)) for row in rows if not _comes_by_itself(row, answered))
    said = Counter(_line(line) for line in foreseen["actions"])
    yield from (f"unforeseen: {line}" for line in ours - said)
    yield from (f"foreseen, not done: {line}" for line in said - done)


def _line(line: dict[str, Any]) -> Line:
    mails = sorted((mail["to"], mail["kind"], mail["certain"]) for mail in line["mails"])
    where = str(line["side"]), str(line["kind"])
    return line["subject"], *where, line["date"], tuple(mails)


def _comes_by_itself(row: SyncAction, answered: set[Any]) -> bool:
    """Outlook's own answer to what was written: a join link; what an answer makes of show-as."""
    if row.side != SyncAction.Side.LEANSOFT or row.kind != SyncAction.Kind.UPDATED:
        return False
    own = READ_ONLY | ({Field.SHOW_AS} if row.event_id in answered else set())
    return set(row.after) <= {str(field) for field in own}


def _is_answer(row: SyncAction) -> bool:
    return row.side == SyncAction.Side.OUTLOOK and not row.after


# An undo brings both sides back


def _take_back(world: World, random: Random) -> Iterator[str]:
    connected = Mailbox.objects.filter(status=Mailbox.Status.CONNECTED).order_by("account")
    mailboxes = list(connected)
    if not mailboxes:
        return
    mailbox = random.choice(mailboxes)
    for number in range(random.choice([1, 2, 3])):
        act, chance = random.choice(sorted(ACTS)), random.getrandbits(32)
        take(world, Step(number=2000 + number, act=act, who=mailbox.user.email, chance=chance))
    before = _pictures(world, mailbox)
    run = play_round(world, mailbox, SyncRun.Cause.MANUAL)
    after = _pictures(world, mailbox)
    world.tell(f"--- {mailbox.user.email} takes the round back: {_told(run)}")
    try:
        check_can_undo(run)
    except CannotUndo:
        return
    yield from _undo(world, mailbox, run, before, after, invites=random.random() < 0.3)
    failed = [said for said in calm_down(world) if not said.startswith("restless: another sync by")]
    yield from (f"after the undo, {said}" for said in failed)


def _undo(
    world: World, mailbox: Mailbox, run: SyncRun, before: Any, after: Any, *, invites: bool
) -> Iterator[str]:
    foreseen = preview_undo(run, invites=invites)
    sent = len(world.sandbox.state.mail)
    undo = undo_later(run, invites=invites)
    execute(undo, clock=clock.now)
    world.tell(f"    {undo.state} {undo.errors} {_told(undo)}")
    for one in foreseen["cannot_restore"]:
        world.tell(f"    {one['subject']}: {one['reason']}")
    if undo.state != SyncRun.State.DONE:
        yield f"undo failed: {undo.errors}"
        return
    yield from (f"undo {found}" for found in _differences(undo, foreseen))
    yield from _mails(world, foreseen["mails"], sent)
    now = _pictures(world, mailbox)
    for side, (old, new, shown) in enumerate(zip(before, after, now, strict=True)):
        for found in surprises(old, new, new, shown, foreseen["cannot_restore"]):
            yield f"undo, {'in Outlook' if side else 'here'}: {found}"


def _mails(world: World, foreseen: list[dict[str, Any]], sent: int) -> Iterator[str]:
    mails = Counter((mail.recipient, str(mail.kind)) for mail in world.sandbox.state.mail[sent:])
    will = Counter((m["to"], m["kind"]) for m in foreseen if m["certain"])
    may = Counter((m["to"], m["kind"]) for m in foreseen)
    yield from (f"undo mails: {one} was foreseen, and not sent" for one in will - mails)
    yield from (f"undo mails: {one} was sent, and not foreseen" for one in mails - may)


def _pictures(world: World, mailbox: Mailbox) -> Any:
    user = mailbox.user
    return picture_here(user), picture_there(user, world.outlook(user.email).events())


def _told(run: SyncRun) -> str:
    return "; ".join(f"{row.subject} {row.kind} in {row.side}" for row in run.actions.all())
