"""One history of the small world from beginning to end, and its shortest form that still fails."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from convergence.model import acts
from convergence.model.acts import USERS, Act, NothingToDo, World, new_world
from convergence.model.checks import check
from convergence.model.shell import NoAnswer

MOST_ROUNDS = 8
DELAYS = (0, 0, 5, 100)
"""Seconds that a mail travels."""


class Crash(Exception):
    """The worker is gone."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What befalls one round: which request gets no answer (carried out, or not), after how many
    actions the worker ends, and what somebody does before the request of a number."""

    unanswered: int | None = None
    carried_out: bool = True
    ends_after: int | None = None
    meanwhile: "tuple[tuple[int, Step], ...]" = ()


CALM = Trouble()


@dataclass(frozen=True, slots=True)
class Step:
    act: Act | None
    """None: a round."""
    who: str
    chance: int
    wait: int = 1
    trouble: Trouble = CALM


@dataclass(frozen=True, slots=True)
class Outcome:
    seed: int
    steps: tuple[Step, ...]
    story: tuple[str, ...]
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"Seed {self.seed}:", *self.story, "", *(f"WRONG  {w}" for w in self.wrong)]
        return "\n".join(lines)

    @property
    def sort(self) -> str:
        return self.wrong[0].partition(":")[0] if self.wrong else ""

    def shortened(self) -> "Outcome":
        """Leaves out whatever the failure does not need."""
        shortest, again = self, True
        while again:
            again = False
            for n in range(len(shortest.steps)):
                steps = shortest.steps[:n] + shortest.steps[n + 1 :]
                shorter = play(self.seed, steps)
                if shorter.sort == self.sort:
                    shortest, again = shorter, True
                    break
        return shortest


def play_seed(seed: int) -> Outcome:
    return play(seed, draw(seed))


def draw(seed: int) -> tuple[Step, ...]:
    random = Random(seed)
    lead, guest, other = random.sample(USERS, 3)
    who = [lead, lead, lead, guest, guest, other] if random.random() < 0.4 else [lead, lead, guest]
    steps = [Step(acts.connect, lead, 0)]
    if random.random() < 0.7:
        steps.append(Step(acts.connect, guest, 0))
    first = acts.create_here if random.random() < 0.5 else acts.create_there
    steps.insert(random.randrange(len(steps) + 1), Step(first, lead, random.getrandbits(32)))
    steps.append(Step(None, lead, 0))
    if random.random() < 0.03:
        steps[:0] = [Step(acts.create_there, lead, n) for n in range(7)]
        steps += [Step(acts.end_there, lead, n) for n in range(8)]
    for _ in range(random.choice([3, 5, 8])):
        for _ in range(random.choice([1, 2, 2, 3])):
            steps.append(_act(random, who))
        for _ in range(random.choice([1, 1, 2])):
            steps.append(_round(random, who))
    return tuple(steps)


def _act(random: Random, who: list[str]) -> Step:
    kinds = acts.CONNECTIONS if random.random() < 0.06 else ACTS
    act = random.choices(list(kinds), weights=list(kinds.values()))[0]
    person = random.choice(who)
    if act in acts.THERE and random.random() < 0.08:
        person = acts.OLGA
    return Step(act, person, random.getrandbits(32), random.choice([0, 1, 1, 60]))


ACTS = {**acts.HERE, **acts.THERE}


def _round(random: Random, who: list[str]) -> Step:
    trouble = CALM
    if random.random() < 0.75:
        unanswered = random.choice([None, 0, 1, 1, 2])
        meanwhile = []
        for _ in range(random.choice([0, 1, 1, 2])):
            inner = (
                Step(None, random.choice(who), 0) if random.random() < 0.15 else _act(random, who)
            )
            meanwhile.append((random.choice([0, 1, 1, 2]), inner))
        ends = random.choice([None, None, 0, 1, 2])
        trouble = Trouble(unanswered, random.random() < 0.7, ends, tuple(meanwhile))
    return Step(None, random.choice(who), 0, random.choice([0, 1, 60]), trouble)


def play(seed: int, steps: tuple[Step, ...]) -> Outcome:
    world = new_world()
    world.outlook.delay = timedelta(seconds=Random(seed).choice(DELAYS))
    for step in steps:
        take(world, step)
    world.story.append("--- quiet")
    wrong = [*_calm_down(world), *check(world)]
    return Outcome(seed, steps, tuple(world.story), tuple(wrong))


def take(world: World, step: Step) -> None:
    world.tick(1 + step.wait)  # nothing happens twice at one moment
    world.outlook.deliver()
    at = len(world.story)
    world.story.append("")
    name = step.act.__name__ if step.act else "round"
    try:
        if step.act is None:
            said = _play_round(world, step)
        else:
            said = step.act(world, step.who, Random(step.chance))
    except NothingToDo:
        said = "-"
    world.story[at] = f"{step.who.partition('@')[0]:<5} {name} {said}"


def _play_round(world: World, step: Step) -> str:
    box = world.shell.boxes.get(step.who)
    if box is None or not box.connected or step.who in world.busy:
        raise NothingToDo
    shell, trouble = world.shell, step.trouble
    hooks = shell.before, shell.after, shell.between
    began, requests, actions, writes = world.now, 0, 0, len(shell.writes)

    def before(writing: bool) -> None:
        nonlocal requests
        number, requests = requests, requests + 1
        outer = shell.before, shell.after, shell.between
        shell.before, shell.after, shell.between = hooks
        for due, other in trouble.meanwhile:
            if due == number:
                take(world, other)
        shell.before, shell.after, shell.between = outer
        world.tick()
        if not box.connected:
            raise Crash
        if number == trouble.unanswered and not trouble.carried_out:
            raise NoAnswer

    def after(writing: bool) -> None:
        if requests - 1 == trouble.unanswered:
            raise NoAnswer

    def between() -> None:
        nonlocal actions
        actions += 1
        if trouble.ends_after is not None and actions > trouble.ends_after:
            raise Crash

    shell.before, shell.after, shell.between = before, after, between
    world.busy.add(step.who)
    shell.holding.discard(step.who)
    try:
        shell.round(box)
    except (NoAnswer, Crash) as end:
        return _told(world, type(end).__name__, writes, step.who)
    finally:
        world.busy.discard(step.who)
        shell.before, shell.after, shell.between = hooks
    if step.who not in shell.holding:
        world.rounds.append((began, world.now, step.who))
    return _told(world, "done", writes, step.who)


def _told(world: World, end: str, writes: int, who: str) -> str:
    return ", ".join([end, *(str(w) for w in world.shell.writes[writes:] if w.who == who)])


def _calm_down(world: World) -> list[str]:
    world.shell.approving = True
    for _ in range(MOST_ROUNDS):
        world.tick(4000)
        world.outlook.deliver()
        before = _state(world)
        for who in USERS:
            if world.shell.boxes[who].connected:
                take(world, Step(None, who, 0))
        if _state(world) == before and not world.outlook.post:
            return []
    return ["restless: another round finds something to do"]


def _state(world: World) -> tuple[int, ...]:
    shell = world.shell
    links = [link for box in shell.boxes.values() for link in box.links]
    versions = sum(row.version for row in shell.rows)
    shown = sum(link.here for link in links), sum(link.live for link in links)
    return len(shell.writes), len(world.outlook.mails), versions, *shown
