"""For machines that watch over Leansoft: is it up, and how is it doing, in counts only."""

from django.db import DatabaseError, connection, transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

from leansoft.connections.models import Mailbox
from leansoft.sync.models import SyncRun


@transaction.non_atomic_requests
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ok": False, "message": "The database does not answer."}, status=503)
    return JsonResponse({"ok": True})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format."""
    waiting = ProcrastinateJob.objects.filter(status="todo").count()
    text = "\n".join(
        [
            *_gauge("leansoft_mailboxes", "Mailboxes by status.", "status", _by(Mailbox, "status")),
            *_gauge("leansoft_sync_runs", "Sync runs by state.", "state", _by(SyncRun, "state")),
            "# HELP leansoft_jobs_waiting Jobs that no worker has taken yet.",
            "# TYPE leansoft_jobs_waiting gauge",
            f"leansoft_jobs_waiting {waiting}",
        ]
    )
    return HttpResponse(f"{text}\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _by(model: type[Mailbox] | type[SyncRun], column: str) -> dict[str, int]:
    # The default order would split the groups.
    return dict(model.objects.order_by().values_list(column).annotate(Count("pk")))


def _gauge(name: str, text: str, label: str, counts: dict[str, int]) -> list[str]:
    lines = [f'{name}{{{label}="{key}"}} {count}' for key, count in sorted(counts.items())]
    return [f"# HELP {name} {text}", f"# TYPE {name} gauge", *lines]
