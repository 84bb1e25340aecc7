"""What happened to one event and why; values that lost a conflict come back from here."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from leansoft.accounts.models import User
from leansoft.calendars.domain.errors import CalendarError
from leansoft.calendars.models import Event
from leansoft.calendars.permissions import part_of
from leansoft.calendars.values import when_value
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.kit.clock import now
from leansoft.kit.zones import zone
from leansoft.sync.models import SyncAction
from leansoft.sync.preview.forecast import sentence
from leansoft.sync.show.history import timeline
from leansoft.sync.show.status import event_states
from leansoft.sync.show.words import NAMES
from leansoft.sync.undo.lost import OUTLOOKS_OWN, hindrance, mails_of_restoring, restore_lost
from leansoft.web.causes import why
from leansoft.web.event_words import Speaker, people_in, told_changes
from leansoft.web.gates import posts_only, signed_in
from leansoft.web.names import names_by_address, names_of
from leansoft.web.views.outlook_runs import mail_lines

MOST_ROWS = 300

Kind, Side = SyncAction.Kind, SyncAction.Side

WORDS = {
    (Side.LEANSOFT, Kind.CREATED): "Put on the calendar in Leansoft",
    (Side.LEANSOFT, Kind.UPDATED): "Changed in Leansoft",
    (Side.LEANSOFT, Kind.DELETED): "Taken off the calendar in Leansoft",
    (Side.LEANSOFT, Kind.ADOPTED): "Found on both sides and linked",
    (Side.LEANSOFT, Kind.PARTED): "No longer linked: each side keeps its own",
    (Side.OUTLOOK, Kind.CREATED): "Created in Outlook",
    (Side.OUTLOOK, Kind.UPDATED): "Changed in Outlook",
    (Side.OUTLOOK, Kind.DELETED): "Deleted in Outlook",
}


@login_required
@require_safe
def show_timeline(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Only for those who take part, and only what their own mailbox's rounds did."""
    user = signed_in(request)
    event = _own_event(user, event_id)
    mailbox = Mailbox.objects.filter(user=user).first()
    actions = list(timeline(mailbox, event.pk)[:MOST_ROWS]) if mailbox is not None else []
    speaker = Speaker(zone=zone(user.time_zone), names=names_by_address(people_in(actions)))
    context = {
        "event": event,
        "when": speaker.say(Field.WHEN, when_value(event)),
        "state": event_states([event], user)[event.pk],
        "zone": user.time_zone,
        "rounds": list(_rounds(actions, event, speaker, user)),
    }
    return render(request, "outlook/timeline.html", context)


@posts_only
def restore(request: HttpRequest, action_id: int) -> HttpResponse:
    user = signed_in(request)
    action = get_object_or_404(SyncAction, pk=action_id, run__mailbox__user=user)
    field = request.POST.get("field", "")
    if field not in action.lost or action.event_id is None:
        raise Http404("No such value was lost.")
    try:
        restore_lost(action, Field(field), by=user, now=now())
    except CalendarError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The {NAMES[Field(field)]} is back, and goes to Outlook.")
    return redirect("outlook_timeline", event_id=action.event_id)


def _own_event(user: User, event_id: UUID) -> Event:
    events = Event.objects.prefetch_related("participants__user")
    event = get_object_or_404(events, pk=event_id)
    if part_of(event, user) is None:
        raise Http404("Only those who take part see what happened to an event.")
    return event


def _rounds(
    actions: list[SyncAction], event: Event, speaker: Speaker, user: User
) -> Iterator[dict[str, Any]]:
    for run, rows in groupby(actions, key=lambda action: action.run):
        entries = [_entry(action, event, speaker, user) for action in rows]
        told = [entry for entry in entries if _says_something(entry)]
        if told:
            yield {"run": run, "entries": told}


def _entry(action: SyncAction, event: Event, speaker: Speaker, user: User) -> dict[str, Any]:
    changes = told_changes(action, speaker)
    return {
        "action": action,
        "words": WORDS[Side(action.side), Kind(action.kind)],
        "why": why(action, event),
        "changes": changes,
        "is_new": action.kind == Kind.CREATED and not action.before,
        "mails": mail_lines(action.mails, dict(speaker.names)),
        "lost": [
            _lost(action, Field(name), speaker, user)
            for name in action.lost
            if name not in OUTLOOKS_OWN
        ],
    }


def _says_something(entry: dict[str, Any]) -> bool:
    """Not that somebody who was invited has not answered."""
    action: SyncAction = entry["action"]
    quiet = action.side == Side.LEANSOFT and action.kind == Kind.UPDATED and action.after
    return not quiet or bool(entry["changes"] or entry["lost"] or action.error)


def _lost(action: SyncAction, field: Field, speaker: Speaker, user: User) -> dict[str, Any]:
    why_not = hindrance(action, field, by=user)
    mails = [] if why_not else mails_of_restoring(action, field, by=user)
    return {
        "field": field,
        "whose": f"{Side(action.side).name.title()}'s",
        "name": NAMES[field],
        "value": speaker.say(field, action.lost[str(field)]),
        "why_not": why_not,
        "told": sentence(mails, names_of(mails)) or "Nobody is mailed.",
    }
