"""The first sync: what it would do, the choices, its progress and its end."""

from datetime import tzinfo
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from leansoft.connections.models import Mailbox
from leansoft.graph.errors import GraphError
from leansoft.kit.zones import zone
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.choices import Existing, Invitations, Past
from leansoft.sync.preview.previewed import UNSEEN
from leansoft.sync.preview.start import preview, read_so_far, start_sync
from leansoft.web.gates import signed_in
from leansoft.web.mailboxes import NotNow, mailbox_to_preview, present_mailbox
from leansoft.web.names import mailed
from leansoft.web.plans import dated, events_in, fold, people_of
from leansoft.web.views.outlook_runs import run_context

READING = "Reading your Outlook calendar…"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    try:
        mailbox = present_mailbox(signed_in(request))
    except NotNow:
        return redirect("outlook")
    if request.method == "POST":
        # A form that carries no plan was sent before there was one to see.
        previewed = request.POST.get("plan") or UNSEEN
        start_sync(mailbox, **_choices(request.POST), previewed=previewed)
        return redirect("outlook_start")
    if mailbox.status == Mailbox.Status.CHOOSING:
        context = {"mailbox": mailbox, **_choices(request.GET)}
        return render(request, "outlook/start.html", context)
    return _begun(request, mailbox)


@transaction.non_atomic_requests
@login_required
@require_safe
def show_preview(request: HttpRequest) -> HttpResponse:
    """The part of the page that follows the choices. Each page of Outlook's is kept as it comes."""
    user, choices = signed_in(request), _choices(request.GET)
    try:
        plan = preview(mailbox_to_preview(user), **choices)
    except NotNow as error:
        return render(request, "outlook/_preview.html", {"error": str(error)})
    except GraphError as error:
        context = {"error": error.sentence, "details": f"{error.code} {error.message}".strip()}
        return render(request, "outlook/_preview.html", context)
    return render(
        request, "outlook/_preview.html", {**_summary(plan, zone(user.time_zone)), **choices}
    )


@login_required
@require_safe
def show_reading(request: HttpRequest) -> HttpResponse:
    """How far the preview is, asked again and again while it is made."""
    mailbox = Mailbox.objects.filter(user=signed_in(request)).first()
    return HttpResponse(_progress(mailbox) if mailbox is not None else "")


def _progress(mailbox: Mailbox) -> str:
    count = read_so_far(mailbox)
    read = f"{count:,} event{'' if count == 1 else 's'}"
    if mailbox.listed_at is not None:
        return f"{read} read. Working out what would happen…"
    return f"Reading your Outlook calendar: {read} so far…" if count else READING


def _begun(request: HttpRequest, mailbox: Mailbox) -> HttpResponse:
    runs = SyncRun.objects.filter(mailbox=mailbox, cause=SyncRun.Cause.START)
    run = runs.filter(queued_at__gte=mailbox.started_at or mailbox.connected_at).first()
    if run is None:
        return redirect("outlook")
    return render(request, "outlook/started.html", run_context(run))


def _choices(given: Any) -> dict[str, str]:
    """What was chosen; anything unknown is the choice that changes less."""
    existing, invitations = given.get("existing", "push"), given.get("invitations", "send")
    past = given.get("past", "quiet")
    return {
        "existing": existing if existing == Existing.PUSH else Existing.KEEP_LOCAL,
        "invitations": invitations if invitations in set(Invitations) else Invitations.QUIET,
        "past": past if past in set(Past) else Past.KEEP_LOCAL,
    }


def _summary(plan: dict[str, Any], here: tzinfo) -> dict[str, Any]:
    lines = dated(plan["actions"], here)
    moved = [line for line in lines if line["kind"] != "adopted"]
    return {
        "plan": plan,
        "to_outlook": events_in([line for line in moved if line["side"] == "outlook"]),
        "to_leansoft": events_in([line for line in moved if line["side"] == "leansoft"]),
        "adopted": sum(line["kind"] == "adopted" for line in lines),
        **mailed(plan["mails"]),
        "folds": fold(lines),
        "told": people_of(lines),
    }
