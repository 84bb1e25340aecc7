"""axe-core finds no serious fault on any page, in light and dark, wide and narrow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.browser import Demo
from support.walk import configure, connect, sign_in, start_quietly

pytestmark = pytest.mark.e2e

AXE = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [
    ("light", {"width": 1280, "height": 900}),
    ("dark", {"width": 1280, "height": 900}),
    ("light", {"width": 390, "height": 844}),
    ("dark", {"width": 390, "height": 844}),
]
PAGES = ["/calendar/", "/contacts/", "/contacts/new/", "/outlook/", "/settings/general/",
         "/settings/mailboxes/", "/settings/profile/", "/accounts/password/change/",
         "/accounts/logout/", "/nothing-here/"]  # fmt: skip


NOTHING_FADES = "document.getAnimations().every((one) => !(one instanceof CSSTransition))"
IN_ORDER = "label-content-name-mismatch"
"""An event is called by its subject first, as people say it; in lists the time stands first."""


def faults_of(page: Page, what: str) -> list[str]:
    """Serious faults of the page in every look, each with the elements that have it."""
    found = []
    for theme, size in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        # Colours fade from one theme to the other, and what is asked for again is dimmed.
        page.wait_for_timeout(500)
        expect(page.locator(".is-loading")).to_have_count(0)
        page.wait_for_function(NOTHING_FADES)
        answer: Any = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            f"{what}, {theme}, {size['width']} wide: {fault['id']}: {element_of(node)}"
            for fault in answer["violations"]
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
            if not (fault["id"] == IN_ORDER and 'class="ev-item' in node["html"])
        ]
    return found


def element_of(node: Any) -> str:
    return " ".join(node["html"].split())[:200]


@pytest.fixture
def page(open_page: Callable[[], Page]) -> Page:
    page = open_page()
    page.add_init_script(path=AXE)
    return page


def test_nothing_has_a_serious_fault(demo: Demo, page: Page) -> None:
    found = [
        *on_the_way_in(demo, page),
        *(fault for path in PAGES for fault in on_page(demo, page, path)),
        *where_something_opens(demo, page),
    ]
    if found:
        pytest.fail("\n".join(found))


def on_the_way_in(demo: Demo, page: Page) -> list[str]:
    """From the sign-in to the end of the first sync."""
    page.goto(f"{demo.url}/accounts/login/")
    found = faults_of(page, "sign-in")
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
    page.goto(f"{demo.url}/outlook/")
    page.locator("a[href*='/outlook/runs/']").first.click()
    found += faults_of(page, "run")
    page.goto(f"{demo.url}/calendar/")
    page.get_by_role("button", name="New event").click()
    expect(page.get_by_role("dialog", name="New event")).to_be_visible()
    return found + faults_of(page, "calendar with its form")
