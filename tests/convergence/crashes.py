"""Where a worker may die: before and after every request, and before everything it writes down."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

WRITES = re.compile(r"INSERT|UPDATE|DELETE|RELEASE")


class Crash(BaseException):
    """The worker is gone. No handler of errors sees it."""


class CrashPoints:
    """Counts the points that a round passes, and ends it at the one that was asked for."""

    def __init__(self) -> None:
        self._left: int | None = None
        self._died = False

    @contextmanager
    def crashing_at(self, number: int | None) -> Iterator[None]:
        before, self._left = self._left, number
        try:
            yield
        finally:
            self._forget_transaction()
            self._left, self._died = before, False

    def spared(self) -> "Any":
        """Other people's acts, which are no part of the round."""
        return self.crashing_at(None)

    def pass_by(self) -> None:
        if self._left is None:
            return
        self._left -= 1
        if self._left < 0:
            self._left, self._died = None, True
            raise Crash

    @contextmanager
    def watching_commits(self) -> Iterator[None]:
        with connection.execute_wrapper(self._execute):
            yield

    def _execute(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if self._left is not None and WRITES.match(sql):
            try:
                self.pass_by()
            except Crash:
                if sql.startswith("RELEASE"):
                    # In earnest, what was not committed is gone; here the savepoint would stay.
                    execute(sql.replace("RELEASE", "ROLLBACK TO", 1), params, many, context)
                raise
        self._forget_transaction()
        return execute(sql, params, many, context)

    def _forget_transaction(self) -> None:
        """When one of Django's own was under way: in earnest it would have ended with the worker;
        here it stands in that of the whole history."""
        if self._died and connection.needs_rollback:
            connection.needs_rollback = False
