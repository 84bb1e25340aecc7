"""The first sync in a browser: what each choice means, a world that moves on, single answers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from support.browser import Demo
from support.outlook import OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI, OutlookUser, people
from support.walk import ADA, configure, connect, pause, resume, sign_in

pytestmark = pytest.mark.e2e


def outlook_of_ada(demo: Demo) -> OutlookUser:
    sandbox = demo.sandbox()
    sandbox.register_app(OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI)
    return sandbox.person(ADA, password=demo.said("Password"))


def test_what_is_shown_is_done_or_shown_again(demo: Demo, open_page: Callable[[], Page]) -> None:
    page = open_page()
    sign_in(page, demo)
    configure(page, demo)
    connect(page, demo)
    page.get_by_text(re.compile("Who is mailed, and why")).click()
    expect(page.get_by_text("Invitation: Security briefing").first).to_be_visible()
    expect(page.get_by_text("17 events to Outlook")).to_be_visible()
    page.get_by_role("radio", name="Keep them out of Outlook").check()
    expect(page.get_by_text("12 events to Outlook")).to_be_visible()

    outlook = outlook_of_ada(demo)
    outlook.create("Since then", attendees=people("ana@elsewhere.org"))
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text(re.compile("after you saw the preview"))).to_be_visible()
    # Whoever closed the page finds the question again.
    page.goto(f"{demo.url}/outlook/")
    expect(page.get_by_text(re.compile("after you saw the preview"))).to_be_visible()
    page.get_by_text(re.compile("7 events to Leansoft")).click()
    expect(page.get_by_text("Since then")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Finished")).to_be_visible()

    pause(page, demo)
    own = [event for event in outlook.events() if event["isOrganizer"]]
    for event in own:
        outlook.ask("DELETE", f"/me/events/{event['id']}")
    resume(page, demo, until=re.compile("gone from Outlook"))
    page.get_by_text(re.compile("tick those that Leansoft shall carry out")).click()
    page.get_by_role("checkbox", name="Since then").uncheck()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Finished")).to_be_visible()
    page.goto(f"{demo.url}/outlook/")
    expect(page.get_by_text("You left 1 event waiting.")).to_be_visible()
