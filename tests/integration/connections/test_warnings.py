"""Warnings that the secret will expire, and mails to whoever can mend what stopped."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import EmailMessage
from pytest_django.fixtures import Settings

from integration.connections.microsoft import CLIENT_ID, SECRET, Connect, accept
from leansoft.accounts.models import User
from leansoft.connections.domain.connect import begin_connect, complete_connect
from leansoft.connections.domain.expiry import dismiss_warning, present_warning, warning_for
from leansoft.connections.domain.integration import save_integration
from leansoft.connections.domain.mails import send_due_mails
from leansoft.connections.models import Mailbox
from leansoft.connections.tokens import access_token
from leansoft.graph.errors import ReconnectRequired
from support.outlook import Sandbox

pytestmark = pytest.mark.django_db

EXPIRES_ON = date(2027, 3, 1)


@pytest.fixture
def expiring(db: None, settings: Settings) -> None:
    settings.SENDS_MAIL = True
    settings.MICROSOFT_LOGIN_URL = "http://localhost"
    save_integration(
        enabled=True, client_id=CLIENT_ID, client_secret=SECRET, secret_expires_on=EXPIRES_ON
    )


def left(days: int) -> datetime:
    """Noon of the day on which so many days are left."""
    return datetime(2027, 3, 1, 12, tzinfo=UTC) - timedelta(days=days)


def stage_at(days: int) -> int | None:
    warning = present_warning(left(days))
    return warning.stage if warning else None


def test_warning_grows_nearer_at_each_threshold(expiring: None) -> None:
    days = [61, 60, 31, 30, 8, 7, 2, 1, 0, -1, -100]
    assert [stage_at(d) for d in days] == [None, 60, 60, 30, 30, 7, 7, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (60, "The client secret expires in 60 days, on 1 March 2027."),
        (1, "The client secret expires tomorrow."),
        (0, "The client secret expires today."),
        (-1, "The client secret expired on 1 March 2027: nobody's calendar is kept in sync."),
    ],
)
def test_warning_says_when(expiring: None, days: int, sentence: str) -> None:
    warning = present_warning(left(days))
    assert warning is not None
    assert warning.sentence == sentence


def test_nothing_to_warn_of_without_a_date_or_an_integration(expiring: None) -> None:
    save_integration(enabled=False, client_id=CLIENT_ID, secret_expires_on=EXPIRES_ON)
    assert present_warning(left(1)) is None
    save_integration(enabled=True, client_id=CLIENT_ID)
    assert present_warning(left(1)) is None


def test_warning_is_the_administrators(expiring: None, admin: User, alice: User) -> None:
    assert warning_for(alice, left(7)) is None
    assert warning_for(admin, left(7)) is not None


def test_dismissed_warning_comes_back_at_the_next_threshold(expiring: None, admin: User) -> None:
    dismiss_warning(admin, left(60))
    assert warning_for(admin, left(31)) is None
    assert warning_for(admin, left(30)) is not None


def test_dismissing_is_each_administrators_own(expiring: None, admin: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(role=User.Role.ADMINISTRATOR)
    bob.refresh_from_db()
    dismiss_warning(admin, left(7))
    assert warning_for(bob, left(7)) is not None


def test_new_date_is_warned_of_anew(expiring: None, admin: User) -> None:
    dismiss_warning(admin, left(7))
    later = EXPIRES_ON + timedelta(days=10)
    save_integration(enabled=True, client_id=CLIENT_ID, secret_expires_on=later)
    assert warning_for(admin, left(-3)) is not None


def test_each_administrator_is_mailed_once_per_threshold(
    expiring: None, admin: User, alice: User, mailoutbox: list[EmailMessage]
) -> None:
    for days in [61, 60, 59, 59, 30, 7, 2, 1, 0, -1, -2]:
        send_due_mails(left(days))
    assert [mail.subject for mail in mailoutbox] == [
        "Leansoft: The client secret expires in 60 days, on 1 March 2027.",
        "Leansoft: The client secret expires in 30 days, on 1 March 2027.",
        "Leansoft: The client secret expires in 7 days, on 1 March 2027.",
        "Leansoft: The client secret expires tomorrow.",
        "Leansoft: The client secret expired on 1 March 2027: nobody's calendar is kept in sync.",
    ]
    assert {address for mail in mailoutbox for address in mail.to} == {admin.email}
    assert "http://localhost:8000/settings/general/" in mailoutbox[0].body


def test_missed_threshold_is_mailed_late(
    expiring: None, admin: User, mailoutbox: list[EmailMessage]
) -> None:
    send_due_mails(left(5))
    assert [mail.subject for mail in mailoutbox] == [
        "Leansoft: The client secret expires in 5 days, on 1 March 2027."
    ]


def test_dismissed_warning_is_mailed_all_the_same(
    expiring: None, admin: User, mailoutbox: list[EmailMessage]
) -> None:
    dismiss_warning(admin, left(7))
    send_due_mails(left(7))
    assert len(mailoutbox) == 1


def test_without_a_mail_server_nothing_counts_as_told(
    expiring: None, settings: Settings, admin: User, mailoutbox: list[EmailMessage]
) -> None:
    settings.SENDS_MAIL = False
    send_due_mails(left(7))
    assert mailoutbox == []
    settings.SENDS_MAIL = True
    send_due_mails(left(7))
    assert len(mailoutbox) == 1


def test_mail_that_its_server_refuses_is_sent_later(
    expiring: None, settings: Settings, admin: User, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    send_due_mails(left(7))
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "sent")
    send_due_mails(left(7))
    send_due_mails(left(7))
    (mail,) = (tmp_path / "sent").iterdir()
    assert "The client secret expires in 7 days" in mail.read_text()


@pytest.fixture
def lost(connect: Connect, microsoft: Sandbox, settings: Settings, alice: User) -> Mailbox:
    """Alice's mailbox, after Microsoft has ended her sign-in."""
    settings.SENDS_MAIL = True
    mailbox = connect(alice, "alice@contoso.example")
    lose(mailbox, microsoft)
    return mailbox


def lose(mailbox: Mailbox, microsoft: Sandbox) -> None:
    token = access_token(mailbox)
    microsoft.fault(kind="revoke_tokens", email=mailbox.account)
    with pytest.raises(ReconnectRequired):
        access_token(mailbox, rejected=token)


def test_owner_is_mailed_once_that_a_new_sign_in_is_needed(
    lost: Mailbox, alice: User, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(3):
        send_due_mails(left(0))
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([alice.email], "Leansoft: sign in at Microsoft again")
    assert mail.body.startswith("Your sessions at Microsoft were ended. Please sign in again.")
    assert "changes wait on both sides" in mail.body
    assert "http://localhost:8000/outlook/" in mail.body


def test_second_loss_is_mailed_again(
    lost: Mailbox, microsoft: Sandbox, alice: User, mailoutbox: list[EmailMessage]
) -> None:
    send_due_mails(left(0))
    session = SessionStore()
    complete_connect(session, alice, accept(begin_connect(session, alice), lost.account))
    send_due_mails(left(0))
    assert len(mailoutbox) == 1
    lose(Mailbox.objects.get(), microsoft)
    send_due_mails(left(0))
    assert len(mailoutbox) == 2
