from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.real import SANDBOX_ONLY, TOKEN, RealPerson
from sandbox.ledger import watch
from sandbox.world import Person, World


def pytest_configure(config: pytest.Config) -> None:
    watch(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With the real Graph, tests that need the sandbox's controls do not take part."""
    if TOKEN is None:
        return
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    needy = [i for i in here if SANDBOX_ONLY & set(getattr(i, "fixturenames", ()))]
    items[:] = [item for item in items if item not in needy]
    config.hook.pytest_deselected(items=needy)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ana(request: pytest.FixtureRequest) -> Iterator[Person]:
    """The person who asks: of the sandbox, or the owner of the token."""
    if TOKEN is None:
        world: World = request.getfixturevalue("world")
        yield world.person("ana@contoso.com")
        return
    person = RealPerson(TOKEN)
    yield person
    person.clean_up()


@pytest.fixture
def bo(world: World) -> Person:
    return world.person("bo@contoso.com")
