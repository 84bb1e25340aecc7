import pytest

from sandbox.world import Person, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ana(world: World) -> Person:
    return world.person("ana@contoso.com")


@pytest.fixture
def bo(world: World) -> Person:
    return world.person("bo@contoso.com")
