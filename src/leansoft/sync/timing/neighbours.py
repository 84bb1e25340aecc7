"""The other mailboxes of the events that a round touched.

Whatever one person's round brings in raises the event's version, so that every other mailbox that
holds it has to be looked at before its owner reads "synced". Mostly there is nothing to do.
"""

from django.db.models import F

from leansoft.connections.models import Mailbox
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.state.load import Subject, load_in_turn
from leansoft.sync.state.rules import version_planned
from leansoft.sync.write.apply import plan_of


def mailboxes_to_tell(run: SyncRun) -> list[Mailbox]:
    """Those that have something to write because of this round; the others' links are settled."""
    touched = run.actions.filter(event__isnull=False).values("event")
    behind = EventLink.objects.filter(event__in=touched, intent__isnull=True, remote_changed=False)
    behind = behind.exclude(mailbox=run.mailbox).exclude(planned_version=F("event__version"))
    behind = behind.exclude(state=EventLink.State.APART)
    connected = Mailbox.objects.filter(status=Mailbox.Status.CONNECTED)
    return [
        mailbox
        for mailbox in connected.filter(links__in=behind).distinct().order_by("pk")
        if _has_to_write(mailbox, list(behind.filter(mailbox=mailbox).values_list("pk", flat=True)))
    ]


def _has_to_write(mailbox: Mailbox, link_ids: list[int]) -> bool:
    found = False
    for subject in load_in_turn(mailbox, link_ids):
        if plan_of(subject):
            found = True
        else:
            _settle(subject)
    return found


def _settle(subject: Subject) -> None:
    """Unless its own mailbox's round is at it."""
    links = EventLink.objects.filter(pk=subject.link.pk, intent__isnull=True, remote_changed=False)
    links.update(planned_version=version_planned(subject))
