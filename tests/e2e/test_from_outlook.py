"""What others write in Outlook, in a browser here: hostile descriptions, and proposed times."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from support.browser import Demo
from support.hostile import HOSTILE
from support.outlook import OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI, OutlookUser, Sandbox
from support.waiting import wait_for
from support.walk import ADA, configure, connect, sign_in, start_quietly

ANA = "ana@elsewhere.example"
ZONE = "Europe/Berlin"
DAY = datetime.now(UTC).date() + timedelta(days=70)
NEXT = DAY + timedelta(days=1)

FORMATTED = (
    "<p>Bring <b>both</b> charts, and <a href='https://example.org/tides'>the tables</a>.</p>"
    "<table><tr><th>Ship</th><th>Pier</th></tr><tr><td>Alma</td><td>9</td></tr></table>"
    "<p>More at https://example.org/more</p>"
)

pytestmark = pytest.mark.e2e


def test_what_others_wrote_in_outlook(demo: Demo, open_page: Callable[[], Page]) -> None:
    sandbox = demo.sandbox()
    write(demo, sandbox)
    page = open_page()
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url))
    page.on("dialog", lambda dialog: elsewhere.append(dialog.message))
    sign_in(page, demo)
    configure(page, demo)
    connect(page, demo)
    start_quietly(page)

    for number, name in enumerate(HOSTILE):
        read(page, demo, f"Hostile {number:02}", name)
    known = (demo.url, demo.sandbox_url, "data:")
    assert [url for url in elsewhere if not url.startswith(known)] == []

    see_the_looks(page, demo)
    use_the_time(page, demo, sandbox)


def write(demo: Demo, sandbox: Sandbox) -> None:
    sandbox.register_app(OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI)
    sandbox.add_account(ANA, "Ana Ortiz")
    ada = sandbox.person(ADA, password=demo.said("Password"))
    for number in range(len(HOSTILE)):
        make(ada, f"Hostile {number:02}", 8 + number // 6, body=f"HOSTILE-{number:02}-HERE")
    make(ada, "Charts", 18, body=FORMATTED)
    attendee = {"emailAddress": {"address": ANA, "name": "Ana Ortiz"}, "type": "required"}
    make(ada, "Tides", 19, attendees=[attendee])
    ana = sandbox.person(ANA)
    proposed = {"proposedNewTime": span(NEXT.isoformat(), 14)}
    ana.ask("POST", f"/me/events/{ana.event('Tides')['id']}/tentativelyAccept", proposed)
    put_in_raw(sandbox)


def make(person: OutlookUser, subject: str, hour: int, body: str = "", **fields: Any) -> None:
    content = {"contentType": "html", "content": body}
    person.create(subject, body=content, **span(DAY.isoformat(), hour), **fields)


def span(day: str, hour: int) -> dict[str, Any]:
    return {
        edge: {"dateTime": f"{day}T{at:02}:00:00", "timeZone": ZONE}
        for edge, at in {"start": hour, "end": hour + 1}.items()
    }


def put_in_raw(sandbox: Sandbox) -> None:
    """Past Exchange's own cleaning, on which nobody should rely."""
    state = json.dumps(sandbox.control("GET", "state"))
    for number, html in enumerate(HOSTILE.values()):
        state = state.replace(f"HOSTILE-{number:02}-HERE", json.dumps(f"words {html}")[1:-1])
    sandbox.control("PUT", "state", json.loads(state))


def read(page: Page, demo: Demo, subject: str, name: str) -> None:
    shown = open_event(page, demo, subject)
    expect(shown.locator(".event-text")).to_contain_text("words")
    page.wait_for_timeout(50)
    assert page.evaluate("window.hacked") is None, name
    assert page.url.startswith(demo.url), name
    bad = "script, img, iframe, svg:not(.icon), style, form, object, embed, input, [style], [class]"
    expect(shown.locator(".event-text").locator(bad)).to_have_count(0)
    page.keyboard.press("Escape")


def see_the_looks(page: Page, demo: Demo) -> None:
    shown = open_event(page, demo, "Charts")
    expect(shown.locator("b")).to_have_text("both")
    expect(shown.get_by_role("cell", name="Alma")).to_be_visible()
    for name in ("the tables", "https://example.org/more"):
        link = shown.get_by_role("link", name=name)
        expect(link).to_have_attribute("rel", "noopener noreferrer")
        expect(link).to_have_attribute("target", "_blank")
    page.keyboard.press("Escape")


def use_the_time(page: Page, demo: Demo, sandbox: Sandbox) -> None:
    before = sandbox.mails()
    shown = open_event(page, demo, "Tides")
    expect(shown.get_by_text("Ana Ortiz proposes")).to_contain_text("2:00")
    shown.get_by_role("button", name="Use this time").click()
    question = page.get_by_role("dialog", name="Move “Tides”?")
    expect(question).to_contain_text("1 person: Ana Ortiz")
    question.get_by_role("button", name="Move").click()
    expect(page.get_by_text("Moved.")).to_be_visible()
    page.goto(f"{demo.url}/calendar/?view=day&date={NEXT}")
    expect(page.get_by_role("button", name=re.compile("^Tides, 2:00"))).to_be_visible()
    ada = sandbox.person(ADA, password=demo.said("Password"))
    moved = f"{NEXT}T"
    wait_for(lambda: ada.event("Tides")["start"]["dateTime"].startswith(moved), what="the move")
    assert sandbox.mails()[len(before) :] == [(ANA, "update", "Tides")]
    page.get_by_role("button", name=re.compile("^Tides")).click()
    expect(page.get_by_text("Ana Ortiz proposes")).to_have_count(0)


def open_event(page: Page, demo: Demo, subject: str) -> Locator:
    if "view=list" not in page.url:
        page.goto(f"{demo.url}/calendar/?view=list&date={DAY}")
    page.get_by_role("button", name=re.compile(f"^{subject}")).or_(
        page.get_by_role("link", name=re.compile(f"^{subject}"))
    ).first.click()
    return page.locator("dialog.event-pop")
