"""The event form on a slow line, signed out, in two tabs: nothing is lost or doubled."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from support.browser import Demo
from support.walk import sign_in

pytestmark = pytest.mark.e2e


@pytest.fixture
def page(demo: Demo, open_page: Callable[[], Page]) -> Page:
    page = open_page()
    sign_in(page, demo)
    expect(page.locator("[data-event]").first).to_be_visible()
    return page


@pytest.fixture
def form(page: Page) -> Locator:
    """Open, on the day that the calendar is at."""
    page.keyboard.press("c")
    form = page.get_by_role("dialog", name="New event")
    expect(form.get_by_label("Subject")).to_be_focused()
    return form


def test_impatient_person_saves_once(page: Page, form: Locator) -> None:
    sent: list[Route] = []
    page.route("**/api/v1/events", lambda route, _: sent.append(route))
    form.get_by_label("Subject").fill("Boat on a slow line")

    for _ in range(3):
        page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    page.keyboard.type(" and what is typed meanwhile")
    expect(form.get_by_role("button", name="Save")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("dialog", name="Discard your changes?")).to_have_count(0)
    assert len(sent) == 1
    sent[0].continue_()

    expect(form).to_be_hidden()
    expect(on_grid(page, "^Boat on a slow line,")).to_have_count(1)


def test_signed_out_person_keeps_what_is_written(demo: Demo, page: Page, form: Locator) -> None:
    form.get_by_label("Subject").fill("Written before the session ended")
    page.context.clear_cookies()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("You are signed out.")).to_be_visible()

    with page.context.expect_page() as opened:
        form.get_by_role("link", name="Sign in").click()
    sign_in(opened.value, demo)
    opened.value.close()
    form.get_by_role("button", name="Save").click()

    expect(form).to_be_hidden()
    expect(on_grid(page, "Written before the session ended")).to_be_visible()


def test_what_was_written_meanwhile_is_not_overwritten_unasked(page: Page) -> None:
    ours, theirs = open_for_editing(page), open_for_editing(another_tab(page))
    theirs.get_by_label("Location").fill("Their room")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs).to_be_hidden()

    ours.get_by_label("Location").fill("Our room")
    ours.get_by_role("button", name="Save", exact=True).click()
    expect(ours.get_by_text("Somebody changed the same while you were writing.")).to_be_visible()
    ours.get_by_role("button", name="Save mine over it").click()

    expect(ours).to_be_hidden()
    expect(on_grid(page, "Friday review, .*, Our room")).to_be_visible()


def test_event_saved_out_of_sight_can_be_shown(page: Page, form: Locator) -> None:
    form.get_by_label("Subject").fill("Far away")
    form.get_by_label("Start", exact=True).fill("2031-05-14")
    form.get_by_role("button", name="Save").click()

    expect(page.get_by_text(re.compile(r"Saved on .*2031"))).to_be_visible()
    page.get_by_role("button", name="Show").click()

    expect(on_grid(page, "Far away")).to_be_visible()


def test_fault_is_gone_once_it_is_mended(form: Locator) -> None:
    form.get_by_label("End", exact=True).fill("2001-01-01")
    form.get_by_role("button", name="Save").click()
    fault = form.get_by_text("The end is before the start.")
    expect(fault).to_be_visible()

    form.get_by_label("End", exact=True).fill("2101-01-01")

    expect(fault).to_be_hidden()


def test_click_into_the_grid_means_half_an_hour(page: Page) -> None:
    page.goto(re.sub(r"\?.*", "?view=week&date=2031-05-14", page.url))
    slot = page.locator(".cal-slot").nth(20)
    slot.scroll_into_view_if_needed()
    box = slot.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 4)

    form = page.get_by_role("dialog", name="New event")
    expect(form.get_by_label("Start time")).to_have_value("10:00")
    expect(form.get_by_label("End time")).to_have_value("10:30")


def test_week_opens_at_the_day_that_its_address_names(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.url}/calendar/?view=week&date=2031-05-14")
    page.keyboard.press("k")
    page.keyboard.press("d")

    expect(page).to_have_url(re.compile("view=day&date=2031-05-07"))


def another_tab(page: Page) -> Page:
    tab = page.context.new_page()
    tab.goto(page.url)
    return tab


def open_for_editing(page: Page) -> Locator:
    on_grid(page, "Friday review").click()
    page.get_by_role("button", name="Edit").click()
    return page.get_by_role("dialog", name="Edit event")


def on_grid(page: Page, subject: str) -> Locator:
    return page.get_by_role("button", name=re.compile(subject))
