"""The sandbox in this very process: for Leansoft, and for people who use Outlook itself."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import Message
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

import httpx
from django.test import RequestFactory

from leansoft.web.views.webhook import notifications
from outlook_sandbox.app import Dropped
from outlook_sandbox.http import Answer, Call
from outlook_sandbox.identity.models import AccessToken

if TYPE_CHECKING:  # the world is made of it
    from convergence.world import World

SANDBOX_URL = "http://localhost"
"""Which Leansoft takes for a sandbox, that can announce changes to it."""
OUTLOOK_APP = "outlook-itself"


class InProcess(httpx.BaseTransport):
    """Leansoft's way to Microsoft. Between any two requests the worker may die."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._inner = httpx.WSGITransport(world.application)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        world = self._world
        world.before_request(request)
        world.points.pass_by()
        world.wait(0.05)
        try:
            response = self._inner.handle_request(request)
        except Dropped as drop:
            raise httpx.RemoteProtocolError(str(drop)) from drop
        world.points.pass_by()
        return world.memory.confuse(world, request, response)


class Road:
    """Microsoft's way to Leansoft, in place of its HTTP client."""

    @contextmanager
    def open(self, request: urllib.request.Request, timeout: float) -> Iterator[SimpleNamespace]:
        del timeout
        kind = request.get_header("Content-type", "")
        answer = notifications(
            RequestFactory().post(request.selector, data=request.data, content_type=kind)
        )
        if answer.status_code >= 400:
            raise URLError(f"{answer.status_code}")
        headers = Message()
        headers["Content-Type"] = answer["Content-Type"]
        yield SimpleNamespace(
            status=answer.status_code, headers=headers, read=lambda: answer.content
        )


class Refusal(Exception):
    """Outlook does not let this person do that."""


class Outlook:
    """A person who uses Outlook itself."""

    def __init__(self, world: "World", email: str) -> None:
        self._world = world
        self.email = email

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._call(method, f"/sandbox/{path}", body, {})
        assert answer.status < 400, answer.body
        return json.loads(answer.body) if answer.body else None

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Raises `Refusal`."""
        headers = {"authorization": f"Bearer {self._token()}"}
        faults, self._world.sandbox.state.faults = self._world.sandbox.state.faults, []
        try:
            answer = self._call(method, f"/v1.0{path}", body, headers)
        finally:
            self._world.sandbox.state.faults = faults
        if answer.status >= 400:
            raise Refusal(f"{method} {path}: {answer.status} {answer.body.decode()}")
        return json.loads(answer.body) if answer.body else None

    def events(self) -> list[dict[str, Any]]:
        """Without cancelled ones, in the order of their labels."""
        found = self.ask("GET", "/me/events")["value"] if self._has_mailbox() else []
        live = [event for event in found if not event["isCancelled"]]
        return sorted(live, key=lambda event: (event["subject"], event["createdDateTime"]))

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        path, _, query = path.partition("?")
        content = b"" if body is None else json.dumps(body).encode()
        if path.endswith("/me/events") and method == "GET":
            query = "$top=1000"
        return self._world.application.answer(
            Call(
                method=method,
                path=path,
                query_string=query,
                headers={"content-type": "application/json", **headers},
                body=content,
                base_url=SANDBOX_URL,
            )
        )

    def _has_mailbox(self) -> bool:
        return self._world.sandbox.directory.account_by_email(self.email) is not None

    def _token(self) -> str:
        """Of Outlook itself, which no fault touches."""
        directory = self._world.sandbox.directory
        account = directory.account_by_email(self.email)
        assert account is not None
        now = self._world.sandbox.now()
        directory.access_tokens[f"of {self.email}"] = AccessToken(
            client_id=OUTLOOK_APP,
            account_id=account.id,
            scopes=["Calendars.ReadWrite", "User.Read"],
            issued_at=now,
            expires_at=now + timedelta(hours=1),
        )
        return f"of {self.email}"
