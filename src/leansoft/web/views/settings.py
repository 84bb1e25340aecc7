"""Settings: the company's for administrators, one's own for everybody."""

from django.conf import settings as configuration
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from leansoft.connections.clouds import hosts_of, named_by_environment
from leansoft.connections.domain.expiry import dismiss_warning, present_warning
from leansoft.connections.domain.integration import InvalidSetting, redirect_uri
from leansoft.connections.domain.redirect import fault_of_base_url
from leansoft.connections.domain.trial import Outcome, try_out
from leansoft.connections.models import Integration
from leansoft.graph.identity import GRAPH_SCOPES, SIGN_IN_SCOPES
from leansoft.kit.clock import now
from leansoft.sync.tasks import sync_everybody_later
from leansoft.web.forms.integration import IntegrationForm
from leansoft.web.forms.profile import ProfileForm
from leansoft.web.gates import administrators_only, signed_in


@administrators_only
def general(request: HttpRequest) -> HttpResponse:
    """General Settings → Integrations → Outlook Calendar."""
    integration = Integration.current()
    form = IntegrationForm(request.POST or None, integration=integration)
    if request.method == "POST" and form.is_valid() and form.save():
        # Whoever was stopped by the old values goes on without a new sign-in.
        sync_everybody_later()
        messages.success(request, "Saved.")
        tested = "?test" if form.cleaned_data["enabled"] else ""
        return redirect(f"{reverse('settings_general')}{tested}")
    context = {
        "form": form,
        "integration": integration,
        "redirect_uri": redirect_uri(),
        "address_fault": fault_of_base_url(configuration.BASE_URL, redirect_uri()),
        "base_url": configuration.BASE_URL,
        "opened_elsewhere": _opened_elsewhere(request),
        "permissions": [*reversed(GRAPH_SCOPES), *reversed(SIGN_IN_SCOPES)],
        "portal_url": hosts_of(integration.cloud).portal_url,
        "cloud_is_given": named_by_environment(),
        "login_url": hosts_of(integration.cloud).login_url,
        "warning": present_warning(now()),
        "test_now": "test" in request.GET and not form.errors,
    }
    return render(request, "settings/general.html", context, status=422 if form.errors else 200)


@administrators_only
@require_POST
def try_integration(request: HttpRequest) -> HttpResponse:
    """Test connection: what Microsoft says about what is entered, saved or not."""
    integration = Integration.current()
    form = IntegrationForm(request.POST, integration=integration)
    try:
        findings = try_out(form.registration())
    except InvalidSetting as error:
        return render(request, "settings/_trial.html", {"error": error.sentence})
    context = {
        "findings": findings,
        "works": not any(finding.outcome is Outcome.FAULT for finding in findings),
        "saved": integration.is_configured and not form.has_changed(),
        "form": form,
    }
    return render(request, "settings/_trial.html", context)


@administrators_only
@require_POST
def put_warning_away(request: HttpRequest) -> HttpResponse:
    dismiss_warning(signed_in(request), now())
    return HttpResponse()


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


def _opened_elsewhere(request: HttpRequest) -> str:
    """The address in this browser, when Microsoft would lead back to another one."""
    here = f"{request.scheme}://{request.get_host()}"
    return "" if here == configuration.BASE_URL else here
