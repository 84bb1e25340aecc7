"""`python -m convergence SEEDS SEED`: plays that many seeds from this one on, on every core.

Prints each failing seed with its shortened history; ends with 1 when there is one.
"""

import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context

from convergence.runner import own_database, prepare


def main(seeds: int, first: int) -> int:
    prepare()
    logging.disable(logging.CRITICAL)
    cores = min(os.cpu_count() or 1, seeds)
    began = time.monotonic()
    context = get_context("fork")
    answers = context.Queue()
    workers = [
        context.Process(target=_work, args=(n, range(first + n, first + seeds, cores), answers))
        for n in range(cores)
    ]
    for worker in workers:
        worker.start()
    sorts = Counter(_failures(answers, cores))
    took = time.monotonic() - began
    print(f"{seeds} seeds, {sum(sorts.values())} failed {dict(sorts)}, {took:.0f} s", flush=True)
    return 1 if sorts else 0


def _failures(answers: "object", cores: int) -> Iterator[str]:
    while cores:
        found = answers.get()  # type: ignore[attr-defined]  # a queue has no public type
        if found is None:
            cores -= 1
            continue
        print(f"{found}\n", flush=True)
        yield found.sort


def _work(number: int, seeds: range, answers: "object") -> None:
    from convergence.play import play_seed, shorten  # noqa: PLC0415 (needs Django)

    with own_database(f"convergence_{os.getpid()}_{number}"):
        for seed in seeds:
            outcome = play_seed(seed)
            if outcome.wrong:
                answers.put(shorten(outcome))  # type: ignore[attr-defined]
    answers.put(None)  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
