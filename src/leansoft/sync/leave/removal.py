"""Takes events out of Leansoft, out of Outlook or out of both, because their owner starts over or
disconnects.

An event that leaves Outlook is put apart first, with the intent to take it out: whatever happens
then, no round takes its absence for a deletion. It ends without a link, and with a new incarnation,
so that it can go to Outlook again as new. An event that leaves Leansoft goes to the archive.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from leansoft.calendars.domain import events
from leansoft.calendars.domain.incoming import archive_incoming, put_away
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Response, Role
from leansoft.graph.calendar import Calendar
from leansoft.graph.errors import Conflict, NotFound, Refused, TransientError
from leansoft.reconcile.actions import (
    ArchiveHere,
    Cause,
    DeclineThere,
    DeleteThere,
    RemoveHere,
)
from leansoft.reconcile.snapshot import Presence
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.read.observe import ask
from leansoft.sync.state.load import Subject, load
from leansoft.sync.state.trees import is_here, remote_event
from leansoft.sync.write import journal
from leansoft.sync.write.here import Stale, hold

OURS = re.compile(r"[0-9a-f-]{36}:\d+")
"""What a create of ours leaves on an event: the row's key and the incarnation."""
MOST_TRIES = 3


class Existing(StrEnum):
    """What becomes of the events that both sides hold."""

    LEAVE = "leave"
    DELETE_OUTLOOK = "delete_outlook"
    DELETE_LEANSOFT = "delete_leansoft"
    DELETE_BOTH = "delete_both"

    @property
    def here(self) -> bool:
        return self in {Existing.DELETE_LEANSOFT, Existing.DELETE_BOTH}

    @property
    def there(self) -> bool:
        return self in {Existing.DELETE_OUTLOOK, Existing.DELETE_BOTH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What is to be done with one event."""

    there: DeleteThere | DeclineThere | None
    here: ArchiveHere | RemoveHere | None

    @property
    def actions(self) -> tuple[DeleteThere | DeclineThere | ArchiveHere | RemoveHere, ...]:
        return tuple(action for action in (self.there, self.here) if action is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which events go. `strangers`: only from the side that they are not at home in, so that each
    side keeps its own."""

    existing: Existing
    cause: Cause
    strangers: bool


def shared_links(mailbox: Mailbox) -> list[int]:
    """Keys of the links of events that both sides hold, or that are on their way out."""
    links = EventLink.objects.filter(mailbox=mailbox, event__isnull=False)
    live = links.filter(state=EventLink.State.LIVE, base__isnull=False, remote__here=True)
    begun = links.filter(reason=EventLink.Apart.TAKEN_OUT)
    return list((live | begun).order_by("pk").values_list("pk", flat=True))


def removal_of(subject: Subject, rule: Rule) -> Removal:
    begun = subject.link.reason == EventLink.Apart.TAKEN_OUT
    local = subject.triple.local
    if not begun and (local is None or local.presence is not Presence.HERE):
        # On its way out already, by the person's own act.
        return Removal(there=None, here=None)
    organizes = subject.triple.role is Role.ORGANIZER
    there: DeleteThere | DeclineThere | None = None
    here: ArchiveHere | RemoveHere | None = None
    if begun or (rule.existing.there and not (rule.strangers and not _made_by_us(subject))):
        there = (
            DeleteThere(cause=rule.cause)
            if organizes
            else DeclineThere(cause=rule.cause, send_response=False)
        )
    if rule.existing.here and not (rule.strangers and not _came_from_outlook(subject)):
        here = ArchiveHere(cause=rule.cause) if organizes else RemoveHere(cause=rule.cause)
    return Removal(there=there, here=here)


def remove(run: SyncRun, calendar: Calendar, link_id: int, rule: Rule, *, now: datetime) -> None:
    """Does it for one event; once more is as once.

    Raises the errors of `leansoft.graph.errors` that concern the mailbox rather than this event.
    """
    for _ in range(MOST_TRIES):
        subject = load(run.mailbox, link_id)
        removal = removal_of(subject, rule)
        try:
            if removal.there is not None:
                _take_out(run, calendar, subject, removal.there, now)
        except Stale:
            continue
        except Refused as refusal:
            _stay(subject.link, refusal)
            return
        if removal.actions:
            finish(subject, removal, run=run, now=now)
        return
    raise TransientError(f"Link {link_id} changes faster than it can be taken out.")


@transaction.atomic
def finish(
    subject: Subject, removal: Removal, *, run: SyncRun | None = None, now: datetime
) -> None:
    """What follows in Leansoft. Without a run nothing is written down: a preview."""
    link = subject.link
    event = events.lock(Event(pk=link.event_id))
    if removal.here is not None:
        if run is not None:
            journal.record(run, subject, removal.here)
        _take_off(event, subject, removal.here, now)
    if removal.there is not None:
        if link.intent is not None:
            journal.conclude(link, SyncAction.Outcome.DONE)
        if isinstance(removal.there, DeleteThere):
            event.incarnation += 1
            event.save(update_fields=["incarnation"])
    link.delete()


def end_half_done(mailbox: Mailbox) -> None:
    """Whoever leaves in the middle leaves no event half taken out: when it is still in Outlook
    after a return, it is found there."""
    for link in EventLink.objects.filter(mailbox=mailbox, reason=EventLink.Apart.TAKEN_OUT):
        subject = load(mailbox, link.pk)
        subject.link.intent = None
        organizes = subject.triple.role is Role.ORGANIZER
        cause = Cause.DISCONNECTED
        there = DeleteThere(cause=cause) if organizes else None
        finish(subject, Removal(there=there, here=None), now=link.created_at)


def _take_out(
    run: SyncRun,
    calendar: Calendar,
    subject: Subject,
    action: DeleteThere | DeclineThere,
    now: datetime,
) -> None:
    if subject.link.intent is None or subject.link.reason != EventLink.Apart.TAKEN_OUT:
        _announce(run, subject, action, now)
    if not is_here(subject.link):
        return
    seen = remote_event(subject.link)
    assert seen is not None
    try:
        if isinstance(action, DeleteThere):
            calendar.delete(seen.id, etag=seen.etag)
        else:
            calendar.respond(seen.id, Response.DECLINED, send_response=False)
    except NotFound:
        return
    except Conflict as conflict:
        # Its mails may be others now: look again, and write them down anew.
        _step_back(subject.link)
        ask(run.mailbox, calendar, seen.id)
        raise Stale from conflict


@transaction.atomic
def _announce(
    run: SyncRun, subject: Subject, action: DeleteThere | DeclineThere, now: datetime
) -> None:
    hold(subject)
    link = subject.link
    link.state, link.reason = EventLink.State.APART, EventLink.Apart.TAKEN_OUT
    link.intent = {
        "kind": type(action).__name__,
        "values": {},
        "transaction_id": f"{link.event_id}:{link.incarnation}",
        "at": now.isoformat(),
        "action": journal.announce(run, subject, action).pk,
    }
    link.save()


@transaction.atomic
def _step_back(link: EventLink) -> None:
    journal.withdraw(link)
    link.state, link.reason, link.intent = EventLink.State.LIVE, "", None
    link.save()


@transaction.atomic
def _stay(link: EventLink, refusal: Refused) -> None:
    """Outlook does not let it go: it stays on both sides, and the history says why."""
    journal.conclude(link, SyncAction.Outcome.REFUSED, refusal.sentence)
    link.state, link.reason, link.intent = EventLink.State.LIVE, "", None
    link.save()


def _take_off(
    event: Event, subject: Subject, action: ArchiveHere | RemoveHere, now: datetime
) -> None:
    if isinstance(action, ArchiveHere):
        archive_incoming(event, now=now)
        return
    person = event.participants.filter(user=subject.mailbox.user).first()
    if person is not None:
        put_away(event, person, now=now)


def _made_by_us(subject: Subject) -> bool:
    seen = remote_event(subject.link)
    if seen is None or not seen.is_organizer:
        return False
    return any(OURS.fullmatch(name) for name in (seen.marker, seen.transaction_id) if name)


def _came_from_outlook(subject: Subject) -> bool:
    """The sync made its row, and no other mailbox shows it."""
    event = subject.event
    assert event is not None
    others = event.links.filter(state=EventLink.State.LIVE, mailbox__status__in=Mailbox.HOME)
    if _made_by_us(subject) or others.exclude(mailbox=subject.mailbox).exists():
        return False
    made = event.journal.filter(
        side=SyncAction.Side.LEANSOFT, kind=SyncAction.Kind.CREATED, cause=Cause.NEW_THERE
    )
    return made.exists()
