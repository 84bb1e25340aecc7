"""What many tests stand on: people by their part. Alice owns, Bob attends, Charlie is outside."""

import pytest
from hypothesis import settings as hypothesis_settings

from leansoft.accounts.domain.users import create_user
from leansoft.accounts.models import User

hypothesis_settings.register_profile("leansoft", deadline=None, print_blob=True)
hypothesis_settings.load_profile("leansoft")

PASSWORD = "correct horse battery"


@pytest.fixture
def alice(db: None) -> User:
    return create_user(email="alice@example.com", name="Alice Adams", password=PASSWORD)


@pytest.fixture
def bob(db: None) -> User:
    return create_user(email="bob@example.com", name="Bob Brown", password=PASSWORD)


@pytest.fixture
def charlie(db: None) -> User:
    return create_user(email="charlie@example.com", name="Charlie Cole", password=PASSWORD)


@pytest.fixture
def admin(db: None) -> User:
    return create_user(
        email="admin@example.com", name="Ada Admin", password=PASSWORD, administrator=True
    )
