"""To Microsoft and back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from leansoft.connections.domain import other_account
from leansoft.connections.domain.connect import AnotherAccount, begin_connect, complete_connect
from leansoft.connections.domain.failures import ConnectFailed
from leansoft.connections.models import Mailbox
from leansoft.sync.models import SyncRun
from leansoft.sync.tasks import sync_mailbox_later
from leansoft.web.gates import posts_only, signed_in


@posts_only
def connect(request: HttpRequest) -> HttpResponse:
    try:
        return redirect(begin_connect(request.session, signed_in(request)))
    except ConnectFailed as failure:
        return _failed(request, failure)


@login_required
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Where Microsoft sends the browser, with a code or with a refusal."""
    try:
        mailbox = complete_connect(request.session, signed_in(request), request.GET.dict())
    except AnotherAccount as other:
        other_account.remember(request.session, signed_in(request), other.connection)
        return redirect("outlook_account")
    except ConnectFailed as failure:
        return _failed(request, failure)
    if mailbox.status == Mailbox.Status.CHOOSING:
        return redirect("outlook_start")
    if mailbox.status == Mailbox.Status.CONNECTED:
        sync_mailbox_later(mailbox, SyncRun.Cause.RECONNECT)
    messages.success(request, f"{mailbox.account} is connected again.")
    return redirect("outlook")


def _failed(request: HttpRequest, failure: ConnectFailed) -> HttpResponse:
    return render(request, "outlook/connect_failed.html", {"failure": failure}, status=400)
