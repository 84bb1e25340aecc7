"""What could keep the sync from working, each with what to do about it."""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import click
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from leansoft.accounts.models import User
from leansoft.connections.models import Integration, Mailbox
from leansoft.kit.clock import now
from leansoft.kit.encryption import SealBroken
from leansoft.kit.zones import is_iana, to_windows

BEAT_WITHIN = timedelta(seconds=30)
WARN_BEFORE = timedelta(days=14)
CLOCK_OFF_BY = timedelta(minutes=5)
"""Microsoft's tokens count as not valid yet, or no longer, when the clocks differ by more."""
LONG_QUEUE = 200
FETCH_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    name: str
    ok: bool
    message: str


def examine() -> list[Check]:
    """Every check, in the order in which one would mend things."""
    database = check_database()
    if not database.ok:
        return [database]
    migrations = check_migrations()
    if not migrations.ok:
        return [database, migrations]
    return [database, migrations, *(check() for check in CHECKS), *check_microsoft()]


def check_database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            (version,) = cursor.fetchone()
    except DatabaseError as error:
        return _bad("database", f"PostgreSQL does not answer: {error}. Start it.")
    return _good("database", f"PostgreSQL {version} answers.")


def check_migrations() -> Check:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return _bad("migrations", f"{len(missing)} are missing: run 'leansoft migrate'.")
    return _good("migrations", "The database is up to date.")


def check_worker() -> Check:
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=now() - BEAT_WITHIN).count()
    if not alive:
        return _bad("worker", "No worker is running: start 'leansoft serve' or 'leansoft worker'.")
    return _good("worker", f"{alive} running.")


def check_queue() -> Check:
    due = ProcrastinateJob.objects.filter(Q(scheduled_at=None) | Q(scheduled_at__lte=now()))
    waiting = due.filter(status="todo").count()
    if waiting > LONG_QUEUE:
        return _bad("queue", f"{waiting} jobs wait: start more workers, or look at their log.")
    return _good("queue", f"{waiting} jobs wait.")


def check_zones() -> Check:
    names = User.objects.filter(is_active=True).values_list("time_zone", flat=True).distinct()
    unknown = sorted(name for name in names if not is_iana(name) or to_windows(name) is None)
    if unknown:
        return _bad(
            "zones",
            f"Outlook has no name for {', '.join(unknown)}: choose a zone with a city's name in "
            "the profile.",
        )
    return _good("zones", "Every zone in use has a name in Outlook.")


def check_integration() -> Check:
    integration = Integration.current()
    if not integration.enabled:
        return _bad("integration", "It is off: switch it on under Settings → Integrations.")
    if not integration.is_configured:
        return _bad("integration", "Client ID or secret is missing: enter it in the settings.")
    if integration.fault:
        return _bad("integration", integration.fault)
    return _good("integration", f"On, with the client ID {integration.client_id}.")


def check_secret() -> Check:
    integration = Integration.current()
    if integration.client_secret_sealed:
        try:
            _ = integration.client_secret
        except SealBroken:
            return _bad("secret", "LEANSOFT_SECRET_KEY changed: enter the client secret again.")
    expires_on = integration.secret_expires_on
    if expires_on is None:
        return _good("secret", "Its expiry date is not known: enter it in the settings.")
    left = (expires_on - now().date()).days
    if left < 0:
        return _bad("secret", f"It expired on {expires_on}: create a new one with Microsoft.")
    if left <= WARN_BEFORE.days:
        return _good("secret", f"It expires in {left} days: create a new one with Microsoft soon.")
    return _good("secret", f"It is good until {expires_on}.")


def check_mailboxes() -> Check:
    mailboxes = Mailbox.objects.select_related("user").order_by("account")
    broken = [Mailbox.Status.NEEDS_RECONNECT, Mailbox.Status.ERROR]
    stuck = [str(m.account) for m in mailboxes.filter(status__in=broken)]
    if stuck:
        return _bad("mailboxes", f"Their owners have to sign in again: {', '.join(stuck)}.")
    return _good("mailboxes", f"{mailboxes.filter(status__in=Mailbox.HOME).count()} connected.")


def check_microsoft() -> list[Check]:
    """Whether the sign-in answers, and whether both clocks agree."""
    tenant = Integration.current().tenant
    url = f"{settings.MICROSOFT_LOGIN_URL}/{tenant}/v2.0/.well-known/openid-configuration"
    try:
        with urllib.request.urlopen(url, timeout=FETCH_SECONDS) as answer:
            date = answer.headers.get("Date")
    except urllib.error.HTTPError as error:
        return [_bad("sign-in", f"{url} answers {error.code}: check the tenant in the settings.")]
    except OSError as error:
        return [_bad("sign-in", f"{url} cannot be reached ({error}): check network and proxy.")]
    checks = [_good("sign-in", f"{settings.MICROSOFT_LOGIN_URL} answers.")]
    return [*checks, _check_clock(parsedate_to_datetime(date))] if date else checks


def _check_clock(theirs: datetime) -> Check:
    off_by = abs(now() - theirs)
    seconds = round(off_by.total_seconds())
    if off_by > CLOCK_OFF_BY:
        return _bad("clock", f"It differs from Microsoft's by {seconds} s: set this machine's.")
    return _good("clock", f"It differs from Microsoft's by {seconds} s.")


CHECKS: tuple[Callable[[], Check], ...] = (
    check_worker, check_queue, check_zones, check_integration, check_secret, check_mailboxes,
)  # fmt: skip


def print_checks(checks: list[Check]) -> None:
    for check in checks:
        mark = click.style("ok   ", fg="green") if check.ok else click.style("fault", fg="red")
        click.echo(f"{mark}  {check.name:<12} {check.message}")


def _good(name: str, message: str) -> Check:
    return Check(name=name, ok=True, message=message)


def _bad(name: str, message: str) -> Check:
    return Check(name=name, ok=False, message=message)
