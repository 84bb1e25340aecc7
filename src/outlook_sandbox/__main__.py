"""`python -m outlook_sandbox`."""

import logging
import sys
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from outlook_sandbox.sandbox import Sandbox
from outlook_sandbox.server import Server, end_with_supervisor, stop_on_signals
from outlook_sandbox.store import StateFile


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535))
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="Keep state here.")
@click.option("--public-url", help="Build links on this URL instead of the request's host.")
def main(host: str, port: int, state: Path | None, public_url: str | None) -> None:
    """Play Microsoft's sign-in and Outlook on this machine."""
    logging.basicConfig(level=logging.WARNING, format="sandbox: %(message)s")
    logging.getLogger("waitress").setLevel(logging.CRITICAL)
    end_with_supervisor()
    stop_on_signals()
    try:
        sandbox = Sandbox(StateFile(state) if state else None)
    except (OSError, msgspec.MsgspecError) as failure:
        fail(f"The state file {state} cannot be read: {failure}")
    try:
        server = Server(sandbox, host, port, public_url.rstrip("/") if public_url else None)
    except OSError as failure:
        fail(f"The sandbox cannot listen on {host}:{port}: {failure.strerror or failure}")
    click.echo(f"Sandbox on {public_url or f'http://{host}:{server.port}'}")
    sys.stdout.flush()
    server.run()


def fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
