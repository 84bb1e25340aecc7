"""Takes in what Microsoft posted: checks that it is genuine, and lets workers do the rest.

Only the secret is trusted. What does not carry it is dropped without a word, so that nobody learns
which subscriptions exist; what is for a mailbox that is not kept in sync now is seen when it is.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils.crypto import constant_time_compare

from leansoft.connections.models import Mailbox, Subscription
from leansoft.graph.notifications import Notification
from leansoft.sync.models import SyncRun
from leansoft.sync.tasks import heed_later, sync_mailbox_later
from leansoft.sync.timing.subscriptions import digest

LONGEST_WAIT = "2s"
"""Microsoft counts an answer after three seconds as none (notifications.md §5)."""


@transaction.atomic
def receive(notifications: Iterable[Notification]) -> None:
    """Once this returns, everything genuine will be acted on, whatever happens to this process.

    Raises Django's `DatabaseError` when the database is down, or takes too long.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [LONGEST_WAIT])
    items = list(notifications)
    ids = {item.subscription_id for item in items}
    rows = Subscription.objects.filter(remote_id__in=ids).select_related("mailbox")
    # In one order everywhere, so that two posts never wait for each other.
    for row in rows.order_by("mailbox_id"):
        genuine = [item for item in items if _is_genuine(item, row)]
        for lifecycle in {item.lifecycle for item in genuine if item.lifecycle}:
            heed_later(row, lifecycle)
        told = any(item.lifecycle is None for item in genuine)
        if told and row.mailbox.status == Mailbox.Status.CONNECTED:
            sync_mailbox_later(row.mailbox, SyncRun.Cause.NOTIFICATION)


def _is_genuine(item: Notification, row: Subscription) -> bool:
    same = constant_time_compare(digest(item.client_state), row.secret_digest)
    return same and item.subscription_id == row.remote_id
