"""A sandbox over HTTP that plays Microsoft."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from pytest_django.fixtures import Settings

from integration.connections.microsoft import CLIENT_ID, SECRET, Connect, accept
from leansoft.accounts.models import User
from leansoft.connections.domain.connect import begin_connect, complete_connect
from leansoft.connections.domain.integration import redirect_uri, save_integration
from leansoft.connections.models import Mailbox
from outlook_sandbox.testing import start_sandbox
from support.outlook import Sandbox


@pytest.fixture(scope="session")
def microsoft_url() -> Iterator[str]:
    with start_sandbox() as running:
        yield running.url


@pytest.fixture
def microsoft(microsoft_url: str, settings: Settings) -> Sandbox:
    """An empty Microsoft that knows Leansoft's application."""
    settings.MICROSOFT_LOGIN_URL = microsoft_url
    settings.MICROSOFT_GRAPH_URL = f"{microsoft_url}/v1.0"
    microsoft = Sandbox(microsoft_url)
    microsoft.reset()
    microsoft.register_app(CLIENT_ID, SECRET, redirect_uri())
    return microsoft


@pytest.fixture
def integration(microsoft: Sandbox, db: None) -> None:
    save_integration(enabled=True, client_id=CLIENT_ID, client_secret=SECRET)


@pytest.fixture
def session(db: None) -> SessionBase:
    return SessionStore()


@pytest.fixture
def connect(microsoft: Sandbox, integration: None, session: SessionBase) -> Connect:
    def connect(user: User, email: str) -> Mailbox:
        microsoft.add_account(email)
        params = accept(begin_connect(session, user), email)
        return complete_connect(session, user, params)

    return connect
