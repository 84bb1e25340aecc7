"""Disconnecting and starting over: the choices, what each would do, and the button."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from leansoft.connections.models import Mailbox
from leansoft.graph.errors import GraphError
from leansoft.kit.zones import zone
from leansoft.sync import control
from leansoft.sync.leave.orders import Next, disown
from leansoft.sync.leave.removal import Existing
from leansoft.sync.preview.foresee import foresee_disconnect, foresee_reset
from leansoft.sync.tasks import confirm_database
from leansoft.web.gates import administrators_only, signed_in
from leansoft.web.mailboxes import NotNow, certain_mailbox, mailbox_to_order
from leansoft.web.names import mailed
from leansoft.web.plans import dated

REACHABLE = {Mailbox.Status.CONNECTED, Mailbox.Status.PAUSED}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def disconnect(request: HttpRequest) -> HttpResponse:
    try:
        mailbox = certain_mailbox(signed_in(request))
        if request.method == "POST":
            return _disconnect(request, mailbox)
    except NotNow as error:
        return _refused(request, error)
    context = {"mailbox": mailbox, "reachable": mailbox.status in REACHABLE}
    return render(request, "outlook/disconnect.html", {**context, **_choices(request.GET)})


def _disconnect(request: HttpRequest, mailbox: Mailbox) -> HttpResponse:
    existing = _choices(request.POST)["existing"]
    if existing is not Existing.LEAVE:
        mailbox = mailbox_to_order(signed_in(request))
    run = control.disconnect(mailbox, existing=existing)
    if run is not None:
        return redirect("outlook_run", run_id=run.pk)
    messages.success(request, "Outlook is disconnected. Both calendars keep their events.")
    return redirect("outlook")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    try:
        mailbox = mailbox_to_order(signed_in(request))
    except NotNow as error:
        return _refused(request, error)
    if request.method == "POST":
        choices = _choices(request.POST)
        run = control.start_over(mailbox, existing=choices["existing"], following=choices["next"])
        return redirect("outlook_run", run_id=run.pk)
    return render(request, "outlook/reset.html", {"mailbox": mailbox, **_choices(request.GET)})


@transaction.non_atomic_requests
@login_required
@require_safe
def disconnect_preview(request: HttpRequest) -> HttpResponse:
    """The part of the page that follows the choices. No rows are held while Outlook is read."""
    existing = _choices(request.GET)["existing"]
    user = signed_in(request)
    try:
        leaves = existing is Existing.LEAVE
        mailbox = certain_mailbox(user) if leaves else mailbox_to_order(user)
        plan = foresee_disconnect(mailbox, existing=existing)
    except (NotNow, GraphError) as error:
        return _no_preview(request, error)
    return render(request, "outlook/_order_preview.html", summary(plan, zone(user.time_zone)))


@transaction.non_atomic_requests
@login_required
@require_safe
def reset_preview(request: HttpRequest) -> HttpResponse:
    user, choices = signed_in(request), _choices(request.GET)
    try:
        mailbox = mailbox_to_order(user)
        plan = foresee_reset(mailbox, existing=choices["existing"], following=choices["next"])
    except (NotNow, GraphError) as error:
        return _no_preview(request, error)
    context = {**summary(plan, zone(user.time_zone)), "starts_over": True}
    return render(request, "outlook/_order_preview.html", context)


@administrators_only
def confirm(request: HttpRequest) -> HttpResponse:
    """What an administrator says of a database that was restored, copied or moved."""
    if request.method == "POST" and request.POST.get("answer") == "copy":
        if disown():
            messages.success(request, "Nobody's Outlook is connected to this copy any more.")
    elif request.method == "POST" and confirm_database():
        messages.success(request, "Confirmed. Every mailbox is now compared with its Outlook.")
    return redirect("outlook")


def summary(plan: dict[str, Any], here: tzinfo) -> dict[str, Any]:
    return {
        "pushed": plan["pushed"],
        "pulled": plan["pulled"],
        "adopted": sum(line["kind"] == "adopted" for line in plan["actions"]),
        **mailed(plan["mails"]),
        "lines": [line for line in dated(plan["actions"], here) if line["kind"] != "adopted"],
    }


def _choices(given: Mapping[str, str]) -> dict[str, Any]:
    """What was chosen; anything unknown is the choice that changes less."""
    existing, following = given.get("existing"), given.get("next")
    return {
        "existing": Existing(existing) if existing in set(Existing) else Existing.LEAVE,
        "next": Next(following) if following in set(Next) else Next.ALL,
    }


def _no_preview(request: HttpRequest, error: NotNow | GraphError) -> HttpResponse:
    context = {"error": str(error)}
    if isinstance(error, GraphError):
        context = {"error": error.sentence, "details": f"{error.code} {error.message}".strip()}
    return render(request, "outlook/_order_preview.html", context)


def _refused(request: HttpRequest, error: NotNow) -> HttpResponse:
    messages.error(request, str(error))
    return redirect("outlook")
