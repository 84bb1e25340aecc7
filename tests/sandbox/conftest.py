from typing import Any

import pytest

from sandbox.ledger import watch
from sandbox.world import Person, World, event

ANA, BO, CHI, OUT = "ana@contoso.com", "bo@contoso.com", "chi@contoso.com", "out@example.org"


def pytest_configure(config: pytest.Config) -> None:
    watch(config)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ana(world: World) -> Person:
    return world.person(ANA)


@pytest.fixture
def bo(world: World) -> Person:
    return world.person(BO)


@pytest.fixture
def chi(world: World) -> Person:
    return world.person(CHI)


@pytest.fixture
def meeting(ana: Person, bo: Person, chi: Person, world: World) -> Any:
    """Ana's meeting with Bo, Chi and somebody outside; its invitations are forgotten."""
    made = ana.create(event("Planning", BO, CHI, OUT))
    world.forget_mail()
    return made
