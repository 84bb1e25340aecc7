"""What is on this side: the database, the worker, the settings."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from tzlocal.windows_tz import win_tz

from leansoft.accounts.models import User
from leansoft.connections.domain.expiry import EXPIRED, present_warning
from leansoft.connections.models import Integration, Mailbox
from leansoft.doctor.check import Check, fault, good, warning
from leansoft.kit.clock import now
from leansoft.kit.encryption import SealBroken
from leansoft.kit.zones import is_iana, to_iana, to_windows
from leansoft.sync.moved import in_doubt

BEAT_WITHIN = timedelta(seconds=30)
LONG_QUEUE = 200
LONG_WAIT = timedelta(minutes=10)
OLDEST_POSTGRESQL = 14
"""The oldest that Django takes."""


def check_database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            (version,) = cursor.fetchone()
    except DatabaseError as error:
        return fault("database", f"PostgreSQL does not answer: {error}. Start it.")
    if int(version.partition(".")[0]) < OLDEST_POSTGRESQL:
        return fault(
            "database", f"PostgreSQL {version} is too old: use {OLDEST_POSTGRESQL} or newer."
        )
    return good("database", f"PostgreSQL {version} answers.")


def check_migrations() -> Check:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return fault("migrations", f"Missing: {len(missing)}. Run 'leansoft migrate'.")
    return good("migrations", "The database is up to date.")


def check_worker() -> Check:
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=now() - BEAT_WITHIN).count()
    if not alive:
        return fault("worker", "None is running: start 'leansoft serve' or 'leansoft worker'.")
    return good("worker", f"{alive} running.")


def check_queue() -> Check:
    moment = now()
    due = ProcrastinateJob.objects.filter(Q(scheduled_at=None) | Q(scheduled_at__lte=moment))
    waiting = due.filter(status="todo")
    count, oldest = waiting.count(), _oldest(waiting)
    minutes = round((moment - oldest).total_seconds() / 60) if oldest else 0
    if count > LONG_QUEUE:
        return fault("queue", f"{count} jobs wait: start more workers, or look at their log.")
    if oldest and moment - oldest > LONG_WAIT:
        return warning(
            "queue",
            f"The oldest of {count} jobs has waited for {minutes} minutes: look at the worker's "
            "log, or start more workers.",
        )
    return good("queue", f"{count} jobs wait." if count else "No job waits.")


def _oldest(jobs: QuerySet[ProcrastinateJob]) -> datetime | None:
    """Since when the longest waiting one could have been done."""
    since = Coalesce(F("scheduled_at"), Min("procrastinateevent__at"))
    found: datetime | None = (
        jobs.annotate(since=since).order_by("since").values_list("since", flat=True).first()
    )
    return found


def check_zones() -> Check:
    if not available_timezones():
        return fault("zones", "There is no time zone data here: run 'pip install tzdata'.")
    lost = sorted(name for name in win_tz if (zone := to_iana(name)) and not is_iana(zone))
    if lost:
        return fault(
            "zones",
            f"This machine does not know Outlook's {', '.join(lost)}: update its time zone data "
            "with 'pip install --upgrade tzdata'.",
        )
    names = User.objects.filter(is_active=True).values_list("time_zone", flat=True).distinct()
    unknown = sorted(name for name in names if not is_iana(name) or to_windows(name) is None)
    if unknown:
        return fault(
            "zones",
            f"Outlook has no name for {', '.join(unknown)}: choose a zone with a city's name in "
            "the profile.",
        )
    return good("zones", f"All {len(win_tz)} zones of Outlook are known here.")


def check_installation() -> Check:
    doubt = in_doubt()
    if doubt is None:
        return good("installation", "The database is the one that was used before.")
    return fault(
        "installation",
        f"{doubt.label} Nothing is synced until an administrator confirms it on the Outlook page, "
        "or with 'leansoft outlook confirm'.",
    )


def check_integration() -> Check:
    integration = Integration.current()
    if not integration.enabled:
        return fault("integration", "It is off: switch it on under Settings → Integrations.")
    if not integration.is_configured:
        return fault("integration", "Client ID or secret is missing: enter it in the settings.")
    if integration.fault:
        return fault("integration", integration.fault)
    return good("integration", f"On, with the client ID {integration.client_id}.")


def check_secret() -> Check:
    integration = Integration.current()
    if integration.client_secret_sealed:
        try:
            _ = integration.client_secret
        except SealBroken:
            return fault("secret", "LEANSOFT_SECRET_KEY changed: enter the client secret again.")
    if integration.secret_expires_on is None:
        return warning(
            "secret",
            "Its expiry date is not known, so that nobody is warned: enter it in the settings.",
        )
    expiry = present_warning(now())
    if expiry is None:
        return good("secret", f"It is good until {integration.secret_expires_on}.")
    sentence = f"{expiry.sentence} Create a new one with Microsoft."
    return fault("secret", sentence) if expiry.stage == EXPIRED else warning("secret", sentence)


def check_mailboxes() -> Check:
    mailboxes = Mailbox.objects.select_related("user").order_by("account")
    broken = [Mailbox.Status.NEEDS_RECONNECT, Mailbox.Status.ERROR]
    stuck = [str(m.account) for m in mailboxes.filter(status__in=broken)]
    if stuck:
        return fault("mailboxes", f"Their owners have to sign in again: {', '.join(stuck)}.")
    return good("mailboxes", f"{mailboxes.filter(status__in=Mailbox.HOME).count()} connected.")


def check_mail() -> Check:
    if not settings.SENDS_MAIL:
        return warning(
            "mail",
            "No mail server: warnings show in Leansoft only. Name one in LEANSOFT_EMAIL_URL.",
        )
    try:
        with get_connection():
            pass
    except OSError as error:
        return fault("mail", f"The mail server does not answer ({error}): see LEANSOFT_EMAIL_URL.")
    return good("mail", "The mail server answers.")


CHECKS: tuple[Callable[[], Check], ...] = (
    check_installation, check_worker, check_queue, check_zones, check_integration, check_secret,
    check_mailboxes, check_mail,
)  # fmt: skip
