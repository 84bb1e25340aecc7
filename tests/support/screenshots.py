"""Makes the pictures of the README: `python -m support.screenshots FOLDER`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from support.browser import Demo, launch, running_demo
from support.walk import ADA, configure, connect, sign_in, start_quietly

SIZE = {"width": 1440, "height": 900}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix="leansoft-pictures-") as data,
        running_demo(Path(data)) as demo,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        take(browser.new_page(viewport=SIZE), demo, folder)  # type: ignore[arg-type]  # a TypedDict
        browser.close()


def take(page: Page, demo: Demo, folder: Path) -> None:
    expect.set_options(timeout=20_000)
    sign_in(page, demo)
    configure(page, demo)
    page.screenshot(path=folder / "settings.png")
    connect(page, demo)
    expect(page.get_by_text("people mailed by Outlook")).to_be_visible()
    page.screenshot(path=folder / "preview.png")
    start_quietly(page)
    page.goto(f"{demo.url}/calendar/")
    for name in ("Ben Okafor", "Chiara Rossi", "Devika Raman"):
        page.get_by_role("checkbox", name=name).check()
    page.wait_for_timeout(2_000)
    page.screenshot(path=folder / "calendar.png")
    page.goto(f"{demo.sandbox_url}/outlook/{ADA}/calendar")
    page.screenshot(path=folder / "sandbox.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
