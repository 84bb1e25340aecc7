"""The pages by keyboard alone; and an event that is dragged and put back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from support.browser import Demo
from support.walk import sign_in

pytestmark = pytest.mark.e2e

FOCUS = """() => {
  const element = document.activeElement;
  const ringed = (one) => {
    const { outlineStyle, boxShadow } = getComputedStyle(one);
    return outlineStyle !== "none" || boxShadow !== "none";
  };
  // A choice is a card around its radio, and the card has the ring.
  const card = element.closest(".choice");
  const text = element.textContent.trim().slice(0, 40) || element.name;
  const label = element.getAttribute("aria-label") ?? text;
  return {
    name: `${element.tagName} ${label}`,
    seen: element === document.body || ringed(element) || (card !== null && ringed(card)),
  };
}"""


@pytest.fixture
def page(demo: Demo, open_page: Callable[[], Page]) -> Page:
    page = open_page()
    sign_in(page, demo)
    return page


@pytest.mark.parametrize(
    "path", ["/calendar/", "/outlook/", "/contacts/", "/settings/general/", "/settings/people/"]
)
def test_whoever_walks_with_tab_sees_where_they_are(demo: Demo, page: Page, path: str) -> None:
    page.goto(demo.url + path)
    page.wait_for_load_state("networkidle")
    walked = []
    for _ in range(30):
        page.keyboard.press("Tab")
        walked.append(page.evaluate(FOCUS))
    assert [one["name"] for one in walked if not one["seen"]] == []
    assert len({one["name"] for one in walked}) > 8


def test_content_is_one_key_away(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.url}/contacts/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_search_is_one_key_away_on_every_page(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.url}/contacts/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    page.keyboard.type("friday review")
    page.keyboard.press("Enter")

    expect(page.locator(".search-results").get_by_text("Friday review")).to_be_visible()


def test_event_opens_and_closes_by_key(page: Page) -> None:
    event = on_grid(page, "Friday review")
    event.focus()
    page.keyboard.press("Enter")
    popover = page.get_by_role("dialog", name="Friday review")
    expect(popover.get_by_role("button", name="Edit")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        expect(popover.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    expect(event).to_be_focused()


def test_form_opens_and_closes_by_key(page: Page) -> None:
    page.keyboard.press("c")
    form = page.get_by_role("dialog", name="New event")
    expect(form.get_by_role("textbox", name="Subject")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()


def test_question_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    opener = page.get_by_role("button", name="Keys")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_menu_closes_by_key(page: Page) -> None:
    menu = page.locator("details.person > summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Profile")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Profile")).to_be_hidden()
    expect(menu).to_be_focused()


def test_dragged_event_is_put_back(page: Page) -> None:
    event = on_grid(page, "Run with Jonas")
    before = event.get_attribute("aria-label")
    box, slot = event.bounding_box(), page.locator(".cal-slot").first.bounding_box()
    assert before
    assert box
    assert slot
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 8 + 2 * slot["height"], steps=8)
    page.mouse.up()
    expect(page.get_by_text("Moved.", exact=True)).to_be_visible()
    expect(event).not_to_have_attribute("aria-label", before)

    page.get_by_role("button", name="Undo").click()

    expect(event).to_have_attribute("aria-label", before)


def on_grid(page: Page, subject: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{subject}")).first
