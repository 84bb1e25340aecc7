"""The calendar page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from leansoft.accounts.models import User
from leansoft.sync.timing.attention import JUST_OPENED, look_at_outlook
from leansoft.web.gates import signed_in


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("/calendar/")


@login_required
@ensure_csrf_cookie
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    look_at_outlook(user, older_than=JUST_OPENED)
    return render(request, "calendar.html", {"me": _facts(user)})


def _facts(user: User) -> dict[str, Any]:
    """What the page's program has to know of the person."""
    return {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "is_administrator": user.is_administrator,
        "time_zone": user.time_zone,
        "default_reminder_minutes": user.default_reminder_minutes,
    }
