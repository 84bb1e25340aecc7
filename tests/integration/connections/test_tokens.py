from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from integration.connections.microsoft import CLIENT_ID, SECRET, Connect, token_requests
from leansoft.accounts.models import User
from leansoft.connections.calendar import open_calendar
from leansoft.connections.domain.connect import disconnect
from leansoft.connections.domain.integration import save_integration
from leansoft.connections.models import Integration, Mailbox
from leansoft.connections.tokens import access_token
from leansoft.graph.errors import OperatorFault, ReconnectRequired, TransientError
from leansoft.kit.clock import now
from support.outlook import Sandbox

pytestmark = pytest.mark.django_db

Status = Mailbox.Status


@pytest.fixture
def mailbox(connect: Connect, alice: User) -> Mailbox:
    return connect(alice, "alice@contoso.example")


def let_expire(mailbox: Mailbox, *, left: timedelta = timedelta(minutes=5)) -> None:
    mailbox.access_token_expires_at = now() + left
    mailbox.save(update_fields=["access_token_expires_at"])


def test_good_token_is_used_again(mailbox: Mailbox, microsoft: Sandbox) -> None:
    before = token_requests(microsoft)
    assert access_token(mailbox) == access_token(Mailbox.objects.get())
    assert token_requests(microsoft) == before


def test_token_that_ends_soon_is_refreshed(mailbox: Mailbox) -> None:
    old = access_token(mailbox)
    old_refresh_token = bytes(mailbox.refresh_token_sealed or b"")
    let_expire(mailbox)
    new = access_token(mailbox)
    assert new != old
    kept = Mailbox.objects.get()
    assert access_token(kept) == new
    assert bytes(kept.refresh_token_sealed or b"") != old_refresh_token
    assert kept.access_token_expires_at == mailbox.access_token_expires_at


def crash_after_the_answer(mailbox: Mailbox) -> None:
    """Microsoft has answered with new tokens, and nothing of it was committed."""
    with transaction.atomic():
        access_token(mailbox)
        transaction.set_rollback(True)
    mailbox.refresh_from_db()


def test_tokens_that_were_never_kept_are_asked_for_again(
    mailbox: Mailbox, microsoft: Sandbox
) -> None:
    let_expire(mailbox)
    before = token_requests(microsoft)
    crash_after_the_answer(mailbox)
    # The refresh token from before goes on working: Microsoft revokes none for being used
    # (identity.md §4).
    assert access_token(mailbox)
    assert token_requests(microsoft) == before + 2
    assert Mailbox.objects.get().status == Status.CHOOSING


def test_where_a_refresh_token_works_once_a_crash_costs_a_sign_in_and_nothing_else(
    mailbox: Mailbox, microsoft: Sandbox
) -> None:
    microsoft.control("PUT", "switches", {"refresh_token_single_use": True})
    let_expire(mailbox)
    crash_after_the_answer(mailbox)
    with pytest.raises(ReconnectRequired):
        access_token(mailbox)
    kept = Mailbox.objects.get()
    assert (kept.status, bool(kept.refresh_token_sealed)) == (Status.NEEDS_RECONNECT, True)


@pytest.mark.parametrize("hours", [-1, 30])
def test_clocks_may_differ(microsoft: Sandbox, connect: Connect, alice: User, hours: int) -> None:
    microsoft.control("POST", "clock", {"advance": hours * 3600})
    mailbox = connect(alice, "alice@contoso.example")
    token = access_token(mailbox)
    expires_at = mailbox.access_token_expires_at
    assert expires_at
    # How long a token lives is counted from its arrival, by this clock.
    assert timedelta(minutes=30) < expires_at - now() < timedelta(hours=2)
    assert open_calendar(mailbox).me().mail == "alice@contoso.example"
    assert access_token(mailbox) == token
    assert round(Mailbox.objects.get().clock_skew_seconds / 3600) == -hours


def test_rejected_token_is_never_handed_out_again(mailbox: Mailbox) -> None:
    old = access_token(mailbox)
    assert access_token(mailbox, rejected=old) != old


def test_revoked_connection_needs_its_owner(mailbox: Mailbox, microsoft: Sandbox) -> None:
    microsoft.fault(kind="revoke_tokens", email="alice@contoso.example")
    let_expire(mailbox)
    with pytest.raises(ReconnectRequired):
        access_token(mailbox)
    kept = Mailbox.objects.get()
    assert kept.status == mailbox.status == Status.NEEDS_RECONNECT
    assert kept.reason == "Your sessions at Microsoft were ended. Please sign in again."


def test_wrong_secret_stops_nobody_for_good(mailbox: Mailbox) -> None:
    save_integration(enabled=True, client_id=CLIENT_ID, client_secret="wrong")
    let_expire(mailbox)
    with pytest.raises(OperatorFault):
        access_token(mailbox)
    assert Integration.current().fault.startswith("The client secret is wrong.")
    kept = Mailbox.objects.get()
    assert kept.status == Status.CHOOSING
    assert kept.refresh_token_sealed
    save_integration(enabled=True, client_id=CLIENT_ID, client_secret=SECRET)
    assert access_token(kept)
    assert Integration.current().fault == ""


def test_switched_off_integration_hands_out_nothing_new(mailbox: Mailbox) -> None:
    save_integration(enabled=False, client_id=CLIENT_ID)
    let_expire(mailbox)
    with pytest.raises(OperatorFault, match="switched off"):
        access_token(mailbox)


def test_microsoft_out_of_reach_changes_nothing(mailbox: Mailbox, settings: Settings) -> None:
    settings.MICROSOFT_LOGIN_URL = "http://127.0.0.1:9"
    let_expire(mailbox)
    with pytest.raises(TransientError):
        access_token(mailbox)
    kept = Mailbox.objects.get()
    assert (kept.status, bool(kept.refresh_token_sealed)) == (Status.CHOOSING, True)


def test_lost_secret_key_asks_to_sign_in_again(mailbox: Mailbox, settings: Settings) -> None:
    settings.SECRET_KEY = "another"
    with pytest.raises(ReconnectRequired):
        access_token(mailbox)
    assert Mailbox.objects.get().reason.startswith("Leansoft's secret key changed")


def test_disconnected_mailbox_has_no_token(mailbox: Mailbox) -> None:
    disconnect(mailbox)
    with pytest.raises(ReconnectRequired):
        access_token(mailbox)
    assert Mailbox.objects.get().status == Status.DISCONNECTED


def test_calendar_speaks_for_its_mailbox(mailbox: Mailbox) -> None:
    assert open_calendar(mailbox).me().mail == "alice@contoso.example"


def test_token_that_microsoft_no_longer_takes_is_replaced_once(
    mailbox: Mailbox, microsoft: Sandbox
) -> None:
    before = token_requests(microsoft)
    microsoft.control("POST", "clock", {"advance": 2 * 3600})
    assert open_calendar(mailbox).me().mail == "alice@contoso.example"
    assert token_requests(microsoft) == before + 1


def test_account_that_is_shut_out_needs_its_owner(mailbox: Mailbox, microsoft: Sandbox) -> None:
    fault = {"path": "/me$", "status": 401, "code": "InvalidAuthenticationToken", "times": 2}
    microsoft.fault(**fault)
    with pytest.raises(ReconnectRequired):
        open_calendar(mailbox).me()


def test_skew_of_the_clocks_is_measured_anew(mailbox: Mailbox) -> None:
    mailbox.clock_skew_seconds = 500
    mailbox.save()
    open_calendar(mailbox).me()
    assert Mailbox.objects.get().clock_skew_seconds == pytest.approx(0, abs=2)


@pytest.mark.django_db(transaction=True)
def test_one_caller_refreshes_and_the_others_wait(mailbox: Mailbox, microsoft: Sandbox) -> None:
    let_expire(mailbox)
    before = token_requests(microsoft)

    def ask(_: int) -> str:
        try:
            return access_token(Mailbox.objects.get())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        tokens = set(pool.map(ask, range(4)))
    assert len(tokens) == 1
    assert token_requests(microsoft) == before + 1
