"""A fault of the application stops everybody, costs nobody a sign-in, and is mended once."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.connections.domain.integration import redirect_uri
from leansoft.connections.models import Integration, Mailbox
from leansoft.reports import outlook_overview
from leansoft.sync.models import SyncRun
from leansoft.sync.show.status import outlook_status
from support.company import Company
from support.jobs import do_jobs, forget_jobs
from support.outlook import CLIENT_ID, SECRET

pytestmark = pytest.mark.django_db

NEW_SECRET = "the-secret-after-it"


def register(company: Company, secret: str, expires: str | None) -> None:
    app = {
        "client_id": CLIENT_ID,
        "client_secret": secret,
        "secret_expires": expires,
        "redirect_uris": [redirect_uri()],
        "name": "Leansoft",
    }
    company.sandbox.control("POST", "apps", app)


@pytest.fixture
def expired(company: Company, tea_with_bob: Event, alice: User, bob: User) -> Company:
    """Alice's and Bob's tokens end while the secret has expired; both have tried to sync."""
    register(company, SECRET, datetime(2020, 1, 1, tzinfo=UTC).isoformat())
    company.sandbox.control("POST", "clock", {"advance": 7200})
    for user in (alice, bob):
        run = company.try_sync(user)
        assert run.state == SyncRun.State.FAILED
        assert run.errors == [Integration.current().fault]
    return company


def refresh_tokens() -> list[bytes]:
    rows = Mailbox.objects.order_by("pk").values_list("refresh_token_sealed", flat=True)
    return [bytes(sealed or b"") for sealed in rows]


def test_expired_secret_stops_everybody_and_takes_nobodys_tokens(
    expired: Company, alice: User, bob: User
) -> None:
    assert all(refresh_tokens())
    assert set(Mailbox.objects.values_list("status", flat=True)) == {"connected"}
    alice.role = User.Role.ADMINISTRATOR
    alice.save()
    for user, reason, next_step in (
        (
            alice,
            "The client secret has expired. Create a new one at Microsoft and paste its value "
            "into the settings.",
            "Set it up under Settings → General Settings → Integrations.",
        ),
        (
            bob,
            "Microsoft does not let Leansoft in at the moment, so nobody's calendar is kept in "
            "sync.",
            "Ask Alice Adams to look at the Outlook integration.",
        ),
    ):
        told = outlook_status(user)
        assert (told["state"], told["reason"], told["next_step"]) == ("error", reason, next_step)
        assert not told["can_sign_in"]
    # At the command line sits somebody who can mend it.
    overview = {mailbox["user"]: mailbox["reason"] for mailbox in outlook_overview()["mailboxes"]}
    assert set(overview.values()) == {outlook_status(alice)["reason"]}


def test_new_secret_lets_everybody_go_on(
    expired: Company, alice: User, bob: User, admin: User, client: Client
) -> None:
    tokens = refresh_tokens()
    expired.edit(Event.objects.get(), alice, subject="Tea at five")
    register(expired, NEW_SECRET, None)
    forget_jobs()
    client.force_login(admin)
    form = {"enabled": "on", "client_id": CLIENT_ID, "client_secret": NEW_SECRET, "tenant": ""}

    assert client.post("/settings/general/", form).status_code == 302
    do_jobs()

    assert Integration.current().fault == ""
    assert [outlook_status(user)["state"] for user in (alice, bob)] == ["connected", "connected"]
    assert all(token != old for token, old in zip(refresh_tokens(), tokens, strict=True))
    subjects = [expired.outlook(user).events()[0]["subject"] for user in (alice, bob)]
    assert subjects == ["Tea at five", "Tea at five"]
    assert Mailbox.objects.filter(status="connected").count() == 2
