"""Graph's errors: code, message and status (operations.md §9)."""

from outlook_sandbox.http import Json

CHANGE_KEY_MESSAGE = (
    "The send or update operation could not be performed because the change key passed in the "
    "request does not match the current change key for the item."
)


class GraphError(Exception):
    """An answer of Graph other than success; the envelope is written by `graph.py`."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        extra: Json | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, code, message)
        self.status = status
        self.code = code
        self.message = message
        self.extra = extra or {}
        self.headers = headers or {}


def invalid_request(message: str) -> GraphError:
    return GraphError(400, "ErrorInvalidRequest", message)


def property_validation() -> GraphError:
    """Does not say which property (operations.md §9)."""
    return GraphError(
        400, "ErrorPropertyValidationFailure", "At least one property failed validation."
    )


def unreadable_body(message: str) -> GraphError:
    return GraphError(400, "RequestBodyRead", message)


def unknown_property(name: str, kind: str) -> GraphError:
    return unreadable_body(
        f"The property '{name}' does not exist on type 'microsoft.graph.{kind}'. Make sure to "
        "only use property names that are defined by the type."
    )


def wrong_type(value: object, expected: str) -> GraphError:
    return unreadable_body(
        f"Cannot convert the literal '{value}' to the expected type '{expected}'."
    )


def bad_request(message: str) -> GraphError:
    return GraphError(400, "BadRequest", message)


def invalid_parameter(message: str) -> GraphError:
    return GraphError(400, "ErrorInvalidParameter", message)


def unsupported_zone(name: str) -> GraphError:
    return GraphError(
        400,
        "TimeZoneNotSupportedException",
        "A valid TimeZone value must be specified. The following TimeZone value is not "
        f"supported: '{name}'.",
    )


def malformed_id() -> GraphError:
    return GraphError(400, "ErrorInvalidIdMalformed", "Id is malformed.")


def item_not_found() -> GraphError:
    return GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def occurrence_deleted(code: str) -> GraphError:
    if code == "ErrorItemNotFound":
        return item_not_found()
    return GraphError(
        404, code, "Occurrence with this index was previously deleted from the recurrence."
    )


def no_mailbox() -> GraphError:
    return GraphError(
        404,
        "MailboxNotEnabledForRESTAPI",
        "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    )


def unknown_user(name: str) -> GraphError:
    return GraphError(404, "ErrorInvalidUser", f"The requested user '{name}' is invalid.")


def access_denied() -> GraphError:
    return GraphError(
        403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
    )


def stale_etag() -> GraphError:
    return GraphError(412, "ErrorIrresolvableConflict", CHANGE_KEY_MESSAGE)


def malformed_etag() -> GraphError:
    return GraphError(400, "ErrorInvalidChangeKey", "The change key is invalid.")


def crossing_boundary() -> GraphError:
    return GraphError(
        400,
        "ErrorOccurrenceCrossingBoundary",
        "Modified occurrence is crossing or overlapping adjacent occurrence.",
    )


def duplicate_transaction(status: int, event_id: str) -> GraphError:
    return GraphError(
        status,
        "ErrorDuplicateTransactionId",
        "Your request can't be completed. The TransactionId specified in the request has already "
        "been used to create a different event.",
        extra={"@event.existingEventId": event_id},
    )


def sync_state_not_found() -> GraphError:
    return GraphError(
        410,
        "SyncStateNotFound",
        "The sync state generation is not found; generation=149;[highest=157][157][155][156].",
    )


def unauthenticated(message: str) -> GraphError:
    return GraphError(
        401,
        "InvalidAuthenticationToken",
        message,
        headers={
            "WWW-Authenticate": 'Bearer realm="", authorization_uri='
            '"https://login.microsoftonline.com/common/oauth2/authorize", error="invalid_token"'
        },
    )


def not_found_segment(segment: str) -> GraphError:
    return bad_request(f"Resource not found for the segment '{segment}'.")
