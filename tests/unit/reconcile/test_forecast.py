"""Whom Outlook mails for what (operations.md §3–4)."""

import pytest

from leansoft.events.fields import Field, Response
from leansoft.reconcile.actions import (
    Action,
    ArchiveHere,
    Cause,
    CreateThere,
    DeclineThere,
    DeleteThere,
    RespondThere,
    UpdateHere,
    UpdateThere,
)
from leansoft.reconcile.forecast import Mail, MailKind, forecast

HERE = Cause.CHANGED_HERE
ANA, BO, CHI = (
    {"email": f"{name}@example.org", "name": name, "type": "required"}
    for name in ("ana", "bo", "chi")
)


def mail(name: str, kind: MailKind, *, certain: bool = True) -> Mail:
    return Mail(to=f"{name}@example.org", kind=kind, certain=certain)


CASES: dict[str, tuple[Action, tuple[Mail, ...]]] = {
    "create invites everyone": (
        CreateThere(values={Field.ATTENDEES: [ANA, BO]}, cause=HERE),
        (mail("ana", MailKind.INVITATION), mail("bo", MailKind.INVITATION)),
    ),
    "create without people mails nobody": (CreateThere(values={}, cause=HERE), ()),
    "content updates everyone": (
        UpdateThere(values={Field.SUBJECT: "Tea"}, cause=HERE),
        (mail("ana", MailKind.UPDATE), mail("bo", MailKind.UPDATE)),
    ),
    "adding one invites that person and nobody else": (
        UpdateThere(values={Field.ATTENDEES: [ANA, BO, CHI]}, cause=HERE),
        (mail("chi", MailKind.INVITATION),),
    ),
    "removing one cancels for that person and nobody else": (
        UpdateThere(values={Field.ATTENDEES: [ANA]}, cause=HERE),
        (mail("bo", MailKind.CANCELLATION),),
    ),
    "people and content together mail everyone": (
        UpdateThere(values={Field.ATTENDEES: [ANA, CHI], Field.SUBJECT: "Tea"}, cause=HERE),
        (
            mail("chi", MailKind.INVITATION),
            mail("bo", MailKind.CANCELLATION),
            mail("ana", MailKind.UPDATE),
        ),
    ),
    "people and an undocumented property may mail those who stay": (
        UpdateThere(values={Field.ATTENDEES: [ANA, BO, CHI], Field.REMINDER: 5}, cause=HERE),
        (
            mail("chi", MailKind.INVITATION),
            mail("ana", MailKind.UPDATE, certain=False),
            mail("bo", MailKind.UPDATE, certain=False),
        ),
    ),
    "an undocumented property may mail": (
        UpdateThere(values={Field.SHOW_AS: "free"}, cause=HERE),
        (
            mail("ana", MailKind.UPDATE, certain=False),
            mail("bo", MailKind.UPDATE, certain=False),
        ),
    ),
    "delete cancels for everyone": (
        DeleteThere(cause=HERE),
        (mail("ana", MailKind.CANCELLATION), mail("bo", MailKind.CANCELLATION)),
    ),
    "leaving quietly tells nobody": (DeclineThere(cause=HERE, send_response=False), ()),
    "declining tells the organizer": (
        DeclineThere(cause=HERE, send_response=True),
        (mail("olga", MailKind.RESPONSE),),
    ),
    "accepting tells the organizer": (
        RespondThere(response=Response.ACCEPTED, cause=HERE),
        (mail("olga", MailKind.RESPONSE),),
    ),
    "what comes in mails nobody": (UpdateHere(values={Field.SUBJECT: "x"}, cause=HERE), ()),
    "archiving here mails nobody": (ArchiveHere(cause=HERE), ()),
}


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_forecast_names_each_recipient(case: str) -> None:
    action, expected = CASES[case]
    present = ["ana@example.org", "bo@example.org"]
    assert forecast(action, present=present, organizer="olga@example.org") == expected
