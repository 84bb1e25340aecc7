"""The page of the first sync: preview, choices, progress, summary."""

import re

from django.test import Client

from leansoft.accounts.models import User
from leansoft.contacts.models import Contact
from leansoft.sync.models import SyncRun
from leansoft.sync.run import execute
from support.company import Company
from support.mondays import WEEKLY

ANA = "ana@elsewhere.org"
CHOICES = {"existing": "push", "invitations": "send", "past": "quiet"}
PAST = {
    "start": "2020-03-04T08:00:00Z",
    "end": "2020-03-04T09:00:00Z",
    "zone": "Europe/Paris",
    "all_day": False,
}


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def plan_of(client: Client) -> str:
    """The plan that the preview's form carries."""
    page = client.get("/outlook/start/preview", CHOICES).content.decode()
    found = re.search(r'name="plan" value="(\w+)"', page)
    assert found
    return found[1]


def test_the_page_shows_what_each_choice_means_and_starts(
    company: Company, client: Client, alice: User
) -> None:
    Contact.objects.create(name="Ana Lund", email=ANA)
    company.create(alice, "Tea", ANA)
    company.connect(alice)
    client.force_login(alice)

    def preview(**choices: str) -> str:
        return text_of(client.get("/outlook/start/preview", choices).content.decode())

    assert "Start the sync" in client.get("/outlook/start").content.decode()
    loud = preview(existing="push", invitations="send")
    assert "1 event to Outlook 0 events to Leansoft 1 person mailed by Outlook" in loud
    assert "Outlook will invite 1 person: Ana Lund." in loud
    assert "Outlook will mail nobody." in preview(existing="push", invitations="quiet")
    assert "0 events to Outlook" in preview(existing="keep_local", invitations="send")
    assert company.sandbox.mails() == []
    assert "Events that are over already" in client.get("/outlook/start").content.decode()

    started = client.post("/outlook/start", {**CHOICES, "plan": plan_of(client)})
    assert started["Location"] == "/outlook/start"
    assert "Starts in a moment" in client.get("/outlook/start").content.decode()

    execute(SyncRun.objects.get())
    summary = text_of(client.get("/outlook/start").content.decode())
    assert "Finished" in summary
    assert "1 change in Outlook 0 changes in Leansoft 1 mail by Outlook" in summary
    round_ = text_of(client.get(f"/outlook/runs/{SyncRun.objects.get().pk}/").content.decode())
    assert "Tea" in round_
    assert "Invitation to Ana Lund" in round_


def test_a_preview_that_microsoft_refuses_says_so(
    company: Company, client: Client, alice: User
) -> None:
    company.connect(alice)
    client.force_login(alice)
    company.sandbox.fault(path="/me/", status=503, times=20)

    page = text_of(client.get("/outlook/start/preview").content.decode())

    assert page.startswith("The preview cannot be made now.")


def test_the_preview_names_every_event_and_everybody_who_is_mailed_and_why(
    company: Company, client: Client, alice: User
) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.outlook(alice).create("Lunch")
    company.outlook(alice).create("Fair")
    company.create(alice, "Tea", ANA, "bo@elsewhere.org")
    company.create(alice, "Coffee", ANA)
    company.create(alice, "Lunch")
    company.create(alice, "Long ago", ANA, when=PAST)
    company.connect(alice)
    client.force_login(alice)

    page = text_of(client.get("/outlook/start/preview", CHOICES).content.decode())
    assert "3 events to Outlook 1 event to Leansoft 1 found on both sides" in page
    assert "1 event found on both sides: linked, not doubled Lunch , 4 Mar 2030 linked" in page
    assert "Tea , 4 Mar 2030 new in Outlook · mails ana@elsewhere.org, bo@elsewhere.org" in page
    assert "Long ago , 4 Mar 2020 new in Outlook" in page
    assert (
        "Who is mailed, and why: 2 people ana@elsewhere.org "
        "Invitation: Tea (New in Leansoft) Invitation: Coffee (New in Leansoft) "
        "bo@elsewhere.org Invitation: Tea (New in Leansoft)"
    ) in page
    without_past = {**CHOICES, "past": "keep_local"}
    page = text_of(client.get("/outlook/start/preview", without_past).content.decode())
    assert "2 events to Outlook" in page
    assert "Long ago" not in page


def test_a_plan_that_changed_is_shown_again_and_answered_there(
    company: Company, client: Client, alice: User
) -> None:
    company.create(alice, "Tea", ANA)
    company.connect(alice)
    client.force_login(alice)
    seen = plan_of(client)
    company.create(alice, "Coffee", "bo@elsewhere.org")
    client.post("/outlook/start", {**CHOICES, "plan": seen})
    run = SyncRun.objects.get()
    execute(run)

    # Whoever comes back to the Outlook page finds it, too.
    for address in ("/outlook/start", "/outlook/"):
        page = client.get(address).content.decode()
        assert "after you saw the preview" in text_of(page)
        assert "bo@elsewhere.org Invitation: Coffee (New in Leansoft)" in text_of(page)
    assert company.sandbox.mails() == []

    answer = {"plan": run.held["fingerprint"] if run.held else ""}
    assert client.post(f"/outlook/runs/{run.pk}/approve", answer)["Location"] == "/outlook/start"
    execute(SyncRun.objects.get())
    assert "Finished" in client.get("/outlook/start").content.decode()
    assert len(company.sandbox.mails()) == 2


def test_a_start_before_the_preview_was_shown_shows_it_first(
    company: Company, client: Client, alice: User
) -> None:
    company.create(alice, "Tea", ANA)
    company.connect(alice)
    client.force_login(alice)
    client.post("/outlook/start", CHOICES)
    run = SyncRun.objects.get()
    execute(run)
    assert "before its preview was shown" in client.get("/outlook/start").content.decode()
    assert company.sandbox.mails() == []

    back = client.post(f"/outlook/runs/{run.pk}/reject")
    assert back["Location"] == "/outlook/start"
    assert "Events that are over already" in client.get("/outlook/start").content.decode()


def test_the_outlook_page_leads_to_a_first_sync_under_way(
    company: Company, client: Client, alice: User
) -> None:
    company.connect(alice)
    client.force_login(alice)
    client.post("/outlook/start", {**CHOICES, "plan": plan_of(client)})
    page = client.get("/outlook/").content.decode()
    assert "The first sync is under way." in page
    assert 'href="/outlook/start"' in page
    execute(SyncRun.objects.get())
    assert "The first sync is under way." not in client.get("/outlook/").content.decode()


def test_the_outlook_page_says_what_outlook_does_not_hold_and_what_to_do(
    company: Company, client: Client, alice: User
) -> None:
    company.start(alice)
    client.force_login(alice)
    hourly = {**WEEKLY, "rrule": "FREQ=HOURLY;COUNT=3"}
    company.create(alice, "Feed the cat", when=hourly)
    company.create(alice, "Weekly", when=WEEKLY)
    company.create(alice, "Tea")
    company.sandbox.fault(method="POST", path="/me/events$", status=400, code="ErrorInvalid")
    company.sync(alice)

    page = text_of(client.get("/outlook/").content.decode())

    assert "Not in Outlook 1 Feed the cat Outlook cannot repeat every hour." in page
    assert "Change it here or in Outlook, and it is tried again." in page
