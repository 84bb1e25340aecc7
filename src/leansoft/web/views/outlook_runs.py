"""The history of the sync: every round, what it wrote and whom it mailed."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.show.history import Wanted, search_actions
from leansoft.sync.show.report import COUNTED, run_report
from leansoft.sync.undo.undoing import CannotUndo, check_can_undo, is_undone
from leansoft.web.gates import signed_in
from leansoft.web.names import names_of

PAGE = 50


@login_required
@require_safe
def show_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(SyncRun, pk=run_id, mailbox__user=signed_in(request))
    context = {**run_context(run), **_written(run, request.GET), **_undo_context(run)}
    template = "outlook/_written.html" if "HX-Request" in request.headers else "outlook/run.html"
    return render(request, template, context)


@login_required
@require_safe
def show_progress(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The part of a page that shows one run, asked for again while it is at work."""
    run = get_object_or_404(SyncRun, pk=run_id, mailbox__user=signed_in(request))
    return render(request, "outlook/_run.html", {**run_context(run), **_written(run, request.GET)})


def _written(run: SyncRun, asked: QueryDict) -> dict[str, Any]:
    """What the run wrote, page by page, what went wrong first; nothing while more comes."""
    if run.state in SyncRun.UNFINISHED:
        return {}
    text = asked.get("find", "").replace("\x00", "").strip()
    actions = search_actions(run.mailbox, Wanted(text=text)).filter(run=run)
    went_wrong = ~Q(outcome=SyncAction.Outcome.DONE)
    page = Paginator(actions.order_by(Case(When(went_wrong, 0), default=1), "pk"), PAGE)
    shown = page.get_page(asked.get("page"))
    names = names_of(mail for action in shown for mail in action.mails)
    rows = [{"action": action, "mails": mail_lines(action.mails, names)} for action in shown]
    return {"rows": rows, "page": shown, "find": text, "is_long": run.actions.count() > PAGE}


def _undo_context(run: SyncRun) -> dict[str, Any]:
    undos = run.undone.exclude(state=SyncRun.State.FAILED)
    try:
        check_can_undo(run)
    except CannotUndo:
        return {"can_undo": False, "undone_by": next((u for u in undos if not is_undone(u)), None)}
    return {"can_undo": True}


def run_context(run: SyncRun) -> dict[str, Any]:
    report = run_report(run)
    total, done = run.progress.get("total"), run.progress.get("done", 0)
    return {
        "run": run,
        "report": report,
        "left": by_event(run.left),
        "under_way": run.state in SyncRun.UNFINISHED,
        "percent": round(100 * done / total) if total else None,
        "written": sum(report["pushed"].values()),
        "written_events": _events_on(run, SyncAction.Side.OUTLOOK),
        "read": sum(report["pulled"].values()),
        "read_events": _events_on(run, SyncAction.Side.LEANSOFT),
        "adopted": run.actions.filter(kind=SyncAction.Kind.ADOPTED).count(),
        "has_written": run.actions.exists(),
    }


def _events_on(run: SyncRun, side: SyncAction.Side) -> int:
    """How many events the run wrote on this side: of a series, perhaps several dates."""
    written = run.actions.filter(side=side, kind__in=COUNTED, event__isnull=False)
    return written.values("event").distinct().count()


def mail_lines(mails: list[dict[str, Any]], names: dict[str, str]) -> list[str]:
    """One line for each kind of mail: "Invitation to Ana, Bo"."""
    told: dict[tuple[str, bool], list[str]] = {}
    for mail in mails:
        people = told.setdefault((mail["kind"], mail["certain"]), [])
        people.append(names.get(mail["to"], mail["to"]))
    return [
        f"{kind.capitalize()} {'' if certain else 'perhaps '}to {', '.join(people)}"
        for (kind, certain), people in told.items()
    ]


def by_event(left: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is not restored, one entry for each event."""
    grouped = groupby(left, key=lambda one: (one["event"], one["subject"]))
    return [
        {"event": event, "subject": subject, "reasons": [one["reason"] for one in reasons]}
        for (event, subject), reasons in grouped
    ]
