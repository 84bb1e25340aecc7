"""What holds for every answer, also for those that Django gives by itself."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from leansoft.web.api.problems import CONTENT_TYPE, problem

SENTENCES = {
    400: "The request cannot be read: check its headers and its body.",
    404: "There is nothing at this address: see /api/v1/openapi.json.",
    405: "This address does not take that method: see /api/v1/openapi.json.",
    500: "Leansoft made a mistake. The administrator finds it in the log.",
}

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
UNUSED = ("camera", "geolocation", "microphone", "payment", "usb")
"""What a page could ask the device for, and none does."""


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Everything that a page runs or shows comes from here: a script that got into an event, or
    a frame around a page, does nothing."""
    sign_in = urlsplit(settings.MICROSOFT_LOGIN_URL)
    # Browsers follow a form to where its answer leads: to Microsoft, and from there to the sign-in
    # of whichever organization, whose host nobody can list.
    forms = (
        f"'self' https: {sign_in.scheme}://{sign_in.netloc}" if sign_in.netloc else "'self' https:"
    )
    policy = "; ".join(
        f"{name} {value}" for name, value in {**POLICY, "form-action": forms}.items()
    )
    permissions = ", ".join(f"{name}=()" for name in UNUSED)

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Content-Security-Policy"] = policy
        response["Permissions-Policy"] = permissions
        return response

    return answer


def api_answers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Errors are problems with a sentence, and nothing is kept by caches on the way."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith("/api/"):
            return response
        if response.status_code in SENTENCES and response["Content-Type"] != CONTENT_TYPE:
            allowed = response.get("Allow")
            response = problem(response.status_code, SENTENCES[response.status_code])
            if allowed:
                response["Allow"] = allowed
        response["Cache-Control"] = "no-store"
        return response

    return answer
