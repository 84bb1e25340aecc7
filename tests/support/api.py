"""A program that uses the API with a token."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.test import Client

from leansoft.accounts.models import ApiToken, User

START, END = "2026-12-01T09:00", "2026-12-01T10:00"


class Caller:
    """Speaks JSON with the API as one user."""

    def __init__(self, user: User) -> None:
        self.user = user
        self._client = Client(headers={"authorization": f"Bearer {ApiToken.issue(user)}"})

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._client.delete(f"/api/v1{path}", headers=_dashed(headers))

    def raw(self, path: str, body: str) -> Any:
        return self._client.post(f"/api/v1{path}", body, content_type="application/json")

    def event(self, **fields: Any) -> Any:
        """A new event of this caller, as the API shows it."""
        body = {"subject": "Review", "start": START, "end": END, "time_zone": "UTC", **fields}
        response = self.post("/events", body)
        assert response.status_code == 201, response.content
        return response.json()

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        send: Callable[..., HttpResponse] = getattr(self._client, method)
        return send(
            f"/api/v1{path}",
            json.dumps({} if body is None else body),
            content_type="application/json",
            headers=_dashed(headers),
        )


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
