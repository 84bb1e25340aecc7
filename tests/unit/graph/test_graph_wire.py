from datetime import UTC, datetime

import pytest

from leansoft.graph.wire import (
    ForeignLink,
    Request,
    Unreadable,
    authorized,
    date_of,
    graph_request,
    if_match,
    json_object,
    retry_after_seconds,
    segment,
    storable_object,
)

GRAPH = "https://graph.microsoft.com/v1.0"
DATE = "Tue, 24 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "32"}, 32.0),
        ({"retry-after": "2.128"}, 2.128),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "Tue, 24 Nov 2026 09:00:30 GMT", "date": DATE}, 30.0),
        ({"retry-after": "Tue, 24 Nov 2026 08:00:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Tue, 24 Nov 1970 08:00:00 GMT"}, 0.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers) == seconds


def test_date_header_is_an_instant() -> None:
    assert date_of({"date": DATE}) == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert date_of({"date": "Tue, 24 Nov 2026 09:00:00"}) is None
    assert date_of({}) is None


def test_every_request_asks_for_immutable_ids() -> None:
    assert graph_request("GET", "/me").headers == {"Prefer": 'IdType="ImmutableId"'}
    paged = graph_request("GET", "/me", headers={"Prefer": "odata.maxpagesize=5"})
    assert paged.headers["Prefer"] == 'IdType="ImmutableId", odata.maxpagesize=5'


def test_query_is_encoded_and_keeps_the_dollar() -> None:
    request = graph_request("GET", "/me/events", query={"$filter": "a eq 'b c+d'"})
    assert request.url == "/me/events?$filter=a%20eq%20%27b%20c%2Bd%27"


def test_etag_goes_into_if_match() -> None:
    assert if_match('W/"a"') == {"If-Match": 'W/"a"'}
    assert if_match(None) == {}


def test_id_is_one_segment_of_a_path() -> None:
    assert segment("AAMk/a+b=") == "AAMk%2Fa%2Bb%3D"


def test_authorized_request_has_an_address_and_a_token() -> None:
    request = authorized(
        Request(method="GET", url="/me"), base_url=GRAPH, token="secret", request_id="1"
    )
    assert request.url == f"{GRAPH}/me"
    assert request.headers == {
        "Authorization": "Bearer secret",
        "client-request-id": "1",
        "return-client-request-id": "true",
    }


def test_link_of_graph_is_used_as_it_is() -> None:
    link = f"{GRAPH}/me/events?$skip=10"
    request = authorized(Request(method="GET", url=link), base_url=GRAPH, token="t", request_id="1")
    assert request.url == link


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/me",
        "http://graph.microsoft.com/v1.0/me",
        "https://graph.microsoft.com@evil.example/v1.0/me",
        "https://graph.microsoft.com:444/v1.0/me",
    ],
)
def test_token_does_not_follow_a_link_to_another_host(link: str) -> None:
    with pytest.raises(ForeignLink):
        authorized(Request(method="GET", url=link), base_url=GRAPH, token="t", request_id="1")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'"text"', b"\xff"])
def test_answer_that_is_no_json_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        json_object(body)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (r"one\u0000two", "onetwo"),
        (r"one\ud800two", "onetwo"),
        (r"Lunch \ud83d\ude00", "Lunch \U0001f600"),
        (r"C:\\u0000", r"C:\u0000"),
    ],
)
def test_characters_that_no_database_takes_are_left_out(sent: str, kept: str) -> None:
    body = f'{{"subject": "{sent}", "categories": ["{sent}"], "body": {{"content": "{sent}"}}}}'
    assert storable_object(body.encode()) == {
        "subject": kept,
        "categories": [kept],
        "body": {"content": kept},
    }
