"""Every row of operations.md §9 and identity.md §5 has somebody who acts next."""

import json

import pytest

from leansoft.graph.errors import (
    Conflict,
    DuplicateTransaction,
    GraphError,
    MailboxUnavailable,
    NotFound,
    OperatorFault,
    ReconnectRequired,
    Refused,
    ResyncRequired,
    TransientError,
    error_from,
)
from leansoft.graph.identity_errors import sign_in_refused, token_error_from

GRAPH_ROWS = [
    (400, "ErrorInvalidRequest", Refused),
    (400, "ErrorPropertyValidationFailure", Refused),
    (400, "TimeZoneNotSupportedException", Refused),
    (400, "ErrorInvalidParameter", Refused),
    (400, "ErrorInvalidArgument", Refused),
    (400, "RequestBodyRead", Refused),
    (400, "BadRequest", Refused),
    (400, "InvalidRequest", Refused),
    (400, "ErrorInvalidIdMalformed", Refused),
    (400, "ErrorOccurrenceCrossingBoundary", Refused),
    (400, "ErrorDuplicateTransactionId", DuplicateTransaction),
    (409, "ErrorDuplicateTransactionId", DuplicateTransaction),
    (400, "ErrorInvalidChangeKey", Conflict),
    (401, "InvalidAuthenticationToken", ReconnectRequired),
    (403, "ErrorAccessDenied", Refused),
    (403, "Authorization_RequestDenied", Refused),
    (403, "ErrorSendAsDenied", Refused),
    (403, "ErrorQuotaExceeded", Refused),
    (507, "ErrorQuotaExceeded", Refused),
    (404, "ErrorItemNotFound", NotFound),
    (404, "MailboxNotEnabledForRESTAPI", MailboxUnavailable),
    (404, "ErrorInvalidUser", MailboxUnavailable),
    (404, "ResourceNotFound", MailboxUnavailable),
    (404, "Request_ResourceNotFound", MailboxUnavailable),
    (409, "ErrorIrresolvableConflict", Conflict),
    (412, "ErrorIrresolvableConflict", Conflict),
    (410, "SyncStateNotFound", ResyncRequired),
    (410, "SyncStateInvalid", ResyncRequired),
    (410, "ResyncRequired", ResyncRequired),
    (400, "syncStateNotFound", ResyncRequired),
    (429, "ApplicationThrottled", TransientError),
    (429, "TooManyRequests", TransientError),
    (429, "activityLimitReached", TransientError),
    (500, "ErrorInternalServerError", TransientError),
    (500, "ErrorInternalServerTransientError", TransientError),
    (503, "ServiceUnavailable", TransientError),
    (503, "ErrorMailboxStoreUnavailable", TransientError),
    (504, "UnknownError", TransientError),
    (503, "ErrorServerBusy", TransientError),
    (501, "NotImplemented", Refused),
]


def envelope(code: str, **more: object) -> bytes:
    inner = {"date": "2026-09-29T10:00:04", "request-id": "r-1"}
    error = {"code": code, "message": "Told so.", "innerError": inner, **more}
    return json.dumps({"error": error}).encode()


@pytest.mark.parametrize(("status", "code", "expected"), GRAPH_ROWS)
def test_every_error_of_graph_has_somebody_who_acts_next(
    status: int, code: str, expected: type[GraphError]
) -> None:
    error = error_from(status, {}, envelope(code))
    assert type(error) is expected
    assert (error.status, error.code, error.message) == (status, code, "Told so.")
    assert error.request_id == "r-1"
    assert error.sentence


@pytest.mark.parametrize("code", ["erroritemnotfound", "ERRORITEMNOTFOUND"])
def test_codes_have_no_case(code: str) -> None:
    assert type(error_from(404, {}, envelope(code))) is NotFound


@pytest.mark.parametrize("body", [b"", b"<html>Not found</html>", b"{}", b'{"error": "x"}'])
def test_404_that_is_not_graphs_own_does_not_say_that_an_event_is_gone(body: bytes) -> None:
    assert type(error_from(404, {}, body)) is Refused


@pytest.mark.parametrize("status", [302, 408, 424, 429, 500, 502, 503, 504, 509])
def test_answers_of_things_in_between_pass(status: int) -> None:
    assert type(error_from(status, {}, b"<html>gateway</html>")) is TransientError


def test_duplicate_transaction_names_the_event() -> None:
    body = envelope("ErrorDuplicateTransactionId", **{"@event.existingEventId": "AAMk="})
    error = error_from(400, {}, body)
    assert isinstance(error, DuplicateTransaction)
    assert error.existing_id == "AAMk="


def test_throttling_tells_how_long_to_wait_and_that_nothing_happened() -> None:
    error = error_from(429, {"retry-after": "2.128"}, envelope("TooManyRequests"))
    assert isinstance(error, TransientError)
    assert (error.retry_after, error.outcome_unknown) == (2.128, False)


def test_server_error_leaves_the_outcome_open() -> None:
    error = error_from(503, {}, b"")
    assert isinstance(error, TransientError)
    assert (error.retry_after, error.outcome_unknown) == (None, True)


def test_refusal_without_a_sentence_of_ours_quotes_microsoft() -> None:
    error = error_from(400, {}, envelope("ErrorInvalidRequest"))
    assert error.sentence == "Outlook does not take this event: Told so."


TOKEN_ROWS = [
    (7000215, "invalid_client", 401, OperatorFault),
    (7000222, "invalid_client", 401, OperatorFault),
    (7000218, "invalid_client", 401, OperatorFault),
    (700016, "unauthorized_client", 400, OperatorFault),
    (7000112, "unauthorized_client", 400, OperatorFault),
    (70001, "unauthorized_client", 400, OperatorFault),
    (70008, "invalid_grant", 400, ReconnectRequired),
    (700082, "invalid_grant", 400, ReconnectRequired),
    (700084, "invalid_grant", 400, ReconnectRequired),
    (70043, "invalid_grant", 400, ReconnectRequired),
    (70000, "invalid_grant", 400, ReconnectRequired),
    (50173, "invalid_grant", 400, ReconnectRequired),
    (54005, "invalid_grant", 400, ReconnectRequired),
    (501481, "invalid_grant", 400, ReconnectRequired),
    (9002313, "invalid_request", 400, Refused),
    (65001, "invalid_grant", 400, ReconnectRequired),
    (50076, "invalid_grant", 400, ReconnectRequired),
    (50079, "interaction_required", 400, ReconnectRequired),
    (50074, "interaction_required", 400, ReconnectRequired),
    (50058, "login_required", 400, ReconnectRequired),
    (53003, "access_denied", 400, ReconnectRequired),
    (53000, "interaction_required", 400, ReconnectRequired),
    (50057, "invalid_grant", 400, ReconnectRequired),
    (50105, "access_denied", 400, ReconnectRequired),
    (70011, "invalid_scope", 400, OperatorFault),
    (28002, "invalid_request", 400, OperatorFault),
    (28003, "invalid_request", 400, OperatorFault),
    (500112, "invalid_request", 400, OperatorFault),
    (90002, "invalid_request", 400, OperatorFault),
    (50194, "invalid_request", 400, OperatorFault),
    (9002332, "unauthorized_client", 400, OperatorFault),
    (90130, "invalid_request", 400, OperatorFault),
    (50196, "invalid_request", 400, TransientError),
    (90033, "server_error", 400, TransientError),
    (90006, "server_error", 400, TransientError),
    (90024, "temporarily_unavailable", 400, TransientError),
    (50033, "temporarily_unavailable", 503, TransientError),
]


def token_body(error: str, number: int, *, listed: bool = True) -> bytes:
    body: dict[str, object] = {
        "error": error,
        "error_description": f"AADSTS{number}: Told so. Trace ID: t-1 Timestamp: now",
        "trace_id": "t-1",
    }
    if listed:
        body["error_codes"] = [number]
    return json.dumps(body).encode()


@pytest.mark.parametrize(("number", "error", "status", "expected"), TOKEN_ROWS)
@pytest.mark.parametrize("listed", [True, False])
def test_every_refused_token_has_somebody_who_acts_next(
    number: int, error: str, status: int, expected: type[GraphError], listed: bool
) -> None:
    found = token_error_from(status, {}, token_body(error, number, listed=listed))
    assert type(found) is expected
    assert found.message == f"AADSTS{number}: Told so."
    assert found.code == f"{error} AADSTS{number}"
    assert found.request_id == "t-1"
    assert found.sentence


def test_expired_secret_says_the_remedy() -> None:
    error = token_error_from(401, {}, token_body("invalid_client", 7000222))
    assert error.sentence == (
        "The client secret has expired. Create a new one at Microsoft and paste its value into "
        "the settings."
    )


@pytest.mark.parametrize(("status", "body"), [(429, b""), (502, b"<html>"), (403, b"<html>")])
def test_token_answer_of_something_in_between_passes(status: int, body: bytes) -> None:
    error = token_error_from(status, {"retry-after": "7"}, body)
    assert isinstance(error, TransientError)
    assert error.retry_after == 7


@pytest.mark.parametrize(
    ("error", "description", "title"),
    [
        ("access_denied", "the user canceled", "Leansoft was not given access"),
        ("access_denied", "AADSTS65004: declined", "Leansoft was not given access"),
        ("access_denied", "AADSTS50105: not assigned", "Leansoft was not given access"),
        (
            "consent_required",
            "AADSTS65004",
            "Your organization wants an administrator's approval",
        ),
        ("access_denied", "AADSTS90094", "Your organization wants an administrator's approval"),
        ("server_error", "", "Microsoft has a problem"),
        ("temporarily_unavailable", "", "Microsoft is busy"),
        ("login_required", "AADSTS50058", "You are not signed in at Microsoft"),
        ("invalid_request", "AADSTS9002313", "Microsoft refused the sign-in"),
        ("unauthorized_client", "AADSTS7000112", "Microsoft refused the sign-in"),
        ("anything_new", "", "Microsoft refused the sign-in"),
    ],
)
def test_way_back_with_an_error_says_what_happened(
    error: str, description: str, title: str
) -> None:
    refused = sign_in_refused({"error": error, "error_description": description})
    assert refused is not None
    assert refused.title == title
    assert refused.sentence
    assert refused.remedy
    assert error in refused.details


def test_way_back_with_a_code_is_not_refused() -> None:
    assert sign_in_refused({"code": "abc", "state": "s"}) is None
