"""Virtual time, Leansoft and the sandbox in one process, and the book of what people did."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from unittest import mock

import httpx
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from convergence.book import Act, Book, Kind, Side
from convergence.crashes import CrashPoints
from convergence.memory import Memory
from convergence.outlook import SANDBOX_URL, InProcess, Outlook, Road
from convergence.scribe import writing_down
from convergence.steps import OLGA, USERS
from leansoft.accounts.domain.users import create_user
from leansoft.accounts.models import User
from leansoft.connections.domain.integration import redirect_uri, save_integration
from leansoft.connections.microsoft import reached_through
from leansoft.graph.client import Transport
from leansoft.kit import clock
from outlook_sandbox import graph
from outlook_sandbox.app import Application, create_app
from outlook_sandbox.sandbox import Sandbox
from outlook_sandbox.subscriptions import delivery
from support.outlook import CLIENT_ID, SECRET

BEGIN = datetime(2030, 1, 7, 9, tzinfo=UTC)
TICK = timedelta(milliseconds=1)


def nothing(request: httpx.Request) -> None:
    pass


@dataclass(slots=True)
class World:
    random_seed: int
    sandbox: Sandbox
    application: Application
    points: CrashPoints
    skew: timedelta
    moment: datetime = BEGIN
    book: Book = field(default_factory=Book)
    story: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    syncing: list[str] = field(default_factory=list)
    """Whose rounds are going on, one within another."""
    before_request: Callable[[httpx.Request], None] = nothing
    """What happens just before the next request of Leansoft's."""
    memory: Memory = field(default_factory=Memory)

    def tell(self, line: str) -> None:
        self.story.append(line)

    def wait(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds) + TICK
        self.sandbox.state.clock.frozen_at = self.moment

    def time_here(self) -> datetime:
        """Leansoft's clock, which may be wrong. No two looks at it are at one moment."""
        self.wait(0)
        return self.moment + self.skew

    def user(self, email: str) -> User:
        return User.objects.get(email=email)

    def outlook(self, email: str) -> Outlook:
        return Outlook(self, email)

    def did(self, kind: Kind, side: Side, label: str, by: str, **what: Any) -> None:
        act = Act(kind=kind, side=side, label=label, by=by, at=self.moment, **what)
        self.book.acts.append(act)


@cache
def _application() -> Application:
    """One for the process: making its signing key takes longer than a history."""
    return create_app(Sandbox(seed=1))


@contextmanager
def new_world(seed: int) -> Iterator[World]:
    """Its database is a transaction that is taken back in the end; what the program commits is a
    savepoint in it. A crash undoes what had not been committed, as it would in earnest."""
    application = _application()
    sandbox = application.sandbox
    sandbox.reset()
    sandbox.random.seed, sandbox.random.drawn = seed, 0
    sandbox.state.mailboxes, sandbox.state.mail = {}, []
    skew = timedelta(seconds=Random(seed).choice([0, 0, 0, 90, -90]))
    world = World(seed, sandbox, application, CrashPoints(), skew)
    world.wait(0)
    octets = Random(seed)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(os, "urandom", octets.randbytes))
        stack.enter_context(mock.patch.object(timezone, "now", world.time_here))
        stack.enter_context(clock.told_by(world.time_here))
        stack.enter_context(reached_through(Transport(InProcess(world))))
        urls = {"MICROSOFT_LOGIN_URL": SANDBOX_URL, "MICROSOFT_GRAPH_URL": f"{SANDBOX_URL}/v1.0"}
        stack.enter_context(override_settings(**urls))
        stack.enter_context(mock.patch.object(delivery, "_OPENER", Road()))
        stack.enter_context(mock.patch.object(graph, "serve", writing_down(world)))
        stack.enter_context(transaction.atomic())
        stack.enter_context(world.points.watching_commits())
        _people_move_in(world)
        yield world
        transaction.set_rollback(True)


def _people_move_in(world: World) -> None:
    outlook = world.outlook(OLGA)
    app = {"client_id": CLIENT_ID, "client_secret": SECRET, "redirect_uris": [redirect_uri()]}
    outlook.control("POST", "apps", app)
    save_integration(enabled=True, client_id=CLIENT_ID, client_secret=SECRET)
    for email in (*USERS, OLGA):
        outlook.control("POST", "accounts", {"email": email, "name": email.partition("@")[0]})
    for email in USERS:
        name = email.partition("@")[0].title()
        create_user(email=email, name=name, password="correct horse battery")
