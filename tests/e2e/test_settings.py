"""Settings that are written and refused: nothing is lost unasked, and what is saved comes back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from support.browser import Demo
from support.walk import sign_in

pytestmark = pytest.mark.e2e


@pytest.fixture
def page(demo: Demo, open_page: Callable[[], Page]) -> Page:
    """The profile with a change that the server refused."""
    page = open_page()
    sign_in(page, demo)
    page.goto(f"{demo.url}/settings/profile/")
    page.get_by_label("Name").fill("Ada the Second")
    page.get_by_label("Reminder").fill("-5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Enter a number of minutes")).to_be_visible()
    return page


def test_discard_brings_back_what_is_saved(page: Page) -> None:
    page.get_by_role("button", name="Discard").click()

    expect(page.get_by_label("Name")).to_have_value("Ada Lindqvist")
    expect(page.get_by_label("Reminder")).to_have_value("15")
    expect(page.get_by_role("button", name="Save")).to_be_hidden()


def test_refused_change_is_not_left_unasked(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("Reminder").fill("10")
    page.get_by_role("link", name="Contacts").first.click()
    page.wait_for_timeout(500)

    assert asked == ["beforeunload"]
    expect(page.get_by_label("Name")).to_have_value("Ada the Second")
