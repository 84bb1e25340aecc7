"""Reading events, each caller within what they may see."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, tzinfo
from itertools import islice

from django.db.models import Exists, OuterRef, Q, QuerySet

from leansoft.accounts.models import User
from leansoft.calendars.models import Event, Participant
from leansoft.calendars.occurrences import Occurrence, Stretch, occurrences
from leansoft.calendars.permissions import on_calendars, part_of

MOST_DATES = 10_000


class TooMany(Exception):
    """More dates than one answer can hold. The message is for the person."""


def events_for(user: User, *, archived: bool = False) -> QuerySet[Event]:
    """The user's own events and the team's; whether content shows is `permissions.sees_content`.

    The archive holds only events that the user organizes, or took themselves off.
    """
    own = Participant.objects.filter(event=OuterRef("pk"), user=user)
    events = Event.objects.prefetch_related(
        "participants__user", "participants__overrides", "overrides"
    ).order_by("starts_at", "pk")
    if archived:
        organizes = Exists(own.filter(is_organizer=True))
        removed = Exists(own.filter(removed_at__isnull=False))
        return events.filter(Q(organizes, archived_at__isnull=False) | Q(removed))
    takes_part = Exists(own.filter(removed_at__isnull=True))
    colleagues = Participant.objects.filter(
        event=OuterRef("pk"), user__isnull=False, removed_at__isnull=True
    ).exclude(user=user)
    left = Exists(own.filter(removed_at__isnull=False))
    return events.filter(Q(takes_part) | Q(Exists(colleagues)), archived_at__isnull=True).exclude(
        left
    )


def overlapping(
    events: QuerySet[Event], *, start: datetime | None, end: datetime | None, zone: tzinfo = UTC
) -> QuerySet[Event]:
    """Events that touch the time between two instants; series whose whole span does.

    All-day events float: their days are those of the reader's zone.
    """
    if start is not None:
        events = events.filter(
            Q(_ends_after(start), all_day=False)
            | Q(_ends_after(_day_clock(start, zone)), all_day=True)
        )
    if end is not None:
        events = events.filter(
            Q(span_starts_at__lt=end, all_day=False)
            | Q(span_starts_at__lt=_day_clock(end, zone), all_day=True)
        )
    return events


def _ends_after(moment: datetime) -> Q:
    # An event without length belongs to the instant at which it starts.
    at_once = Q(span_ends_at=moment, span_starts_at=moment)
    return Q(span_ends_at__gt=moment) | at_once | Q(span_ends_at__isnull=True)


def _day_clock(moment: datetime, zone: tzinfo) -> datetime:
    """The reader's wall clock, read as UTC: what the dates of all-day events are compared with."""
    return moment.astimezone(zone).replace(tzinfo=UTC)


def expanded(
    events: QuerySet[Event], stretch: Stretch, *, only: Callable[[Event], bool]
) -> list[Occurrence]:
    """The dates of these events in this time, in order. Raises `TooMany`."""
    found: list[Occurrence] = []
    for event in overlapping(events, start=stretch.start, end=stretch.end, zone=stretch.zone):
        found += islice(occurrences(event, stretch, only=only), MOST_DATES + 1)
        if len(found) > MOST_DATES:
            raise TooMany(f"There are more than {MOST_DATES:,} dates: ask for a shorter time.")
    return sorted(found, key=lambda found: (found.starts_at, found.series.pk.int))


def without_idle_series(
    events: QuerySet[Event], stretch: Stretch, *, only: Callable[[Event], bool]
) -> QuerySet[Event]:
    """Leaves out series of which no date touches the stretch, though their whole span does."""
    idle = [
        series.pk
        for series in events.exclude(rrule="")
        if not any(True for _ in occurrences(series, stretch, only=only))
    ]
    return events.exclude(pk__in=idle)


def is_for(event: Event, user: User, users: Collection[int] = ()) -> bool:
    """What `events_for` asks, of a series on one date: that date can be off a calendar alone.

    `users`: whether it is on the calendar of one of these.
    """
    mine = part_of(event, user)
    if mine is not None and mine.removed_at is not None:
        return False
    present = on_calendars(event)
    return any(person.user_id in users for person in present) if users else bool(present)
