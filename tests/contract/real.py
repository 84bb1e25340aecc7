"""The real Graph in the place of the sandbox, for whoever has an account (see README.md)."""

import copy
import os
from typing import Any

import httpx

from sandbox.world import Person, World

TOKEN = os.environ.get("LEANSOFT_GRAPH_TOKEN")
URL = os.environ.get("LEANSOFT_GRAPH_URL", "https://graph.microsoft.com/v1.0")
SANDBOX_ONLY = frozenset({"world", "bo", "listener"})
"""Fixtures that need the sandbox's controls or a second mailbox."""


class RealPerson(Person):
    """The owner of the token. Mails nobody, and takes away again what was made."""

    def __init__(self, token: str) -> None:
        super().__init__(World(), "", token, "")
        self._http = httpx.Client(timeout=60, headers={"Authorization": f"Bearer {token}"})
        self._made: list[str] = []
        profile = self.get("/me")
        self.email = profile["mail"] or profile["userPrincipalName"]

    def request(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        found = self._http.request(method, URL + path, json=harmless(json), headers=named)
        if method == "POST" and found.status_code == 201 and "id" in found.json():
            self._made.append(_place(path, found.json()["id"]))
        return found

    def clean_up(self) -> None:
        for path in reversed(self._made):
            # What a test has deleted itself answers 404.
            assert self.request("DELETE", path).status_code in (204, 404), path
        self._http.close()


def _place(path: str, made_id: str) -> str:
    """Where the new thing is; events are found by their id in whatever calendar they are."""
    collection = path.partition("?")[0].rstrip("/")
    return f"/me/events/{made_id}" if collection.endswith("/events") else f"{collection}/{made_id}"


def harmless(body: Any) -> Any:
    """The body with every address replaced by one of a domain that takes no mail (RFC 2606)."""
    if isinstance(body, list):
        return [harmless(part) for part in body]
    if not isinstance(body, dict):
        return body
    changed = {name: harmless(part) for name, part in copy.copy(body).items()}
    address = changed.get("address")
    if isinstance(address, str):
        changed["address"] = address.partition("@")[0] + "@example.com"
    return changed
