"""Several programs under one: `serve` and `demo` run the web server and the worker as children.

A child holds the read end of a pipe whose write end only the supervisor has. However the supervisor
ends, kill -9 included, the pipe closes and the child stops by itself: no orphan keeps a port.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

logger = logging.getLogger(__name__)

LIFELINE = "LEANSOFT_LIFELINE_FD"
STOP_SECONDS = 10
WATCH_SECONDS = 0.2
SHORTEST_LIFE_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    name: str
    command: Sequence[str]


class ProgramEnded(Exception):
    """A program ends as soon as it is started: starting it once more is no use."""


@dataclass(slots=True)
class Child:
    program: Program
    process: "subprocess.Popen[bytes]"
    started_at: float


def supervise(programs: Sequence[Program], environment: Mapping[str, str]) -> None:
    """Runs the programs until a signal arrives, then stops them all.

    One that dies is started again. Raises `ProgramEnded` when it does not stay up even for a
    moment, as with a port in use.
    """
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    read_end, write_end = os.pipe()
    children: list[Child] = []
    try:
        children += [_start(program, environment, read_end) for program in programs]
        while not stopping.wait(WATCH_SECONDS):
            children[:] = [_kept_alive(child, environment, read_end) for child in children]
    finally:
        _stop_all([child.process for child in children])
        os.close(write_end)
        os.close(read_end)
        for number, handler in previous.items():
            signal.signal(number, handler)


def _start(program: Program, environment: Mapping[str, str], lifeline: int) -> Child:
    process = subprocess.Popen(
        program.command,
        env={**environment, LIFELINE: str(lifeline)},
        pass_fds=[lifeline],
        # Ctrl-C reaches the whole group: children are stopped by the supervisor, in order.
        start_new_session=True,
    )
    return Child(program, process, time.monotonic())


def _kept_alive(child: Child, environment: Mapping[str, str], lifeline: int) -> Child:
    status = child.process.poll()
    if status is None:
        return child
    name = child.program.name
    if time.monotonic() - child.started_at < SHORTEST_LIFE_SECONDS:
        raise ProgramEnded(f"The {name} does not stay up (exit status {status}).")
    logger.error("The %s died (exit status %s) and is started again.", name, status)
    return _start(child.program, environment, lifeline)


def _stop_all(processes: "list[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def end_with_supervisor() -> None:
    """In a child: ends this process when its supervisor is gone. Does nothing without one."""
    descriptor = os.environ.get(LIFELINE)
    if descriptor is None:
        return
    threading.Thread(target=_await_end, args=(int(descriptor),), daemon=True).start()


def _await_end(descriptor: int) -> None:
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)


def this_python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
