import pytest

from sandbox.ledger import watch
from sandbox.world import Person, World

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
