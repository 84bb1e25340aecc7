"""Batches: what travels together, and what becomes of each item."""

import json
from typing import Any

import pytest

from leansoft.events.fields import Field
from leansoft.graph.asking import Send
from leansoft.graph.batch import (
    MOST_BYTES,
    Talk,
    batch_request,
    batch_responses,
    shares,
    together,
)
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import RemoteEvent
from leansoft.graph.errors import GraphError, NotFound, Refused, TransientError
from leansoft.graph.wire import Request, Response, graph_request

EVENT = {"id": "AAA", "type": "singleInstance", "subject": "Tea"}
GONE = {"error": {"code": "ErrorItemNotFound", "message": "Not found."}}


class Outlook:
    """Answers batches item by item, and requests that travel alone with an event."""

    def __init__(self, *items: tuple[int, Any], status: int = 200) -> None:
        self._items = items
        self._status = status
        self.sent: list[Request] = []

    def send(self, request: Request) -> Response:
        self.sent.append(request)
        if request.url != "/$batch":
            return Response(status=200, body=json.dumps(EVENT).encode())
        asked = json.loads(request.body or b"")["requests"]
        answers = [
            {"id": item["id"], "status": status, "headers": {}, "body": body}
            for item, (status, body) in zip(asked, self._items, strict=True)
        ]
        body = json.dumps({"responses": answers[::-1]}).encode()
        return Response(status=self._status, body=body)


def event(answer: RemoteEvent | GraphError) -> RemoteEvent:
    assert isinstance(answer, RemoteEvent), answer
    return answer


def get(remote_id: str) -> Talk[RemoteEvent]:
    def talk(send: Send) -> RemoteEvent:
        return Calendar(send).get(remote_id)

    return talk


def test_first_requests_share_one_round_trip_whatever_the_order_of_the_answers() -> None:
    outlook = Outlook((200, EVENT), (404, GONE), (200, {**EVENT, "id": "CCC"}))

    first, second, third = together(outlook.send, [get("AAA"), get("BBB"), get("CCC")])

    assert [request.url for request in outlook.sent] == ["/$batch"]
    assert (event(first).id, event(third).id) == ("AAA", "CCC")
    assert isinstance(second, NotFound)


def test_one_talk_needs_no_batch() -> None:
    outlook = Outlook()
    (found,) = together(outlook.send, [get("AAA")])
    assert event(found).id == "AAA"
    assert [request.method for request in outlook.sent] == ["GET"]


def test_what_follows_the_first_request_travels_alone() -> None:
    outlook = Outlook((202, None), (202, None))

    def accept_and_look(send: Send) -> str:
        send(graph_request("POST", "/me/events/AAA/accept", payload={}))
        return Calendar(send).get("AAA").id

    assert together(outlook.send, [accept_and_look, accept_and_look]) == ["AAA", "AAA"]
    assert [request.method for request in outlook.sent] == ["POST", "GET", "GET"]


def test_item_whose_token_ended_is_asked_again_alone() -> None:
    outlook = Outlook((401, {"error": {"code": "InvalidAuthenticationToken"}}), (200, EVENT))
    results = together(outlook.send, [get("AAA"), get("AAA")])
    assert [event(one).id for one in results] == ["AAA", "AAA"]
    assert [request.method for request in outlook.sent] == ["POST", "GET"]


def test_throttled_item_says_how_long_it_waits() -> None:
    answer = {"responses": [{"id": "0", "status": 429, "headers": {"Retry-After": "2.128"}}]}
    body = json.dumps(answer).encode()
    (response,) = batch_responses(Response(status=200, body=body), 1)
    assert response is not None
    assert (response.status, response.headers["retry-after"]) == (429, "2.128")


def test_item_without_an_answer_has_an_unknown_outcome() -> None:
    def send(request: Request) -> Response:
        answers = [{"id": "0", "status": 200, "body": EVENT}]
        return Response(status=200, body=json.dumps({"responses": answers}).encode())

    first, second = together(send, [get("AAA"), get("BBB")])
    assert event(first).id == "AAA"
    assert isinstance(second, TransientError)
    assert second.outcome_unknown


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"responses": 3}', b'{"responses": [1]}']
)
def test_answer_that_is_no_batch_is_transient(body: bytes) -> None:
    with pytest.raises(TransientError) as caught:
        batch_responses(Response(status=200, body=body), 2)
    assert caught.value.outcome_unknown


def test_batch_that_is_refused_as_a_whole_is_raised() -> None:
    outlook = Outlook((200, EVENT), (200, EVENT), status=400)
    with pytest.raises(Refused):
        together(outlook.send, [get("AAA"), get("BBB")])


def test_item_carries_its_own_headers_and_body() -> None:
    patch = graph_request("PATCH", "/me/events/A", payload={"a": 1}, headers={"If-Match": "e"})
    whole = batch_request([patch, graph_request("GET", "/me/events/B")])
    first, second = json.loads(whole.body or b"")["requests"]
    assert (first["method"], first["url"], first["body"]) == ("PATCH", "/me/events/A", {"a": 1})
    assert first["headers"]["If-Match"] == "e"
    assert first["headers"]["Content-Type"] == "application/json"
    assert "ImmutableId" in second["headers"]["Prefer"]
    assert "body" not in second


def test_link_that_graph_gave_does_not_travel_in_a_batch() -> None:
    with pytest.raises(ValueError, match="link"):
        batch_request([Request(method="GET", url="https://graph.microsoft.com/v1.0/me?$skip=1")])


def test_batches_are_limited_in_items_and_in_bytes() -> None:
    small = Request(method="POST", url="/x", body=b"{}")
    large = Request(method="POST", url="/x", body=b"x" * (MOST_BYTES - 1))
    assert shares([]) == []
    assert shares([small] * 5, most=4) == [slice(0, 4), slice(4, 5)]
    assert shares([large, small, small]) == [slice(0, 1), slice(1, 3)]
    assert shares([large] * 2) == [slice(0, 1), slice(1, 2)]


def test_create_keeps_its_transaction_id_in_a_batch() -> None:
    outlook = Outlook((201, EVENT), (400, {"error": {"code": "ErrorPropertyValidationFailure"}}))
    when = {"start": "2030-01-01", "end": "2030-01-02", "zone": None, "all_day": True}

    def create(send: Send) -> RemoteEvent:
        values = {Field.SUBJECT: "Tea", Field.WHEN: when}
        return Calendar(send).create(values, transaction_id="t", marker="t")

    made, refused = together(outlook.send, [create, create])

    assert json.loads(outlook.sent[0].body or b"")["requests"][0]["body"]["transactionId"] == "t"
    assert event(made).marker == "t"
    assert isinstance(refused, GraphError)
