"""Settings: the company's for administrators, one's own for everybody."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leansoft.connections.domain.integration import redirect_uri
from leansoft.connections.models import Integration
from leansoft.graph.identity import CALENDAR_SCOPE
from leansoft.kit.clock import now
from leansoft.web.forms.integration import IntegrationForm
from leansoft.web.forms.profile import ProfileForm
from leansoft.web.gates import administrators_only, signed_in

WARN_DAYS = 30


@administrators_only
def general(request: HttpRequest) -> HttpResponse:
    """General Settings → Integrations → Outlook Calendar."""
    integration = Integration.current()
    form = IntegrationForm(request.POST or None, integration=integration)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, "Saved.")
        return redirect("settings_general")
    context = {
        "form": form,
        "integration": integration,
        "redirect_uri": redirect_uri(),
        "calendar_scope": CALENDAR_SCOPE,
        "expires_in_days": _expires_in_days(integration),
    }
    return render(request, "settings/general.html", context, status=422 if form.errors else 200)


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=signed_in(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("settings_profile")
    return render(
        request, "settings/profile.html", {"form": form}, status=422 if form.errors else 200
    )


def _expires_in_days(integration: Integration) -> int | None:
    """Days until the secret expires, once that is worth a warning."""
    if integration.secret_expires_on is None:
        return None
    days = (integration.secret_expires_on - now().date()).days
    return days if days <= WARN_DAYS else None
