"""axe-core looks at a page, in light and dark, wide and narrow."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

AXE = Path(__file__).parents[1] / "e2e" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [
    ("light", {"width": 1280, "height": 900}),
    ("dark", {"width": 1280, "height": 900}),
    ("light", {"width": 390, "height": 844}),
    ("dark", {"width": 390, "height": 844}),
]

NOTHING_FADES = "document.getAnimations().every((one) => !(one instanceof CSSTransition))"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
IN_ORDER = "label-content-name-mismatch"
IN_CALENDAR = ('class="ev', 'class="cal-')
"""A day and an event are called by their full names, as people say them; the grid has room for a
part of that, and in lists the time stands first."""


def faults_of(page: Page, what: str) -> list[str]:
    """Serious faults of the page in every look, each with the elements that have it; and whether
    it is wider than the screen."""
    found = []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    for theme, size in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        # Colours fade from one theme to the other, and what is asked for again is dimmed.
        page.wait_for_timeout(500)
        expect(page.locator(".is-loading")).to_have_count(0)
        # `wait_for_function` would evaluate text, which the policy of the page refuses.
        while not page.evaluate(NOTHING_FADES):
            page.wait_for_timeout(50)
        look = f"{what}, {theme}, {size['width']} wide"
        found += [f"{look}: wider than the screen"] if page.evaluate(TOO_WIDE) else []
        answer: Any = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            f"{look}: {fault['id']}: {_element_of(node)}"
            for fault in answer["violations"]
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
            if not (fault["id"] == IN_ORDER and any(one in node["html"] for one in IN_CALENDAR))
        ]
    page.set_viewport_size(LOOKS[0][1])  # type: ignore[arg-type]  # a TypedDict
    return found


def _element_of(node: Any) -> str:
    return " ".join(node["html"].split())[:200]
