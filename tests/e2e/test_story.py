"""The whole story in a browser: set up, connect, preview, sync, edit on both sides, read mail."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from support.browser import Demo
from support.walk import ADA, configure, connect, sign_in, start_quietly

GUEST, LATECOMER = "guest@elsewhere.example", "late@elsewhere.example"

pytestmark = pytest.mark.e2e


def test_the_story(demo: Demo, open_page: Callable[[], Page]) -> None:
    ada, outlook = open_page(), open_page()
    sign_in(ada, demo)
    configure(ada, demo)
    connect(ada, demo)
    start_quietly(ada)

    create_meeting(ada, demo)
    open_in_outlook(outlook, demo, "Harbour walk")
    assert mails(demo, "Harbour walk") == [(GUEST, "invitation")]

    rename_in_outlook(outlook, "Harbour walk at noon")
    ada.goto(f"{demo.url}/calendar/")
    expect(on_grid(ada, "Harbour walk at noon")).to_be_visible()
    assert mails(demo, "Harbour walk at noon") == [(GUEST, "update")]

    invite_latecomer(ada)
    wait_for_mails(ada, demo, 3)
    assert mails(demo, "Harbour walk at noon")[1:] == [(LATECOMER, "invitation")]

    delete(ada)
    wait_for_mails(ada, demo, 5)
    assert sorted(mails(demo)[3:]) == [(GUEST, "cancellation"), (LATECOMER, "cancellation")]
    outlook.goto(f"{demo.sandbox_url}/outlook/{ADA}/calendar")
    expect(outlook.get_by_text("Harbour walk at noon")).to_have_count(0)


def create_meeting(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/calendar/")
    page.get_by_role("button", name="New event").click()
    form = page.get_by_role("dialog", name="New event")
    form.get_by_label("Subject").fill("Harbour walk")
    add_attendee(form, GUEST)
    expect(form.get_by_text(f"Outlook will invite 1 person: {GUEST}.")).to_be_visible()
    form.get_by_role("button", name="Save").click()
    expect(on_grid(page, "Harbour walk")).to_be_visible()


def add_attendee(form: Locator, email: str) -> None:
    form.get_by_label("Attendees").fill(email)
    form.get_by_label("Attendees").press("Enter")


def on_grid(page: Page, subject: str) -> Locator:
    return page.get_by_role("button", name=re.compile(subject)).first


def open_in_outlook(page: Page, demo: Demo, subject: str) -> None:
    def appears() -> bool:
        page.goto(f"{demo.sandbox_url}/outlook/{ADA}/calendar")
        return page.get_by_role("link", name=re.compile(subject)).count() > 0

    wait_for_page(page, appears)
    page.get_by_role("link", name=re.compile(subject)).first.click()


def rename_in_outlook(page: Page, subject: str) -> None:
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Title").fill(subject)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=re.compile(subject))).to_be_visible()


def invite_latecomer(page: Page) -> None:
    on_grid(page, "Harbour walk at noon").click()
    page.get_by_role("button", name="Edit").click()
    form = page.get_by_role("dialog", name="Edit event")
    add_attendee(form, LATECOMER)
    expect(form.get_by_text(f"Outlook will invite 1 person: {LATECOMER}.")).to_be_visible()
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()


def delete(page: Page) -> None:
    on_grid(page, "Harbour walk at noon").click()
    page.get_by_role("button", name="Delete").click()
    sure = page.get_by_role("alertdialog").or_(page.get_by_role("dialog")).last
    expect(sure.get_by_text(re.compile("send a cancellation to 2 people"))).to_be_visible()
    sure.get_by_role("button", name="Delete").click()
    expect(on_grid(page, "Harbour walk at noon")).to_be_hidden()


def mails(demo: Demo, subject: str | None = None) -> list[tuple[str, str]]:
    """(to, kind) of the mail that the sandbox sent to people elsewhere, in order."""
    sent = demo.sandbox().control("GET", "mail")["value"]
    mine = [m for m in sent if m["to"] in {GUEST, LATECOMER}]
    return [(m["to"], m["kind"]) for m in mine if subject in {None, m["subject"]}]


def wait_for_mails(page: Page, demo: Demo, count: int) -> None:
    wait_for_page(page, lambda: len(mails(demo)) >= count)


def wait_for_page(page: Page, condition: Callable[[], bool]) -> None:
    """Playwright's own waiting knows nothing of the other program."""
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(150)
    raise AssertionError("Waited for 15 seconds.")
