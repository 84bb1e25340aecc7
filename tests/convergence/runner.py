"""Django with a database of its own, for simulations outside of pytest."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings


def prepare() -> None:
    """Starts PostgreSQL, once for this process and its children."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings_for_tests"
    os.environ.pop("LEANSOFT_DATABASE_URL", None)
    django.setup()


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """An empty database of this name, with everything migrated."""
    from django.test import utils  # noqa: PLC0415 (needs Django)

    settings.DATABASES["default"]["TEST"]["NAME"] = name
    utils.setup_test_environment()
    made = utils.setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        utils.teardown_databases(made, verbosity=0)
        utils.teardown_test_environment()
