"""Where Microsoft would announce changes; Leansoft asks by itself so far."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from leansoft.web.api.problems import problem


@csrf_exempt
@require_POST
def notifications(request: HttpRequest) -> HttpResponse:
    return problem(501, "Notifications are not built yet: Leansoft asks Outlook every minute.")
