"""Every check, for the command line and the page."""

import click

from leansoft.doctor import here
from leansoft.doctor.check import Check, Level
from leansoft.doctor.microsoft import examine_microsoft

MARKS = {
    Level.OK: ("ok", "green"),
    Level.WARNING: ("warning", "yellow"),
    Level.FAULT: ("fault", "red"),
}


def examine() -> list[Check]:
    """In the order in which one would mend things."""
    database = here.check_database()
    if not database.ok:
        return [database]
    migrations = here.check_migrations()
    if not migrations.ok:
        return [database, migrations]
    return [database, migrations, *(check() for check in here.CHECKS), *examine_microsoft()]


def print_checks(checks: list[Check]) -> None:
    for check in checks:
        text, colour = MARKS[check.level]
        click.echo(f"{click.style(f'{text:<7}', fg=colour)}  {check.name:<13} {check.message}")
