"""Starting over, moving to another account and disconnecting, as a person walks it in a browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from support.axe import faults_of
from support.browser import Demo
from support.walk import ADA, configure, connect, sign_in, start_quietly

pytestmark = pytest.mark.e2e

OTHER = "ada@second.example"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def furnished(demo: Demo) -> Demo:
    demo.sandbox().add_account(OTHER, "Ada Second", password=demo.said("Password"))
    return demo


def test_starting_over_moving_and_leaving(furnished: Demo, open_page: Callable[[], Page]) -> None:
    page = open_page()
    sign_in(page, furnished)
    configure(page, furnished)
    connect(page, furnished)
    start_quietly(page)

    start_over(page, furnished)
    keep_the_account(page, furnished)
    leave(page, furnished)
    come_back(page, furnished)


def start_over(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/outlook/")
    page.get_by_role("link", name="Start over").click()
    expect(page.get_by_text("found on both sides")).to_be_visible()
    expect(page.get_by_text("Outlook will mail nobody.")).to_be_visible()
    page.get_by_role("radio", name="Delete them in Leansoft").check()
    page.get_by_role("radio", name="New events only").check()
    # What is chosen shows what it would do at once.
    expect(page.get_by_text("found on both sides")).to_be_hidden()
    page.get_by_role("radio", name="Leave them").check()
    page.get_by_role("radio", name="All events").check()
    expect(page.get_by_text("found on both sides")).to_be_visible()
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("heading", name="Started over")).to_be_visible()
    expect(page.get_by_text("Finished")).to_be_visible()


def keep_the_account(page: Page, demo: Demo) -> None:
    """Signs in with another account, and decides for the first one."""
    back_to_microsoft(page, demo)
    page.get_by_role("button", name=OTHER).click()
    page.get_by_label("Password").fill(demo.said("Password"))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="You signed in with another account")).to_be_visible()
    expect(page.get_by_role("button", name=f"Move to {OTHER}")).to_be_visible()
    assert faults_of(page, "another account") == []
    page.get_by_role("button", name=f"Keep {ADA}").click()
    expect(page.get_by_text(f"{ADA} stays. Nothing was changed.")).to_be_visible()


def back_to_microsoft(page: Page, demo: Demo) -> None:
    """As after a token that ended: the page of a connected mailbox has no button for it."""
    page.goto(f"{demo.url}/outlook/")
    page.evaluate(
        """() => {
          const form = document.querySelector("form[action='/outlook/pause']");
          form.removeAttribute("data-confirm");
          form.action = "/outlook/connect";
          form.submit();
        }"""
    )


def leave(page: Page, demo: Demo) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict
    page.goto(f"{demo.url}/outlook/")
    page.get_by_role("link", name="Disconnect").click()
    expect(page.get_by_text("Outlook will mail nobody.")).to_be_visible()
    page.get_by_role("radio", name="Take out of Leansoft what came from Outlook").check()
    expect(page.get_by_text(re.compile("moved to the archive here"))).to_be_visible()
    sideways = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(sideways)
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("heading", name="Disconnected")).to_be_visible()
    expect(page.get_by_text("Finished")).to_be_visible()
    page.goto(f"{demo.url}/outlook/")
    expect(page.get_by_role("heading", name="Not connected")).to_be_visible()


def come_back(page: Page, demo: Demo) -> None:
    """The same account again: what was taken out comes in, the rest is found, nobody is mailed."""
    page.get_by_role("button", name="Connect Outlook").click()
    page.get_by_role("button", name=ADA).click()
    page.get_by_label("Password").fill(demo.said("Password"))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/outlook/start"))
    expect(page.get_by_text("events to Leansoft", exact=True)).to_be_visible()
    expect(page.get_by_text("Outlook will mail nobody.")).to_be_visible()
