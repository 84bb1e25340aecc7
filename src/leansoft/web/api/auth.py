"""Who calls: a program with a token, or a person's browser with its session."""

from typing import cast

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer

from leansoft.accounts.models import ApiToken, User
from leansoft.web.api.problems import Problem


class TokenAuth(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User:
        found = ApiToken.find(token)
        if found is None:
            raise Problem(401, "This API token is unknown: make one with 'leansoft token create'.")
        return found.user


class SessionAuth(APIKeyCookie):
    """A browser's session; every request that changes something carries the CSRF token."""

    param_name = "leansoft_session"

    def __call__(self, request: HttpRequest) -> User | None:
        if not request.user.is_authenticated:
            return None
        try:
            return cast(User | None, super().__call__(request))
        except HttpError as error:
            raise Problem(
                403, "The CSRF token is missing or old: reload the page and try again."
            ) from error

    def authenticate(self, request: HttpRequest, key: str | None) -> User:
        return cast(User, request.user)


def is_browser(request: HttpRequest) -> bool:
    """Whether a person's page asks, which has shown whom Outlook will mail."""
    return request.user.is_authenticated


def caller(request: HttpRequest) -> User:
    return cast(User, request.auth)  # type: ignore[attr-defined]  # set by ninja
