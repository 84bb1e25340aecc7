"""What the subscription service refuses (notifications.md §1, §2)."""

from outlook_sandbox.mailbox.exceptions import GraphError


def invalid(message: str) -> GraphError:
    return GraphError(400, "InvalidRequest", message)


def too_long(minutes: int) -> GraphError:
    return GraphError(
        400,
        "ExtensionError",
        f"Subscription expiration can only be {minutes} minutes in the future.",
    )


def duplicate(subscription_id: str) -> GraphError:
    return GraphError(
        409,
        "Conflict",
        f"Subscription Id <{subscription_id}> already exists for the requested combination",
    )


def not_found() -> GraphError:
    return GraphError(404, "ResourceNotFound", "The object was not found.")


def validation_failed() -> GraphError:
    return invalid(
        "Subscription validation request failed. Notification endpoint must respond with 200 OK "
        "to validation request."
    )


def validation_timed_out() -> GraphError:
    return invalid("Subscription validation request timed out.")
