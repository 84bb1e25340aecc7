"""Why a whole batch, or one item of it, is refused."""

from outlook_sandbox.http import Answer
from outlook_sandbox.mailbox.exceptions import GraphError


def batch_error(message: str) -> GraphError:
    return GraphError(400, "BadRequest", message)


def failed_dependency() -> Answer:
    error = {"code": "FailedDependency", "message": "A request that this one depends on failed."}
    return Answer.json({"error": error}, 424)
