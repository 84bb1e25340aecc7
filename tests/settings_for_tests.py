"""Leansoft's settings on a PostgreSQL of the tests' own, in a folder that goes away with them."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from leansoft.kit.postgres import EmbeddedPostgres


def _start_database() -> None:
    """Starts it once: the workers of a parallel run inherit the address."""
    folder = Path(tempfile.mkdtemp(prefix="leansoft-tests-"))
    postgres = EmbeddedPostgres(folder)
    os.environ["LEANSOFT_DATA_DIR"] = str(folder)
    os.environ["LEANSOFT_DATABASE_URL"] = postgres.start()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(postgres.release)


if "LEANSOFT_DATABASE_URL" not in os.environ:
    _start_database()
os.environ.setdefault("LEANSOFT_SECRET_KEY", "only-for-tests")

from leansoft.settings import *  # noqa: E402, F403 (the address has to be known before)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
