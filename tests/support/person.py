"""A person at Microsoft's sign-in pages, without a browser: reads forms and presses buttons."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import lxml.html


def sign_in(
    authorize_url: str,
    *,
    email: str,
    back_to: str,
    decision: str = "Accept",
    password: str = "",
    transport: httpx.BaseTransport | None = None,
) -> dict[str, str]:
    """Signs in and consents; answers what the way back carries (`code`, `state`, …).

    `back_to`: the redirect URI, which is not opened.
    `decision`: the button that is pressed when the application asks for something.
    `transport`: the way to the pages, when it is not the network.
    """
    with httpx.Client(timeout=10, transport=transport) as browser:
        response = browser.get(authorize_url)
        for _ in range(6):
            while response.is_redirect:
                place = urljoin(str(response.url), response.headers["location"])
                if place.startswith(back_to):
                    return dict(parse_qsl(urlsplit(place).query))
                response = browser.get(place)
            if (posted := _posted_back(response, back_to)) is not None:
                return posted
            response = _press(browser, response, (email, decision, "Sign in"), password)
    raise AssertionError(f"Signing in does not end: {response.text}")


def _posted_back(response: httpx.Response, back_to: str) -> dict[str, str] | None:
    """What a page carries that only posts the answer to the application (form_post)."""
    for form in lxml.html.fromstring(response.text).forms:
        if form.action == back_to:
            return {name: str(value) for name, value in form.form_values()}
    return None


def _press(
    browser: httpx.Client, response: httpx.Response, wanted: tuple[str, ...], password: str
) -> httpx.Response:
    """Chooses the account, enters its password, or decides on what the application asks for."""
    page = lxml.html.fromstring(response.text)
    for form in page.forms:
        for button in form.iterfind(".//button"):
            says = f"{button.text_content()} {button.get('value', '')}"
            if any(text in says for text in wanted):
                for field in form.iterfind(".//input[@type='password']"):
                    field.set("value", password)
                return _submit(browser, str(response.url), form, button)
    raise AssertionError(f"None of {wanted} on: {page.text_content()}")


def _submit(
    browser: httpx.Client, base: str, form: lxml.html.FormElement, button: lxml.html.HtmlElement
) -> httpx.Response:
    fields: Mapping[str, str] = {name: value or "" for name, value in form.form_values()}
    pressed = {button.get("name") or "": button.get("value") or ""}
    data = {name: value for name, value in {**fields, **pressed}.items() if name}
    return browser.request(form.method, urljoin(base, form.action or ""), data=data)
