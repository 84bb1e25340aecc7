"""From the first sign-in to a synced calendar, as a person walks it in a browser."""

import re

from playwright.sync_api import Page, expect

from support.browser import Demo

ADA = "ada@harbor.example"


def sign_in(page: Page, demo: Demo, email: str = ADA) -> None:
    page.goto(f"{demo.url}/calendar/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(demo.said("Password"))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/calendar/"))


def configure(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/settings/general/")
    page.get_by_label("Client ID", exact=True).fill(demo.said("Client ID"))
    page.get_by_label("Client Secret", exact=True).fill(demo.said("Client Secret"))
    page.get_by_role("switch").or_(page.get_by_role("checkbox")).first.check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("On", exact=True)).to_be_visible()
    expect(page.get_by_label("Client Secret", exact=True)).to_have_value("")


def connect(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/calendar/")
    page.get_by_role("button", name="Outlook").first.click()
    page.get_by_role("button", name=ADA).click()
    page.get_by_label("Password").fill(demo.said("Password"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(ADA)).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    expect(page).to_have_url(re.compile("/outlook/start"))


def start_quietly(page: Page) -> None:
    expect(page.get_by_text(re.compile(r"Outlook will invite \d+ people"))).to_be_visible()
    page.get_by_role("radio", name="Go quietly").check()
    expect(page.get_by_text("Outlook will mail nobody.")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text(re.compile("Finished"))).to_be_visible()


def pause(page: Page, demo: Demo) -> None:
    """From now on no round looks at what is done in Outlook."""
    page.goto(f"{demo.url}/outlook/")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("dialog").get_by_role("button", name="Pause").click()
    expect(page.get_by_text("The sync is paused.").first).to_be_visible()


def resume(page: Page, demo: Demo, *, until: re.Pattern[str]) -> None:
    """And looks at the Outlook page until the next round has led to this."""
    page.get_by_role("button", name="Resume").click()
    for _ in range(40):
        page.goto(f"{demo.url}/outlook/")
        if page.get_by_text(until).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{until.pattern} is never shown.")
