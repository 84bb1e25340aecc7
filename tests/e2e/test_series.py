"""A weekly series in a browser: made, one date moved, renamed, answered, and ended."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from support.browser import Demo
from support.walk import sign_in

BEN = "ben@harbor.example"

pytestmark = pytest.mark.e2e

# A Monday far enough ahead that the demo has planned nothing near it.
TODAY = datetime.now(UTC).date()
FIRST = TODAY + timedelta(days=70 - TODAY.weekday())
DATES = [FIRST + timedelta(weeks=n) for n in range(5)]


def test_a_series_from_its_first_date_to_its_last(
    demo: Demo, open_page: Callable[[], Page]
) -> None:
    ada, ben = open_page(), open_page()
    sign_in(ada, demo)
    sign_in(ben, demo, BEN)

    create_weekly(ada, demo)
    for day in DATES:
        expect(event(show(ada, demo, day), "Tide tables")).to_be_visible()

    move_one_date(show(ada, demo, DATES[1]))
    ada.get_by_role("button", name="Undo").click()
    expect(at(ada, "Tide tables", "1:00")).to_be_visible()
    move_one_date(ada)
    expect(at(ada, "Tide tables", "2:00")).to_be_visible()
    expect(at(show(ada, demo, DATES[2]), "Tide tables", "1:00")).to_be_visible()

    rename_all(ada)
    expect(event(ada, "Tides and winds")).to_be_visible()
    expect(at(show(ada, demo, DATES[1]), "Tides and winds", "2:00")).to_be_visible()

    ask_for_a_new_time_of_all(show(ada, demo, DATES[2]))
    expect(ada.get_by_text("1 date that you changed will follow the series again.")).to_be_visible()

    decline_one_date(show(ben, demo, DATES[2]))
    expect(event(show(ben, demo, DATES[1]), "Tides and winds")).to_be_visible()
    event(show(ada, demo, DATES[2]), "Tides and winds").click()
    expect(answer_of(ada, "Ben Okafor")).to_have_text("Declined")
    event(show(ada, demo, DATES[1]), "Tides and winds").click()
    expect(answer_of(ada, "Ben Okafor")).to_have_text("No answer yet")

    delete_from_here_on(show(ada, demo, DATES[3]))
    expect(event(ada, "Tides and winds")).to_have_count(0)
    expect(event(show(ada, demo, DATES[4]), "Tides and winds")).to_have_count(0)
    expect(event(show(ada, demo, DATES[0]), "Tides and winds")).to_be_visible()


def create_weekly(page: Page, demo: Demo) -> None:
    show(page, demo, FIRST)
    page.get_by_role("button", name="New event").click()
    form = page.get_by_role("dialog", name="New event")
    form.get_by_label("Subject").fill("Tide tables")
    form.get_by_label("Start", exact=True).fill(FIRST.isoformat())
    form.get_by_label("Start time").fill("13:00")
    form.get_by_label("Repeat").select_option("Weekly on Monday")
    form.get_by_label("Attendees").fill(BEN)
    form.get_by_label("Attendees").press("Enter")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()


def move_one_date(page: Page) -> None:
    """By hand, an hour later: the slots of the grid are half an hour high."""
    box = event(page, "Tide tables").bounding_box()
    slot = page.locator(".cal-slot").first.bounding_box()
    assert box
    assert slot
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 8 + 2 * slot["height"], steps=8)
    page.mouse.up()
    question = page.get_by_role("dialog", name="Change “Tide tables”")
    expect(question.get_by_role("radio", name="This event", exact=True)).to_be_focused()
    question.get_by_role("button", name="Move").click()
    expect(page.get_by_text("Moved this date.")).to_be_visible()


def rename_all(page: Page) -> None:
    event(page, "Tide tables").click()
    page.get_by_role("button", name="Edit").click()
    form = page.get_by_role("dialog", name="Edit event")
    expect(form.get_by_label("Repeat")).to_have_value("weekly")
    form.get_by_label("Subject").fill("Tides and winds")
    form.get_by_role("button", name="Save").click()
    question = page.get_by_role("dialog", name="Change “Tide tables”")
    expect(question.get_by_role("radio", name="This event", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(question.get_by_role("radio", name="All events")).to_be_checked()
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()


def ask_for_a_new_time_of_all(page: Page) -> None:
    event(page, "Tides and winds").click()
    page.get_by_role("button", name="Edit").click()
    form = page.get_by_role("dialog", name="Edit event")
    form.get_by_label("Start time").fill("13:15")
    expect(form.get_by_label("End time")).to_have_value("13:45")
    form.get_by_role("button", name="Save").click()
    page.get_by_role("radio", name="All events").check()


def decline_one_date(page: Page) -> None:
    event(page, "Tides and winds").click()
    page.get_by_role("button", name="Decline").click()
    question = page.get_by_role("dialog", name="Answer “Tides and winds”")
    expect(question.get_by_role("radio")).to_have_count(2)
    question.get_by_role("button", name="Decline").click()
    expect(event(page, "Tides and winds")).to_have_count(0)


def delete_from_here_on(page: Page) -> None:
    event(page, "Tides and winds").click()
    page.get_by_role("button", name="Delete").click()
    question = page.get_by_role("dialog", name="Delete “Tides and winds”?")
    question.get_by_role("radio", name="This and following events").check()
    expect(question.get_by_text("The dates before this one stay.")).to_be_visible()
    question.get_by_role("button", name="Delete").click()
    expect(question).to_be_hidden()


def show(page: Page, demo: Demo, day: date) -> Page:
    page.goto(f"{demo.url}/calendar/?view=week&date={day}")
    return page


def event(page: Page, subject: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{subject}"))


def at(page: Page, subject: str, time: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{subject}, {time}"))


def answer_of(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name).locator(".muted")
