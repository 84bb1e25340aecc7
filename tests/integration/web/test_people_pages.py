"""Administrators add colleagues, let them in again and switch them off; passwords are chosen by
link, by mail or by hand."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from leansoft.accounts.domain.sign_in_links import sign_in_link
from leansoft.accounts.domain.users import NotPermitted, change_role, switch_off
from leansoft.accounts.models import ApiToken, User
from leansoft.connections.models import Integration, Mailbox

NEW = {"name": "Eero Virtanen", "email": "Eero@Example.com", "role": "user"}
CHOSEN = "harbour walk 7"


@pytest.fixture
def as_admin(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


@pytest.fixture
def mail_server(settings: Settings) -> None:
    settings.SENDS_MAIL = True


@pytest.fixture(autouse=True)
def nobody_asked_too_often() -> Iterator[None]:
    yield
    cache.clear()


def page_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def choose_password(link: str) -> Client:
    """A stranger opens the link in a browser of their own, and chooses a password."""
    browser = Client()
    opened = browser.get(urlsplit(link).path, follow=True)
    assert opened.status_code == 200
    form = {"password1": CHOSEN, "password2": CHOSEN}
    answer = browser.post(opened.request["PATH_INFO"], form)
    assert answer["Location"] == "/calendar/"
    return browser


def link_in(text: str) -> str:
    found = re.search(r"http\S+/accounts/password/reset/key/[^\s\"]+", text)
    assert found, text
    return found[0]


def test_new_colleague_chooses_a_password_by_the_link(as_admin: Client) -> None:
    added = as_admin.post("/settings/people/new/", NEW, follow=True).content.decode()

    browser = choose_password(link_in(added))

    eero = User.objects.get(email="eero@example.com")
    assert (eero.name, eero.role, eero.check_password(CHOSEN)) == ("Eero Virtanen", "user", True)
    assert browser.get("/calendar/").status_code == 200
    assert "reset/key" not in page_of(as_admin, f"/settings/people/{eero.pk}/")


def test_link_works_once(as_admin: Client, alice: User) -> None:
    link = sign_in_link(alice)
    choose_password(link)

    again = Client().get(urlsplit(link).path)

    assert "This link does not work any more" in again.content.decode()


def test_with_a_mail_server_only_the_new_colleague_gets_the_link(
    as_admin: Client, mail_server: None, alice: User
) -> None:
    as_admin.post("/settings/people/new/", NEW)
    made = as_admin.post(f"/settings/people/{alice.pk}/link", follow=True).content.decode()

    assert [message.to for message in mail.outbox] == [["eero@example.com"], ["alice@example.com"]]
    assert "reset/key" not in made
    choose_password(link_in(str(mail.outbox[1].body)))


def test_without_a_mail_server_a_lost_password_is_mended_by_hand(
    as_admin: Client, alice: User
) -> None:
    lost = Client()
    assert "Ask your administrator" in page_of(lost, "/accounts/password/reset/")
    posted = lost.post("/accounts/password/reset/", {"email": alice.email})
    assert "leansoft user link" in posted.content.decode()

    made = as_admin.post(f"/settings/people/{alice.pk}/link").content.decode()

    choose_password(link_in(made))


def test_lost_password_is_mailed_and_strangers_learn_nothing(
    mail_server: None, alice: User
) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in (alice.email, "nobody@example.com")
    ]

    assert [one.redirect_chain for one in answers] == [
        [("/accounts/password/reset/done/", 302)]
    ] * 2
    assert [message.to for message in mail.outbox] == [[alice.email]]
    choose_password(link_in(str(mail.outbox[0].body)))


def test_mail_server_out_of_reach_is_said(
    mail_server: None, alice: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1

    answer = Client().post("/accounts/password/reset/", {"email": alice.email})

    assert answer.status_code == 503
    assert "does not take the mail at the moment" in answer.content.decode()


def test_taken_address_and_missing_name_are_said(as_admin: Client, alice: User) -> None:
    taken = as_admin.post("/settings/people/new/", {**NEW, "email": alice.email})
    nameless = as_admin.post("/settings/people/new/", {**NEW, "name": " "})

    assert (taken.status_code, nameless.status_code) == (422, 422)
    assert f"There is a user with the address {alice.email} already." in taken.content.decode()
    assert "Enter a name." in nameless.content.decode()


def test_role_is_changed_but_not_ones_own(as_admin: Client, admin: User, alice: User) -> None:
    change = {"name": "Alice A.", "role": "administrator"}
    as_admin.post(f"/settings/people/{alice.pk}/", change)
    own = as_admin.post(f"/settings/people/{admin.pk}/", {"name": admin.name, "role": "user"})

    alice.refresh_from_db()
    admin.refresh_from_db()
    assert (alice.name, alice.is_administrator, admin.is_administrator) == ("Alice A.", True, True)
    assert "You cannot change your own role." in own.content.decode()


def test_who_is_switched_off_is_out_at_once(as_admin: Client, alice: User) -> None:
    Integration.objects.update_or_create(
        pk=1, defaults={"enabled": True, "client_id": "x", "client_secret_sealed": b"x"}
    )
    mailbox = Mailbox.objects.create(
        user=alice, tenant_id="t", object_id="o", account=alice.email, status="connected"
    )
    browser, token = Client(), ApiToken.issue(alice)
    browser.force_login(alice)

    as_admin.post(f"/settings/people/{alice.pk}/off")

    mailbox.refresh_from_db()
    assert browser.get("/calendar/").status_code == 302
    asked = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert (asked.status_code, mailbox.status) == (401, "disconnected")
    as_admin.post(f"/settings/people/{alice.pk}/on")
    alice.refresh_from_db()
    assert alice.is_active


def test_nobody_switches_themselves_off(as_admin: Client, admin: User) -> None:
    answer = as_admin.post(f"/settings/people/{admin.pk}/off", follow=True)

    assert "You cannot switch yourself off." in answer.content.decode()
    admin.refresh_from_db()
    assert admin.is_active


def test_administrators_who_demote_each_other_leave_one(admin: User, alice: User) -> None:
    change_role(alice, User.Role.ADMINISTRATOR, by=admin)
    change_role(alice, User.Role.USER, by=admin)
    # What Alice asked for while she was one, and comes second.
    alice.role = User.Role.ADMINISTRATOR
    with pytest.raises(NotPermitted):
        change_role(admin, User.Role.USER, by=alice)
    with pytest.raises(NotPermitted):
        switch_off(admin, by=alice)
    assert User.objects.get(pk=admin.pk).is_administrator


def test_people_are_found_and_only_administrators_look(
    as_admin: Client, alice: User, bob: User
) -> None:
    found = page_of(as_admin, "/settings/people/?find=alice")
    assert ("Alice Adams" in found, "Bob Brown" in found) == (True, False)

    browser = Client()
    browser.force_login(bob)
    paths = ["", "new/", f"{alice.pk}/"]
    refused = [browser.get(f"/settings/people/{path}") for path in paths]
    refused += [browser.post(f"/settings/people/{alice.pk}/{act}") for act in ("link", "off", "on")]
    assert {response.status_code for response in refused} == {403}


def test_allauths_other_pages_are_closed(as_admin: Client) -> None:
    for path in ("email/", "signup/", "password/set/", "reauthenticate/"):
        assert as_admin.get(f"/accounts/{path}").status_code == 404


def test_too_many_mails_are_refused_in_words(mail_server: None, alice: User) -> None:
    ask = {"email": alice.email}
    answers = [Client().post("/accounts/password/reset/", ask) for _ in range(30)]

    assert answers[-1].status_code == 429
    assert "That was too often" in answers[-1].content.decode()
