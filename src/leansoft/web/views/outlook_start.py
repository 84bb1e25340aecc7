"""The first sync: what it would do, the choices, its progress and its end."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from leansoft.connections.models import Mailbox
from leansoft.graph.errors import GraphError
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.choices import Existing, Invitations, Past
from leansoft.sync.preview.previewed import UNSEEN
from leansoft.sync.preview.start import preview, start_sync
from leansoft.web.gates import signed_in
from leansoft.web.mailboxes import NotNow, mailbox_to_preview, present_mailbox
from leansoft.web.names import mailed
from leansoft.web.plans import events_in, fold, people_of
from leansoft.web.views.outlook_runs import run_context


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


@login_required
@require_safe
def show_preview(request: HttpRequest) -> HttpResponse:
    """The part of the page that follows the choices."""
    choices = _choices(request.GET)
    try:
        plan = preview(mailbox_to_preview(signed_in(request)), **choices)
    except NotNow as error:
        return render(request, "outlook/_preview.html", {"error": str(error)})
    except GraphError as error:
        context = {"error": error.sentence, "details": f"{error.code} {error.message}".strip()}
        return render(request, "outlook/_preview.html", context)
    return render(request, "outlook/_preview.html", {**_summary(plan), **choices})


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


def _summary(plan: dict[str, Any]) -> dict[str, Any]:
    lines = plan["actions"]
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
