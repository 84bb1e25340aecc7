"""Several programs under one: `serve` and `demo` run the web server and the worker as children.

A child holds the read end of a pipe whose write end only the supervisor has. However the supervisor
ends, kill -9 included, the pipe closes and the child stops by itself: no orphan keeps a port.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

LIFELINE = "LEANSOFT_LIFELINE_FD"
STOP_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    name: str
    command: Sequence[str]


class ProgramEnded(Exception):
    """A child ended although nobody asked it to."""


def supervise(programs: Sequence[Program], environment: Mapping[str, str]) -> None:
    """Runs the programs until a signal arrives or one of them ends, then stops them all.

    Raises `ProgramEnded` when a program ended by itself.
    """
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    read_end, write_end = os.pipe()
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for program in programs:
            children[program.name] = _start(program, environment, read_end)
        _watch(children, stopping)
    finally:
        _stop_all(list(children.values()))
        os.close(write_end)
        os.close(read_end)
        for number, handler in previous.items():
            signal.signal(number, handler)


def _start(
    program: Program, environment: Mapping[str, str], lifeline: int
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        program.command,
        env={**environment, LIFELINE: str(lifeline)},
        pass_fds=[lifeline],
        # Ctrl-C reaches the whole group: children are stopped by the supervisor, in order.
        start_new_session=True,
    )


def _watch(children: Mapping[str, "subprocess.Popen[bytes]"], stopping: threading.Event) -> None:
    while not stopping.wait(0.2):
        for name, child in children.items():
            if child.poll() is not None:
                raise ProgramEnded(f"The {name} ended by itself (exit status {child.returncode}).")


def _stop_all(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


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
