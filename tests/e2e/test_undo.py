"""What happened to an event, read in a browser, and taken back; on a desk and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from support.browser import Demo
from support.outlook import OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI, OutlookUser
from support.walk import ADA, configure, connect, sign_in, start_quietly

pytestmark = pytest.mark.e2e

SIZES = [(1280, 900), (390, 844)]
OLD, NEW = "Friday review", "Friday review, moved upstairs"


def test_a_change_is_read_found_and_taken_back(demo: Demo, open_page: Callable[[], Page]) -> None:
    page = open_page()
    sign_in(page, demo)
    configure(page, demo)
    connect(page, demo)
    start_quietly(page)
    outlook = ada_in_outlook(demo)
    outlook.update(OLD, subject=NEW)
    page.goto(f"{demo.url}/calendar/")
    page.get_by_role("button", name=re.compile(NEW)).first.click()

    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name=NEW)).to_be_visible()
    expect(page.locator("del", has_text=OLD)).to_be_visible()
    fits(page)

    page.goto(f"{demo.url}/outlook/")
    page.get_by_role("searchbox", name="Event, person or reason").fill("upstairs")
    page.get_by_label("Where").select_option("In Leansoft")
    found = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=OLD, exact=True))
    expect(found.first).to_contain_text("updated in Leansoft")
    fits(page)
    found.first.get_by_role("link").first.click()

    page.get_by_role("link", name="Undo this round…").click()
    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()
    expect(page.get_by_text("changes back in Outlook")).to_be_visible()
    expect(page.get_by_text("Outlook will mail nobody.")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("Finished")).to_be_visible()
    expect(page.get_by_text("It takes back an earlier round")).to_be_visible()
    fits(page)
    assert outlook.event(OLD)
    page.goto(f"{demo.url}/calendar/")
    expect(page.get_by_role("button", name=re.compile(OLD)).first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(NEW))).to_have_count(0)


def ada_in_outlook(demo: Demo) -> OutlookUser:
    sandbox = demo.sandbox()
    sandbox.register_app(OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI)
    return sandbox.person(ADA, password=demo.said("Password"))


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        room = page.evaluate("document.documentElement.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") <= room
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
