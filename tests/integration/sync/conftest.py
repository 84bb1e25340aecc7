"""A small company in Leansoft and in the sandbox, connected as people connect."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.connections.domain.integration import redirect_uri
from outlook_sandbox.testing import start_sandbox
from support.company import CLIENT_ID, SECRET, Company
from support.outlook import Sandbox


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
