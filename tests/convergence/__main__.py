"""Plays histories on every core; prints each failing seed with its shortened history.

    python -m convergence SEEDS [SEED] [--depth whole|series|undone|model] [--digests]
    python -m convergence --find-mutants [NAME …]

With `--digests` a line for each whole history tells whether two runs of it were the same.

The second form looks for the seed by which each deliberate breakage is caught, for `CAUGHT` in
`mutations.py`. Ends with 1 when something failed, or escaped.
"""

import argparse
import logging
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from typing import Any

from convergence.model.play import play_seed as play_model
from convergence.runner import own_database, prepare

Play = Callable[[int, range, Any], None]
"""Plays these seeds as the process of this number; puts what fails into the queue."""

STORIES = ("series", "undone")
"""Depths that play the whole program with one series, and are printed as they were."""

MOST_SEEDS = 60
"""A breakage that so many histories do not show counts as escaped."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="convergence")
    parser.add_argument("seeds", nargs="?", type=int, default=200)
    parser.add_argument("seed", nargs="?", type=int, default=1)
    parser.add_argument("--depth", choices=["whole", *STORIES, "model"], default="whole")
    parser.add_argument("--digests", action="store_true")
    parser.add_argument("--find-mutants", nargs="*", metavar="NAME")
    given = parser.parse_args()
    if given.depth != "model":
        prepare()
    logging.disable(logging.CRITICAL)
    if given.find_mutants is not None:
        return _find_mutants(given.find_mutants)
    plays: dict[str, Play] = {
        "whole": partial(_play_whole, given.digests),
        "model": _play_model,
        **{name: partial(_play_stories, name) for name in STORIES},
    }
    return _simulate(plays[given.depth], given.seeds, given.seed)


def _simulate(play: Play, seeds: int, first: int) -> int:
    cores = min(os.cpu_count() or 1, seeds)
    began = time.monotonic()
    context = get_context("fork")
    answers = context.Queue()
    for n in range(cores):
        share = range(first + n, first + seeds, cores)
        context.Process(target=_work, args=(play, n, share, answers)).start()
    sorts = Counter(_failures(answers, cores))
    took = time.monotonic() - began
    failed = sum(sorts.values())
    print(f"{seeds} seeds, {failed} failed {dict(sorts)}, {took:.0f} s", flush=True)
    return 1 if sorts else 0


def _failures(answers: Any, cores: int) -> Iterator[str]:
    while cores:
        found = answers.get()
        if found is None:
            cores -= 1
            continue
        sort, text = found
        print(f"{text}\n", flush=True)
        yield sort


def _work(play: Play, number: int, seeds: range, answers: Any) -> None:
    try:
        play(number, seeds, answers)
    except Exception:
        answers.put(("broken", f"The seeds after this were not played:\n{traceback.format_exc()}"))
    finally:
        answers.put(None)


def _play_whole(digests: bool, number: int, seeds: range, answers: Any) -> None:
    from convergence.play import play_seed, shorten  # noqa: PLC0415 (needs Django)

    with own_database(f"convergence_{os.getpid()}_{number}"):
        for seed in seeds:
            outcome = play_seed(seed)
            if digests:
                print(seed, outcome.digest, flush=True)
            if outcome.wrong:
                answers.put((outcome.sort, str(shorten(outcome))))


def _play_stories(name: str, number: int, seeds: range, answers: Any) -> None:
    play = import_module(f"convergence.{name}").play_seed
    with own_database(f"convergence_{os.getpid()}_{number}"):
        for seed in seeds:
            story, wrong = play(seed)
            if wrong:
                lines = [f"Seed {seed}:", *story, "", *(f"WRONG  {w}" for w in wrong)]
                answers.put((wrong[0].partition(":")[0], "\n".join(lines)))


def _play_model(number: int, seeds: range, answers: Any) -> None:
    for seed in seeds:
        outcome = play_model(seed)
        if outcome.wrong:
            answers.put((outcome.sort, str(outcome.shortened())))


def _find_mutants(names: list[str]) -> int:
    """Prints name and seed, or None, as `CAUGHT` holds them."""
    from convergence.mutations import MUTATIONS  # noqa: PLC0415 (needs Django)
    from convergence.play import play_seed  # noqa: PLC0415 (needs Django)

    escaped = 0
    sound: dict[int, bool] = {}

    def wrong(seed: int, broken: Callable[[], AbstractContextManager[Any]] = nullcontext) -> bool:
        with broken():
            return bool(play_seed(seed).wrong)

    def catches(seed: int, broken: Callable[[], AbstractContextManager[Any]]) -> bool:
        if not wrong(seed, broken):
            return False
        if seed not in sound:
            sound[seed] = not wrong(seed)
        return sound[seed]

    with own_database(f"convergence_{os.getpid()}"):
        for broken in MUTATIONS:
            if names and broken.__name__ not in names:
                continue
            caught = next((s for s in range(MOST_SEEDS) if catches(s, broken)), None)
            escaped += caught is None
            print(f"    {broken.__name__}: {caught},", flush=True)
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
