"""What can go wrong with Microsoft, told apart by who acts next.

    GraphError
    ├── TransientError       nobody: try again later (throttling, outages, the network)
    │   └── BudgetSpent      nobody: not sent, because Microsoft would refuse it
    ├── ReconnectRequired    the user: sign in at Microsoft again
    ├── OperatorFault        the administrator: the registered application is at fault
    ├── MailboxUnavailable   nobody here: the account has no mailbox that Graph can reach
    ├── ResyncRequired       the sync: the cursor is lost, start a full round
    ├── NotFound             the sync: this event is not there (any more)
    ├── Conflict             the sync: the event changed since it was read; read and plan again
    ├── DuplicateTransaction the sync: this create happened before, as another event
    └── Refused              whoever edits: Microsoft does not take this content, today or tomorrow

`message` and `code` are Microsoft's words, for the log; `sentence` is for the person.
"""

from collections.abc import Mapping
from typing import Any

from leansoft.graph.wire import Unreadable, json_object, retry_after_seconds


class GraphError(Exception):
    default_sentence = "Microsoft did not do what was asked."

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        code: str = "",
        request_id: str = "",
        sentence: str = "",
    ) -> None:
        super().__init__(message or sentence or self.default_sentence)
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id
        self.sentence = sentence or self.default_sentence


class TransientError(GraphError):
    """`outcome_unknown`: the request may have been carried out all the same."""

    default_sentence = "Microsoft cannot be reached at the moment. Leansoft will try again."

    def __init__(
        self,
        message: str = "",
        *,
        retry_after: float | None = None,
        outcome_unknown: bool = False,
        **facts: Any,
    ) -> None:
        super().__init__(message, **facts)
        self.retry_after = retry_after
        self.outcome_unknown = outcome_unknown


class BudgetSpent(TransientError):
    """As many requests as Microsoft allows were sent; always with `retry_after`."""

    default_sentence = "Leansoft asked Outlook for as much as it may, and goes on in some minutes."


class ReconnectRequired(GraphError):
    default_sentence = "Microsoft no longer accepts this connection. Please sign in again."


class OperatorFault(GraphError):
    default_sentence = "Microsoft does not accept the application that is set up in Leansoft."


class MailboxUnavailable(GraphError):
    default_sentence = "This Microsoft account has no Outlook mailbox that Leansoft can reach."


class ResyncRequired(GraphError):
    default_sentence = "Outlook has forgotten where the last sync ended. Everything is read again."


class NotFound(GraphError):
    default_sentence = "The event is no longer in Outlook."


class Conflict(GraphError):
    default_sentence = "The event was changed in Outlook at the same moment."


class DuplicateTransaction(GraphError):
    default_sentence = "Outlook has this event already."

    def __init__(self, message: str = "", *, existing_id: str | None = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.existing_id = existing_id


class Refused(GraphError):
    default_sentence = "Outlook does not take this event as it is."


# Codes are compared without regard to case (operations.md §9).
LOST_CURSOR = {"syncstatenotfound", "syncstateinvalid", "resyncrequired"}
GONE_ITEM = {"erroritemnotfound", "errorcalendaroccurrenceisdeletedfromrecurrence"}
NO_MAILBOX = {
    "mailboxnotenabledforrestapi",
    "errorinvaliduser",
    "resourcenotfound",
    "request_resourcenotfound",
}
THROTTLED = {"applicationthrottled", "toomanyrequests", "activitylimitreached"}
# 5xx that do not pass: not implemented, mailbox full.
LASTING_5XX = {501, 507}

REFUSALS = {
    "timezonenotsupportedexception": "Outlook does not know the event's time zone.",
    "erroroccurrencecrossingboundary": (
        "Outlook does not let an occurrence move onto or past its neighbour."
    ),
    "errorpropertyvalidationfailure": (
        "Outlook does not take one of the event's values, without saying which."
    ),
    "erroraccessdenied": "Outlook does not allow this change.",
    "errorsendasdenied": "Outlook does not let this mailbox send mail, so it cannot invite people.",
    "errorquotaexceeded": "The mailbox is full. Make room in Outlook.",
}


def error_from(status: int, headers: Mapping[str, str], body: bytes) -> GraphError:
    """The error for an answer of Graph that is no success. `headers` in lower case."""
    error = _envelope(body)
    code = str(error.get("code") or "")
    message = str(error.get("message") or "")
    facts: dict[str, Any] = {
        "status": status,
        "code": code,
        "request_id": _request_id(headers, error),
    }
    match status, code.lower():
        case 401, _:
            return ReconnectRequired(message, **facts)
        case 410, _:
            return ResyncRequired(message, **facts)
        # Documented as "40X with codes such as…" (delta.md §5).
        case _, code_ if code_ in LOST_CURSOR:
            return ResyncRequired(message, **facts)
        # 400 in production, 409 in other clients' tests (event.md §9).
        case _, "errorduplicatetransactionid":
            existing = error.get("@event.existingEventId")
            return DuplicateTransaction(message, existing_id=existing, **facts)
        case ((409 | 412), _):
            return Conflict(message, **facts)
        case 400, "errorinvalidchangekey":
            return Conflict(message, **facts)
        case 404, code_:
            return _missing(code_)(message, **facts)
        case status_, code_ if _passes(status_) or code_ in THROTTLED:
            return TransientError(
                message,
                retry_after=retry_after_seconds(headers),
                # A gateway that gave up says nothing about the mailbox behind it.
                outcome_unknown=status_ >= 500 or status_ == 408,
                **facts,
            )
        case _:
            return Refused(message, sentence=_refusal(code, message), **facts)


def _passes(status: int) -> bool:
    if status in LASTING_5XX:
        return False
    # 3xx: Graph never redirects these calls, so a proxy or a sign-on page of the network did.
    return status >= 500 or status < 400 or status in {408, 424, 429}


def _missing(code: str) -> type[GraphError]:
    """A 404 means "the event is gone" only in Graph's own words: it may delete an event here."""
    if code in GONE_ITEM:
        return NotFound
    # Which code an unknown mailbox gets varies by datacenter (operations.md §9).
    return MailboxUnavailable if code in NO_MAILBOX else Refused


def _refusal(code: str, message: str) -> str:
    known = REFUSALS.get(code.lower())
    if known or not message:
        return known or ""
    return f"Outlook does not take this event: {message}"


def _envelope(body: bytes) -> dict[str, Any]:
    try:
        error = json_object(body).get("error")
    except Unreadable:
        return {}
    return error if isinstance(error, dict) else {}


def _request_id(headers: Mapping[str, str], error: Mapping[str, Any]) -> str:
    # Documented in both spellings (operations.md §9).
    inner = error.get("innerError") or error.get("innererror")
    found = inner.get("request-id") if isinstance(inner, dict) else None
    return str(headers.get("request-id") or found or "")
