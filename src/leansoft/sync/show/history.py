"""Looking something up in the journal of one mailbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast

from leansoft.accounts.models import User
from leansoft.calendars.models import Participant
from leansoft.connections.models import Mailbox
from leansoft.contacts.models import Contact
from leansoft.sync.models import SyncAction, SyncRun

ROUTINE = [SyncRun.Cause.POLL, SyncRun.Cause.NOTIFICATION, SyncRun.Cause.PAGE]
MOST_FOUND = 5
"""Writes shown of each run that was found."""

CHOICES: Mapping[str, list[str]] = {
    "side": SyncAction.Side.values,
    "kind": SyncAction.Kind.values,
    "outcome": SyncAction.Outcome.values,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for; an empty value is any."""

    text: str = ""
    side: str = ""
    kind: str = ""
    outcome: str = ""

    @property
    def is_anything(self) -> bool:
        return not (self.text or self.side or self.kind or self.outcome)


def runs_of(mailbox: Mailbox, *, everything: bool) -> QuerySet[SyncRun]:
    """Newest first, with `hits` and `found` as in a search. Regular looks at Outlook that found
    nothing are left out unless asked for."""
    runs = SyncRun.objects.filter(mailbox=mailbox).annotate(hits=Count("actions"))
    if not everything:
        runs = runs.exclude(cause__in=ROUTINE, state=SyncRun.State.DONE, hits=0)
    return _with_first(runs, SyncAction.objects.order_by("pk"))


def search_runs(mailbox: Mailbox, wanted: Wanted) -> QuerySet[SyncRun]:
    """Runs that wrote what is looked for, newest first; each has `hits`, how many such writes, and
    `found`, the first of them."""
    found = search_actions(mailbox, wanted)
    runs = SyncRun.objects.filter(Exists(found.filter(run=OuterRef("pk"))))
    runs = runs.annotate(hits=Count("actions", filter=Q(actions__in=found.values("pk"))))
    return _with_first(runs, found)


def _with_first(runs: QuerySet[SyncRun], actions: QuerySet[SyncAction]) -> QuerySet[SyncRun]:
    shown = Prefetch("actions", queryset=actions[:MOST_FOUND], to_attr="found")
    return runs.order_by("-queued_at", "-pk").prefetch_related(shown)


def search_actions(mailbox: Mailbox, wanted: Wanted) -> QuerySet[SyncAction]:
    actions = SyncAction.objects.filter(run__mailbox=mailbox)
    exact = {name: getattr(wanted, name) for name in CHOICES if getattr(wanted, name)}
    actions = actions.filter(**exact)
    if not wanted.text:
        return actions
    return actions.annotate(mails_text=Cast("mails", TextField())).filter(_about(wanted.text))


def _about(text: str) -> Q:
    """By the event's name, then or now; by why it was written; by a person on it, or mailed."""
    causes = [cause for cause in SyncRun.Cause if text.casefold() in cause.label.casefold()]
    about = Q(subject__icontains=text) | Q(event__subject__icontains=text)
    about |= Q(cause__icontains=text) | Q(run__cause__in=causes)
    about |= Q(mails_text__icontains=text)
    for email in _addresses(text):
        about |= Q(mails__contains=[{"to": email}])
    people = Participant.objects.filter(event=OuterRef("event"))
    return about | Q(Exists(people.filter(Q(name__icontains=text) | Q(email__icontains=text))))


def _addresses(name: str) -> list[str]:
    users = User.objects.filter(name__icontains=name).values_list("email", flat=True)
    contacts = Contact.objects.filter(name__icontains=name, email__isnull=False)
    return [*users, *(str(email) for email in contacts.values_list("email", flat=True))]


def timeline(mailbox: Mailbox, event_id: UUID) -> QuerySet[SyncAction]:
    """What this mailbox's rounds wrote about one event, newest first."""
    actions = SyncAction.objects.filter(run__mailbox=mailbox, event=event_id)
    return actions.select_related("run__mailbox").order_by("-pk")
