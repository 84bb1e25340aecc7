"""A calendar that was emptied in Outlook: Leansoft asks before it follows."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from support.axe import faults_of
from support.browser import Demo
from support.outlook import OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI
from support.walk import ADA, configure, connect, pause, resume, sign_in, start_quietly

pytestmark = pytest.mark.e2e


def empty_in_outlook(demo: Demo) -> int:
    sandbox = demo.sandbox()
    sandbox.register_app(OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI)
    outlook = sandbox.person(ADA, password=demo.said("Password"))
    events = [event for event in outlook.events() if event["isOrganizer"]]
    for event in events:
        outlook.ask("DELETE", f"/me/events/{event['id']}")
    return len(events)


def test_an_emptied_calendar_is_asked_about(demo: Demo, open_page: Callable[[], Page]) -> None:
    page = open_page()
    sign_in(page, demo)
    configure(page, demo)
    connect(page, demo)
    start_quietly(page)
    pause(page, demo)
    assert empty_in_outlook(demo) > 10

    resume(page, demo, until=re.compile("gone from Outlook"))
    page.goto(f"{demo.url}/calendar/")
    expect(page.get_by_role("button", name=re.compile("Friday review")).first).to_be_visible()

    page.goto(f"{demo.url}/outlook/")
    page.locator("details.more summary").first.click()
    assert faults_of(page, "a held plan") == []
    page.get_by_role("button", name="Leave both sides as they are").click()
    page.get_by_role("button", name="Leave them").click()
    expect(page.get_by_text("Leansoft does not ask again")).to_be_visible()
    page.goto(f"{demo.url}/calendar/")
    expect(page.get_by_role("button", name=re.compile("Friday review")).first).to_be_visible()
