"""Errors as `application/problem+json` (RFC 9457), each with a sentence to act on."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from leansoft.calendars.domain.errors import (
    CalendarError,
    Invalid,
    Locked,
    NotAllowed,
    NotArchived,
    StaleVersion,
)
from leansoft.graph.errors import GraphError
from leansoft.web.mailboxes import NotNow

Handler = Callable[[HttpRequest, Any], HttpResponse]
CONTENT_TYPE = "application/problem+json"

TITLES = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "Not possible now",
    412: "Changed in the meantime",
    413: "Too large",
    422: "A value cannot be",
    501: "Not built yet",
    502: "Microsoft did not answer as expected",
}

STATUS = {Invalid: 422, NotAllowed: 403, Locked: 409, NotArchived: 409, StaleVersion: 412}


class Problem(Exception):
    """Ends a request with this status and sentence; `field` names what to mend."""

    def __init__(self, status: int, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.field = status, detail, field


def problem(
    status: int,
    detail: str,
    *,
    field: str | None = None,
    errors: list[dict[str, str]] | None = None,
) -> HttpResponse:
    body: dict[str, Any] = {"title": TITLES.get(status, "Error"), "status": status}
    body["detail"] = detail
    if field:
        body["field"] = field
        body["errors"] = errors or [{"field": field, "message": detail}]
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def install(api: NinjaAPI) -> None:
    handlers: dict[type[Exception], Handler] = {
        Problem: lambda _, e: problem(e.status, e.detail, field=e.field),
        CalendarError: _calendar_error,
        Http404: lambda _, e: problem(404, _sentence_404(e)),
        HttpError: lambda _, e: problem(e.status_code, _sentence_http(e)),
        ValidationError: lambda _, e: _invalid(e.errors),
        NotNow: lambda _, e: problem(409, str(e)),
        GraphError: lambda _, e: problem(502, e.sentence),
        RequestDataTooBig: lambda *_: problem(413, "The request is larger than 2.5 MB."),
    }
    for kind, handler in handlers.items():
        # What was learned on the way stays, such as that a mailbox needs a new sign-in.
        api.add_exception_handler(kind, handler if kind is GraphError else _undoing(handler))


def _undoing(handler: Handler) -> Handler:
    """A refused request leaves nothing behind, whatever it did before it was refused."""

    def handle(request: HttpRequest, error: Any) -> HttpResponse:
        # Where the request opened no transaction, there may still be one around it, as in tests.
        match = request.resolver_match
        own = match is None or not hasattr(match.func, "_non_atomic_requests")
        if own and connection.in_atomic_block:
            transaction.set_rollback(True)
        return handler(request, error)

    return handle


def _calendar_error(_request: HttpRequest, error: CalendarError) -> HttpResponse:
    field = error.field if isinstance(error, Invalid) else None
    return problem(STATUS[type(error)], str(error), field=field)


def _sentence_404(error: Http404) -> str:
    return str(error) or "There is nothing here, or nothing that you may see."


def _sentence_http(error: HttpError) -> str:
    if error.status_code == 401:
        return "Send an API token as 'Authorization: Bearer …', or sign in on the web page."
    if error.status_code == 400:
        return "The body is not valid JSON."
    return str(error)


def _invalid(errors: list[dict[str, Any]]) -> HttpResponse:
    named = [{"field": _field_of(error), "message": _sentence(error)} for error in errors]
    detail = " ".join(entry["message"] for entry in named)
    return problem(422, detail, field=named[0]["field"], errors=named)


def _field_of(error: dict[str, Any]) -> str:
    # ninja's locations begin with where the value came from and the argument's name.
    place = list(error["loc"])
    start = 2 if place[0] == "body" else 1
    return ".".join(str(part) for part in place[start:]) or "body"


def _sentence(error: dict[str, Any]) -> str:
    field, context = _field_of(error), error.get("ctx") or {}
    match error["type"]:
        case "extra_forbidden":
            return f"'{field}' is not a field that can be set: leave it out."
        case "missing":
            return f"'{field}' is missing: give a value."
        case "literal_error" | "enum":
            return f"'{field}' is none of the allowed values: use {context['expected']}."
        case "value_error":
            return f"'{field}': {context['error']}"
        case "string_too_long":
            return f"'{field}' is longer than {context['max_length']} characters: shorten it."
        case _:
            return f"'{field}': {error['msg']}."
