"""The calendar page."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from leansoft.connections.models import Mailbox
from leansoft.kit.clock import now
from leansoft.sync.models import SyncRun
from leansoft.sync.tasks import sync_mailbox_later
from leansoft.web.gates import signed_in

FRESH = timedelta(seconds=10)
"""Somebody who reloads does not need Outlook asked each time."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("/calendar/")


@login_required
@ensure_csrf_cookie
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    _look_at_outlook(request)
    return render(request, "calendar.html")


def _look_at_outlook(request: HttpRequest) -> None:
    """Whoever opens the calendar wants to see what Outlook holds now."""
    connected = Mailbox.objects.filter(user=signed_in(request), status=Mailbox.Status.CONNECTED)
    for mailbox in connected.exclude(last_sync_at__gt=now() - FRESH).exclude(
        blocked_until__gt=now()
    ):
        sync_mailbox_later(mailbox, SyncRun.Cause.PAGE)
