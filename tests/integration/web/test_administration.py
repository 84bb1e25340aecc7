"""The administrator's pages: the integration's test, everybody's mailboxes, the doctor."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from leansoft.accounts.domain.users import create_user
from leansoft.accounts.models import User
from leansoft.connections.domain.integration import save_integration
from leansoft.connections.models import Integration, Mailbox
from leansoft.kit.clock import now
from leansoft.sync.models import EventLink, SyncRun

CLIENT_ID = "11111111-0000-4000-8000-000000000000"


@pytest.fixture
def as_admin(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


@pytest.fixture
def as_alice(alice: User) -> Client:
    browser = Client()
    browser.force_login(alice)
    return browser


@pytest.fixture
def integration(db: None) -> Integration:
    return save_integration(enabled=True, client_id=CLIENT_ID, client_secret="value")


def mailbox_of(user: User, **values: object) -> Mailbox:
    facts = {"status": "connected", "tenant_id": "t", "object_id": user.email, **values}
    return Mailbox.objects.create(user=user, account=user.email, **facts)


def words(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    "path",
    ["/settings/mailboxes/", "/settings/doctor/", "/settings/doctor/checks"],
)
def test_pages_are_for_administrators(as_alice: Client, as_admin: Client, path: str) -> None:
    assert as_alice.get(path).status_code == 403
    assert as_admin.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/settings/general/test", "/settings/general/warning", "/settings/mailboxes/1/sync"]
)
def test_acts_are_for_administrators(as_alice: Client, path: str) -> None:
    assert as_alice.post(path).status_code == 403


def test_connection_is_tested_as_it_is_entered(
    as_admin: Client, integration: Integration, settings: Settings
) -> None:
    settings.MICROSOFT_LOGIN_URL = "http://127.0.0.1:9"
    form = {"client_id": CLIENT_ID, "client_secret": "new", "tenant": "common"}
    page = as_admin.post("/settings/general/test", form).content.decode()
    assert "127.0.0.1:9 cannot be reached from this server" in page
    assert Integration.current().client_secret == "value"


def test_saved_registration_is_tried_at_once(as_admin: Client, settings: Settings) -> None:
    settings.MICROSOFT_LOGIN_URL = "http://127.0.0.1:9"
    form = {"enabled": "on", "client_id": CLIENT_ID, "client_secret": "value", "tenant": "common"}
    saved = as_admin.post("/settings/general/", form)
    assert 'hx-trigger="click, load"' in words(as_admin, saved["Location"])

    again = {**form, "client_secret": ""}
    page = as_admin.post("/settings/general/test", again).content.decode()

    assert "It is saved as it stands, but nobody can connect with it." in page
    assert 'hx-trigger="click"' in words(as_admin, "/settings/general/")


def test_connection_with_the_secrets_id_is_told_at_once(as_admin: Client) -> None:
    form = {"client_id": CLIENT_ID, "client_secret": CLIENT_ID}
    page = as_admin.post("/settings/general/test", form).content.decode()
    assert "paste its Value" in page


def test_unsuitable_address_is_told_on_the_page(as_admin: Client, settings: Settings) -> None:
    settings.BASE_URL = "http://calendar.example"
    page = words(as_admin, "/settings/general/")
    assert "Microsoft takes http only for localhost" in page
    settings.BASE_URL = "https://calendar.example"
    page = words(as_admin, "/settings/general/")
    assert "Microsoft will not take this redirect URI" not in page
    assert "You opened Leansoft at http://testserver" in page


def test_cloud_is_a_choice_unless_the_environment_names_it(
    as_admin: Client, settings: Settings
) -> None:
    form = {"client_id": CLIENT_ID, "tenant": "common", "cloud": "us_government"}
    as_admin.post("/settings/general/", form)
    assert Integration.current().cloud == "us_government"
    assert "https://entra.microsoft.us/" in words(as_admin, "/settings/general/")
    settings.MICROSOFT_LOGIN_URL = settings.MICROSOFT_GRAPH_URL = "http://localhost:8001"
    page = words(as_admin, "/settings/general/")
    assert "The server’s environment names it: http://localhost:8001." in page
    assert 'name="cloud"' not in page


def test_expiry_is_told_on_every_page_until_it_is_put_away(
    as_admin: Client, as_alice: Client, integration: Integration
) -> None:
    Integration.objects.update(secret_expires_on=now().date() + timedelta(days=7))
    told = "The client secret expires in 7 days"
    for path in ("/calendar/", "/contacts/", "/outlook/", "/settings/profile/"):
        assert told in words(as_admin, path)
        assert told not in words(as_alice, path)
    assert as_admin.post("/settings/general/warning").status_code == 200
    assert told not in words(as_admin, "/calendar/")
    # The integration page is where it is mended, so it goes on saying it.
    assert told in words(as_admin, "/settings/general/")


def test_saving_lets_everybody_sync(as_admin: Client, alice: User) -> None:
    mailbox_of(alice)
    form = {"enabled": "on", "client_id": CLIENT_ID, "client_secret": "new", "tenant": ""}
    as_admin.post("/settings/general/", form)
    assert SyncRun.objects.filter(mailbox__user=alice, state="queued").exists()


def test_mailboxes_show_their_state_in_words(
    as_admin: Client, integration: Integration, alice: User, bob: User, charlie: User
) -> None:
    soon = now() + timedelta(minutes=5)
    resting = mailbox_of(alice, last_sync_at=now(), blocked_until=soon)
    resting.links.create(state=EventLink.State.LIVE, refusal={"why": "Never"})
    SyncRun.objects.create(
        mailbox=resting, cause="poll", state="failed", errors=["Microsoft is busy."], ended_at=now()
    )
    mailbox_of(bob, status="needs_reconnect", reason="Your sessions were ended.")
    mailbox_of(charlie, status="paused")
    page = words(as_admin, "/settings/mailboxes/")
    for sentence in (
        "The last round failed",
        "Microsoft is busy.",
        "Microsoft wants a rest",
        "1 event; the owner sees which and why",
        "Owner has to sign in again",
        "Your sessions were ended.",
        "Paused by its owner",
        "Leansoft asks: every few seconds while the owner looks",
    ):
        assert sentence in page
    assert "Never" not in page


def test_errors_never_quote_an_event(
    as_admin: Client, integration: Integration, alice: User
) -> None:
    SyncRun.objects.create(
        mailbox=mailbox_of(alice),
        cause="poll",
        state="failed",
        errors=["Outlook does not take this event: 'Secret plan' is too long."],
        ended_at=now(),
    )
    page = words(as_admin, "/settings/mailboxes/")
    assert "Outlook does not take this event" in page
    assert "Secret plan" not in page


def test_mailboxes_take_as_many_queries_however_many_there_are(
    as_admin: Client, integration: Integration, alice: User, bob: User, charlie: User
) -> None:
    mailbox_of(alice)
    words(as_admin, "/settings/mailboxes/")
    with CaptureQueriesContext(connection) as of_one:
        words(as_admin, "/settings/mailboxes/")
    mailbox_of(bob)
    mailbox_of(charlie)
    with CaptureQueriesContext(connection) as of_three:
        words(as_admin, "/settings/mailboxes/")
    assert len(of_three) == len(of_one)


def test_administrator_lets_a_mailbox_sync(
    as_admin: Client, integration: Integration, alice: User, bob: User
) -> None:
    mailbox, paused = mailbox_of(alice), mailbox_of(bob, status="paused")
    assert as_admin.post(f"/settings/mailboxes/{mailbox.pk}/sync").status_code == 302
    assert SyncRun.objects.get().mailbox == mailbox
    assert as_admin.post(f"/settings/mailboxes/{paused.pk}/sync").status_code == 404


def test_doctor_page_names_faults_and_remedies(
    as_admin: Client, integration: Integration, settings: Settings
) -> None:
    settings.MICROSOFT_LOGIN_URL = "http://127.0.0.1:9"
    settings.BASE_URL = "http://localhost:9"
    create_user(email="zone@example.com", password="correct horse", time_zone="Factory")
    page = words(as_admin, "/settings/doctor/checks")
    for sentence in (
        "Something keeps the sync from working.",
        "start &#x27;leansoft serve&#x27; or &#x27;leansoft worker&#x27;",
        "Outlook has no name for Factory",
        "127.0.0.1:9 cannot be reached from this server",
        "Name one in LEANSOFT_EMAIL_URL.",
        "http://localhost:9 cannot be reached from this machine",
        "no public https address",
    ):
        assert sentence in page


def test_mailboxes_that_need_somebody_stand_first(
    as_admin: Client, admin: User, alice: User, integration: Integration
) -> None:
    mailbox_of(admin)
    mailbox_of(alice, status="needs_reconnect", reason="Alice changed her password.")

    page = words(as_admin, "/settings/mailboxes/")

    assert "1 of 2 kept in sync; what needs somebody stands first." in page
    assert page.index("Owner has to sign in again") < page.index("Kept in sync</span>")
