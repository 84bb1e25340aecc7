"""What is on the way to Microsoft: the sign-in, the application, the address, notifications."""

import urllib.error
import urllib.request
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings

from leansoft.connections.domain.integration import InvalidSetting, Registration
from leansoft.connections.domain.trial import Finding, Outcome, try_credentials, try_microsoft
from leansoft.connections.microsoft import transport
from leansoft.connections.models import Integration, Mailbox, Subscription
from leansoft.doctor.check import Check, fault, good, warning
from leansoft.kit.clock import now
from leansoft.sync.timing.subscriptions import can_be_told, is_told, notification_url

CLOCK_OFF_BY = timedelta(minutes=5)
"""Microsoft's tokens count as not valid yet, or no longer, when the clocks differ by more."""
FETCH_SECONDS = 10
MOST_BYTES = 100


def examine_microsoft() -> list[Check]:
    integration = Integration.current()
    registration = Registration(
        client_id=integration.client_id, tenant=integration.tenant, cloud=integration.cloud
    )
    sign_in = _check("sign-in", try_microsoft(registration))
    checks = [sign_in]
    if sign_in.ok:
        checks.append(_check_clock())
        if integration.is_configured:
            checks.append(_check_credentials(registration))
    return [*checks, check_address(), check_notifications()]


def _check(name: str, finding: Finding) -> Check:
    return (good if finding.outcome is Outcome.GOOD else fault)(name, finding.sentence)


def _check_credentials(registration: Registration) -> Check:
    try:
        return _check("credentials", try_credentials(registration))
    except InvalidSetting as error:
        return fault("credentials", error.sentence)


def _check_clock() -> Check:
    """As the answer of the sign-in has just shown it."""
    skew = transport().clock_skew_seconds
    if skew is None:
        return warning("clock", "Microsoft's answer has no time: compare this machine's by hand.")
    seconds = round(abs(skew))
    if seconds > CLOCK_OFF_BY.total_seconds():
        return fault("clock", f"It differs from Microsoft's by {seconds} s: set this machine's.")
    return good("clock", f"It differs from Microsoft's by {seconds} s.")


def check_address() -> Check:
    """Whether Leansoft answers where its links lead; who asks from here may be misled."""
    url = settings.BASE_URL
    try:
        # Not Microsoft's way, which measures Microsoft's clock.
        with urllib.request.urlopen(f"{url}/healthz", timeout=FETCH_SECONDS) as answer:
            is_leansoft = answer.read(MOST_BYTES).startswith(b'{"ok": true')
    except urllib.error.HTTPError as error:
        return warning("address", f"{url} answers {error.code}: {MISLED}")
    except (OSError, ValueError) as error:
        return warning("address", f"{url} cannot be reached from this machine ({error}): {MISLED}")
    if not is_leansoft:
        return warning("address", f"At {url} answers something else: {MISLED}")
    return good("address", f"Leansoft answers at {url}.")


MISLED = (
    "see that the web server runs, that the proxy leads to it with a good certificate, and that "
    "LEANSOFT_BASE_URL is right."
)


def check_notifications() -> Check:
    if not can_be_told():
        return warning(
            "notifications",
            f"Off: {urlsplit(settings.BASE_URL).netloc} is no public https address, so Microsoft "
            "cannot reach it, and Leansoft has to ask Outlook again and again. To be told at once, "
            "put a proxy with https in front and set LEANSOFT_BASE_URL.",
        )
    moment = now()
    connected = Mailbox.objects.filter(status=Mailbox.Status.CONNECTED)
    mailboxes = list(connected.select_related("subscription"))
    if not mailboxes:
        return good("notifications", "They begin when somebody connects Outlook.")
    told = sum(is_told(mailbox, moment) for mailbox in mailboxes)
    so_far = f"Microsoft tells of changes in {told} of {len(mailboxes)} calendars"
    if Subscription.objects.filter(mailbox__in=mailboxes, failures__gt=0).exists():
        return warning(
            "notifications",
            f"{so_far}; the others are asked again and again. Let {notification_url()} be reached "
            "from the internet.",
        )
    return good("notifications", f"{so_far}.")
