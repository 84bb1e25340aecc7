"""What the sync remembers: links between the two calendars, and the journal.

An `EventLink` holds two of the three trees for one event in one mailbox: `remote` is what Outlook
last showed, `base` is what both sides last agreed on. The third, local, is the calendar itself.
"""

import uuid
from typing import ClassVar

from django.db import models

from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox


class EventLink(models.Model):
    """One event in one mailbox.

    `event` is null while Outlook's event has no row here, and after the row was removed for good
    until Outlook has confirmed. `remote_id` is empty until Outlook has given one.
    """

    class State(models.TextChoices):
        LIVE = "live", "Kept in sync"
        APART = "apart", "Deliberately not synced; `reason` says why"
        GONE = "gone", "No longer in Outlook"

    class Apart(models.TextChoices):
        KEPT_LOCAL = "kept_local", "You chose to keep it only in Leansoft."
        UNREADABLE = "unreadable", "Outlook gives it no time that Leansoft understands."
        REJECTED = "rejected", "You chose not to carry out its change."
        COPY = (
            "copy",
            "Outlook holds a second copy of the same meeting; the first one is kept in sync.",
        )
        ELSEWHERE = (
            "elsewhere",
            "It is in another of your Outlook calendars, which is not kept in sync.",
        )
        NEW_ONLY = "new_only", "You chose to sync only what is new."
        TAKEN_OUT = "taken_out", "It is being taken out of Outlook."
        UNDONE = "undone", "You undid its sync: each side keeps what it has."

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="links")
    event = models.ForeignKey(Event, on_delete=models.SET_NULL, null=True, related_name="links")
    # Of an invitation to one date of a series alone: the day of its slot.
    date = models.DateField(null=True)
    # Graph ids are long and case-sensitive (event.md §8).
    remote_id = models.TextField(null=True)
    state = models.CharField(max_length=5, choices=State.choices, default=State.LIVE)
    reason = models.CharField(max_length=20, choices=Apart.choices, blank=True)
    incarnation = models.PositiveIntegerField(default=0)
    epoch = models.PositiveIntegerField(default=0)
    # What Outlook last showed: see `leansoft.sync.state.trees`. Null: never seen.
    remote = models.JSONField(null=True)
    # {field: {"ours": value, "theirs": value}} as they last agreed. Null: never agreed.
    base = models.JSONField(null=True)
    # Of a series, what both sides last agreed on for one date, where it is not "as the master":
    # {day: {"ours": state, "theirs": state}}; see `leansoft.sync.state.dates`.
    base_dates = models.JSONField(default=dict)
    # A write whose answer is not known yet: committed before the request, cleared after it.
    intent = models.JSONField(null=True)
    # {"why", "local", "remote"}: what Outlook refused, and the state of both sides then.
    refusal = models.JSONField(null=True)
    # The same for single dates of a series: {day: {"why", "local", "remote"}}.
    refused_dates = models.JSONField(default=dict)
    # The event's version when the plan last found nothing left to do.
    planned_version = models.PositiveIntegerField(default=0)
    # The remote tree changed since the plan last looked.
    remote_changed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "remote_id"], name="link_once_per_remote"),
            models.UniqueConstraint(
                fields=["mailbox", "event"],
                condition=models.Q(date__isnull=True),
                name="link_once_per_event",
            ),
            models.UniqueConstraint(fields=["mailbox", "event", "date"], name="link_once_per_date"),
        ]
        indexes = [
            models.Index(
                fields=["mailbox"],
                condition=models.Q(remote_changed=True),
                name="link_remote_changed",
            ),
            models.Index(
                fields=["mailbox"],
                condition=models.Q(intent__isnull=False),
                name="link_with_intent",
            ),
            models.Index(
                fields=["mailbox"],
                condition=models.Q(refusal__isnull=False),
                name="link_that_was_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} in {self.mailbox_id}: {self.state}"


class SyncRun(models.Model):
    """One round for one mailbox."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "At work"
        DONE = "done", "Finished"
        FAILED = "failed", "Stopped by an error; `errors` has it"
        WAITING = "waiting", "Held by a guard until its owner answers"

    UNFINISHED: ClassVar[set[str]] = {State.QUEUED, State.RUNNING}
    """A run that a dead worker left at work is done again."""

    class Cause(models.TextChoices):
        START = "start", "First sync"
        EDIT = "edit", "A change in Leansoft"
        POLL = "poll", "The regular look at Outlook"
        NOTIFICATION = "notification", "Microsoft told of a change"
        PAGE = "page", "The calendar was opened"
        MANUAL = "manual", "Started by hand"
        RECONNECT = "reconnect", "Signed in again"
        RESET = "reset", "Started over"
        DISCONNECT = "disconnect", "Disconnected"
        UNDO = "undo", "A round was undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    cause = models.CharField(max_length=12, choices=Cause.choices)
    # Progress for a long run: {"phase": text, "done": n, "total": n or null}.
    progress = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    # What waits: {"keys", "fingerprint", "reasons", "report", "approved"}; see `held.py`.
    held = models.JSONField(null=True)
    # The plan that its owner has seen, which the first sync must find again before it writes: its
    # fingerprint, until then; see `previewed.py`.
    previewed = models.CharField(max_length=64, blank=True)
    # The run that waits with the part of this run's plan that was held.
    held_run = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    # The run that this one takes back; see `undo.py`.
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="undone")
    # Whether an undo may invite people again to what was deleted in Outlook.
    invites = models.BooleanField(default=False)
    # What an undo could not restore: [{"event", "subject", "reason"}].
    left = models.JSONField(default=list)
    queued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-queued_at", "-pk")
        indexes = [
            models.Index(fields=["mailbox", "-queued_at"]),
            models.Index(fields=["mailbox", "-ended_at"], name="run_by_its_end"),
            models.Index(
                fields=["mailbox"],
                condition=models.Q(state__in=["queued", "running", "waiting"]),
                name="run_that_is_not_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause} run of {self.mailbox_id}: {self.state}"


class SyncAction(models.Model):
    """One write on one side, as the history shows it."""

    class Side(models.TextChoices):
        LEANSOFT = "leansoft", "Written here"
        OUTLOOK = "outlook", "Written in Outlook"

    class Kind(models.TextChoices):
        CREATED = "created", "Created"
        UPDATED = "updated", "Updated"
        DELETED = "deleted", "Deleted or taken off"
        ADOPTED = "adopted", "Found on both sides and linked"
        PARTED = "parted", "No longer linked: each side keeps its own"

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        REFUSED = "refused", "Microsoft refused it"
        FAILED = "failed", "Not done; tried again later"

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="actions")
    event = models.ForeignKey(Event, on_delete=models.SET_NULL, null=True, related_name="journal")
    subject = models.CharField(max_length=255, blank=True)
    # Which date of a series it was about: the day of its original slot. Null: all of it.
    occurrence = models.DateField(null=True)
    side = models.CharField(max_length=10, choices=Side.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Why: which table row of the plan, in words.
    cause = models.TextField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    # Values that lost a merge: {field: value}. Kept so that they can be restored.
    lost = models.JSONField(default=dict)
    # Forecast: [{"to", "kind", "event", "certain"}].
    mails = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.DONE)
    error = models.TextField(blank=True)
    # When the other side was changed, by this clock, and when it was written here or answered by
    # Outlook: what lies between is the delay. Null: nobody's change, or it says no time.
    changed_at = models.DateTimeField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject!r} on {self.side}"
