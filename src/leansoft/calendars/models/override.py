"""What differs on one date of a series."""

from django.db import models

from leansoft.calendars.models.event import Event
from leansoft.calendars.models.participant import Participant


class Override(models.Model):
    """Shared content of one date that is not as the series says; everything else follows it.

    `values` is `{field: value}` as in `leansoft.events.fields`; `when` of a date has no rule.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="overrides")
    # The day of the original slot, in the series' zone.
    date = models.DateField()
    values = models.JSONField(default=dict)
    # When a person last changed each field of this date here: {field: ISO instant}.
    edited_at = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "date"], name="override_once_per_date")
        ]
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.event_id} on {self.date}"


class PersonalOverride(models.Model):
    """One person's own fields on one date, or that they took this date off their calendar."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="overrides")
    date = models.DateField()
    values = models.JSONField(default=dict)
    edited_at = models.JSONField(default=dict, blank=True)
    # A new time for this date, as on `Participant`; what is proposed for the series is not for it.
    proposed = models.JSONField(null=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    # What the person said with the answer for this date, until Outlook has it.
    response_comment = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "date"], name="personal_override_once_per_date"
            )
        ]
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.participant} on {self.date}"
