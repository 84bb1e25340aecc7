"""Another Microsoft account takes the place of the connected one.

The old calendar is left as it is. Its events stay in Leansoft, and meet the new account in the
usual first sync, with its choices and its preview. A meeting that a colleague's mailbox shows goes
on through that one; it is not pushed to the new account.
"""

from django.db import transaction
from django.db.models import F

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.connections.domain.mailboxes import Connection, check_free, keep_connection
from leansoft.connections.models import Mailbox
from leansoft.sync.leave import orders
from leansoft.sync.models import EventLink


@transaction.atomic
def change_account(mailbox: Mailbox, connection: Connection) -> Mailbox:
    """Raises `ConnectFailed`."""
    user: User = mailbox.user
    check_free(user, connection)
    orders.disconnect(mailbox)
    links = EventLink.objects.filter(mailbox=mailbox)
    known = links.filter(remote_id__isnull=False).values("event")
    own = Event.objects.filter(
        pk__in=known, participants__user=user, participants__is_organizer=True
    )
    # What goes to the new account is new there, whatever the old one made of its name.
    own.update(incarnation=F("incarnation") + 1)
    links.delete()
    return keep_connection(user, connection)


def shared_events(mailbox: Mailbox) -> int:
    """How many events were kept the same with the connected account."""
    agreed = EventLink.objects.filter(mailbox=mailbox, base__isnull=False, event__isnull=False)
    return agreed.filter(state=EventLink.State.LIVE).count()
