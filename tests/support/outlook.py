"""The sandbox as tests use it: its controls, and people who work in Outlook directly."""

from typing import Any
from urllib.parse import urlencode

import httpx

from support.person import sign_in

CLIENT_ID = "11111111-0000-4000-8000-000000000000"
SECRET = "leansoft-secret"
"""Leansoft's own application."""
OUTLOOK_APP = "22222222-0000-4000-8000-000000000000"
"""The application through which people's own clicks in Outlook travel."""
OUTLOOK_SECRET = "outlook-itself"
OUTLOOK_URI = "http://localhost/outlook"


class Sandbox:
    """Controls of the contract. `transport`: the way to it, when it is not the network."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        self.url, self.transport = url, transport
        self._http = httpx.Client(base_url=url, timeout=30, transport=transport)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        response = self._http.request(method, f"/sandbox/{path}", json=body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def reset(self) -> None:
        self.control("POST", "reset")
        self.control("POST", "seed", {"seed": 7})
        self.register_app(OUTLOOK_APP, OUTLOOK_SECRET, OUTLOOK_URI)

    def register_app(self, client_id: str, secret: str, redirect_uri: str) -> None:
        app = {
            "client_id": client_id,
            "client_secret": secret,
            "redirect_uris": [redirect_uri],
            "name": "Leansoft",
        }
        self.control("POST", "apps", app)

    def add_account(self, email: str, name: str = "", **facts: Any) -> Any:
        account = {"email": email, "name": name or email, "kind": "work", **facts}
        return self.control("POST", "accounts", account)

    def mails(self) -> list[tuple[str, str, str]]:
        """(to, kind, subject) of each mail, in order of sending."""
        return [(m["to"], m["kind"], m["subject"]) for m in self.control("GET", "mail")["value"]]

    def requests(self) -> list[tuple[str, str]]:
        """(method, path) of each Graph request since the ledger was emptied."""
        ledger = self.control("GET", "requests")["value"]
        return [(entry["method"], entry["path"]) for entry in ledger]

    def fault(self, **fault: Any) -> None:
        self.control("POST", "faults", fault)

    def person(self, email: str, *, password: str = "") -> "OutlookUser":
        return OutlookUser(self.url, email, password, self.transport)


class OutlookUser:
    """A person who uses Outlook itself: plain Graph requests with their own token."""

    def __init__(
        self,
        url: str,
        email: str,
        password: str = "",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.email = email
        self.token = _token(url, email, password, transport)
        self._http = httpx.Client(base_url=f"{url}/v1.0", timeout=30, transport=transport)
        self._http.headers["Authorization"] = f"Bearer {self.token}"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        response = self._http.request(method, path, json=body)
        assert response.is_success, f"{method} {path}: {response.text}"
        return response.json() if response.content else None

    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "/me/events?$top=1000")["value"]
        return sorted(found, key=lambda event: event["start"]["dateTime"])

    def event(self, subject: str) -> dict[str, Any]:
        """The only event with this subject."""
        (found,) = [event for event in self.events() if event["subject"] == subject]
        return found

    def create(self, subject: str, **fields: Any) -> dict[str, Any]:
        event = {
            "subject": subject,
            "start": {"dateTime": "2030-03-04T09:00:00", "timeZone": "Europe/Paris"},
            "end": {"dateTime": "2030-03-04T10:00:00", "timeZone": "Europe/Paris"},
            **fields,
        }
        made: dict[str, Any] = self.ask("POST", "/me/events", event)
        return made

    def update(self, name: str, **fields: Any) -> None:
        self.ask("PATCH", f"/me/events/{self.event(name)['id']}", fields)

    def delete(self, subject: str) -> None:
        self.ask("DELETE", f"/me/events/{self.event(subject)['id']}")

    def respond(self, subject: str, verb: str) -> None:
        self.ask("POST", f"/me/events/{self.event(subject)['id']}/{verb}", {})


def people(*emails: str) -> list[dict[str, Any]]:
    """Graph's attendees."""
    return [{"emailAddress": {"address": e, "name": e}, "type": "required"} for e in emails]


def _token(
    url: str, email: str, password: str, transport: httpx.BaseTransport | None = None
) -> str:
    ask = {
        "client_id": OUTLOOK_APP,
        "response_type": "code",
        "redirect_uri": OUTLOOK_URI,
        "scope": "openid offline_access Calendars.ReadWrite",
        "state": "s",
    }
    start = f"{url}/common/oauth2/v2.0/authorize?{urlencode(ask)}"
    back = sign_in(start, email=email, back_to=OUTLOOK_URI, password=password, transport=transport)
    redeem = {
        "client_id": OUTLOOK_APP,
        "client_secret": OUTLOOK_SECRET,
        "grant_type": "authorization_code",
        "code": back["code"],
        "redirect_uri": OUTLOOK_URI,
    }
    with httpx.Client(transport=transport) as http:
        answer = http.post(f"{url}/common/oauth2/v2.0/token", data=redeem)
    assert answer.is_success, answer.text
    token: str = answer.json()["access_token"]
    return token
