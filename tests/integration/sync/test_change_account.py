"""Another Microsoft account of the same person: asked about, and moved to without doubling."""

import pytest
from django.test import Client

from leansoft.accounts.models import Address, User
from leansoft.connections.domain.connect import begin_connect
from leansoft.connections.domain.integration import redirect_uri
from leansoft.connections.models import Mailbox
from leansoft.sync.models import EventLink
from leansoft.sync.preview.start import start_sync
from support.company import Company
from support.person import sign_in
from support.sides import ANA, here, in_step, new_mails, there

NEW = "alice@new.example"
ALL = ["From Olga", "Made here", "Made there", "With Bob"]


@pytest.fixture
def page(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def asked(settled: Company, page: Client, alice: User) -> Company:
    """Alice is connected, and has signed in with another account of hers."""
    settled.sandbox.add_account(NEW, "Alice Adams")
    assert come_back(page, alice, NEW) == "/outlook/account"
    return settled


def come_back(page: Client, user: User, email: str) -> str | None:
    """Where the browser lands after the sign-in at Microsoft; None: on a page that refuses."""
    session = page.session
    address = begin_connect(session, user)
    session.save()
    back = sign_in(address, email=email, back_to=redirect_uri())
    return page.get("/microsoft_account/authentication", back).headers.get("Location")


def move(page: Client) -> None:
    assert page.post("/outlook/account", {"answer": "move"})["Location"] == "/outlook/start"


def start(company: Company, user: User, existing: str, invitations: str) -> None:
    start_sync(company.mailbox(user), existing=existing, invitations=invitations)
    in_step(company, user)


def there_now(company: Company) -> list[str]:
    """In the calendar of the new account."""
    return sorted(event["subject"] for event in company.sandbox.person(NEW).events())


def test_the_page_shows_both_accounts(asked: Company, page: Client, alice: User) -> None:
    shown = " ".join(page.get("/outlook/account").content.decode().split())
    assert "Keep alice@example.com" in shown
    assert f"Move to {NEW}" in shown
    assert "4 events kept the same on both sides" in shown
    assert asked.mailbox(alice).account == alice.email


def test_keeping_the_old_account_changes_nothing(asked: Company, page: Client, alice: User) -> None:
    links = EventLink.objects.count()
    assert page.post("/outlook/account", {"answer": "keep"})["Location"] == "/outlook/"
    assert page.get("/outlook/account")["Location"] == "/outlook/"
    asked.edit(asked.event(alice, "Made there"), alice, subject="Made there, later")
    in_step(asked, alice)
    assert "Made there, later" in there(asked, alice)
    assert EventLink.objects.count() == links


def test_moving_waits_for_the_choices_and_leaves_the_old_calendar(
    asked: Company, page: Client, alice: User
) -> None:
    before = asked.sandbox.mails()
    move(page)
    mailbox = asked.mailbox(alice)
    assert (mailbox.account, mailbox.status) == (NEW, Mailbox.Status.CHOOSING)
    assert (here(alice), there(asked, alice), there_now(asked)) == (ALL, ALL, [])
    assert asked.sandbox.mails() == before


def test_own_events_go_to_the_new_calendar_quietly(
    asked: Company, page: Client, alice: User, bob: User
) -> None:
    before = asked.sandbox.mails()
    move(page)
    start(asked, alice, "push", "quiet")
    in_step(asked, bob, alice)
    # Bob's Outlook shows the meeting with him: it is not made again.
    assert there_now(asked) == ["Made here", "Made there"]
    assert (here(alice), there(asked, alice)) == (ALL, ALL)
    assert here(bob) == there(asked, bob) == ["With Bob"]
    assert asked.sandbox.mails() == before


def test_own_events_go_to_the_new_calendar_with_invitations(
    asked: Company, page: Client, alice: User
) -> None:
    before = asked.sandbox.mails()
    move(page)
    start(asked, alice, "push", "send")
    assert sorted(new_mails(asked, before)) == [
        (ANA, "invitation", "Made here"),
        (ANA, "invitation", "Made there"),
    ]


def test_kept_apart_only_new_events_go_to_the_new_calendar(
    asked: Company, page: Client, alice: User
) -> None:
    move(page)
    start(asked, alice, "keep_local", "quiet")
    asked.create(alice, "Brand new")
    in_step(asked, alice)
    assert there_now(asked) == ["Brand new"]
    assert here(alice) == ["Brand new", *ALL]


def test_moving_back_finds_the_old_events_again(
    asked: Company, page: Client, alice: User, bob: User
) -> None:
    move(page)
    start(asked, alice, "push", "quiet")
    before = asked.sandbox.mails()
    assert come_back(page, alice, alice.email) == "/outlook/account"
    move(page)
    start(asked, alice, "push", "quiet")
    in_step(asked, bob, alice)
    assert here(alice) == there(asked, alice) == ALL
    assert asked.sandbox.mails() == before


def test_an_account_of_a_colleague_is_refused(
    settled: Company, page: Client, alice: User, bob: User
) -> None:
    assert come_back(page, alice, bob.email) is None
    assert settled.mailbox(alice).account == alice.email


def test_an_account_that_a_colleague_took_meanwhile_is_refused(
    asked: Company, page: Client, alice: User, charlie: User
) -> None:
    Address.objects.create(user=charlie, email=NEW)
    refused = page.post("/outlook/account", {"answer": "move"})
    assert refused.status_code == 400
    assert "is already Charlie Cole" in refused.content.decode()
    assert asked.mailbox(alice).status == Mailbox.Status.CONNECTED
