"""Taking runs back, and what both calendars show meanwhile."""

from typing import Any

from leansoft.accounts.models import User
from leansoft.sync.models import SyncRun
from leansoft.sync.run import execute
from leansoft.sync.tasks import undo_later
from leansoft.sync.undo.preview import preview_undo
from support.company import Company


def take_back(company: Company, run: SyncRun, *, invites: bool = False) -> dict[str, Any]:
    """Previews the undo, does it, and proves that the preview told the mails.

    Answers the preview, with the run of the undo as `run`.
    """
    preview = preview_undo(run, invites=invites)
    before = company.sandbox.mails()
    undo = undo_later(run, invites=invites)
    execute(undo)
    assert (undo.state, undo.errors) == (SyncRun.State.DONE, [])
    sent = company.sandbox.mails()[len(before) :]
    foreseen = {(mail["to"], mail["kind"]) for mail in preview["mails"]}
    certain = {(mail["to"], mail["kind"]) for mail in preview["mails"] if mail["certain"]}
    assert certain <= {(to, kind) for to, kind, _ in sent} <= foreseen
    return {**preview, "run": undo}


def reasons(preview: dict[str, Any]) -> list[str]:
    return [left["reason"] for left in preview["cannot_restore"]]


def in_outlook(company: Company, user: User) -> list[dict[str, Any]]:
    """What people see of each event in Outlook, without what Outlook itself counts."""
    shown = ("subject", "isCancelled", "showAs", "importance", "sensitivity", "categories")
    return [
        {
            **{name: event[name] for name in shown},
            "place": event["location"]["displayName"],
            "start": event["start"]["dateTime"],
            "people": sorted(a["emailAddress"]["address"] for a in event["attendees"]),
        }
        for event in company.outlook(user).events()
    ]


def nothing_follows(company: Company, *users: User) -> None:
    """The next rounds write nothing anywhere."""
    for user in users:
        run = company.sync(user)
        assert list(run.actions.values_list("subject", "side", "kind", "cause")) == []
