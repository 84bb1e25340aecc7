"""One's connection to Outlook: how it is, what waits, what happened."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.sync import control
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.preview.held import reject
from leansoft.sync.show.delays import delays
from leansoft.sync.show.status import (
    held_links,
    left_behind,
    refused_dates_in_words,
    what_changes_wait_for,
)
from leansoft.sync.state.rules import why_inexpressible
from leansoft.sync.state.trees import remote_event
from leansoft.sync.tasks import approve_later, sync_mailbox_later
from leansoft.sync.timing.pace import pause_between_polls
from leansoft.sync.timing.subscriptions import is_told
from leansoft.web.gates import posts_only, signed_in
from leansoft.web.mailboxes import NotNow, mailbox_to_sync, present_mailbox
from leansoft.web.views.outlook_history import history_context

LISTED = 50
TRY_AGAIN = "Change it here or in Outlook, and it is tried again."


@login_required
@require_safe
def outlook(request: HttpRequest) -> HttpResponse:
    mailbox = Mailbox.objects.filter(user=signed_in(request)).first()
    context: dict[str, Any] = {"mailbox": mailbox}
    if mailbox is not None:
        context |= history_context(mailbox, request.GET)
        context["held"] = mailbox.runs.filter(state=SyncRun.State.WAITING).first()
        context["first_under_way"] = _is_first_under_way(mailbox)
        context |= {"delays": delays(mailbox), "pause": _pause(mailbox)}
        context["time_zone"] = mailbox.user.time_zone
        context |= _open_points(mailbox)
    return render(request, "outlook/status.html", context)


@posts_only
def sync(request: HttpRequest) -> HttpResponse:
    try:
        run = sync_mailbox_later(mailbox_to_sync(signed_in(request)), SyncRun.Cause.MANUAL)
    except NotNow as error:
        return _refused(request, error)
    return redirect("outlook_run", run_id=run.pk)


@posts_only
def pause(request: HttpRequest) -> HttpResponse:
    try:
        control.pause(present_mailbox(signed_in(request)))
    except NotNow as error:
        return _refused(request, error)
    messages.success(request, "The sync is paused. Changes wait on both sides until you resume.")
    return redirect("outlook")


@posts_only
def resume(request: HttpRequest) -> HttpResponse:
    try:
        control.resume(present_mailbox(signed_in(request)))
    except NotNow as error:
        return _refused(request, error)
    messages.success(request, "The sync goes on.")
    return redirect("outlook")


@posts_only
def approve(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(SyncRun, pk=run_id, mailbox__user=signed_in(request))
    held = run.held or {}
    if run.state == SyncRun.State.WAITING and request.POST.get("plan") != held.get("fingerprint"):
        messages.error(request, "The plan has changed meanwhile. This is the one that waits now.")
        return redirect("outlook")
    keys = {int(key) for key in request.POST.getlist("keys") if key.isdecimal()}
    if not keys and not held.get("preview"):
        messages.error(request, "Nothing was ticked, so nothing was done.")
        return redirect("outlook")
    rest = request.POST.get("rest") == "reject"
    if approve_later(run, None if held.get("preview") else keys, reject_rest=rest):
        return _to_run(run)
    return _answered_already(request)


def _pause(mailbox: Mailbox) -> float:
    """Seconds between two looks at Outlook, as things are now."""
    moment = clock.now()
    pause = pause_between_polls(
        now=moment,
        looked_at=mailbox.looked_at or mailbox.started_at,
        time_zone=mailbox.user.time_zone,
        told=is_told(mailbox, moment),
    )
    return pause.total_seconds()


def _is_first_under_way(mailbox: Mailbox) -> bool:
    if mailbox.last_sync_at is not None or mailbox.status != Mailbox.Status.CONNECTED:
        return False
    return mailbox.runs.filter(cause=SyncRun.Cause.START, state__in=SyncRun.UNFINISHED).exists()


def _to_run(run: SyncRun) -> HttpResponse:
    is_first = run.cause == SyncRun.Cause.START
    return redirect("outlook_start") if is_first else redirect("outlook_run", run_id=run.pk)


@posts_only
def reject_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(SyncRun, pk=run_id, mailbox__user=signed_in(request))
    was_preview = bool((run.held or {}).get("preview"))
    if not reject(run):
        return _answered_already(request)
    if was_preview:
        return redirect("outlook_start")
    messages.success(request, "Both sides stay as they are, and Leansoft does not ask again.")
    return redirect("outlook")


def _answered_already(request: HttpRequest) -> HttpResponse:
    messages.error(request, "This has been answered already, or is no longer true.")
    return redirect("outlook")


def _refused(request: HttpRequest, error: NotNow) -> HttpResponse:
    messages.error(request, str(error))
    return redirect("outlook")


def _open_points(mailbox: Mailbox) -> dict[str, Any]:
    """What is not the same on both sides, and why."""
    links = EventLink.objects.filter(mailbox=mailbox).select_related("event").order_by("-pk")
    live = links.filter(state=EventLink.State.LIVE)
    is_refused = Q(refusal__isnull=False) | ~Q(refused_dates={})
    going = live.filter(refusal__isnull=True, event__isnull=False)
    on_its_way = (
        Q(intent__isnull=False) | Q(remote_changed=True) | ~Q(planned_version=F("event__version"))
    )
    waiting = going.filter(on_its_way).exclude(pk__in=held_links(mailbox))
    waits_for = what_changes_wait_for(mailbox)
    apart = links.filter(state=EventLink.State.APART)
    unknown = _with_unknown_rule(going.exclude(on_its_way))
    unknown += [_named(link, why) for link, why in left_behind(mailbox)]
    return {
        "waiting": [_named(link, waits_for) for link in waiting[:LISTED]],
        "waiting_count": waiting.count(),
        "refused": [_named(link, _refusal(link)) for link in live.filter(is_refused)[:LISTED]],
        "refused_count": live.filter(is_refused).count(),
        "apart": [*unknown, *(_named(link, _apart(link)) for link in apart[:LISTED])],
        "apart_count": apart.count() + len(unknown),
    }


def _with_unknown_rule(links: QuerySet[EventLink]) -> list[dict[str, Any]]:
    """Series that Outlook does not hold because it cannot say how they repeat."""
    series = links.filter(remote_id__isnull=True).exclude(event__rrule="")
    reasons = [(link, why_inexpressible(link.event)) for link in series if link.event is not None]
    return [_named(link, why) for link, why in reasons if why is not None]


def _named(link: EventLink, why: str) -> dict[str, Any]:
    return {"subject": _subject(link) or "(no subject)", "link": link, "why": why}


def _subject(link: EventLink) -> str:
    if link.event is not None:
        return link.event.subject
    seen = remote_event(link)
    return str(seen.values.get(Field.SUBJECT, "")) if seen else ""


def _refusal(link: EventLink) -> str:
    why = link.refusal["why"] if link.refusal else refused_dates_in_words(link)
    return f"{why} {TRY_AGAIN}"


def _apart(link: EventLink) -> str:
    return str(EventLink.Apart(link.reason).label) if link.reason else ""
