"""Where an event's content lives, and the moves of that home.

It lives in the organizer's mailbox. Only another organizer, connecting, disconnecting or the loss
of the witness copy moves it, never an expired token or a pause; each move raises the event's epoch,
so that content bases from before are void and Outlook's value comes in.
"""

from django.db import transaction

from leansoft.calendars.domain import events
from leansoft.calendars.domain.incoming import (
    change_organizer,
    go_on,
    has_ended_with_a_copy,
    lock_content,
    unlock_content,
)
from leansoft.calendars.domain.incoming_dates import forget_dates
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Role
from leansoft.graph.codec import RemoteEvent
from leansoft.sync.models import EventLink
from leansoft.sync.read.fold import learn_uid
from leansoft.sync.read.match import names_organizer
from leansoft.sync.state.dates import keep_own_base
from leansoft.sync.state.load import Subject, load
from leansoft.sync.state.projection import witness_of
from leansoft.sync.state.trees import is_here, remote_event


def home_moves(subject: Subject) -> bool:
    """Whether this copy shows that the home has to move.

    The organizer's own copy takes it back. An attendee's copy of a meeting whose organizer is not
    connected makes the content Outlook's: it comes in through a witness.
    """
    event = subject.event
    if event is None or subject.link.date is not None or not is_here(subject.link):
        return False
    if _organizer_changes(subject, event):
        return True
    if subject.triple.role is Role.ORGANIZER:
        return event.locked
    if has_ended_with_a_copy(event):
        return True
    return not event.locked and not _organizer_is_connected(event)


def settle_home(subject: Subject) -> Subject:
    """Moves the home when it has to; answers the subject as it is then."""
    event = subject.event
    if event is None or not home_moves(subject):
        return subject
    if _organizer_changes(subject, event):
        _follow_organizer(subject, event)
        return settle_home(load(subject.mailbox, subject.link.pk))
    if subject.triple.role is Role.ORGANIZER:
        take_home(subject.link, event)
    elif has_ended_with_a_copy(event):
        go_on(event)
    else:
        move_home(event, locked=True)
    return load(subject.mailbox, subject.link.pk)


def _organizer_changes(subject: Subject, event: Event) -> bool:
    """Whether this copy knows better who organizes the event: an administrator may have handed it
    to somebody else, and somebody with two accounts may invite the one that is connected.

    Of oneself the own copy speaks, and the latest of two. Of others a witness does, as long as the
    organizer whom we know holds no copy that says otherwise.
    """
    seen = remote_event(subject.link)
    assert seen is not None
    if subject.triple.role is Role.ORGANIZER:
        return not seen.is_organizer
    if not seen.organizer["email"] or names_organizer(subject.mailbox, seen, event):
        return False
    if seen.is_organizer:
        return _claims_later(seen, _claim(event))
    return witness_of(event) == subject.link.mailbox_id and _claim(event) is None


def _claim(event: Event) -> RemoteEvent | None:
    """The copy of the organizer whom we know, if it is their own."""
    if event.organizer.user_id is None:
        return None
    links = EventLink.objects.filter(
        event=event,
        date=None,
        mailbox__user=event.organizer.user_id,
        mailbox__status__in=Mailbox.HOME,
        remote__here=True,
        remote__event__is_organizer=True,
    )
    own = links.first()
    return remote_event(own) if own is not None else None


def _claims_later(seen: RemoteEvent, rival: RemoteEvent | None) -> bool:
    if rival is None:
        return True
    one, other = seen.modified_at, rival.modified_at
    return one is not None and other is not None and one > other


@transaction.atomic
def _follow_organizer(subject: Subject, event: Event) -> None:
    """Two rows may turn out to be one meeting by it: then the link goes to the older one."""
    seen = remote_event(subject.link)
    assert seen is not None
    mailbox = subject.mailbox
    changed = change_organizer(
        event,
        seen.organizer,
        copy_of=mailbox.user,
        account=mailbox.account,
        is_own=seen.is_organizer,
    )
    keep_own_base(subject.link)
    EventLink.objects.filter(pk=subject.link.pk).update(base_dates=subject.link.base_dates)
    learn_uid(changed, seen.ical_uid)


@transaction.atomic
def take_home(link: EventLink, event: Event) -> None:
    """The organizer's own copy is the home again: what it says of single dates comes in too."""
    move_home(event, locked=False)
    if event.is_series:
        forget_dates(events.lock(event))
        keep_own_base(link)
        EventLink.objects.filter(pk=link.pk).update(base_dates=link.base_dates)


def leave_homes(mailbox: Mailbox) -> None:
    """The mailbox is disconnected: content that lived there, or came through it, moves on."""
    for link in EventLink.objects.filter(mailbox=mailbox, state=EventLink.State.LIVE):
        if link.event_id is None:
            continue
        with transaction.atomic():
            event = events.lock(Event(pk=link.event_id))
            if event.locked:
                lock_content(event)
            elif _is_copied_elsewhere(event, mailbox):
                _leave_home(event)


@transaction.atomic
def move_home(event: Event, *, locked: bool) -> None:
    current = events.lock(event)
    if current.locked == locked:
        return
    if locked:
        _leave_home(current)
    else:
        unlock_content(current)


def _leave_home(event: Event) -> None:
    """What its organizer did here last, and Outlook had still to be told, reaches it no more: a
    meeting that they ended goes on, as it does for everybody who has a copy."""
    lock_content(go_on(event) if _end_waits(event) else event)


def _end_waits(event: Event) -> bool:
    own = event.links.filter(mailbox__user=event.organizer.user_id, state=EventLink.State.LIVE)
    return event.is_archived and own.filter(remote__here=True).exists()


def _is_copied_elsewhere(event: Event, mailbox: Mailbox) -> bool:
    if event.organizer.user_id != mailbox.user_id:
        return False
    copies = event.links.filter(state=EventLink.State.LIVE, date=None)
    others = copies.filter(mailbox__status__in=Mailbox.HOME)
    return others.exclude(mailbox=mailbox).exists()


def _organizer_is_connected(event: Event) -> bool:
    user = event.organizer.user
    return user is not None and Mailbox.objects.filter(user=user, status__in=Mailbox.HOME).exists()
