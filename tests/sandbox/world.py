"""Helpers for the sandbox's tests: people, tokens, short requests."""

import html
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from outlook_sandbox import Sandbox, create_app

REDIRECT = "http://localhost:8000/microsoft_account/authentication"
SCOPE = (
    "openid profile email offline_access User.Read Calendars.ReadWrite MailboxSettings.ReadWrite"
)
CLIENT = {"client_id": "11111111-2222-3333-4444-555555555555", "client_secret": "s3cret~value"}


def transport(sandbox: Sandbox) -> httpx.WSGITransport:
    return httpx.WSGITransport(app=create_app(sandbox))


@dataclass
class Person:
    """A signed-in person with a token, talking to Graph."""

    world: "World"
    email: str
    token: str
    refresh_token: str

    def request(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.world.http.request(
            method,
            "/v1.0" + path,
            json=json,
            headers={"Authorization": f"Bearer {self.token}"} | named,
        )

    def get(self, path: str, **headers: str) -> Any:
        response = self.request("GET", path, **headers)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, json: Any = None, status: int = 202, **headers: str) -> Any:
        response = self.request("POST", path, json, **headers)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    def patch(self, path: str, json: Any, **headers: str) -> Any:
        response = self.request("PATCH", path, json, **headers)
        assert response.status_code == 200, response.text
        return response.json()

    def delete(self, path: str) -> None:
        assert self.request("DELETE", path).status_code == 204

    def create(self, value: Any) -> Any:
        return self.post("/me/events", value, 201)

    def events(self) -> list[Any]:
        found: list[Any] = self.get("/me/events?$top=1000")["value"]
        return found

    def only_event(self) -> Any:
        (event,) = self.events()
        return event

    def error(self, method: str, path: str, json: Any = None, **headers: str) -> tuple[int, str]:
        response = self.request(method, path, json, **headers)
        return response.status_code, response.json()["error"]["code"]


@dataclass
class World:
    sandbox: Sandbox = field(default_factory=lambda: Sandbox(seed=1))

    def __post_init__(self) -> None:
        self.http = self.browser()
        self.control("POST", "/apps", CLIENT | {"redirect_uris": [REDIRECT], "name": "Leansoft"})

    def browser(self) -> httpx.Client:
        """A client with cookies of its own."""
        return httpx.Client(transport=transport(self.sandbox), base_url="http://localhost:8001")

    def control(self, method: str, path: str, json: Any = None) -> Any:
        response = self.http.request(method, "/sandbox" + path, json=json)
        assert response.status_code < 300, response.text
        return response.json() if response.content else None

    def switch(self, **switches: Any) -> None:
        self.control("PUT", "/switches", switches)

    def advance(self, seconds: float) -> None:
        self.control("POST", "/clock", {"advance": seconds})

    def account(self, email: str, **properties: Any) -> Any:
        name = email.partition("@")[0].title()
        return self.control("POST", "/accounts", {"email": email, "name": name} | properties)

    def person(self, email: str, **properties: Any) -> Person:
        self.account(email, **properties)
        return self.sign_in(email)

    def sign_in(self, email: str, **parameters: str) -> Person:
        code = self.code(email, **parameters)
        body = self.redeem(code).json()
        return Person(self, email, body["access_token"], body.get("refresh_token", ""))

    def authorize_parameters(self, **parameters: str) -> dict[str, str]:
        return {
            "client_id": CLIENT["client_id"],
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "scope": SCOPE,
            "state": "st4te",
        } | parameters

    def code(self, email: str, tenant: str = "common", **parameters: str) -> str:
        """Through the pages, as a browser would: pick the account, accept."""
        browser = self.browser()
        query = self.authorize_parameters(**parameters)
        page = browser.get(f"/{tenant}/oauth2/v2.0/authorize", params=query)
        assert email in page.text
        answer = browser.post(
            f"/{tenant}/sign-in", data={"request": carried(page), "account": email}
        )
        if answer.status_code == 200:
            form = {"request": carried(answer), "account": email, "decision": "accept"}
            answer = browser.post(f"/{tenant}/consent", data=form)
        assert answer.status_code == 302, answer.text
        return redirected(answer)["code"]

    def redeem(self, code: str, tenant: str = "common", **form: str) -> httpx.Response:
        parts = CLIENT | {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
        }
        return self.http.post(f"/{tenant}/oauth2/v2.0/token", data=parts | form)

    def refresh(self, token: str, **form: str) -> httpx.Response:
        parts = CLIENT | {"grant_type": "refresh_token", "refresh_token": token}
        return self.http.post("/common/oauth2/v2.0/token", data=parts | form)

    def mail(self) -> list[Any]:
        found: list[Any] = self.control("GET", "/mail")["value"]
        return found

    def mailed(self) -> list[tuple[str, str]]:
        """Kinds and recipients, in order."""
        return [(mail["kind"], mail["to"].partition("@")[0]) for mail in self.mail()]

    def forget_mail(self) -> None:
        self.sandbox.state.mail.clear()


def carried(page: httpx.Response) -> str:
    """The hidden field with which the sign-in pages carry the request along."""
    match = re.search(r'name="request" value="([^"]*)"', page.text)
    assert match is not None, page.text
    return html.unescape(match[1])


def redirected(answer: httpx.Response) -> dict[str, str]:
    parts = urlsplit(answer.headers["location"])
    return {name: texts[0] for name, texts in parse_qs(parts.query or parts.fragment).items()}


def at(wall: str, zone: str = "Europe/Berlin") -> dict[str, str]:
    return {"dateTime": wall if len(wall) > 16 else wall + ":00", "timeZone": zone}


def event(subject: str = "Planning", *people: str, **properties: Any) -> dict[str, Any]:
    """A valid create: one hour on 1 December 2026, with these attendees."""
    attendees = [{"type": "required", "emailAddress": {"address": p, "name": p}} for p in people]
    whole: dict[str, Any] = {
        "subject": subject,
        "body": {"contentType": "text", "content": "Agenda\nSecond line"},
        "start": at("2026-12-01T09:00"),
        "end": at("2026-12-01T10:00"),
        "location": {"displayName": "Room 1"},
    }
    if attendees:
        whole["attendees"] = attendees
    return whole | properties


def attendees(*people: str) -> list[Any]:
    return [{"type": "required", "emailAddress": {"address": p, "name": p}} for p in people]


def weekly(count: int = 4, **properties: Any) -> dict[str, Any]:
    """Tuesdays from 1 December 2026."""
    return {
        "recurrence": {
            "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
            "range": {"type": "numbered", "startDate": "2026-12-01", "numberOfOccurrences": count},
        }
    } | properties
