"""Somebody came back from Microsoft with another account than the connected one: which stays?"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from leansoft.connections.domain import other_account
from leansoft.connections.domain.failures import ConnectFailed
from leansoft.connections.domain.mailboxes import Connection
from leansoft.connections.models import Mailbox
from leansoft.sync.leave.change_account import change_account, shared_events
from leansoft.sync.moved import in_doubt, sentence
from leansoft.web.gates import signed_in


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    connection = other_account.remembered(request.session, user)
    mailbox = Mailbox.objects.select_related("user").filter(user=user).first()
    if connection is None or mailbox is None or connection.is_of(mailbox):
        other_account.forget(request.session)
        return redirect("outlook")
    if request.method == "POST":
        return _decide(request, mailbox, connection)
    context = {
        "mailbox": mailbox,
        "connected": mailbox.status != Mailbox.Status.DISCONNECTED,
        "account": connection.account,
        "events": shared_events(mailbox),
    }
    return render(request, "outlook/account.html", context)


def _decide(request: HttpRequest, mailbox: Mailbox, connection: Connection) -> HttpResponse:
    doubt = in_doubt()
    if doubt is not None:
        messages.error(request, sentence(doubt))
        return redirect("outlook")
    other_account.forget(request.session)
    if request.POST.get("answer") != "move":
        messages.success(request, f"{mailbox.account} stays. Nothing was changed.")
        return redirect("outlook")
    try:
        change_account(mailbox, connection)
    except ConnectFailed as failure:
        return render(request, "outlook/connect_failed.html", {"failure": failure}, status=400)
    return redirect("outlook_start")
