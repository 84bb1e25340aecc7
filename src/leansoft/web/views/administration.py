"""What administrators look after: everybody's connection, and the health of the whole."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from leansoft.connections.models import Integration, Mailbox
from leansoft.doctor.check import Level
from leansoft.doctor.examine import examine
from leansoft.kit.clock import now
from leansoft.sync.models import SyncRun
from leansoft.sync.show.overview import mailbox_overviews
from leansoft.sync.tasks import sync_mailbox_later
from leansoft.web.gates import administrators_only

ORDER = [Level.FAULT, Level.WARNING, Level.OK]
FOLDED_FROM = 9
"""So many mailboxes that the well ones show their details only when asked."""


@administrators_only
@require_safe
def mailboxes(request: HttpRequest) -> HttpResponse:
    overviews = sorted(mailbox_overviews(now()), key=lambda one: one.is_well)
    context = {
        "overviews": overviews,
        "well": sum(overview.is_well for overview in overviews),
        "folded": len(overviews) >= FOLDED_FROM,
        "integration": Integration.current(),
    }
    return render(request, "settings/mailboxes.html", context)


@administrators_only
@require_POST
def sync_mailbox(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Asks for a round; one that is asked for already serves as well."""
    connected = Mailbox.objects.filter(status=Mailbox.Status.CONNECTED)
    mailbox = get_object_or_404(connected, pk=mailbox_id)
    sync_mailbox_later(mailbox, SyncRun.Cause.MANUAL)
    messages.success(request, f"{mailbox.account} is synced as soon as a worker is free.")
    return redirect("mailboxes")


@administrators_only
@require_safe
def doctor(request: HttpRequest) -> HttpResponse:
    return render(request, "settings/doctor.html")


@administrators_only
@require_safe
def doctor_checks(request: HttpRequest) -> HttpResponse:
    """The part of the page that takes a while, because it asks Microsoft."""
    checks = examine()
    context = {
        "checks": sorted(checks, key=lambda check: ORDER.index(check.level)),
        "healthy": all(check.ok for check in checks),
        "warnings": sum(check.level is Level.WARNING for check in checks),
    }
    return render(request, "settings/_checks.html", context)
