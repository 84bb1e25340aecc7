"""The command line.

Django is set up by `prepare`, so whatever needs it is imported inside the command that uses it.
"""
# ruff: noqa: PLC0415

import json
import logging
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import Error as DatabaseError
from django.db import OperationalError
from environs import EnvError

from leansoft.kit.postgres import DatabaseUnavailable
from leansoft.kit.processes import ProgramEnded
from leansoft.startup import Failed, claim_address, migrate, prepare

P = ParamSpec("P")
R = TypeVar("R")

EXPECTED = (
    DatabaseUnavailable, DatabaseError, EnvError, Failed, ImproperlyConfigured, OSError,
    ProgramEnded,
)  # fmt: skip
"""What can go wrong on somebody's machine: one line each, no traceback."""


def prepared(command: Callable[P, R]) -> Callable[P, R]:
    """For commands that need the database."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        prepare()
        return command(*args, **kwargs)

    return run


def with_address(command: Callable[P, R]) -> Callable[P, R]:
    host = click.option("--host", default="127.0.0.1", show_default=True, help="Address.")
    port = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
    return host(port(command))


CLOUDS = ("global", "us_government", "us_defense", "china")
as_json = click.option("--json", "as_json", is_flag=True, help="For programs to read.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """A self-hosted team calendar that keeps itself and Outlook the same."""


@cli.command()
@with_address
@click.option("--sandbox-port", default=8001, show_default=True, type=click.IntRange(1, 65535))
def demo(host: str, port: int, sandbox_port: int) -> None:
    """Serve Leansoft with a small company and a stand-in for Outlook."""
    from leansoft.demo.sandbox import point_at_sandbox

    claim_address(host=host, port=port)
    claim_address(host=host, port=sandbox_port, base_url=False, option="--sandbox-port")
    point_at_sandbox(sandbox_port)
    prepare()
    from leansoft.demo.run import run_demo

    run_demo(host=host, port=port, sandbox_port=sandbox_port)


@cli.command()
@with_address
def serve(host: str, port: int) -> None:
    """Serve the calendar: web server and worker in one."""
    claim_address(host=host, port=port)
    prepare()
    from leansoft.servers import serve as serve_all
    from leansoft.startup import when_it_answers

    migrate()
    address = f"http://{shown_host(host)}:{port}"
    when_it_answers(f"{address}/healthz", lambda: click.echo(f"Leansoft serves {address}"))
    serve_all(host=host, port=port)


@cli.command()
@with_address
def web(host: str, port: int) -> None:
    """Run the web server alone."""
    claim_address(host=host, port=port)
    prepare()
    from leansoft.servers import run_web

    run_web(host=host, port=port)


@cli.command()
@prepared
def worker() -> None:
    """Run the worker alone."""
    from leansoft.servers import run_worker

    run_worker()


@cli.command()
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="Keep it here.")
def sandbox(port: int, host: str, state: Path | None) -> None:
    """Run the stand-in for Outlook alone."""
    from leansoft.demo.sandbox import run_sandbox

    claim_address(host=host, port=port, base_url=False)
    run_sandbox(host=host, port=port, state=state)


@cli.command("migrate")
@prepared
def migrate_command() -> None:
    """Bring the database up to date."""
    migrate()


@cli.group()
def user() -> None:
    """People who sign in."""


@user.command("create")
@click.argument("email")
@click.option("--name", default="", help="Full name.")
@click.option("--admin", is_flag=True, help="May change the settings.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from stdin.")
@prepared
def create_user_command(email: str, name: str, admin: bool, password_stdin: bool) -> None:
    """Create a user with the address EMAIL."""
    del password_stdin  # required, so it is always there
    from leansoft.accounts.domain.users import UserExists, create_user

    password = sys.stdin.readline().rstrip("\r\n")
    try:
        created = create_user(email=email, password=password, name=name, administrator=admin)
    except UserExists as error:
        raise click.ClickException(str(error)) from error
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    click.echo(f"Created {created.email} ({created.get_role_display()}).")


@user.command("link")
@click.argument("email")
@prepared
def sign_in_link_command(email: str) -> None:
    """Print a link by which the user EMAIL chooses a new password."""
    from leansoft.accounts.domain.sign_in_links import sign_in_link

    click.echo(sign_in_link(user_named(email)))


@cli.group()
def token() -> None:
    """Keys for programs that use the API."""


@token.command("create")
@click.argument("email")
@prepared
def create_token_command(email: str) -> None:
    """Print a new API token of the user EMAIL; it is shown this once."""
    from leansoft.accounts.models import ApiToken

    click.echo(ApiToken.issue(user_named(email)))


@cli.group()
def outlook() -> None:
    """The connection to Outlook."""


@outlook.command()
@click.option("--client-id", required=True)
@click.option("--client-secret-stdin", is_flag=True, required=True, help="Read it from stdin.")
@click.option("--tenant", default="common", show_default=True)
@click.option("--cloud", type=click.Choice(CLOUDS), default=None, help="A national cloud.")
@click.option("--secret-expires", type=click.DateTime(["%Y-%m-%d"]), default=None)
@prepared
def configure(
    client_id: str,
    client_secret_stdin: bool,
    tenant: str,
    cloud: str | None,
    secret_expires: datetime | None,
) -> None:
    """Save the application registered with Microsoft, and switch the integration on."""
    del client_secret_stdin  # required, so it is always there
    from leansoft.connections.domain.integration import (
        InvalidSetting,
        redirect_uri,
        save_integration,
    )
    from leansoft.sync.tasks import sync_everybody_later

    secret = sys.stdin.readline().strip()
    if not secret:
        raise click.ClickException("The client secret is empty: pass it on standard input.")
    try:
        save_integration(
            enabled=True,
            client_id=client_id,
            client_secret=secret,
            tenant=tenant,
            cloud=cloud,
            secret_expires_on=secret_expires.date() if secret_expires else None,
        )
    except InvalidSetting as error:
        raise click.ClickException(error.sentence) from error
    # Whoever was stopped by the old secret goes on without a new sign-in.
    sync_everybody_later()
    click.echo(f"Outlook is switched on. The redirect URI to register: {redirect_uri()}")


@outlook.command()
@as_json
@prepared
def status(as_json: bool) -> None:
    """Show every mailbox and how it is."""
    from leansoft.reports import outlook_overview, print_overview

    overview = outlook_overview()
    if as_json:
        print_json(overview)
    else:
        print_overview(overview)


@outlook.command("sync")
@click.argument("email")
@click.option("--preview", is_flag=True, help="Only show what would happen.")
@as_json
@prepared
def sync_command(email: str, preview: bool, as_json: bool) -> None:
    """Sync the mailbox of the user EMAIL now, and wait for the end."""
    from leansoft.reports import preview_mailbox, print_run, sync_mailbox

    # What a run warns of stands in its report, too.
    logging.getLogger("leansoft").setLevel(logging.ERROR)
    report = (preview_mailbox if preview else sync_mailbox)(user_named(email))
    if as_json:
        print_json(report)
    else:
        print_run(report, preview=preview)
    if report["state"] == "failed":
        raise click.exceptions.Exit(1)


@outlook.command()
@as_json
@prepared
def doctor(as_json: bool) -> None:
    """Look for what could keep the sync from working."""
    from leansoft.doctor.examine import examine, print_checks

    checks = examine()
    healthy = all(check.ok for check in checks)
    if as_json:
        print_json({"ok": healthy, "checks": [check.report() for check in checks]})
    else:
        print_checks(checks)
    if not healthy:
        raise click.exceptions.Exit(1)


@outlook.command("confirm")
@click.option("--as-copy", is_flag=True, help="It is only a copy: disconnect everybody in it.")
@prepared
def confirm_command(as_copy: bool) -> None:
    """Go on syncing with a database that was restored or moved."""
    from leansoft.sync.leave.orders import disown
    from leansoft.sync.tasks import confirm_database

    if as_copy and disown():
        click.echo("Nobody's Outlook is connected to this copy any more.")
    elif not as_copy and confirm_database():
        click.echo("Confirmed. Every mailbox is compared with Outlook as a whole.")
    else:
        click.echo("There is nothing to confirm.")


def shown_host(host: str) -> str:
    """Where somebody on this machine reaches the server."""
    if host in {"127.0.0.1", "0.0.0.0", "::", "::1"}:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def user_named(email: str) -> Any:
    from leansoft.accounts.domain.users import find_user

    found = find_user(email)
    if found is None:
        raise click.ClickException(f"There is no user with the address {email}.")
    return found


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, cls=DjangoJSONEncoder, ensure_ascii=False))


def main() -> None:
    try:
        cli(prog_name="leansoft")
    except EXPECTED as error:
        click.echo(f"leansoft: {one_line(error)}", err=True)
        sys.exit(1)


def one_line(error: BaseException) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, OperationalError):
        return f"The database that LEANSOFT_DATABASE_URL names does not answer: {said}"
    return said


if __name__ == "__main__":
    main()
