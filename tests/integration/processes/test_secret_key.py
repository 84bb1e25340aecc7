"""The key that signs sessions and seals tokens is made by whichever program starts first."""

import os
import stat
import subprocess
from pathlib import Path

from leansoft.kit.processes import this_python

SHOW_KEY = "from leansoft.settings import SECRET_KEY; print(SECRET_KEY)"


def start(folder: Path) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if "SECRET_KEY" not in name}
    environment["LEANSOFT_DATA_DIR"] = str(folder)
    command = this_python("-c", SHOW_KEY)
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_programs_that_start_at_once_share_one_key_that_nobody_else_reads(tmp_path: Path) -> None:
    keys = {program.communicate()[0].strip() for program in [start(tmp_path) for _ in range(4)]}
    assert keys == {(tmp_path / "secret-key").read_text()}
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
