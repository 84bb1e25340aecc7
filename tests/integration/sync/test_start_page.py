"""The page of the first sync: preview, choices, progress, summary."""

import re

from django.test import Client

from leansoft.accounts.models import User
from leansoft.contacts.models import Contact
from leansoft.sync.models import SyncRun
from leansoft.sync.run import execute
from support.company import Company

ANA = "ana@elsewhere.org"


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


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

    started = client.post("/outlook/start", {"existing": "push", "invitations": "send"})
    assert started["Location"] == "/outlook/start"
    assert "Waiting for the worker" in client.get("/outlook/start").content.decode()

    execute(SyncRun.objects.get())
    summary = text_of(client.get("/outlook/start").content.decode())
    assert "Finished" in summary
    assert "Tea Created in Outlook New in Leansoft Invitation to Ana Lund" in summary


def test_a_preview_that_microsoft_refuses_says_so(
    company: Company, client: Client, alice: User
) -> None:
    company.connect(alice)
    client.force_login(alice)
    company.sandbox.fault(path="/me/", status=503, times=20)

    page = text_of(client.get("/outlook/start/preview").content.decode())

    assert page.startswith("The preview cannot be made now.")
