"""A person's part in an event."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from leansoft.accounts.models import User
from leansoft.calendars.models.event import Event
from leansoft.events.fields import AttendeeType, Response, Sensitivity, ShowAs


class Channel(models.TextChoices):
    """Who tells this person about the event. Fixed when the person is added."""

    OUTLOOK = "outlook", "Outlook invites"
    MAIL = "mail", "Leansoft mails"
    NONE = "none", "Nobody: only named in the description"
    GROUP = "group", "Outlook, through a group or a forwarded invitation"


class Participant(models.Model):
    """One per event and address, the organizer included.

    Own fields: null means never set, so Outlook's value comes in; "no reminder" is a value.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="participations"
    )
    # In lower case; null for somebody without an address, who is never sent to Outlook.
    email = models.EmailField(null=True, blank=True)
    name = models.CharField(max_length=255, blank=True)
    is_organizer = models.BooleanField(default=False)
    # Takes part only on those dates of a series whose own list of attendees names them.
    is_guest = models.BooleanField(default=False)
    type = models.CharField(
        max_length=10, choices=[(v, v) for v in AttendeeType], default=AttendeeType.REQUIRED
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.OUTLOOK)
    response = models.CharField(
        max_length=25, choices=[(v, v) for v in Response], default=Response.NOT_RESPONDED
    )
    # What the person said with the answer, until Outlook has it.
    response_comment = models.TextField(blank=True)
    # The new time that came with the answer: `{"start", "end"}`, instants as in `events.fields`.
    proposed = models.JSONField(null=True)
    show_as = models.CharField(max_length=20, choices=[(v, v) for v in ShowAs], null=True)
    reminder_on = models.BooleanField(null=True)
    reminder_minutes = models.IntegerField(null=True)
    categories = ArrayField(models.TextField(), null=True)
    # A private mark that an attendee put on their own copy; the organizer's is the event's.
    sensitivity = models.CharField(max_length=20, choices=[(v, v) for v in Sensitivity], null=True)
    # Taken off their own calendar by themselves.
    removed_at = models.DateTimeField(null=True, blank=True)
    # The same moment when an order about the whole mailbox took them off, and not they themselves.
    put_away_at = models.DateTimeField(null=True, blank=True)
    # When the person last changed each own field here: {field: ISO instant}.
    edited_at = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "email"], name="participant_once_per_address"),
            models.UniqueConstraint(
                fields=["event"],
                condition=models.Q(is_organizer=True),
                name="participant_one_organizer",
            ),
        ]
        indexes = [models.Index(fields=["user", "event"])]
        ordering = ("-is_organizer", "pk")

    def __str__(self) -> str:
        return self.name or self.email or "(unnamed)"

    @property
    def has_come_and_gone(self) -> bool:
        """No list names this person, and the copy that spoke for them is off their calendar."""
        return self.channel == Channel.GROUP and self.removed_at is not None
