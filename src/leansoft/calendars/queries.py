"""Reading events, each caller within what they may see."""

from datetime import UTC, datetime, tzinfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from leansoft.accounts.models import User
from leansoft.calendars.models import Event, Participant


def events_for(user: User, *, archived: bool = False) -> QuerySet[Event]:
    """The user's own events and the team's; whether content shows is `permissions.sees_content`.

    The archive holds only events that the user organizes, or took themselves off.
    """
    own = Participant.objects.filter(event=OuterRef("pk"), user=user)
    events = Event.objects.prefetch_related("participants__user").order_by("starts_at", "pk")
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
    """Events that touch the time between two instants.

    All-day events float: their days are those of the reader's zone.
    """
    if start is not None:
        events = events.filter(
            Q(_ends_after(start), all_day=False)
            | Q(_ends_after(_day_clock(start, zone)), all_day=True)
        )
    if end is not None:
        events = events.filter(
            Q(starts_at__lt=end, all_day=False)
            | Q(starts_at__lt=_day_clock(end, zone), all_day=True)
        )
    return events


def _ends_after(moment: datetime) -> Q:
    # An event without length belongs to the instant at which it starts.
    return Q(ends_at__gt=moment) | Q(ends_at=moment, starts_at=moment)


def _day_clock(moment: datetime, zone: tzinfo) -> datetime:
    """The reader's wall clock, read as UTC: what the dates of all-day events are compared with."""
    return moment.astimezone(zone).replace(tzinfo=UTC)
