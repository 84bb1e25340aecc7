"""Reading events, each caller within what they may see."""

from datetime import datetime

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
    events: QuerySet[Event], *, start: datetime | None, end: datetime | None
) -> QuerySet[Event]:
    """Events that touch the time between two instants.

    All-day events float, so that they are matched as if in UTC: ask a day wider on each side.
    """
    if start is not None:
        events = events.filter(Q(ends_at__gt=start) | Q(ends_at=start, starts_at=start))
    if end is not None:
        events = events.filter(starts_at__lt=end)
    return events
