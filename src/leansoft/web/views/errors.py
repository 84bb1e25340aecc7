"""What somebody sees who asks for something that is not there, not theirs, or broken."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

GENERIC = "This page is not yours to open."


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    sentence = str(exception) or GENERIC
    return render(request, "errors/403.html", {"sentence": sentence}, status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The CSRF check failed: mostly a page that was open for very long."""
    sentence = "This page was open for too long, or another site sent the form. Nothing was done."
    return render(request, "errors/403.html", {"sentence": sentence, "details": reason}, status=403)


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    sentence = "Leansoft made a mistake. The administrator finds it in the log."
    # Nothing that asks the database: it may be what is broken.
    return render(None, "errors/500.html", {"sentence": sentence}, status=500)


def too_often(request: HttpRequest) -> HttpResponse:
    """allauth's limit on sign-ins and mails."""
    return render(request, "errors/429.html", status=429)
