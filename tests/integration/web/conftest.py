"""Callers of the API, each with a token of their own, and a series that Alice organizes."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from support.api import Caller
from support.one_series import BOB


@pytest.fixture
def as_alice(alice: User) -> Caller:
    return Caller(alice)


@pytest.fixture
def as_bob(bob: User) -> Caller:
    return Caller(bob)


@pytest.fixture
def as_charlie(charlie: User) -> Caller:
    return Caller(charlie)


@pytest.fixture
def series(as_alice: Caller, bob: User) -> Any:
    return as_alice.event(rrule="FREQ=DAILY;COUNT=4", attendees=[BOB])
