"""The caller's connection to Outlook: `/api/v1/outlook`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from leansoft.accounts.models import User
from leansoft.connections.models import Mailbox
from leansoft.sync import control
from leansoft.sync.leave.orders import Next
from leansoft.sync.leave.removal import Existing
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.choices import Past
from leansoft.sync.preview.foresee import foresee_disconnect, foresee_reset
from leansoft.sync.preview.held import keys_of, reject
from leansoft.sync.preview.start import preview, start_sync
from leansoft.sync.show.report import run_report
from leansoft.sync.show.status import outlook_status
from leansoft.sync.tasks import approve_later, sync_mailbox_later, undo_later
from leansoft.sync.timing.attention import WATCHING, look_at_outlook
from leansoft.sync.undo.preview import preview_undo
from leansoft.sync.undo.undoing import CannotUndo
from leansoft.web.api.auth import caller
from leansoft.web.api.paging import Limit, Offset
from leansoft.web.api.problems import Problem
from leansoft.web.mailboxes import (
    certain_mailbox,
    mailbox_to_choose,
    mailbox_to_order,
    mailbox_to_preview,
    mailbox_to_sync,
    present_mailbox,
)

NOT_ALL_WAIT = "Not all of these events wait in this run: look at its plan again."
NOT_WAITING = "This run does not wait for an answer: look at its state."

router = Router(tags=["outlook"])

READ_OUTLOOK = {"get_preview", "get_disconnect", "get_reset", "get_undo"}
"""No transaction is open around these, so that no rows are held while Outlook is read. What writes
at the same address opens its own."""


class Choices(Schema):
    model_config = ConfigDict(extra="forbid")

    existing: Literal["push", "keep_local"] = "push"
    invitations: Literal["send", "quiet"] = "send"
    past: Past = Past.QUIET
    """Events that are over: quietly to Outlook with the others, or only in Leansoft."""


class Start(Choices):
    fingerprint: Annotated[str, Field(max_length=64)] = ""
    """The preview's. When the plan is another one by now, the run waits and shows it."""


class Chosen(Schema):
    """Of what waits in the run. Without either, all of it."""

    model_config = ConfigDict(extra="forbid")

    events: Annotated[list[UUID], Field(min_length=1)] | None = None
    lines: Annotated[list[int], Field(min_length=1)] | None = None
    """By the `id` of the run's `actions`: also what has no event here any more."""


class Approval(Chosen):
    rest: Literal["wait", "reject"] = "wait"
    """What becomes of the other events."""


ALL, EVERYTHING = Approval(), Chosen()


class UndoChoices(Schema):
    model_config = ConfigDict(extra="forbid")

    invitations: Literal["send", "quiet"] = "quiet"
    """Whether Outlook may invite people again to meetings that were deleted there."""


NO_CHOICES = UndoChoices()


class Leaving(Schema):
    model_config = ConfigDict(extra="forbid")

    existing: Existing = Existing.LEAVE
    """What came from Outlook is deleted in Leansoft, what Leansoft created in Outlook."""


class Reset(Schema):
    model_config = ConfigDict(extra="forbid")

    existing: Existing = Existing.LEAVE
    """What becomes of the events that both sides hold."""
    next: Next = Next.ALL


LEAVING, RESET = Leaving(), Reset()


class Page(Schema):
    limit: Limit = 100
    offset: Offset = 0


@router.get("/outlook")
def get_outlook(request: HttpRequest) -> dict[str, Any]:
    if request.user.is_authenticated:
        # A browser asks as long as its person looks at the calendar; a program only wants to know.
        look_at_outlook(caller(request), older_than=WATCHING)
    return outlook_status(caller(request))


@router.get("/outlook/preview")
def get_preview(request: HttpRequest, query: Query[Choices]) -> dict[str, Any]:
    mailbox = mailbox_to_preview(caller(request))
    return preview(mailbox, **query.dict())


@router.post("/outlook/start", response={202: dict[str, Any]})
def start(request: HttpRequest, body: Start) -> Any:
    mailbox = mailbox_to_choose(caller(request))
    choices = body.dict(exclude={"fingerprint"})
    run = start_sync(mailbox, **choices, previewed=body.fingerprint)
    return Status(202, {"run": str(run.pk)})


@router.post("/outlook/sync", response={202: dict[str, Any]})
def sync(request: HttpRequest) -> Any:
    run = sync_mailbox_later(mailbox_to_sync(caller(request)), SyncRun.Cause.MANUAL)
    return Status(202, {"run": str(run.pk)})


@router.get("/outlook/runs")
def list_runs(request: HttpRequest, query: Query[Page]) -> dict[str, Any]:
    runs = SyncRun.objects.filter(mailbox__user=caller(request)).prefetch_related("actions")
    page = runs[query.offset : query.offset + query.limit]
    return {"items": [run_report(run) for run in page], "count": runs.count()}


@router.get("/outlook/runs/{uuid:run_id}")
def get_run(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    return run_report(find_run(caller(request), run_id))


@router.post("/outlook/pause")
def pause(request: HttpRequest) -> dict[str, Any]:
    control.pause(present_mailbox(caller(request)))
    return outlook_status(caller(request))


@router.post("/outlook/resume")
def resume(request: HttpRequest) -> dict[str, Any]:
    control.resume(present_mailbox(caller(request)))
    return outlook_status(caller(request))


@router.get("/outlook/disconnect")
def get_disconnect(request: HttpRequest, query: Query[Leaving]) -> dict[str, Any]:
    """What disconnecting would do, in the shape of a run."""
    return foresee_disconnect(_mailbox_to_leave(request, query), existing=query.existing)


@router.post("/outlook/disconnect", response={200: dict[str, Any], 202: dict[str, Any]})
@transaction.atomic
def disconnect(request: HttpRequest, body: Leaving = LEAVING) -> Any:
    """At once when everything stays as it is; else a run takes the events out first."""
    run = control.disconnect(_mailbox_to_leave(request, body), existing=body.existing)
    if run is not None:
        return Status(202, {"run": str(run.pk)})
    return Status(200, outlook_status(caller(request)))


@router.get("/outlook/reset")
def get_reset(request: HttpRequest, query: Query[Reset]) -> dict[str, Any]:
    """What the reset and the sync after it would do, in the shape of a run."""
    mailbox = mailbox_to_order(caller(request))
    return foresee_reset(mailbox, existing=query.existing, following=query.next)


@router.post("/outlook/reset", response={202: dict[str, Any]})
@transaction.atomic
def reset(request: HttpRequest, body: Reset = RESET) -> Any:
    mailbox = mailbox_to_order(caller(request))
    run = control.start_over(mailbox, existing=body.existing, following=body.next)
    return Status(202, {"run": str(run.pk)})


def _mailbox_to_leave(request: HttpRequest, choice: Leaving) -> Mailbox:
    takes_out = choice.existing is not Existing.LEAVE
    return (mailbox_to_order if takes_out else certain_mailbox)(caller(request))


@router.post("/outlook/runs/{uuid:run_id}/approve", response={202: dict[str, Any]})
def approve_run(request: HttpRequest, run_id: UUID, body: Approval = ALL) -> Any:
    run = find_run(caller(request), run_id)
    if not approve_later(run, _chosen(run, body), reject_rest=body.rest == "reject"):
        raise Problem(409, NOT_WAITING)
    return Status(202, {"run": str(run.pk)})


@router.post("/outlook/runs/{uuid:run_id}/reject")
def reject_run(request: HttpRequest, run_id: UUID, body: Chosen = EVERYTHING) -> dict[str, Any]:
    run = find_run(caller(request), run_id)
    if not reject(run, _chosen(run, body)):
        raise Problem(409, NOT_WAITING)
    return run_report(run)


def _chosen(run: SyncRun, body: Chosen) -> set[int] | None:
    if body.events is None and body.lines is None:
        return None
    try:
        return keys_of(run, events=body.events or (), lines=body.lines or ())
    except LookupError as error:
        raise Problem(409, NOT_ALL_WAIT) from error


@router.post("/outlook/runs/{uuid:run_id}/undo", response={202: dict[str, Any]})
@transaction.atomic
def undo_run(request: HttpRequest, run_id: UUID, body: UndoChoices = NO_CHOICES) -> Any:
    run = find_run(caller(request), run_id)
    mailbox_to_sync(caller(request))
    try:
        undo = undo_later(run, invites=body.invitations == "send")
    except CannotUndo as error:
        raise Problem(409, str(error)) from error
    return Status(202, {"run": str(undo.pk)})


@router.get("/outlook/runs/{uuid:run_id}/undo")
def get_undo(request: HttpRequest, run_id: UUID, query: Query[UndoChoices]) -> dict[str, Any]:
    """What the undo would do, in the shape of a run, and what it cannot restore."""
    run = find_run(caller(request), run_id)
    mailbox_to_sync(caller(request))
    try:
        return preview_undo(run, invites=query.invitations == "send")
    except CannotUndo as error:
        raise Problem(409, str(error)) from error


def find_run(user: User, run_id: UUID) -> SyncRun:
    run = SyncRun.objects.filter(mailbox__user=user, pk=run_id).first()
    if run is None:
        raise Http404("There is no such run of your mailbox.")
    return run
