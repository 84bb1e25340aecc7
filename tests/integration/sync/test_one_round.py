"""Only one round of a mailbox goes on at a time, whoever is at it."""

import pytest
from django.db import DatabaseError, connection, transaction

from leansoft.accounts.models import User
from leansoft.connections.models import Mailbox
from leansoft.sync.run import LOCK_SPACE, mailbox_lock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(alice: User) -> Mailbox:
    return Mailbox.objects.create(user=alice, account=alice.email)


def is_locked(mailbox: Mailbox) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"
            " AND classid = %s AND objid = %s)",
            [LOCK_SPACE, mailbox.pk],
        )
        (found,) = cursor.fetchone()
    return bool(found)


def test_a_round_lets_go_when_it_ends(mailbox: Mailbox) -> None:
    with mailbox_lock(mailbox):
        assert is_locked(mailbox)
    assert not is_locked(mailbox)


def test_what_was_read_in_a_transaction_is_committed_before_others_begin(mailbox: Mailbox) -> None:
    with transaction.atomic():
        with mailbox_lock(mailbox):
            pass
        assert is_locked(mailbox)
    assert not is_locked(mailbox)


def test_a_transaction_that_failed_lets_go_too(mailbox: Mailbox) -> None:
    failing = pytest.raises(DatabaseError, match="division")
    with failing, transaction.atomic(), mailbox_lock(mailbox), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert not is_locked(mailbox)
