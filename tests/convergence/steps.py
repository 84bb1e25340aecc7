"""What a history consists of: plain data, drawn from a seed before anything happens."""

from dataclasses import dataclass, field
from random import Random

USERS = ("alice@example.com", "bob@example.com", "charlie@example.com")
OLGA = "olga@elsewhere.org"
"""An outsider whose Outlook the sandbox plays too."""
ANA = "ana@elsewhere.org"
"""An outsider of whom only the address is known."""
EVERYBODY = (*USERS, OLGA, ANA)

HERE = {
    "create_here": 6, "edit_here": 9, "people_here": 6, "own_here": 4, "archive_here": 4,
    "unarchive_here": 3, "forever_here": 1, "respond_here": 5,
}  # fmt: skip
THERE = {
    "create_there": 4, "edit_there": 6, "people_there": 4, "own_there": 3, "delete_there": 4,
    "respond_there": 5,
}  # fmt: skip
MAILBOX = {
    "connect": 6, "disconnect": 1, "pause": 1, "resume": 2, "expire_cursor": 1, "revoke": 1,
    "weather": 2,
}  # fmt: skip
ROUNDS = {"sync": 30}
ACTS = {**HERE, **THERE, **MAILBOX, **ROUNDS}
BY_OUTSIDERS = tuple(THERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One request that goes wrong: the sandbox's own words."""

    method: str | None
    skip: int
    when: str
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What befalls one round. `crash_at`: the worker dies there, counted in requests and commits.
    `meanwhile`: what somebody does just before the request of that number."""

    faults: tuple[Fault, ...] = ()
    crash_at: int | None = None
    meanwhile: "tuple[tuple[int, Step], ...]" = ()


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


def draw_history(seed: int) -> list[Step]:
    random = Random(seed)
    length = random.choice([8, 15, 25, 40])
    opening = [_step(random, number, "connect") for number in range(random.choice([0, 2, 4, 5]))]
    return opening + [_step(random, number) for number in range(len(opening), length)]


def _step(random: Random, number: int, act: str | None = None, *, nested: bool = False) -> Step:
    weights = {**HERE, **THERE, "sync": 3} if nested else ACTS
    act = act or random.choices(list(weights), weights=list(weights.values()))[0]
    people = (*USERS, OLGA) if act in BY_OUTSIDERS else USERS
    calm = nested or act != "sync" or random.random() < 0.25
    return Step(
        number=number,
        act=act,
        who=random.choice(people),
        chance=random.getrandbits(32),
        wait_seconds=random.choice([0.0, 0.5, 2.0, 60.0, 4000.0]),
        trouble=Trouble() if calm else _trouble(random, number),
    )


def _trouble(random: Random, number: int) -> Trouble:
    faults = [_fault(random) for _ in range(random.choice([0, 0, 1, 1, 2]))]
    meanwhile = [
        (random.randrange(5), _step(random, number * 100 + n + 1000, nested=True))
        for n in range(random.choice([0, 0, 1, 2]))
    ]
    crash_at = random.choice([6, 15, 30, 60]) if random.random() < 0.4 else None
    return Trouble(
        faults=tuple(faults),
        crash_at=None if crash_at is None else random.randrange(crash_at),
        meanwhile=tuple(meanwhile),
    )


def _fault(random: Random) -> Fault:
    """`status` None: the connection breaks."""
    return Fault(
        method=random.choice([None, "GET", "POST", "POST", "PATCH", "PATCH", "DELETE"]),
        skip=random.choice([0, 0, 0, 0, 1, 2]),
        when=random.choice(["before", "after", "after"]),
        status=random.choice([None, None, 429, 503, 504]),
    )
