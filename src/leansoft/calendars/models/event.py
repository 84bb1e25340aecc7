"""An event: one row however many people take part."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from leansoft.events.fields import Importance, Sensitivity
from leansoft.kit.zones import zone

if TYPE_CHECKING:
    from leansoft.calendars.models.participant import Participant


class Event(models.Model):
    """Shared content. What is a person's own (show-as, reminder, response) is on `Participant`.

    Times: `starts_at` and `ends_at` are instants, shown in `time_zone`. An all-day event holds
    midnight UTC of its dates, end exclusive, and has no zone of its own: it floats.

    A series holds its first slot in these columns and its rule in `rrule`; the dates that differ
    are `Override` rows, the slots that were taken out are in `excluded`. A date of a series is
    named by the day of its original slot in the series' zone, which outlives a change of hour.
    Occurrences are computed, never stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)
    # The HTML that Outlook holds for this description, as foreign as it came: for showing it there
    # is `kit.html`. Empty when the description was written here.
    description_html = models.TextField(blank=True)
    location = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    all_day = models.BooleanField(default=False)
    # An IANA name; empty when Outlook holds a custom zone, of which only the instants are known.
    time_zone = models.CharField(max_length=64, blank=True)
    # An RFC 5545 value; empty for a single event.
    rrule = models.TextField(blank=True)
    # Days of the slots that the organizer took out of the series.
    excluded = ArrayField(models.DateField(), default=list, blank=True)
    # The series that this one goes on with, after a change of "this and following".
    continues = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="continued_by"
    )
    # When the first occurrence begins and the last one ends, wherever they were moved; an endless
    # series has no end. For a single event its own times.
    span_starts_at = models.DateTimeField()
    span_ends_at = models.DateTimeField(null=True)
    importance = models.CharField(
        max_length=10, choices=[(v, v) for v in Importance], default=Importance.NORMAL
    )
    sensitivity = models.CharField(
        max_length=20, choices=[(v, v) for v in Sensitivity], default=Sensitivity.NORMAL
    )
    online_meeting = models.BooleanField(default=False)
    online_meeting_url = models.TextField(null=True, blank=True)
    # Every iCalUId the event has had, with the date bytes zeroed: one for each incarnation.
    ical_uids = ArrayField(models.TextField(), default=list, blank=True)
    # Raised each time the event is created anew in Outlook.
    incarnation = models.PositiveIntegerField(default=1)
    # Raised when the home of the shared fields moves; bases from before are void.
    epoch = models.PositiveIntegerField(default=1)
    # Raised by every change; what `If-Match` compares.
    version = models.PositiveIntegerField(default=1)
    # The version whose mails a form named before its person pressed the button.
    announced_version = models.PositiveIntegerField(default=0)
    # The shared fields' home is a mailbox that Leansoft cannot write to.
    locked = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    # When a person last changed each shared field here: {field: ISO instant}.
    edited_at = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")),
                name="event_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["span_starts_at", "span_ends_at"]),
            # Without a list of what is still to be sorted in: each search would go through it.
            GinIndex(fields=["ical_uids"], fastupdate=False, name="event_by_ical_uid"),
        ]

    def __str__(self) -> str:
        return self.subject or "(no subject)"

    @property
    def organizer(self) -> "Participant":
        return next(person for person in self.participants.all() if person.is_organizer)

    @property
    def attendees(self) -> "list[Participant]":
        """Without the guests of single dates, and those who came by their own copy and left it."""
        people = [person for person in self.participants.all() if not person.is_organizer]
        return [p for p in people if not p.is_guest and not p.has_come_and_gone]

    @property
    def is_series(self) -> bool:
        return bool(self.rrule)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def wall(self, moment: datetime) -> datetime | date:
        """The moment as this event's own clock shows it: a date for an all-day event."""
        if self.all_day:
            return moment.date()
        return moment.astimezone(zone(self.time_zone or "UTC")).replace(tzinfo=None)
