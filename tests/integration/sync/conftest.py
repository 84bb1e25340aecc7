"""A small company in Leansoft and in the sandbox, connected as people connect."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.connections.domain.integration import redirect_uri
from leansoft.sync.show.status import outlook_status
from outlook_sandbox.testing import start_sandbox
from support.company import Company
from support.jobs import forget_jobs
from support.outlook import CLIENT_ID, SECRET, Sandbox, people
from support.sides import ANA, OLGA, in_step
from support.told import a_minute_passes


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    server = start_sandbox()
    yield server.url
    server.stop()


@pytest.fixture
def sandbox(sandbox_url: str, settings: Settings) -> Sandbox:
    settings.MICROSOFT_LOGIN_URL = sandbox_url
    settings.MICROSOFT_GRAPH_URL = f"{sandbox_url}/v1.0"
    sandbox = Sandbox(sandbox_url)
    sandbox.reset()
    sandbox.register_app(CLIENT_ID, SECRET, redirect_uri())
    return sandbox


@pytest.fixture
def company(sandbox: Sandbox, db: None) -> Company:
    return Company(sandbox)


@pytest.fixture
def tea_with_bob(company: Company, alice: User, bob: User) -> Event:
    """Alice's meeting with Bob, in step in both of their calendars."""
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email)
    company.sync(alice)
    company.sync(bob)
    event.refresh_from_db()
    return event


@pytest.fixture
def settled(company: Company, alice: User, bob: User) -> Company:
    """Alice's meetings, in step: made on either side, one with Bob, one to which Olga invited."""
    for address in (ANA, OLGA):
        company.sandbox.add_account(address)
    company.start(alice)
    company.start(bob)
    company.create(alice, "Made here", ANA)
    company.create(alice, "With Bob", bob.email)
    company.outlook(alice).create("Made there", attendees=people(ANA))
    company.sandbox.person(OLGA).create("From Olga", attendees=people(alice.email))
    in_step(company, alice, bob)
    return company


@pytest.fixture
def here(live_server: LiveServer, settings: Settings) -> Iterator[str]:
    """The address of a web server that Microsoft reaches."""
    settings.BASE_URL = live_server.url
    forget_jobs()
    yield live_server.url
    forget_jobs()


@pytest.fixture
def reachable(here: str, sandbox: Sandbox) -> Company:
    """The company, where Microsoft reaches it."""
    return Company(sandbox)


@pytest.fixture
def told(reachable: Company, alice: User) -> Company:
    """Alice's mailbox is in sync, and Microsoft tells of its changes."""
    reachable.start(alice)
    a_minute_passes()
    assert outlook_status(alice)["notifications"]
    return reachable
