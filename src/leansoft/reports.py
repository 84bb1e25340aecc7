"""What the command line shows of the sync."""

from typing import Any

import click

from leansoft.accounts.models import User
from leansoft.connections.models import Integration, Mailbox
from leansoft.graph.errors import GraphError
from leansoft.startup import Failed
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.start import preview
from leansoft.sync.run import run_now
from leansoft.sync.show.report import run_report
from leansoft.sync.show.status import outlook_status
from leansoft.web.mailboxes import NotNow, mailbox_to_sync, present_mailbox

VERBS = ("created", "updated", "deleted")


def outlook_overview() -> dict[str, Any]:
    """The integration, and every mailbox that is or was connected."""
    mailboxes = Mailbox.objects.select_related("user").order_by("user__email")
    return {
        "enabled": Integration.current().enabled,
        # Whoever may use the command line here is the one who can mend things.
        "mailboxes": [
            {"user": m.user.email, **outlook_status(m.user, to_administrator=True)}
            for m in mailboxes
        ],
    }


def print_overview(overview: dict[str, Any]) -> None:
    click.echo(f"The integration is switched {'on' if overview['enabled'] else 'off'}.")
    if not overview["mailboxes"]:
        click.echo("No mailbox is connected.")
    for mailbox in overview["mailboxes"]:
        last = mailbox["last_sync_at"]
        when = f"last sync {last:%Y-%m-%d %H:%M} UTC" if last else "not synced yet"
        line = f"{mailbox['user']}: {mailbox['state']}, {when}"
        click.echo(f"{line}. {mailbox['reason']}" if mailbox["reason"] else line)


def sync_mailbox(user: User) -> dict[str, Any]:
    """Raises `Failed` when the mailbox cannot be synced as it is."""
    try:
        mailbox = mailbox_to_sync(user)
    except NotNow as error:
        raise Failed(f"{user.email}: {error}") from error
    return run_report(run_now(mailbox, SyncRun.Cause.MANUAL))


def preview_mailbox(user: User) -> dict[str, Any]:
    """What a sync would do now, or the first one if it were started. Raises `Failed`."""
    try:
        mailbox = present_mailbox(user)
        existing, invitations = mailbox.existing or "push", mailbox.invitations or "send"
        return preview(mailbox, existing=existing, invitations=invitations)
    except NotNow as error:
        raise Failed(f"{user.email}: {error}") from error
    except GraphError as error:
        raise Failed(error.sentence) from error


def print_run(report: dict[str, Any], *, preview: bool) -> None:
    click.echo("Would write:" if preview else f"The run is {report['state']}.")
    for side, name in (("pushed", "to Outlook"), ("pulled", "to Leansoft")):
        counts = ", ".join(f"{report[side][verb]} {verb}" for verb in VERBS)
        click.echo(f"  {name}: {counts}")
    for mail in report["mails"]:
        click.echo(f"  mail: {mail['kind']} to {mail['to']}{'' if mail['certain'] else ' (maybe)'}")
    for sentence in [*report["reasons"], *report["errors"]]:
        click.echo(f"  {sentence}", err=True)
    if report["state"] == "waiting" or report.get("held_run"):
        waits = "It waits" if report["state"] == "waiting" else "Another part of the plan waits"
        click.echo(f"  {waits} for its owner's answer on the Outlook page.", err=True)
