"""A real browser, and the demo that it looks at."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from support.outlook import Sandbox
from support.waiting import free_port

# Without these, Chromium looks for services of its maker at every start.
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium, or else the one that Playwright has fetched."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *as_root])


@dataclass(frozen=True)
class Demo:
    """`leansoft demo`, as `make run` starts it."""

    url: str
    sandbox_url: str
    printed: str
    """What it told whoever started it."""

    def said(self, label: str) -> str:
        """The value that was printed beside this label."""
        found = re.search(rf"^  {label} +(\S+)", self.printed, re.MULTILINE)
        assert found, self.printed
        return found[1]

    def sandbox(self) -> Sandbox:
        return Sandbox(self.sandbox_url)


@contextmanager
def running_demo(data_dir: Path) -> Iterator[Demo]:
    """Started like a stranger would, and ended with Ctrl-C."""
    port, sandbox_port = free_port(), free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LEANSOFT_")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment["LEANSOFT_DATA_DIR"] = str(data_dir)
    command = [sys.executable, "-m", "leansoft.cli", "demo", "--port", str(port)]
    command += ["--sandbox-port", str(sandbox_port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        yield Demo(f"http://localhost:{port}", f"http://localhost:{sandbox_port}", printed)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
