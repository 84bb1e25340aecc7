"""Undoing a run: what it would do, and what it cannot restore, before the button."""

from datetime import tzinfo
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from leansoft.graph.errors import GraphError
from leansoft.kit.zones import zone
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.tasks import undo_later
from leansoft.sync.undo.preview import preview_undo
from leansoft.sync.undo.undoing import CannotUndo, check_can_undo
from leansoft.web.gates import signed_in
from leansoft.web.mailboxes import NotNow, mailbox_to_sync
from leansoft.web.names import mailed
from leansoft.web.plans import dated
from leansoft.web.views.outlook_runs import by_event

Kind, Side = SyncAction.Kind, SyncAction.Side

WORDS = {
    (Side.LEANSOFT, Kind.CREATED): "comes back here",
    (Side.LEANSOFT, Kind.UPDATED): "changes back here",
    (Side.LEANSOFT, Kind.DELETED): "leaves the calendar here",
    (Side.LEANSOFT, Kind.ADOPTED): "in step with Outlook again",
    (Side.LEANSOFT, Kind.PARTED): "no longer linked, each side keeps its own",
    (Side.OUTLOOK, Kind.CREATED): "created anew in Outlook",
    (Side.OUTLOOK, Kind.UPDATED): "changes back in Outlook",
    (Side.OUTLOOK, Kind.DELETED): "deleted in Outlook",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = find_own_run(request, run_id)
    try:
        mailbox_to_sync(signed_in(request))
        if request.method == "POST":
            started = undo_later(run, invites=_invites(request.POST))
            return redirect("outlook_run", run_id=started.pk)
        check_can_undo(run)
    except (NotNow, CannotUndo) as error:
        messages.error(request, str(error))
        return redirect("outlook_run", run_id=run.pk)
    return render(request, "outlook/undo.html", {"run": run})


@transaction.non_atomic_requests
@login_required
@require_safe
def show_preview(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The part of the page that follows the choice; it reads Outlook first, and holds no rows
    meanwhile."""
    run = find_own_run(request, run_id)
    context: dict[str, Any] = {"run": run}
    try:
        mailbox_to_sync(signed_in(request))
        context["invites"] = _invites(request.GET)
        plan = preview_undo(run, invites=context["invites"])
        context |= summary(plan, zone(signed_in(request).time_zone))
    except (NotNow, CannotUndo) as error:
        context["error"] = str(error)
    except GraphError as error:
        context |= {"error": error.sentence, "details": f"{error.code} {error.message}".strip()}
    return render(request, "outlook/_undo_preview.html", context)


def find_own_run(request: HttpRequest, run_id: UUID) -> SyncRun:
    return get_object_or_404(SyncRun, pk=run_id, mailbox__user=signed_in(request))


def summary(plan: dict[str, Any], here: tzinfo) -> dict[str, Any]:
    return {
        "plan": plan,
        "to_outlook": sum(plan["pushed"].values()),
        "to_leansoft": sum(plan["pulled"].values()),
        **mailed(plan["mails"]),
        "lines": [
            {**line, "words": WORDS[line["side"], line["kind"]]}
            for line in dated(plan["actions"], here)
        ],
        "left": by_event(plan["cannot_restore"]),
    }


def _invites(given: Any) -> bool:
    return bool(given.get("invitations") == "send")
