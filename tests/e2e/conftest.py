"""Browser tests: the demo in its own folder, and people with a browser each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from support.browser import Demo, launch, running_demo

expect.set_options(timeout=15_000)


# Package scope: Playwright's loop has to be gone before tests that use Django's ORM go on.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    # Not pytest's folder: PostgreSQL runs as another user when root starts it.
    with TemporaryDirectory(prefix="leansoft-demo-") as folder, running_demo(Path(folder)) as demo:
        yield demo


@pytest.fixture
def open_page(
    browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Page]]:
    """A page in a browser of its own: nobody shares cookies. A failure leaves pictures.

    Nothing that a page does may be against its own Content-Security-Policy.
    """
    pages: list[Page] = []
    refused: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            refused.append(f"{message.page.url if message.page else ''}: {message.text}")

    def open_one() -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.on("console", listen)
        pages.append(context.new_page())
        return pages[-1]

    yield open_one
    for number, page in enumerate(pages):
        failed = getattr(request.node, "failed", False)
        if failed:
            page.screenshot(path=Path("test-results") / f"{request.node.name}-{number}.png")
        page.context.close()
    assert not refused


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    item.failed = outcome.get_result().failed  # type: ignore[attr-defined]  # read by open_page
