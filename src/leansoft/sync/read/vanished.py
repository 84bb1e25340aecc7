"""Meetings that ended before their organizer's own mailbox was read.

A colleague's copy brought such a meeting in. When that is cancelled, and no other copy is here, it
is over for everybody, whether its organizer ever connects or not. When the copy went another way,
or is out of reach, it ends here once the organizer's mailbox is read in full and does not hold it.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from leansoft.calendars.domain.incoming import archive_incoming
from leansoft.calendars.models import Event, Participant
from leansoft.connections.models import Mailbox
from leansoft.reconcile.actions import Cause
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.state.trees import remote_event


def ends_with(link: EventLink, event: Event) -> bool:
    """Whether this copy, which is gone, was the last of the meeting, and shows it as cancelled.

    Outlook tells somebody who is taken off in the same words; then the next copy that comes, be it
    the organizer's own, brings the meeting back.
    """
    seen = remote_event(link)
    if not event.locked or seen is None or not seen.is_cancelled:
        return False
    copies = EventLink.objects.filter(event=event, date=None, remote__here=True)
    return not copies.filter(mailbox__status__in=Mailbox.HOME).exclude(pk=link.pk).exists()


def archive_vanished(run: SyncRun, *, now: datetime) -> None:
    for event in _vanished(run.mailbox):
        with transaction.atomic():
            archive_incoming(event, now=now)
            SyncAction.objects.create(
                run=run,
                event=event,
                subject=event.subject,
                side=SyncAction.Side.LEANSOFT,
                kind=SyncAction.Kind.DELETED,
                cause=Cause.DELETED_THERE,
            )


def _vanished(mailbox: Mailbox) -> list[Event]:
    """As long as somebody's copy is here, the organizer may keep theirs where we do not look; if
    the organizer's own appears later, it brings the meeting back."""
    copies = EventLink.objects.filter(event=OuterRef("pk"))
    read = copies.filter(mailbox__status__in=Mailbox.HOME)
    here = read.filter(remote__here=True)
    organizes = Participant.objects.filter(
        event=OuterRef("pk"), user=mailbox.user, is_organizer=True
    )
    events = Event.objects.filter(
        Exists(organizes),
        Exists(copies),
        ~Exists(copies.filter(mailbox=mailbox)),
        ~Exists(here),
        locked=True,
        archived_at__isnull=True,
    )
    return [
        event
        for event in events.order_by("created_at", "pk")
        if not _is_held(mailbox, event.ical_uids)
    ]


def _is_held(mailbox: Mailbox, ical_uids: list[str]) -> bool:
    """Whether a copy is here that has not joined its row yet."""
    strangers = EventLink.objects.filter(mailbox=mailbox, event=None, remote__here=True)
    return strangers.filter(remote__event__ical_uid__in=ical_uids).exists()
