"""The first sync's choices about events that were here before Outlook was connected.

They are carried out on our own rows, before anything is planned: an event that is to stay is put
apart, a meeting that is to go quietly names its people in the description and sends Outlook none.
"""

from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef

from leansoft.calendars.domain.incoming import silence
from leansoft.calendars.models import Channel, Event, Participant
from leansoft.connections.models import Mailbox
from leansoft.sync.models import EventLink
from leansoft.sync.state.trees import remote_event

KEPT_LOCAL = {"state": EventLink.State.APART, "reason": EventLink.Apart.KEPT_LOCAL}


class Existing(StrEnum):
    PUSH = "push"
    """Existing events go to Outlook."""
    PUSH_COMING = "push_coming"
    """They do, but for those that are over: these stay in Leansoft only."""
    KEEP_LOCAL = "keep_local"
    """They stay in Leansoft only; new ones are synced."""
    NEW_ONLY = "new_only"
    """After a new start: what either side holds already stays as it is; new ones are synced."""


class Invitations(StrEnum):
    SEND = "send"
    """Outlook invites the people on them, except to what is already over."""
    QUIET = "quiet"
    """Outlook mails nobody: people are named in the description."""


class Past(StrEnum):
    """What becomes of existing events that are over at the first sync. They never mail anybody."""

    QUIET = "quiet"
    """They go to Outlook like the others, but quietly."""
    KEEP_LOCAL = "keep_local"
    """They stay in Leansoft only."""


def with_past(existing: Existing, past: Past) -> Existing:
    """Both choices in one, as the mailbox keeps them."""
    stays = existing is Existing.PUSH and past is Past.KEEP_LOCAL
    return Existing.PUSH_COMING if stays else existing


def apply_choices(mailbox: Mailbox, *, now: datetime) -> None:
    """For every event of this organizer that Outlook does not hold yet. Twice is as once."""
    if mailbox.existing in {Existing.PUSH, Existing.PUSH_COMING}:
        # Kept here at an earlier connection; this one decides anew.
        choices = [EventLink.Apart.KEPT_LOCAL, EventLink.Apart.NEW_ONLY]
        kept = EventLink.objects.filter(mailbox=mailbox, reason__in=choices)
        kept.update(state=EventLink.State.LIVE, reason="")
    start = mailbox.started_at or now
    if mailbox.existing == Existing.NEW_ONLY:
        _keep_apart(mailbox, start)
        return
    waiting = EventLink.objects.filter(
        mailbox=mailbox,
        remote_id__isnull=True,
        intent__isnull=True,
        event__isnull=False,
        event__created_at__lte=start,
        state=EventLink.State.LIVE,
    )
    if mailbox.existing == Existing.KEEP_LOCAL:
        waiting.update(**KEPT_LOCAL)
        return
    over = waiting.filter(event__span_ends_at__lte=start)
    if mailbox.existing == Existing.PUSH_COMING:
        over.update(**KEPT_LOCAL)
    quiet = waiting if mailbox.invitations == Invitations.QUIET else over
    for link in quiet.filter(Exists(INVITED)).select_related("event"):
        assert link.event is not None
        _go_quietly(link.event)


def _keep_apart(mailbox: Mailbox, start: datetime) -> None:
    """Everything that both sides have not agreed on, and that was there at the start."""
    links = EventLink.objects.filter(
        mailbox=mailbox, state=EventLink.State.LIVE, base__isnull=True, intent__isnull=True
    )
    for link in links.select_related("event").iterator():
        if _is_older(link, mailbox, start):
            link.state, link.reason = EventLink.State.APART, EventLink.Apart.NEW_ONLY
            link.save(update_fields=["state", "reason"])


def _is_older(link: EventLink, mailbox: Mailbox, start: datetime) -> bool:
    seen = remote_event(link)
    if seen is None:
        return link.event is not None and link.event.created_at <= start
    # Without an age it was there: what is kept apart by mistake is changed on neither side.
    return seen.created_at is None or seen.created_at <= mailbox.theirs(start)


INVITED = Participant.objects.filter(
    event=OuterRef("event"), channel=Channel.OUTLOOK, is_organizer=False
)


def _go_quietly(event: Event) -> None:
    invited = event.participants.filter(channel=Channel.OUTLOOK, is_organizer=False)
    emails = {email for email in invited.values_list("email", flat=True) if email}
    if emails:
        silence(event, emails)
