"""The WSGI application: finds the service for a path, and sends its answer."""

import re
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES, http_date, parse_cookie
from werkzeug.routing import Map
from werkzeug.wsgi import get_input_stream

from outlook_sandbox import graph
from outlook_sandbox.control import responses as control
from outlook_sandbox.control.urls import URLS as CONTROL_URLS
from outlook_sandbox.http import Answer, Call, Refusal
from outlook_sandbox.identity import metadata
from outlook_sandbox.identity import responses as identity
from outlook_sandbox.identity.exceptions import AadError
from outlook_sandbox.identity.urls import URLS as IDENTITY_URLS
from outlook_sandbox.ledger import LedgerEntry, record
from outlook_sandbox.mailbox.models.arrivals import deliver_due
from outlook_sandbox.web import console
from outlook_sandbox.web import responses as web
from outlook_sandbox.web.urls import URLS as WEB_URLS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from outlook_sandbox.sandbox import Sandbox

Handler = Callable[..., Answer]


class Dropped(ConnectionError):
    """In-process stand-in for a connection that breaks."""


class Application:
    def __init__(self, sandbox: "Sandbox", public_url: str | None = None) -> None:
        self.sandbox = sandbox
        self.public_url = public_url
        self.on_a_socket = False
        """Whether a server sends the answers, so that a short body breaks the connection."""

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        answer = self.answer(self._call(environ))
        if answer.delay_seconds:
            time.sleep(answer.delay_seconds)
        reason = HTTP_STATUS_CODES.get(answer.status, "Unknown")
        headers = [("Content-Length", str(len(answer.body)))]
        if answer.drop:
            # More is promised than is sent, so the client sees a broken connection.
            headers = [("Content-Length", str(len(answer.body) + 1000))]
        if answer.status == 204:
            headers = []
        # A server would otherwise add the real time, whatever the sandbox's clock says.
        headers.append(("Date", http_date(self.sandbox.now())))
        start_response(f"{answer.status} {reason}", [*answer.headers.items(), *headers])
        if answer.drop and not self.on_a_socket:
            raise Dropped("the sandbox was told to break this connection")
        return [answer.body]

    def _call(self, environ: "WSGIEnvironment") -> Call:
        base_url = self.public_url
        if base_url is None:
            host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
            base_url = f"{environ['wsgi.url_scheme']}://{host}"
        headers = {
            name[5:].replace("_", "-").lower(): text
            for name, text in environ.items()
            if name.startswith("HTTP_")
        }
        headers["content-type"] = environ.get("CONTENT_TYPE", "")
        return Call(
            method=environ["REQUEST_METHOD"],
            path=_path(environ.get("PATH_INFO", "/")),
            query_string=environ.get("QUERY_STRING", ""),
            headers=headers,
            body=get_input_stream(environ).read(),
            base_url=base_url,
            cookies=parse_cookie(headers.get("cookie")),
        )

    def answer(self, call: Call) -> Answer:
        """In-process entry: no WSGI needed."""
        if call.path.startswith(graph.PREFIX + "/"):
            return graph.serve(self.sandbox, call)
        with self.sandbox.lock:
            changed = deliver_due(self.sandbox)
            answer = self._serve(call)
            changed = deliver_due(self.sandbox) or changed
            if changed or call.method != "GET" or call.path.endswith("/authorize"):
                self.sandbox.save()
        return answer

    def _serve(self, call: Call) -> Answer:
        try:
            if call.path.startswith("/sandbox/"):
                return self._control(call)
            if call.path == "/" or re.match(r"/(outlook|console|static)(/|$)", call.path):
                return _route(WEB_URLS, (web, console), self.sandbox, call)
            return self._identity(call)
        except Refusal as refusal:
            return refusal.answer
        except HTTPException as failure:
            return web.problem(failure)

    def _control(self, call: Call) -> Answer:
        try:
            return _route(CONTROL_URLS, control, self.sandbox, call)
        except (msgspec.MsgspecError, ValueError, re.error) as failure:
            error = {"code": "SandboxControl", "message": str(failure)}
            return Answer.json({"error": error}, 400)

    def _identity(self, call: Call) -> Answer:
        try:
            answer = _route(IDENTITY_URLS, (identity, metadata), self.sandbox, call)
        except AadError as failure:
            answer = identity.failure_page(self.sandbox, failure)
        if call.path.endswith("/token"):
            self._record(call, answer)
        return answer

    def _record(self, call: Call, answer: Answer) -> None:
        sandbox = self.sandbox
        entry = LedgerEntry(
            id=sandbox.random.guid(),
            at=sandbox.now(),
            method=call.method,
            path=call.path,
            query=call.query_string,
            status=answer.status,
        )
        record(sandbox.state.requests, entry)


def _route(urls: Map, modules: Any, sandbox: "Sandbox", call: Call) -> Answer:
    """Calls the function that is named like the endpoint."""
    adapter = urls.bind("sandbox")
    endpoint, arguments = adapter.match(call.path, method=call.method)
    places = modules if isinstance(modules, tuple) else (modules,)
    handler: Handler = next(
        getattr(module, endpoint) for module in places if hasattr(module, endpoint)
    )
    return handler(sandbox, call, **arguments)


def create_app(sandbox: "Sandbox", public_url: str | None = None) -> Application:
    return Application(sandbox, public_url)


def _path(text: str) -> str:
    """Bytes in Latin-1 clothes by the standard; some in-process transports decode them already."""
    try:
        return text.encode("latin-1").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text
