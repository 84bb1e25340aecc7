from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from pytest_django.fixtures import Settings

from integration.connections.microsoft import (
    CLIENT_ID,
    SECRET,
    Connect,
    accept,
    decline,
    token_requests,
)
from leansoft.accounts.domain.users import find_user
from leansoft.accounts.models import User
from leansoft.calendars.domain.events import create_event
from leansoft.connections.domain import other_account
from leansoft.connections.domain.connect import (
    SESSION_KEY,
    AnotherAccount,
    ConnectFailed,
    begin_connect,
    complete_connect,
    disconnect,
)
from leansoft.connections.domain.integration import redirect_uri, save_integration
from leansoft.connections.models import Integration, Mailbox
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.sync.models import EventLink
from support.outlook import Sandbox

pytestmark = pytest.mark.django_db

Status = Mailbox.Status
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
WHEN = {
    "start": "2026-12-01T09:00:00Z",
    "end": "2026-12-01T10:00:00Z",
    "zone": "UTC",
    "all_day": False,
}


def failed(session: SessionBase, user: User, params: dict[str, str]) -> ConnectFailed:
    with pytest.raises(ConnectFailed) as caught:
        complete_connect(session, user, params)
    failure = caught.value
    assert failure.title
    assert failure.sentence
    assert failure.remedy
    return failure


def test_first_connection_waits_for_its_choices(connect: Connect, alice: User) -> None:
    mailbox = connect(alice, "alice@contoso.example")
    assert (mailbox.user, mailbox.account) == (alice, "alice@contoso.example")
    assert (mailbox.status, mailbox.reason) == (Status.CHOOSING, "")
    assert mailbox.tenant_id
    assert mailbox.object_id
    assert mailbox.access_token_expires_at is not None


def test_tokens_are_kept_sealed(connect: Connect, alice: User) -> None:
    mailbox = connect(alice, "alice@contoso.example")
    for sealed in (mailbox.refresh_token_sealed, mailbox.access_token_sealed):
        assert bytes(sealed or b"").startswith(b"gAAAA")


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param(True, id="any work account may sign in"),
        pytest.param(False, id="only the organization's own"),
    ],
)
def test_what_a_foreign_directory_says_of_an_address_is_not_believed(
    microsoft: Sandbox, session: SessionBase, alice: User, foreign: bool
) -> None:
    """Everybody can have a directory, and write any address into it."""
    email, boss = "alice@fabrikam.example", "boss@customer.example"
    directory = microsoft.add_account(email, mail=boss)["tenant_id"]
    tenant = "common" if foreign else directory
    save_integration(enabled=True, client_id=CLIENT_ID, client_secret=SECRET, tenant=tenant)
    mailbox = complete_connect(session, alice, accept(begin_connect(session, alice), email))
    assert (mailbox.account, find_user(email)) == (boss, alice)
    assert find_user(boss) == (None if foreign else alice)


def test_microsoft_has_checked_the_addresses_of_personal_accounts(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    microsoft.add_account("alice@outlook.example", kind="personal", mail="alice@home.example")
    complete_connect(session, alice, accept(begin_connect(session, alice), "alice@outlook.example"))
    assert find_user("alice@home.example") == alice


def test_person_is_known_by_the_microsoft_address(connect: Connect, alice: User, bob: User) -> None:
    person = {"email": "alice@contoso.example", "name": "A.", "type": "required"}
    event = create_event(bob, values={Field.WHEN: WHEN, Field.ATTENDEES: [person]}, now=NOW)
    connect(alice, "Alice@Contoso.example")
    assert find_user("alice@contoso.example") == alice
    assert event.participants.get(email="alice@contoso.example").user == alice


def test_own_address_needs_no_second_one(connect: Connect, alice: User) -> None:
    connect(alice, "alice@example.com")
    assert not alice.addresses.exists()


def test_without_an_application_nothing_begins(
    microsoft: Sandbox, session: SessionBase, alice: User
) -> None:
    with pytest.raises(ConnectFailed, match="switched off"):
        begin_connect(session, alice)


def test_declined_consent_says_how_to_go_on(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    microsoft.add_account("alice@contoso.example")
    url = begin_connect(session, alice)
    params = decline(url, "alice@contoso.example")
    failure = failed(session, alice, params)
    assert failure.title == "Leansoft was not given access"
    assert "access_denied" in failure.details
    assert not Mailbox.objects.exists()


def test_forged_state_is_not_accepted(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    begin_connect(session, alice)
    failure = failed(session, alice, {"state": "forged", "code": "stolen"})
    assert failure.title == "This sign-in cannot be finished"
    assert token_requests(microsoft) == 0


def test_state_works_once(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    microsoft.add_account("alice@contoso.example")
    params = accept(begin_connect(session, alice), "alice@contoso.example")
    complete_connect(session, alice, params)
    assert failed(session, alice, params).title == "This sign-in cannot be finished"


def test_state_ends_after_ten_minutes(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    state = parse_qs(urlsplit(begin_connect(session, alice)).query)["state"][0]
    began = datetime.fromisoformat(session[SESSION_KEY][state]["began_at"])
    session[SESSION_KEY][state]["began_at"] = (began - timedelta(minutes=10)).isoformat()
    failure = failed(session, alice, {"state": state, "code": "late"})
    assert failure.title == "This sign-in cannot be finished"


def test_state_belongs_to_the_user_who_began(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User, bob: User
) -> None:
    state = parse_qs(urlsplit(begin_connect(session, alice)).query)["state"][0]
    failure = failed(session, bob, {"state": state, "code": "code"})
    assert failure.title == "This sign-in cannot be finished"


def test_two_tabs_do_not_disturb_each_other(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    microsoft.add_account("alice@contoso.example")
    first, second = begin_connect(session, alice), begin_connect(session, alice)
    for url in (second, first):
        complete_connect(session, alice, accept(url, "alice@contoso.example"))
    assert Mailbox.objects.get().account == "alice@contoso.example"


def test_wrong_secret_is_the_administrators(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    microsoft.add_account("alice@contoso.example")
    params = accept(begin_connect(session, alice), "alice@contoso.example")
    save_integration(enabled=True, client_id=CLIENT_ID, client_secret="wrong")
    failure = failed(session, alice, params)
    assert failure.sentence.startswith("The client secret is wrong.")
    assert "administrator" in failure.remedy
    assert Integration.current().fault == failure.sentence


def test_expired_secret_is_told_from_a_wrong_one(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    microsoft.add_account("alice@contoso.example")
    microsoft.control(
        "POST",
        "apps",
        {
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "secret_expires": "2020-01-01T00:00:00Z",
            "redirect_uris": [redirect_uri()],
        },
    )
    params = accept(begin_connect(session, alice), "alice@contoso.example")
    failure = failed(session, alice, params)
    assert failure.sentence.startswith("The client secret has expired.")
    assert "7000222" in failure.details


def test_unknown_client_is_the_administrators(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    microsoft.add_account("alice@contoso.example")
    params = accept(begin_connect(session, alice), "alice@contoso.example")
    unknown = "00000000-1111-4222-8333-444444444444"
    save_integration(enabled=True, client_id=unknown, client_secret=SECRET)
    failure = failed(session, alice, params)
    assert failure.sentence.startswith("Microsoft does not know this client ID")


def test_success_clears_the_fault(connect: Connect, alice: User) -> None:
    Integration.objects.update(fault="The client secret is wrong.")
    connect(alice, "alice@contoso.example")
    assert Integration.current().fault == ""


def test_account_of_a_colleague_is_refused(
    connect: Connect, microsoft: Sandbox, session: SessionBase, alice: User, bob: User
) -> None:
    connect(alice, "alice@contoso.example")
    params = accept(begin_connect(session, bob), "alice@contoso.example")
    failure = failed(session, bob, params)
    assert failure.sentence.startswith("alice@contoso.example is already Alice Adams's.")
    assert not Mailbox.objects.filter(user=bob).exists()


def test_address_of_a_colleague_is_refused(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User, bob: User
) -> None:
    microsoft.add_account("bob@example.com")
    params = accept(begin_connect(session, alice), "bob@example.com")
    assert "Bob Brown" in failed(session, alice, params).sentence


def test_sign_in_without_the_calendar_is_refused(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    microsoft.add_account("alice@contoso.example")
    url = begin_connect(session, alice).replace("+Calendars.ReadWrite", "")
    failure = failed(session, alice, accept(url, "alice@contoso.example"))
    assert failure.title == "Leansoft may not use your calendar"


def test_sign_in_without_a_refresh_token_is_refused(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    microsoft.add_account("alice@contoso.example")
    url = begin_connect(session, alice).replace("+offline_access", "")
    failure = failed(session, alice, accept(url, "alice@contoso.example"))
    assert failure.title == "Microsoft did not let Leansoft stay connected"


def test_id_token_of_another_sign_in_is_refused(
    microsoft: Sandbox, integration: None, session: SessionBase, alice: User
) -> None:
    microsoft.add_account("alice@contoso.example")
    url = begin_connect(session, alice).replace("&nonce=", "&nonce=another")
    failure = failed(session, alice, accept(url, "alice@contoso.example"))
    assert failure.title == "The answer from Microsoft could not be verified"


def test_microsoft_out_of_reach_connects_nothing(
    microsoft: Sandbox,
    integration: None,
    session: SessionBase,
    settings: Settings,
    alice: User,
) -> None:
    microsoft.add_account("alice@contoso.example")
    params = accept(begin_connect(session, alice), "alice@contoso.example")
    settings.MICROSOFT_LOGIN_URL = "http://127.0.0.1:9"
    assert failed(session, alice, params).title == "Microsoft cannot be reached"
    assert not Mailbox.objects.exists()


@pytest.fixture
def linked(connect: Connect, alice: User) -> Mailbox:
    """Alice's mailbox, with an event that is linked."""
    mailbox = connect(alice, "alice@contoso.example")
    EventLink.objects.create(mailbox=mailbox, remote_id="AAMk=")
    return mailbox


def sign_in_again(session: SessionBase, mailbox: Mailbox) -> Mailbox:
    url = begin_connect(session, mailbox.user)
    return complete_connect(session, mailbox.user, accept(url, mailbox.account))


@pytest.mark.parametrize(
    ("status", "started_at", "expected"),
    [
        (Status.NEEDS_RECONNECT, NOW, Status.CONNECTED),
        (Status.NEEDS_RECONNECT, None, Status.CHOOSING),
        (Status.ERROR, NOW, Status.CONNECTED),
        (Status.PAUSED, NOW, Status.PAUSED),
        (Status.CONNECTED, NOW, Status.CONNECTED),
        (Status.CHOOSING, None, Status.CHOOSING),
    ],
)
def test_signing_in_again_goes_on_where_it_was(
    linked: Mailbox,
    session: SessionBase,
    status: str,
    started_at: datetime | None,
    expected: str,
) -> None:
    Mailbox.objects.update(
        status=status, started_at=started_at, delta_link="https://graph/delta", reason="Why."
    )
    again = sign_in_again(session, linked)
    assert (again.pk, again.status) == (linked.pk, expected)
    assert again.delta_link == "https://graph/delta"
    assert again.links.count() == 1


def test_disconnected_mailbox_has_no_tokens_and_keeps_its_links(linked: Mailbox) -> None:
    disconnect(linked)
    kept = Mailbox.objects.get()
    assert kept.status == linked.status == Status.DISCONNECTED
    assert (kept.refresh_token_sealed, kept.access_token_sealed) == (None, None)
    assert kept.links.count() == 1


def test_return_after_a_disconnect_asks_for_the_choices_again(
    linked: Mailbox, session: SessionBase
) -> None:
    Mailbox.objects.update(started_at=NOW, last_sync_at=NOW, delta_link="https://graph/delta")
    disconnect(linked)
    again = sign_in_again(session, linked)
    assert (again.status, again.started_at, again.last_sync_at) == (Status.CHOOSING, None, None)
    assert (again.delta_link, again.links.count()) == ("", 1)


def test_another_account_is_asked_about_while_events_are_the_same_on_both_sides(
    linked: Mailbox, connect: Connect, alice: User
) -> None:
    linked.links.update(base={})
    with pytest.raises(AnotherAccount) as caught:
        connect(alice, "alice@fabrikam.example")
    assert caught.value.connection.account == "alice@fabrikam.example"
    assert Mailbox.objects.get().account == "alice@contoso.example"


def test_another_account_takes_the_place_of_one_that_was_only_looked_at(
    linked: Mailbox, connect: Connect, alice: User
) -> None:
    mailbox = connect(alice, "alice@fabrikam.example")
    assert (mailbox.account, mailbox.links.count()) == ("alice@fabrikam.example", 0)


def test_another_account_waits_in_the_session_sealed_and_for_its_user_only(
    linked: Mailbox, connect: Connect, alice: User, bob: User
) -> None:
    linked.links.update(base={})
    with pytest.raises(AnotherAccount) as caught:
        connect(alice, "alice@fabrikam.example")
    connection, session = caught.value.connection, SessionStore()
    other_account.remember(session, alice, connection)
    assert other_account.remembered(session, alice) == connection
    assert other_account.remembered(session, bob) is None
    for token in (connection.tokens.access_token, connection.tokens.refresh_token):
        assert str(token) not in str(dict(session.items()))
    with clock.told_by(lambda: datetime.now(UTC) + other_account.VALID_FOR * 2):
        assert other_account.remembered(session, alice) is None


def test_another_account_takes_the_place_of_one_without_events(
    connect: Connect, alice: User
) -> None:
    connect(alice, "alice@contoso.example")
    mailbox = connect(alice, "alice@fabrikam.example")
    assert (mailbox.account, mailbox.status) == ("alice@fabrikam.example", Status.CHOOSING)
    assert Mailbox.objects.count() == 1
