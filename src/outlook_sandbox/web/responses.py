"""The pages over HTTP."""

from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException

from outlook_sandbox.http import Answer, Call, Refusal
from outlook_sandbox.web.templating import page, static_file

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}


def home(sandbox: "Sandbox", call: Call) -> Answer:  # noqa: ARG001 (same shape as the others)
    return Answer.html("<h1>Outlook sandbox</h1>")


def static(sandbox: "Sandbox", call: Call, name: str) -> Answer:  # noqa: ARG001 (same shape as the others)
    if name not in ("sandbox.css", "icon.svg"):
        raise Refusal(Answer(404))
    headers = {"Content-Type": _TYPES[name.rpartition(".")[2]], "Cache-Control": "no-cache"}
    return Answer(200, static_file(name), headers)


def problem(failure: HTTPException) -> Answer:
    return page("problem.html", failure.code or 500, failure=failure)
