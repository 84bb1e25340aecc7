"""Gathers the triples that may differ: the database in, pure snapshots out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from django.db.models import (
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    prefetch_related_objects,
)

from leansoft.calendars.domain.dates import has_date
from leansoft.calendars.models import Event, Participant
from leansoft.calendars.occurrences import event_on
from leansoft.calendars.values import when_value
from leansoft.connections.models import Mailbox
from leansoft.events.fields import PERSONAL, Field, Role
from leansoft.events.normalise import same_dates
from leansoft.kit.shares import shares
from leansoft.reconcile.snapshot import DateTriple, Local, Presence, Remote, Triple
from leansoft.sync.models import EventLink
from leansoft.sync.state.dates import SeriesView, triples_of_dates
from leansoft.sync.state.projection import (
    FIELDS,
    LINKS,
    guest_local,
    local_of,
    removal_waits,
    role_of,
    tally,
)
from leansoft.sync.state.trees import base_of, is_here, remote_event, remote_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one plan is about: the rows it was read from, and the triple."""

    mailbox: Mailbox
    link: EventLink
    event: Event | None
    person: Participant | None
    triple: Triple

    @property
    def version(self) -> int:
        return self.event.version if self.event else 0


def links_to_plan(mailbox: Mailbox) -> Iterator[int]:
    """Keys of the links where either tree may have changed, oldest first."""
    apart = Q(state=EventLink.State.APART) & ~taken_off_elsewhere(mailbox)
    links = EventLink.objects.filter(mailbox=mailbox).exclude(apart)
    changed_here = Q(event__isnull=False) & ~Q(planned_version=F("event__version"))
    row_removed = Q(event__isnull=True, base__isnull=False) & ~Q(state=EventLink.State.GONE)
    waiting = Q(remote_changed=True) | Q(intent__isnull=False)
    keys = links.filter(changed_here | row_removed | waiting).order_by("pk")
    yield from keys.values_list("pk", flat=True)


def taken_off_elsewhere(mailbox: Mailbox) -> Q:
    """Links of what is in another calendar of the mailbox, where its owner took it off: that goes
    there too, since an id is good for all of them (operations.md §1)."""
    ended = Q(is_organizer=True, event__archived_at__isnull=False)
    left = Q(is_organizer=False, removed_at__isnull=False)
    person = Participant.objects.filter(event=OuterRef("event"), user=mailbox.user)
    removed_for_good = Q(event__isnull=True, remote__event__is_organizer=True)
    return kept_elsewhere() & (Q(Exists(person.filter(ended | left))) | removed_for_good)


def kept_elsewhere() -> Q:
    """Links of what was in step before its owner moved it to another calendar of the mailbox."""
    return Q(reason=EventLink.Apart.ELSEWHERE, base__isnull=False, remote__here=True)


def new_there(mailbox: Mailbox, *, among: Sequence[int] | None = None) -> set[int]:
    """Keys of the links to copies that have no row yet: all that can be planned for them is that
    they come in."""
    links = EventLink.objects.filter(mailbox=mailbox, state=EventLink.State.LIVE)
    if among is not None:
        links = links.filter(pk__in=among)
    new = links.filter(event__isnull=True, base__isnull=True, intent__isnull=True)
    return set(new.values_list("pk", flat=True))


def has_unlinked(mailbox: Mailbox) -> bool:
    """Whether this user organizes events that the mailbox has no link to."""
    return _unlinked(mailbox).exists()


def link_new_events(mailbox: Mailbox) -> None:
    """Gives every event that this user organizes a link, so that the plan sees it."""
    # A locked event is in Outlook already: it was seen through a colleague's copy.
    events = Event.objects.filter(pk__in=_unlinked(mailbox).values("event"), locked=False)
    EventLink.objects.bulk_create(
        EventLink(mailbox=mailbox, event_id=key)
        for key in events.order_by("created_at", "pk").values_list("pk", flat=True)
    )


def _unlinked(mailbox: Mailbox) -> QuerySet[Participant]:
    """The user's part in events of theirs that the mailbox has no link to."""
    organized = Participant.objects.filter(user=mailbox.user, is_organizer=True)
    linked = EventLink.objects.filter(mailbox=mailbox, event__isnull=False)
    # By a list and not one by one: PostgreSQL, which takes a new mailbox for an empty one, would
    # go through all of its links for each event.
    return organized.filter(event__archived_at__isnull=True).exclude(
        event__in=linked.values("event")
    )


def load(mailbox: Mailbox, link_id: int) -> Subject:
    """The triple of one link, freshly read. Raises `EventLink.DoesNotExist`."""
    for subject in load_many(mailbox, [link_id]):
        return subject
    raise EventLink.DoesNotExist


def load_in_turn(mailbox: Mailbox, link_ids: Iterable[int]) -> Iterator[Subject]:
    """The triples of many links, of which only some are in memory at a time."""
    for some in shares(link_ids):
        yield from load_many(mailbox, some)


def load_many(mailbox: Mailbox, link_ids: Sequence[int]) -> list[Subject]:
    """The triples of these links, in their order, without those that are no more."""
    links = EventLink.objects.select_related("event").prefetch_related(
        Prefetch("event__participants", Participant.objects.select_related("user")),
        Prefetch("event__links", queryset=LINKS.queryset),
    )
    found = links.in_bulk(link_ids)
    series = [link.event for link in found.values() if link.event and link.event.is_series]
    prefetch_related_objects(series, "overrides", "participants__overrides")
    return [subject_of(mailbox, found[key]) for key in link_ids if key in found]


def subject_of(mailbox: Mailbox, link: EventLink) -> Subject:
    """What the link, as it is in memory, is about."""
    link.mailbox = mailbox
    if link.event is not None and link.date is not None:
        return _subject_of_guest(mailbox, link, link.event, link.date)
    event = link.event
    person = _person(event, mailbox)
    role = role_of(link, event, person)
    is_new = event is not None and (_starts_over(link, event) or _never_ours(link))
    known = EventLink(mailbox=mailbox) if is_new else link
    base, remote = base_of(known), remote_of(known, FIELDS[role])
    local = None
    if event is not None:
        local = local_of(event, person, role, skew_seconds=mailbox.clock_skew_seconds)
        remote = _with_tally_of_others(remote, event)
        if person is None and _is_unexplained(link, event) and not removal_waits(event, mailbox):
            # A copy that came through a group, or was forwarded: this person takes part too.
            local = replace(local, presence=Presence.HERE, values={})
        local = replace(local, fresh=_fresh(link, local))
    triple = Triple(
        role=role,
        local=local,
        remote=remote,
        base=base,
        projected=FIELDS[role],
        dates=_dates(known, event, person, role) if event is not None else {},
    )
    return Subject(mailbox=mailbox, link=link, event=event, person=person, triple=triple)


def _subject_of_guest(mailbox: Mailbox, link: EventLink, series: Event, day: date) -> Subject:
    """Somebody who is invited to one date of a series alone: a single event in their calendar."""
    local = Local(presence=Presence.WITHDRAWN, values={})
    person = _person(series, mailbox)
    if _is_guest_on(link, series, day):
        shown = event_on(series, day)
        skew = mailbox.clock_skew_seconds
        local = guest_local(shown, _person(shown, mailbox), person, day, skew_seconds=skew)
        local = replace(local, fresh=_fresh(link, local))
    triple = Triple(
        role=Role.ATTENDEE,
        local=local,
        remote=remote_of(link, PERSONAL),
        base=base_of(link),
        projected=PERSONAL,
    )
    return Subject(mailbox=mailbox, link=link, event=series, person=person, triple=triple)


def _is_guest_on(link: EventLink, series: Event, day: date) -> bool:
    """Not when the date is no more, or the invitation to the whole series has taken its place."""
    if not has_date(series, day):
        return False
    whole = EventLink.objects.filter(mailbox=link.mailbox, event=series, date=None)
    return not any(is_here(other) for other in whole)


def _fresh(link: EventLink, local: Local) -> frozenset[Field]:
    """See `Local.fresh`. A later life of the copy knows only an answer of what was said before."""
    if link.base is not None or link.incarnation:
        return frozenset()
    seen_at = link.created_at - timedelta(seconds=link.mailbox.clock_skew_seconds)
    own = PERSONAL & local.values.keys() - {Field.RESPONSE}
    return frozenset(field for field in own if local.edited_at.get(field, seen_at) > seen_at)


def _dates(
    link: EventLink, event: Event, person: Participant | None, role: Role
) -> dict[date, DateTriple]:
    """Nothing below a rule that one side does not have yet."""
    if not event.is_series:
        return {}
    seen = remote_event(link)
    if seen is not None:
        shown = seen.values.get(Field.WHEN, {})
        if not shown.get("rrule"):
            return {}
        if role is Role.ATTENDEE and not same_dates(shown, when_value(event)):
            # Outlook has still to bring this copy up to date.
            return {}
    view = SeriesView(
        event=event,
        person=person,
        role=role,
        projected=FIELDS[role],
        tally=partial(tally, event),
        skew=timedelta(seconds=link.mailbox.clock_skew_seconds),
    )
    return triples_of_dates(link, view)


def _person(event: Event | None, mailbox: Mailbox) -> Participant | None:
    if event is None:
        return None
    return next((p for p in event.participants.all() if p.user_id == mailbox.user_id), None)


def _never_ours(link: EventLink) -> bool:
    """A likely twin of our event that was deleted in Outlook before the first sync: ours is new."""
    seen = remote_event(link)
    if seen is None or link.base is not None or is_here(link):
        return False
    return seen.is_organizer and not (seen.marker or seen.transaction_id)


def _is_unexplained(link: EventLink, event: Event) -> bool:
    """A copy is here whose owner no list of people names, or none that still counts. That of a
    witness may be old: Outlook tells of a new person only that person (operations.md §3)."""
    return is_here(link) and (event.locked or link.base is None or link.epoch < event.epoch)


def _starts_over(link: EventLink, event: Event) -> bool:
    """The event was taken back from the archive after Outlook had lost it."""
    return link.state == EventLink.State.GONE and link.incarnation < event.incarnation


def _with_tally_of_others(remote: Remote | None, event: Event) -> Remote | None:
    """Leaves out answers that are read from the attendee's own mailbox."""
    if remote is None or Field.TALLY not in remote.values:
        return remote
    answers = tally(event, remote.values[Field.TALLY])
    return replace(remote, values={**remote.values, Field.TALLY: answers})
