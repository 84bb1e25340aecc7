"""axe-core finds no serious fault on any page, in light and dark, wide and narrow."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from support.axe import faults_of
from support.browser import Demo
from support.walk import configure, connect, sign_in, start_quietly

pytestmark = pytest.mark.e2e

PAGES = ["/calendar/", "/contacts/", "/contacts/new/", "/contacts/1/", "/outlook/",
         "/settings/general/", "/settings/people/", "/settings/people/new/", "/settings/people/2/",
         "/settings/mailboxes/", "/settings/profile/", "/accounts/password/change/",
         "/accounts/logout/", "/nothing-here/"]  # fmt: skip
FROM_OUTSIDE = ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/",
                "/accounts/password/reset/key/1-x/", "/accounts/inactive/"]  # fmt: skip


@pytest.fixture
def page(open_page: Callable[[], Page]) -> Page:
    return open_page()


def test_nothing_has_a_serious_fault(demo: Demo, page: Page) -> None:
    found = [
        *on_the_way_in(demo, page),
        *(fault for path in PAGES for fault in on_page(demo, page, path)),
        *where_something_opens(demo, page),
        *of_the_sync(demo, page),
        *of_a_new_colleague(demo, page),
    ]
    if found:
        pytest.fail("\n".join(found))


def on_the_way_in(demo: Demo, page: Page) -> list[str]:
    """From the sign-in to the end of the first sync."""
    found = [fault for path in FROM_OUTSIDE for fault in on_page(demo, page, path)]
    sign_in(page, demo)
    found += on_page(demo, page, "/outlook/", "not set up")
    found += on_page(demo, page, "/settings/general/", "not set up")
    configure(page, demo)
    found += on_page(demo, page, "/outlook/", "not connected")
    connect(page, demo)
    expect(page.get_by_text("people mailed by Outlook")).to_be_visible()
    found += faults_of(page, "first sync")
    start_quietly(page)
    return found + faults_of(page, "first sync, finished")


def on_page(demo: Demo, page: Page, path: str, state: str = "") -> list[str]:
    page.goto(demo.url + path)
    page.wait_for_load_state("networkidle")
    return faults_of(page, f"{path} {state}".strip())


def where_something_opens(demo: Demo, page: Page) -> list[str]:
    page.goto(f"{demo.url}/settings/general/")
    page.get_by_role("button", name="Test connection").click()
    expect(page.locator("#trial .findings")).to_be_visible()
    found = faults_of(page, "test of the connection")
    page.goto(f"{demo.url}/settings/doctor/")
    expect(page.locator(".findings")).to_be_visible()
    found += faults_of(page, "doctor")
    page.goto(f"{demo.url}/calendar/")
    page.get_by_role("button", name="New event").click()
    expect(page.get_by_role("dialog", name="New event")).to_be_visible()
    page.get_by_label("Repeat", exact=True).select_option(label="Custom…")
    found += faults_of(page, "calendar with its form")
    page.goto(f"{demo.url}/calendar/")
    page.get_by_role("button", name=re.compile("^Friday review")).first.click()
    return found + faults_of(page, "calendar with an event open")


def of_the_sync(demo: Demo, page: Page) -> list[str]:
    page.goto(f"{demo.url}/outlook/")
    page.locator("a[href*='/outlook/runs/']").first.click()
    run = page.url
    found = faults_of(page, "run")
    page.locator("td a").first.click()
    found += faults_of(page, "what happened to an event")
    page.goto(f"{run}undo")
    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()
    found += faults_of(page, "undo")
    for path in ("reset", "disconnect"):
        page.goto(f"{demo.url}/outlook/{path}")
        expect(page.get_by_text("people mailed by Outlook")).to_be_visible()
        found += faults_of(page, path)
    page.goto(f"{demo.url}/outlook/")
    page.get_by_role("button", name="Pause").click()
    found += faults_of(page, "question before a pause")
    return found + on_page(demo, page, "/microsoft_account/authentication?code=x&state=y")


def of_a_new_colleague(demo: Demo, page: Page) -> list[str]:
    page.goto(f"{demo.url}/settings/people/new/")
    page.get_by_label("Name").fill("Eero Virtanen")
    page.get_by_label("Email address").fill("eero@harbor.example")
    page.get_by_role("button", name="Add", exact=True).click()
    link = page.get_by_label("Sign-in link", exact=True).input_value()
    found = faults_of(page, "a person with a sign-in link")
    page.goto(link)
    found += faults_of(page, "choice of a password")
    page.get_by_label("New password", exact=True).fill("harbour walk 7")
    page.get_by_label("New password, once more").fill("harbour walk 7")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page).to_have_url(re.compile("/calendar/"))
    return found + on_page(demo, page, "/settings/people/", "for somebody else")
