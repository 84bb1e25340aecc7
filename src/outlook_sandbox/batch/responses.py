"""A batch is parsed, ordered, and served in waves through the ordinary path."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from outlook_sandbox.batch.exceptions import batch_error, failed_dependency
from outlook_sandbox.batch.models import Item, in_waves, read_items
from outlook_sandbox.http import Answer, Call, Json


def batch(call: Call, batch_id: str, serve: Callable[[list[Call]], list[Answer]]) -> Answer:
    """`batch_id`: the id of the batch's own entry in the ledger. `serve` takes one wave."""
    if call.method != "POST":
        raise batch_error("The batch endpoint only accepts POST requests.")
    try:
        value = json.loads(call.body or b"null")
    except ValueError:
        raise batch_error("Unable to read JSON request payload.") from None
    answers: dict[str, Answer] = {}
    for wave in in_waves(read_items(value)):
        failed = [item for item in wave if _lacks_prerequisite(item, answers)]
        answers.update((item.id, failed_dependency()) for item in failed)
        going = [item for item in wave if item not in failed]
        served = serve([_call(call, item, batch_id) for item in going])
        answers.update(zip((item.id for item in going), served, strict=True))
    responses = [_response(item_id, answer) for item_id, answer in answers.items()]
    return Answer.json({"responses": responses})


def _lacks_prerequisite(item: Item, answers: Mapping[str, Answer]) -> bool:
    return any(answers[other].status >= 400 for other in item.depends_on)


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
