"""What a history consists of: plain data, drawn from a seed before anything happens.

A history is a scene: one or two meetings, a few people with one of them at the centre, and bursts
of acts that follow each other within seconds, each burst struck by rounds that go wrong. Few things
and many acts: only so do two of them meet.
"""

from dataclasses import dataclass, field
from random import Random

USERS = ("alice@example.com", "bob@example.com", "charlie@example.com")
OLGA = "olga@elsewhere.org"
"""An outsider whose Outlook the sandbox plays too."""
ANA = "ana@elsewhere.org"
"""An outsider of whom only the address is known."""
EVERYBODY = (*USERS, OLGA, ANA)

HERE = {
    "edit_here": 12, "people_here": 8, "own_here": 3, "archive_here": 5, "unarchive_here": 3,
    "forever_here": 1, "respond_here": 3, "create_here": 1,
}  # fmt: skip
THERE = {
    "edit_there": 10, "people_there": 8, "own_there": 3, "delete_there": 3, "respond_there": 2,
    "create_there": 1,
}  # fmt: skip
MAILBOX = {
    "connect": 2, "disconnect": 1, "pause": 1, "resume": 1, "expire_cursor": 1, "revoke": 1,
    "weather": 2,
}  # fmt: skip
ACTS = {**HERE, **THERE}
RIVALS = {**ACTS, "edit_there": 30, "people_there": 16, "sync": 8}
"""What happens while a round writes: above all, the same in Outlook."""
BY_GUESTS = {"respond_here", "respond_there"}
BY_ANYBODY = {"own_here", "own_there", "archive_here", "delete_there", "sync", *MAILBOX}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One request that goes wrong: the sandbox's own words."""

    method: str | None
    skip: int
    when: str
    status: int | None

    def __str__(self) -> str:
        what = self.status or "breaks"
        return f"{self.when} {self.method or 'request'} {self.skip}: {what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """What somebody does just before a request of the round reaches Outlook: the next one, or the
    next that writes, after `skip` others."""

    writing: bool
    skip: int
    step: "Step"

    def __str__(self) -> str:
        return f"{self.step.number} before {'write' if self.writing else 'request'} {self.skip}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What befalls one round. `crash_at`: the worker dies there, in requests and commits."""

    faults: tuple[Fault, ...] = ()
    crash_at: int | None = None
    meanwhile: tuple[Meanwhile, ...] = ()

    def __str__(self) -> str:
        parts = [str(part) for part in (*self.faults, *self.meanwhile)]
        if self.crash_at is not None:
            parts.append(f"dies at {self.crash_at}")
        return f"[{'; '.join(parts)}]" if parts else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`chance` decides what it is about, among what there is when it is carried out."""

    number: int
    act: str
    who: str
    chance: int
    wait_seconds: float = 1.0
    trouble: Trouble = field(default_factory=Trouble)

    def __str__(self) -> str:
        return f"{self.number:>3} {self.who.partition('@')[0]:<8} {self.act}"


class Author:
    """Writes one history."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._owners = Random(f"{seed}, of owners")
        self._lead, *others = self._random.sample(USERS, len(USERS))
        self._others = others[: self._random.choice([1, 1, 2])]
        self._steps: list[Step] = []

    def write(self) -> list[Step]:
        length = self._random.choice([12, 18, 24, 32])
        self._open()
        while len(self._steps) < length:
            self._burst()
        return self._steps

    def _open(self) -> None:
        """Somebody connects, and something is there: before, or after."""
        random = self._random
        if random.random() < 0.5:
            self._add("weather")
        if before := random.random() < 0.35:
            self._add("create_here", self._lead)
            self._add("people_here", self._lead)
        for who in random.sample([self._lead, *self._others], 1 + len(self._others)):
            if who == self._lead or random.random() < 0.85:
                self._add("connect", who)
        if not before or random.random() < 0.2:
            self._add(random.choice(["create_here", "create_there"]), self._lead)
        for who in (self._lead, *self._others):
            self._add("sync", who)

    def _burst(self) -> None:
        random = self._random
        for _ in range(random.choice([1, 1, 2, 3])):
            self._add(_draw(random, MAILBOX if random.random() < 0.06 else ACTS))
        for _ in range(random.choice([1, 1, 2])):
            self._add("sync")

    def _add(self, act: str, who: str | None = None) -> None:
        self._steps.append(self._step(len(self._steps), act, who))

    def _step(self, number: int, act: str, who: str | None = None, *, deep: bool = False) -> Step:
        random = self._random
        calm = deep or act != "sync" or random.random() < 0.25
        return Step(
            number=number,
            act=act,
            who=who or self._somebody(act),
            chance=random.getrandbits(32),
            wait_seconds=random.choice([0.0, 0.0, 0.5, 2.0, 60.0, 4000.0]),
            trouble=Trouble() if calm else self._trouble(number),
        )

    def _somebody(self, act: str) -> str:
        """Whoever has something to do with it, as a rule."""
        random = self._random
        if random.random() < 0.06:
            return random.choice((*USERS, OLGA) if act in THERE else USERS)
        guest = act in BY_GUESTS or (act in BY_ANYBODY and random.random() < 0.45)
        return random.choice(self._others) if guest else self._lead

    def _trouble(self, number: int) -> Trouble:
        random = self._random
        faults = [_fault(random) for _ in range(random.choice([0, 0, 1, 1, 2]))]
        meanwhile = [
            Meanwhile(
                writing=random.random() < 0.85,
                skip=random.choice([0, 0, 0, 0, 1, 2]),
                step=self._step(1000 + 10 * number + n, _draw(random, RIVALS), deep=True),
            )
            for n in range(random.choice([0, 0, 1, 1, 2]))
        ]
        if self._owners.random() < 0.15:
            meanwhile.append(self._change_of_mind(number))
        if self._owners.random() < 0.2:
            meanwhile.append(self._second_worker(number))
        crash = random.randrange(random.choice([8, 20, 50])) if random.random() < 0.3 else None
        return Trouble(faults=tuple(faults), crash_at=crash, meanwhile=tuple(meanwhile))

    def _change_of_mind(self, number: int) -> Meanwhile:
        """Somebody pauses or leaves while the round goes on."""
        act = self._owners.choice(["pause", "disconnect", "disconnect", "connect", "revoke"])
        who, chance = self._owners.choice(USERS), self._owners.getrandbits(32)
        step = Step(number=1009 + 10 * number, act=act, who=who, chance=chance)
        return Meanwhile(writing=self._owners.random() < 0.5, skip=0, step=step)

    def _second_worker(self, number: int) -> Meanwhile:
        """Another worker has a round at the same time; of the same mailbox there is only one."""
        who = self._owners.choice([self._lead, *self._others])
        chance, writing = self._owners.getrandbits(32), self._owners.random() < 0.7
        step = Step(number=1008 + 10 * number, act="sync", who=who, chance=chance)
        return Meanwhile(writing=writing, skip=self._owners.choice([0, 0, 1]), step=step)


def draw_history(seed: int) -> list[Step]:
    return Author(seed).write()


def _draw(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), weights=list(weights.values()))[0]


def _fault(random: Random) -> Fault:
    """`status` None: the connection breaks."""
    return Fault(
        method=random.choice([None, "GET", "POST", "POST", "PATCH", "PATCH", "DELETE"]),
        skip=random.choice([0, 0, 0, 0, 1, 2]),
        when=random.choice(["before", "after", "after"]),
        status=random.choice([None, None, 429, 503, 504]),
    )
