"""Mails about the connection to Microsoft, each at most once: to whoever can mend it.

What has been told is written down before the mail goes out, so that two workers never send it
twice; a mail that its server does not take is told again later.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail

from leansoft.accounts.models import User
from leansoft.connections.domain.expiry import REMEDY, notice_of, present_warning
from leansoft.connections.models import ExpiryNotice, Mailbox

logger = logging.getLogger(__name__)


def send_due_mails(now: datetime) -> None:
    """Nothing is told, and nothing counts as told, as long as there is no mail server."""
    if settings.SENDS_MAIL:
        _tell_administrators(now)
        _tell_owners(now)


def _tell_administrators(now: datetime) -> None:
    warning = present_warning(now)
    if warning is None:
        return
    text = f"{warning.sentence} {REMEDY}\n\n{settings.BASE_URL}/settings/general/\n"
    for admin in User.objects.filter(role=User.Role.ADMINISTRATOR, is_active=True):
        notice = ExpiryNotice.objects.filter(pk=notice_of(admin, warning).pk)
        if not notice.filter(mailed_at=None).update(mailed_at=now):
            continue
        if not _send(admin, f"Leansoft: {warning.sentence}", text):
            notice.update(mailed_at=None)


def _tell_owners(now: datetime) -> None:
    lost = Mailbox.objects.filter(
        status=Mailbox.Status.NEEDS_RECONNECT, loss_told_at=None, user__is_active=True
    )
    for mailbox in lost.select_related("user"):
        row = Mailbox.objects.filter(pk=mailbox.pk)
        if not row.filter(loss_told_at=None).update(loss_told_at=now):
            continue
        if not _send(mailbox.user, "Leansoft: sign in at Microsoft again", _loss_text(mailbox)):
            row.update(loss_told_at=None)


def _loss_text(mailbox: Mailbox) -> str:
    return (
        f"{mailbox.reason}\n\n"
        f"Until you do, your calendar in Leansoft and {mailbox.account} are not kept the same. "
        "Nothing is lost: changes wait on both sides.\n\n"
        f"Press Outlook on the calendar: {settings.BASE_URL}/outlook/\n"
    )


def _send(user: User, subject: str, text: str) -> bool:
    """Whether the mail server took it."""
    try:
        send_mail(subject, text, None, [user.email])
    except OSError as error:  # every fault of smtplib is one, too
        logger.warning("The mail server does not take a mail: %s", error)
        return False
    return True
