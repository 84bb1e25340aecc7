"""Nobody sees what is private of somebody else, and nobody sees a secret at all."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q
from django.test import Client, RequestFactory

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.connections.domain.integration import redirect_uri
from leansoft.connections.models import Integration, Mailbox
from leansoft.contacts.models import Contact
from leansoft.sync.models import EventLink, SyncAction, SyncRun
from leansoft.sync.preview.start import start_sync
from leansoft.web.views.errors import broken
from support.company import Company
from support.outlook import CLIENT_ID, SECRET
from support.person import sign_in
from support.visit import everything_seen_by

pytestmark = pytest.mark.django_db

PRIVATE = ["Zugspitze", "Watzmann", "Karwendel", "wendelstein.example", "Gustl", "Rotwand"]
"""Of subject, place, description, the guest's address and name, and a category."""


@pytest.fixture
def mountains(company: Company, alice: User, charlie: User) -> Company:
    """Alice's calendar is full of what concerns nobody else, in step with Outlook and not."""
    company.start(alice)
    company.start(charlie)
    User.objects.filter(pk=alice.pk).update(sharing=User.Sharing.DETAILS)
    for sensitivity in ("private", "confidential"):
        event = plan(company, alice, sensitivity)
        company.sync(alice)
        company.edit(event, alice, location="Hotel Watzmann")
        company.sync(alice)
    company.sandbox.fault(method="POST", path="^/me/events$", status=400, code="ErrorInvalid")
    plan(company, alice, "private")
    company.try_sync(alice)
    archived = plan(company, alice, "private")
    Event.objects.filter(pk=archived.pk).update(archived_at=archived.created_at)
    hold(company.mailbox(alice))
    return company


def plan(company: Company, organizer: User, sensitivity: str) -> Event:
    return company.create(
        organizer,
        "Zugspitze offsite",
        sensitivity=sensitivity,
        location="Watzmann",
        body="The Karwendel budget",
        categories=["Rotwand"],
        attendees=[{"email": "gustl@wendelstein.example", "name": "Gustl", "type": "required"}],
    )


def hold(mailbox: Mailbox) -> None:
    """A run that waits for Alice's answer, and shows what it would do."""
    run = SyncRun.objects.filter(mailbox=mailbox, actions__isnull=False).latest("queued_at")
    link = EventLink.objects.filter(mailbox=mailbox).latest("pk")
    line = {"subject": "Zugspitze offsite", "kind": "deleted", "side": "outlook", "mails": []}
    report = {"pulled": {}, "pushed": {}, "mails": [], "lines": [line]}
    held = {"reasons": ["“Zugspitze offsite” is gone."], "keys": [link.pk], "report": report}
    SyncRun.objects.create(mailbox=mailbox, cause=run.cause, state="waiting", held=held)


def ids() -> dict[str, list[object]]:
    runs = SyncRun.objects.filter(mailbox__user__name="Alice Adams")
    told_runs = runs.filter(Q(actions__isnull=False) | ~Q(state="done")).distinct()
    return {
        "event_id": list(Event.objects.values_list("pk", flat=True)),
        "run_id": list(told_runs.values_list("pk", flat=True)),
        "action_id": list(SyncAction.objects.filter(run__in=runs).values_list("pk", flat=True)[:3]),
        "contact_id": [Contact.objects.get_or_create(name="Ana")[0].pk],
        "mailbox_id": list(Mailbox.objects.values_list("pk", flat=True)),
        "user_id": list(User.objects.values_list("pk", flat=True)),
    }


def told(seen: dict[str, str], words: list[str]) -> list[str]:
    return [f"{word} at {where}" for where, text in seen.items() for word in words if word in text]


def test_private_events_are_nobody_elses(
    mountains: Company, alice: User, charlie: User, admin: User
) -> None:
    for user in (charlie, admin):
        assert told(everything_seen_by(user, ids(), search="Zug"), PRIVATE) == []


def test_their_owner_sees_them(mountains: Company, alice: User) -> None:
    """So the test above looks where there is something to be seen."""
    seen = everything_seen_by(alice, ids())
    assert {line.partition(" at ")[0] for line in told(seen, PRIVATE)} == set(PRIVATE)


@pytest.fixture
def secrets(company: Company, caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What no one may ever see, as far as Microsoft has given it out by now."""
    caplog.set_level(logging.DEBUG)
    for name in ("leansoft", "django.request", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)

    def all_secrets() -> list[str]:
        directory = company.sandbox.control("GET", "state")["directory"]
        tokens = [*directory["refresh_tokens"], *directory["access_tokens"]]
        assert len(tokens) > 2
        return [SECRET, NEW_SECRET, *tokens]

    return all_secrets


NEW_SECRET = "another-secret~of-the-same-kind"


def open_outlook(company: Company, user: User) -> list[str]:
    """Connects through the pages; what they said, the way back twice."""
    company.sandbox.add_account(user.email, user.name)
    browser = Client()
    browser.force_login(user)
    away = browser.post("/outlook/connect")
    back = sign_in(away["Location"], email=user.email, back_to=redirect_uri())
    landed = browser.get("/microsoft_account/authentication", back)
    assert landed["Location"] == "/outlook/start"
    again = browser.get("/microsoft_account/authentication", back)
    assert again.status_code == 400
    return [away.content.decode(), landed.content.decode(), again.content.decode()]


def database_dump() -> Iterator[bytes]:
    """Every value of every table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from map(_as_bytes, row)
    for session in Session.objects.all():
        yield json.dumps(session.get_decoded()).encode()


def _as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_secrets_are_shown_logged_and_stored_nowhere(
    company: Company,
    alice: User,
    admin: User,
    secrets: Callable[[], list[str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen = open_outlook(company, alice)
    start_sync(company.mailbox(alice), existing="push", invitations="send")
    company.create(alice, "Tea")
    company.sync(alice)
    seen += fail_in_every_way(company, alice, admin)
    for user in (alice, admin):
        seen += everything_seen_by(user, ids()).values()
    seen.append(broken(RequestFactory().get("/")).content.decode())

    for secret in secrets():
        assert not any(secret in text for text in seen)
        assert secret not in caplog.text
        assert not any(secret.encode() in value for value in database_dump())


def fail_in_every_way(company: Company, alice: User, admin: User) -> list[str]:
    """With a wrong secret, an expired token, an ended sign-in, and out of reach; what pages say."""
    browser = Client()
    browser.force_login(admin)
    form = {"enabled": "on", "client_id": CLIENT_ID, "client_secret": NEW_SECRET, "tenant": ""}
    seen = [browser.post("/settings/general/test", form).content.decode()]
    seen.append(browser.post("/settings/general/", form, follow=True).content.decode())
    company.sandbox.control("POST", "clock", {"advance": 7200})
    assert company.try_sync(alice).state == SyncRun.State.FAILED
    form["client_secret"] = SECRET
    seen.append(browser.post("/settings/general/", form, follow=True).content.decode())
    company.sync(alice)
    company.sandbox.fault(path="/me", drop=True, times=1)
    company.try_sync(alice)
    company.sandbox.fault(kind="revoke_tokens", email=alice.email)
    assert company.try_sync(alice).state == SyncRun.State.FAILED
    assert company.mailbox(alice).status == Mailbox.Status.NEEDS_RECONNECT
    return seen


def test_dump_would_show_an_unsealed_secret(company: Company) -> None:
    """So the test above looks where there is something to be found."""
    Integration.objects.update(client_secret_sealed=SECRET.encode(), fault=NEW_SECRET)
    dump = list(database_dump())
    assert any(SECRET.encode() in value for value in dump)
    assert any(NEW_SECRET.encode() in value for value in dump)
