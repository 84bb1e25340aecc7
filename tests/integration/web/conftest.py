"""Callers of the API, each with a token of their own."""

import pytest

from leansoft.accounts.models import User
from support.api import Caller


@pytest.fixture
def as_alice(alice: User) -> Caller:
    return Caller(alice)


@pytest.fixture
def as_bob(bob: User) -> Caller:
    return Caller(bob)


@pytest.fixture
def as_charlie(charlie: User) -> Caller:
    return Caller(charlie)
