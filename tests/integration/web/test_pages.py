"""The pages: who may open them, what they say, what their forms do."""

import json
import re

import pytest
from django.test import Client

from leansoft.accounts.models import User
from leansoft.connections.models import Integration, Mailbox
from leansoft.contacts.models import Contact
from leansoft.sync.models import SyncRun

CLIENT_ID = "11111111-0000-4000-8000-000000000000"


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def as_admin(admin: User) -> Client:
    browser = Client()
    browser.force_login(admin)
    return browser


def text_of(page: str) -> str:
    """What a person reads: without tags and runs of spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_calendar_page_knows_whose_it_is(as_alice: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(name="Al</script>\"ice'", default_reminder_minutes=None)
    page = as_alice.get("/calendar/").content.decode()
    found = re.search(r'<script id="me" type="application/json">(.*?)</script>', page)
    assert found is not None
    assert json.loads(found[1]) == {
        "id": alice.pk,
        "email": "alice@example.com",
        "name": "Al</script>\"ice'",
        "is_administrator": False,
        "time_zone": "UTC",
        "default_reminder_minutes": None,
    }


@pytest.mark.parametrize(
    "path",
    ["/calendar/", "/contacts/", "/outlook/", "/outlook/start", "/settings/general/"],
)
def test_stranger_is_sent_to_sign_in(client: Client, db: None, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_settings_are_for_administrators(as_alice: Client, as_admin: Client) -> None:
    refused = as_alice.get("/settings/general/")

    assert refused.status_code == 403
    assert "only an administrator can open them" in refused.content.decode()
    assert as_admin.get("/settings/general/").status_code == 200


def test_unknown_page_and_unknown_api_address(as_alice: Client) -> None:
    assert "There is nothing here" in as_alice.get("/nothing").content.decode()
    unknown, wrong = as_alice.get("/api/v1/nothing"), as_alice.delete("/api/v1/me")
    assert (unknown.status_code, wrong.status_code) == (404, 405)
    assert unknown["Content-Type"] == wrong["Content-Type"] == "application/problem+json"
    assert set(wrong["Allow"].split(", ")) == {"GET", "PATCH"}


def test_integration_is_saved_and_its_secret_not_shown(as_admin: Client) -> None:
    form = {"enabled": "on", "client_id": CLIENT_ID, "client_secret": "s3cret", "tenant": ""}

    assert as_admin.post("/settings/general/", form).status_code == 302

    page = as_admin.get("/settings/general/").content.decode()
    assert CLIENT_ID in page
    assert "s3cret" not in page
    assert (Integration.current().client_secret, Integration.current().tenant) == (
        "s3cret", "common",
    )  # fmt: skip
    as_admin.post("/settings/general/", {**form, "client_secret": ""})
    assert Integration.current().client_secret == "s3cret"


def test_integration_cannot_be_switched_on_without_a_secret(as_admin: Client) -> None:
    response = as_admin.post("/settings/general/", {"enabled": "on", "client_id": CLIENT_ID})

    assert response.status_code == 422
    assert "Enter the client secret before you switch this on." in response.content.decode()


def test_profile_changes_ones_own_settings(as_alice: Client, alice: User) -> None:
    form = {
        "name": "Alice A.",
        "time_zone": "Asia/Tokyo",
        "default_reminder_minutes": "",
        "sharing": "details",
    }

    assert as_alice.post("/settings/profile/", form).status_code == 302

    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("Alice A.", "Asia/Tokyo")
    assert (alice.default_reminder_minutes, alice.sharing) == (None, "details")


def test_profile_says_what_is_wrong_in_plain_words(as_alice: Client) -> None:
    form = {"name": "", "time_zone": "UTC", "default_reminder_minutes": "-5", "sharing": "busy"}

    page = as_alice.post("/settings/profile/", form)

    assert page.status_code == 422
    assert "Enter your name, as colleagues shall see it." in page.content.decode()
    assert "Enter a number of minutes" in page.content.decode()


def test_contact_is_added_edited_found_and_deleted(as_alice: Client) -> None:
    form = {"name": "Ana", "email": "Ana@Client.example", "company": "Client", "phone": ""}
    as_alice.post("/contacts/new/", form)
    contact = Contact.objects.get()
    assert contact.email == "ana@client.example"

    as_alice.post(f"/contacts/{contact.pk}/", {**form, "name": "Ana Lund", "email": ""})
    assert list(Contact.objects.values_list("name", "email")) == [("Ana Lund", None)]

    assert "Ana Lund" in as_alice.get("/contacts/", {"find": "client lund"}).content.decode()
    nobody = as_alice.get("/contacts/", {"find": "zzz"}, headers={"HX-Request": "true"})
    assert "Nobody found" in nobody.content.decode()
    assert "<html" not in nobody.content.decode()

    as_alice.post(f"/contacts/{contact.pk}/delete")
    assert not Contact.objects.exists()


def test_contact_with_a_taken_address_is_refused_in_words(as_alice: Client) -> None:
    Contact.objects.create(name="Ana", email="ana@client.example")

    page = as_alice.post("/contacts/new/", {"name": "Ana 2", "email": "ANA@client.example"})

    assert page.status_code == 422
    assert "There is a contact with this address already." in page.content.decode()


def test_outlook_page_leads_on_when_nothing_is_set_up(as_alice: Client, as_admin: Client) -> None:
    assert "Ask Ada Admin" in as_alice.get("/outlook/").content.decode()
    assert "Set up Outlook" in as_admin.get("/outlook/").content.decode()


def test_outlook_page_shows_rounds_that_wrote_something(as_alice: Client, alice: User) -> None:
    Integration.objects.update_or_create(
        pk=1, defaults={"enabled": True, "client_id": CLIENT_ID, "client_secret_sealed": b"x"}
    )
    mailbox = Mailbox.objects.create(
        user=alice, tenant_id="t", object_id="o", account=alice.email, status="connected"
    )
    quiet = SyncRun.objects.create(mailbox=mailbox, cause="poll", state="done")
    busy = SyncRun.objects.create(mailbox=mailbox, cause="poll", state="done")
    busy.actions.create(
        subject="Tea", side="outlook", kind="created", cause="New in Leansoft",
        mails=[{"to": "bob@example.com", "kind": "invitation", "event": None, "certain": True}],
    )  # fmt: skip

    page = as_alice.get("/outlook/").content.decode()
    assert str(busy.pk) in page
    assert str(quiet.pk) not in page
    assert str(quiet.pk) in as_alice.get("/outlook/?all").content.decode()
    run = text_of(as_alice.get(f"/outlook/runs/{busy.pk}/").content.decode())
    assert "Tea Created in Outlook New in Leansoft Invitation to bob@example.com" in run


def test_long_round_is_paged_searched_and_shows_first_what_went_wrong(
    as_alice: Client, alice: User
) -> None:
    mailbox = Mailbox.objects.create(
        user=alice, tenant_id="t", object_id="o", account=alice.email, status="connected"
    )
    run = SyncRun.objects.create(mailbox=mailbox, cause="start", state="done")
    for number in range(60):
        run.actions.create(subject=f"Event {number:02}", side="outlook", kind="created")
    run.actions.create(
        subject="Refused one", side="outlook", kind="created", outcome="refused", error="Too big."
    )
    address = f"/outlook/runs/{run.pk}/"

    first, second = (text_of(as_alice.get(f"{address}?page={n}").content.decode()) for n in (1, 2))
    found = as_alice.get(f"{address}?find=event+42", headers={"HX-Request": "true"})

    assert first.index("Refused one") < first.index("Event 00")
    assert "1–50 of 61" in first
    assert ("Event 59" in first, "Event 59" in second) == (False, True)
    assert "Event 42" in found.content.decode()
    assert "Event 41" not in found.content.decode()
    assert "<html" not in found.content.decode()


def test_run_of_somebody_else_is_not_found(as_admin: Client, alice: User) -> None:
    mailbox = Mailbox.objects.create(
        user=alice, tenant_id="t", object_id="o", account=alice.email, status="connected"
    )
    run = SyncRun.objects.create(mailbox=mailbox, cause="poll")

    assert as_admin.get(f"/outlook/runs/{run.pk}/").status_code == 404


def test_way_back_with_a_forged_state_says_what_happened(as_alice: Client) -> None:
    response = as_alice.get("/microsoft_account/authentication?code=x&state=forged")

    assert response.status_code == 400
    words = text_of(response.content.decode())
    assert "This sign-in cannot be finished" in words
    assert "What to do: Press Outlook on the calendar to start again." in words


def test_health_and_metrics_need_no_sign_in(client: Client, db: None) -> None:
    assert client.get("/healthz").json() == {"ok": True}
    assert "leansoft_jobs_waiting 0" in client.get("/metrics").content.decode()


def test_microsoft_needs_no_sign_in_and_no_form(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/outlook/notifications?validationToken=a+b").content == b"a b"
    assert client.post("/outlook/notifications").status_code == 400


def test_every_answer_says_what_a_browser_may_do(as_alice: Client) -> None:
    for path in ("/calendar/", "/nothing", "/api/v1/me", "/accounts/login/"):
        headers = as_alice.get(path).headers

        policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
