"""The calendar page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from leansoft.sync.timing.attention import JUST_OPENED, look_at_outlook
from leansoft.web.gates import signed_in


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("/calendar/")


@login_required
@ensure_csrf_cookie
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    look_at_outlook(signed_in(request), older_than=JUST_OPENED)
    return render(request, "calendar.html")
