"""The history of one's mailbox, with a search: the part of the Outlook page that htmx asks for."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from leansoft.connections.models import Mailbox
from leansoft.sync.models import SyncAction
from leansoft.sync.show.history import CHOICES, MOST_FOUND, Wanted, runs_of, search_runs
from leansoft.web.gates import signed_in

PAGE = 20

LABELS: dict[str, dict[str, str]] = {
    "side": {SyncAction.Side.LEANSOFT: "In Leansoft", SyncAction.Side.OUTLOOK: "In Outlook"},
    "kind": {
        SyncAction.Kind.CREATED: "Created",
        SyncAction.Kind.UPDATED: "Changed",
        SyncAction.Kind.DELETED: "Deleted or taken off",
        SyncAction.Kind.ADOPTED: "Found on both sides",
        SyncAction.Kind.PARTED: "Parted",
    },
    "outcome": {
        SyncAction.Outcome.DONE: "Done",
        SyncAction.Outcome.REFUSED: "Refused by Microsoft",
        SyncAction.Outcome.FAILED: "Not done",
    },
}
ANY = {"side": "Either side", "kind": "Any change", "outcome": "Any outcome"}
NAMES = {"side": "Where", "kind": "What", "outcome": "How it ended"}


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    mailbox = Mailbox.objects.filter(user=signed_in(request)).first()
    if mailbox is None or "HX-Request" not in request.headers:
        return redirect(f"/outlook/?{request.GET.urlencode()}")
    return render(request, "outlook/_history_list.html", history_context(mailbox, request.GET))


def history_context(mailbox: Mailbox, asked: QueryDict) -> dict[str, Any]:
    wanted = _wanted(asked)
    everything = "all" in asked
    if wanted.is_anything:
        runs = runs_of(mailbox, everything=everything)
    else:
        runs = search_runs(mailbox, wanted)
    return {
        "runs": Paginator(runs, PAGE).get_page(asked.get("page")),
        "show_all": everything,
        "wanted": wanted,
        "most_found": MOST_FOUND,
        "filters": [_filter(name, wanted) for name in CHOICES],
        "asked": urlencode({name: value for name, value in asked.items() if name != "page"}),
    }


def _wanted(asked: QueryDict) -> Wanted:
    given = {name: asked.get(name, "") for name in CHOICES}
    known = {name: value for name, value in given.items() if value in CHOICES[name]}
    return Wanted(text=asked.get("find", "").replace("\x00", "").strip(), **known)


def _filter(name: str, wanted: Wanted) -> dict[str, Any]:
    chosen = getattr(wanted, name)
    options = [{"value": "", "label": ANY[name], "chosen": not chosen}]
    options += [
        {"value": value, "label": label, "chosen": value == chosen}
        for value, label in LABELS[name].items()
    ]
    return {"name": name, "label": NAMES[name], "options": options}
