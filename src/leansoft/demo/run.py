"""The demo: Leansoft and the sandbox, both filled with a small company, until Ctrl-C."""

import sys
from zoneinfo import ZoneInfo

import click
from django.conf import settings

from leansoft.connections.domain.integration import redirect_uri
from leansoft.demo.fill import fill_company
from leansoft.demo.people import COLLEAGUES, PASSWORD, ZONE
from leansoft.demo.sandbox import CLIENT_ID, CLIENT_SECRET, furnish, sandbox_program
from leansoft.kit.clock import now
from leansoft.servers import serve
from leansoft.startup import data_folder, migrate, remember_demo, when_it_answers


def run_demo(*, host: str, port: int, sandbox_port: int) -> None:
    """Raises `ProgramEnded`."""
    remember_demo()
    migrate()
    if fill_company(now=now()):
        click.echo("Filled a small company.")
    sandbox_url = settings.MICROSOFT_LOGIN_URL
    state = data_folder() / "sandbox.json"
    sandbox = sandbox_program(host=host, port=sandbox_port, state=state)
    when_it_answers(f"{sandbox_url}/sandbox/clock", lambda: _open(sandbox_url))
    serve(host=host, port=port, others=[sandbox])


def _open(sandbox_url: str) -> None:
    try:
        furnish(
            sandbox_url, redirect_uri=redirect_uri(), today=now().astimezone(ZoneInfo(ZONE)).date()
        )
    except OSError as error:
        click.echo(f"leansoft: The sandbox could not be furnished: {error}", err=True)
        return
    when_it_answers(f"{settings.BASE_URL}/healthz", lambda: welcome(sandbox_url))


def welcome(sandbox_url: str) -> None:
    first, *others = COLLEAGUES
    rows = [
        ("Leansoft", settings.BASE_URL, ""),
        ("Outlook", sandbox_url, "the sandbox, which plays Microsoft"),
        ("",),
        ("Sign in as", first.email, f"{first.name}, administrator"),
        *(("", person.email, person.name) for person in others),
        ("Password", PASSWORD, "for everybody, in Leansoft and at the sandbox"),
        ("",),
        ("To connect Outlook, paste these under Settings → General Settings → Integrations:",),
        ("Client ID", CLIENT_ID, ""),
        ("Client Secret", CLIENT_SECRET, ""),
        ("",),
        ("Ctrl-C stops everything; the data stays.",),
    ]
    click.echo()
    for row in rows:
        click.echo(f"  {_line(row)}".rstrip())
    click.echo()
    sys.stdout.flush()


def _line(row: tuple[str, ...]) -> str:
    if len(row) == 1:
        return row[0]
    label, value, note = row
    shown = click.style(f"{value:<{25 if note else 0}}", bold=True)
    return f"{label:<14} {shown} {note}"
