"""One history from beginning to end, and its shortest form that still fails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from random import Random

from django.db import DatabaseError, connection

from convergence import here, rounds, there
from convergence.checks import check
from convergence.here import NothingToDo
from convergence.outlook import Refusal
from convergence.quiet import calm_down
from convergence.steps import Step, Trouble, draw_history
from convergence.work import after_commit
from convergence.world import World, new_world
from leansoft.calendars.domain.errors import CalendarError
from leansoft.sync.models import SyncAction

PLAIN = {name: getattr(module, name) for module in (here, there) for name in dir(module)}
BEGINNINGS = {"edit_here": here.create_here, "edit_there": there.create_there}
"""What somebody does who has no event to edit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    seed: int
    steps: tuple[Step, ...]
    story: tuple[str, ...]
    wrong: tuple[str, ...]
    digest: str
    """Of the story, and all requests, mails and rows of the journal."""

    def __str__(self) -> str:
        lines = [f"Seed {self.seed}:", *self.story, "", *(f"WRONG  {w}" for w in self.wrong)]
        return "\n".join(lines)

    @property
    def sort(self) -> str:
        """What kind of thing is wrong: the first word of the first finding."""
        return self.wrong[0].partition(":")[0] if self.wrong else ""


def play_seed(seed: int) -> Outcome:
    return play(seed, draw_history(seed))


def play(seed: int, steps: Sequence[Step]) -> Outcome:
    with new_world(seed) as world:
        try:
            wrong = _play(world, steps)
        except DatabaseError as error:
            # Unforeseen, so that nothing took it back: in earnest a page or a job would fail.
            wrong = [f"mistake: {error}"]
        return outcome_of(world, seed, steps, wrong)


def outcome_of(world: World, seed: int, steps: Sequence[Step], wrong: Sequence[str]) -> Outcome:
    return Outcome(
        seed=seed,
        steps=tuple(steps),
        story=tuple(world.story),
        wrong=tuple(wrong),
        digest=_digest(world),
    )


def _play(world: World, steps: Sequence[Step]) -> list[str]:
    for step in steps:
        take(world, step)
    world.tell("--- quiet")
    return [*calm_down(world), *check(world)]


def _digest(world: World) -> str:
    """Numbers that the database hands out are left out: they go on from run to run."""
    columns = ("subject", "side", "kind", "cause", "before", "after", "lost", "mails", "outcome")
    lines = list(world.story)
    lines += [str(entry) for entry in world.sandbox.state.requests]
    lines += [str(mail) for mail in world.sandbox.state.mail]
    if not connection.needs_rollback:
        lines += [str(row) for row in SyncAction.objects.order_by("pk").values_list(*columns)]
    return sha256("\n".join(lines).encode()).hexdigest()


def take(world: World, step: Step) -> None:
    world.wait(step.wait_seconds)
    at = len(world.story)
    world.tell("")
    try:
        said = _act(world, step)
    except NothingToDo:
        said = "-"
    except (CalendarError, Refusal) as error:
        said = f"refused: {error}"
    after_commit()
    trouble = f"   {step.trouble}"
    world.story[at] = f"{step} {said}{trouble}"


def _act(world: World, step: Step) -> str:
    if step.act == "sync":
        return rounds.sync(world, step, take)
    act: Callable[..., str] = getattr(rounds, step.act, None) or PLAIN[step.act]
    try:
        return act(world, step.who, Random(step.chance), step.number)
    except NothingToDo:
        begin = BEGINNINGS.get(step.act)
        if begin is None:
            raise
        return f"begins {begin(world, step.who, Random(step.chance), step.number)}"


def shorten(outcome: Outcome, *, attempts: int = 150) -> Outcome:
    """Leaves out whatever the failure does not need."""
    size = max(1, len(outcome.steps) // 2)
    while attempts > 0:
        shorter = None
        for start in range(0, len(outcome.steps), size):
            attempts -= 1
            steps = outcome.steps[:start] + outcome.steps[start + size :]
            shorter = _fails_alike(outcome, steps)
            if shorter or attempts <= 0:
                break
        if shorter:
            outcome = shorter
        elif size > 1:
            size //= 2
        else:
            break
    return _without_trouble(outcome)


def _without_trouble(outcome: Outcome) -> Outcome:
    for n, step in enumerate(outcome.steps):
        for calmer in _calmer(step):
            steps = (*outcome.steps[:n], calmer, *outcome.steps[n + 1 :])
            shorter = _fails_alike(outcome, steps)
            if shorter:
                outcome = shorter
                break
    return outcome


def _calmer(step: Step) -> list[Step]:
    trouble = step.trouble
    ways = [
        Trouble(),
        Trouble(crash_at=trouble.crash_at),
        Trouble(faults=trouble.faults),
        Trouble(meanwhile=trouble.meanwhile),
    ]
    return [replace(step, trouble=way) for way in ways if trouble != Trouble() and way != trouble]


def _fails_alike(outcome: Outcome, steps: Sequence[Step]) -> Outcome | None:
    found = play(outcome.seed, steps)
    return found if found.sort == outcome.sort else None
