"""What allauth's own pages leave open."""

import logging

from allauth.account import views
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)


def reset_password(request: HttpRequest) -> HttpResponse:
    """By mail; where none can be sent, the page says who else can help."""
    if not settings.SENDS_MAIL:
        return render(request, "account/password_reset_by_hand.html")
    try:
        response: HttpResponse = views.password_reset(request)
    except OSError as error:  # every fault of smtplib is one, too
        logger.warning("The mail server does not take a mail: %s", error)
        return render(request, "account/password_reset_by_hand.html", {"failed": True}, status=503)
    return response
