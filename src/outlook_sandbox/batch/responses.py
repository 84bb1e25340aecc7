"""A batch is parsed, ordered, and served item by item through the ordinary path."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from outlook_sandbox.batch.exceptions import batch_error, failed_dependency
from outlook_sandbox.batch.models import Item, in_order, read_items
from outlook_sandbox.http import Answer, Call, Json


def batch(call: Call, batch_id: str, serve: Callable[[Call], Answer]) -> Answer:
    """`batch_id` is the id of the batch's own entry in the ledger."""
    if call.method != "POST":
        raise batch_error("The batch endpoint only accepts POST requests.")
    try:
        value = json.loads(call.body or b"null")
    except ValueError:
        raise batch_error("Unable to read JSON request payload.") from None
    answers: dict[str, Answer] = {}
    for item in in_order(read_items(value)):
        if any(answers[other].status >= 400 for other in item.depends_on):
            answers[item.id] = failed_dependency()
        else:
            answers[item.id] = serve(_call(call, item, batch_id))
    responses = [_response(item_id, answer) for item_id, answer in answers.items()]
    return Answer.json({"responses": responses})


def _call(outer: Call, item: Item, batch_id: str) -> Call:
    headers = {name.casefold(): text for name, text in item.headers.items()}
    # The token comes from the outer request, Prefer and If-Match from the item (§1).
    headers["authorization"] = outer.headers.get("authorization", "")
    path, _, query = item.url.partition("?")
    return Call(
        method=item.method,
        # Decoded like the path of a request of its own: clients encode ids.
        path="/v1.0/" + unquote(path).strip("/"),
        query_string=query,
        headers=headers,
        body=_body(item.body),
        base_url=outer.base_url,
        batch_of=batch_id,
    )


def _body(value: Any) -> bytes:
    if value is None:
        return b""
    if isinstance(value, str):
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    return json.dumps(value).encode()


def _response(item_id: str, answer: Answer) -> Json:
    shown: Json = {"id": item_id, "status": answer.status, "headers": dict(answer.headers)}
    if answer.drop:
        return {"id": item_id, "status": 503, "headers": {}}
    if answer.body:
        plain = answer.headers.get("Content-Type", "").startswith("text/plain")
        shown["body"] = answer.body.decode() if plain else answer.value()
    return shown
