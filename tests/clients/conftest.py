from collections.abc import Iterator

import pytest

from clients.microsoft import Microsoft
from clients.secure import SecureSandbox, secure_sandbox
from clients.subscriber import Subscriber, subscribing
from sandbox.ledger import watch
from support.outlook import Sandbox


def pytest_configure(config: pytest.Config) -> None:
    watch(config)


@pytest.fixture(scope="session")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureSandbox]:
    with secure_sandbox(tmp_path_factory.mktemp("tls")) as running:
        yield running


@pytest.fixture
def microsoft(secure: SecureSandbox, monkeypatch: pytest.MonkeyPatch) -> Microsoft:
    found = Microsoft(
        url=secure.url, certificate=secure.certificate, sandbox=Sandbox(secure.plain_url)
    )
    for name, value in found.trust().items():
        monkeypatch.setenv(name, value)
    found.prepare()
    return found


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    with subscribing() as found:
        yield found
