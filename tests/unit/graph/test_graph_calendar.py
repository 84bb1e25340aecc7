"""The requests that the verbs make, and what they read from the answers."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from leansoft.events.fields import Field, Response
from leansoft.graph import wire
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import MARKER_ID
from leansoft.graph.errors import Conflict, NotFound, Refused, TransientError

START, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC)
IMMUTABLE = 'IdType="ImmutableId"'


class Microsoft:
    """Answers with what it was given, and remembers what it was asked."""

    def __init__(self, *bodies: Any, status: int = 200) -> None:
        self.answers = [self.answer(status, body) for body in bodies]
        self.asked: list[wire.Request] = []

    @staticmethod
    def answer(status: int, body: Any) -> wire.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return wire.Response(status=status, body=content)

    def send(self, request: wire.Request) -> wire.Response:
        self.asked.append(request)
        return self.answers.pop(0)

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.send)

    @property
    def path(self) -> str:
        return urlsplit(self.asked[-1].url).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.asked[-1].url).query)

    @property
    def headers(self) -> Mapping[str, str]:
        return self.asked[-1].headers

    @property
    def payload(self) -> Any:
        return json.loads(self.asked[-1].body or b"null")


def error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": "Told so."}}


def item(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "@odata.etag": f'W/"{name}"', **more}


def test_listing_follows_the_links_as_they_are() -> None:
    link = "https://graph.microsoft.com/v1.0/me/events?$top=200&$skip=200"
    microsoft = Microsoft({"value": [item("a")], "@odata.nextLink": link}, {"value": [item("b")]})
    first = microsoft.calendar.list_events()
    assert (microsoft.path, microsoft.query["$top"]) == ("/me/events", ["200"])
    assert [event.id for event in first.events] == ["a"]
    assert first.next_link == link
    second = microsoft.calendar.list_events(link)
    assert microsoft.asked[-1].url == link
    assert microsoft.headers["Prefer"] == IMMUTABLE
    assert ([event.id for event in second.events], second.next_link) == (["b"], None)


def test_next_page_is_under_way_while_one_is_taken_in() -> None:
    link = "https://graph.microsoft.com/v1.0/me/events?$skip=200"
    microsoft = Microsoft({"value": [item("a")], "@odata.nextLink": link}, {"value": [item("b")]})
    started: list[str] = []

    def start(request: wire.Request) -> Callable[[], wire.Response]:
        started.append(request.url)
        return partial(microsoft.send, request)

    calendar = Calendar(microsoft.send, start)
    calendar.list_events()
    assert started == [link]
    assert [event.id for event in calendar.list_events(link).events] == ["b"]
    assert [request.url for request in microsoft.asked][1:] == [link]


def test_what_hinders_the_next_page_is_said_when_it_is_asked_for() -> None:
    link = "https://graph.microsoft.com/v1.0/me/events?$skip=200"
    microsoft = Microsoft({"value": [item("a")], "@odata.nextLink": link})

    def start(_: wire.Request) -> Callable[[], wire.Response]:
        raise TransientError("The budget is spent.")

    calendar = Calendar(microsoft.send, start)
    assert [event.id for event in calendar.list_events().events] == ["a"]
    microsoft.answers = [microsoft.answer(429, error("TooManyRequests"))]
    with pytest.raises(TransientError):
        calendar.list_events(link)


def test_delta_asks_for_the_window_once_and_for_the_page_size_always() -> None:
    microsoft = Microsoft(
        {"value": [], "@odata.nextLink": "https://graph/next"},
        {"value": [], "@odata.deltaLink": "https://graph/delta"},
    )
    first = microsoft.calendar.delta(start=START, end=END)
    assert microsoft.path == "/me/calendarView/delta"
    assert microsoft.query == {
        "startDateTime": ["2026-11-01T00:00:00Z"],
        "endDateTime": ["2027-11-01T00:00:00Z"],
    }
    assert (first.changed, first.next_link, first.delta_link) == ([], "https://graph/next", None)
    last = microsoft.calendar.delta(first.next_link, start=START, end=END)
    assert microsoft.asked[-1].url == "https://graph/next"
    assert (last.next_link, last.delta_link) == (None, "https://graph/delta")
    prefer = f"{IMMUTABLE}, odata.maxpagesize=1000"
    assert [request.headers["Prefer"] for request in microsoft.asked] == [prefer, prefer]


def test_last_one_of_an_id_counts_in_a_page_of_changes() -> None:
    removed = {"reason": "deleted"}
    page = [
        item("a", subject="old"),
        item("b", **{"@removed": removed}),
        item("c"),
        item("a", subject="new"),
        item("b", subject="back"),
        item("c", **{"@removed": removed}),
    ]
    body = {"value": page, "@odata.deltaLink": "https://graph/later"}
    found = Microsoft(body).calendar.delta("https://graph/d", start=START, end=END)
    subjects = [(event.id, event.values[Field.SUBJECT]) for event in found.changed]
    assert subjects == [("a", "new"), ("b", "back")]
    assert found.removed == ["c"]


@pytest.mark.parametrize(
    "links",
    [{}, {"@odata.nextLink": "https://graph/d"}],
    ids=["no link", "the link that was asked"],
)
def test_page_of_changes_that_leads_nowhere_is_tried_again_later(links: dict[str, str]) -> None:
    microsoft = Microsoft({"value": [item("a")], **links})
    with pytest.raises(TransientError):
        microsoft.calendar.delta("https://graph/d", start=START, end=END)


def test_first_page_of_changes_that_leads_nowhere_is_tried_again_later() -> None:
    with pytest.raises(TransientError):
        Microsoft({"value": []}).calendar.delta(start=START, end=END)


def test_page_of_the_list_that_leads_to_itself_is_tried_again_later() -> None:
    link = "https://graph.microsoft.com/v1.0/me/events?$skip=200"
    with pytest.raises(TransientError):
        Microsoft({"value": [], "@odata.nextLink": link}).calendar.list_events(link)


def test_get_asks_for_the_marker() -> None:
    extra = [{"id": MARKER_ID, "value": "ours"}]
    microsoft = Microsoft(item("a/b=", singleValueExtendedProperties=extra))
    assert microsoft.calendar.get("a/b=").marker == "ours"
    assert microsoft.path == "/me/events/a%2Fb%3D"
    expand = f"singleValueExtendedProperties($filter=id eq '{MARKER_ID}')"
    assert microsoft.query == {"$expand": [expand]}


def test_create_sends_the_ids_by_which_it_is_found_again() -> None:
    microsoft = Microsoft(item("new", transactionId="t-1"), status=201)
    values = {Field.SUBJECT: "Lunch"}
    event = microsoft.calendar.create(values, transaction_id="t-1", marker="m-1")
    assert (event.id, event.marker, event.transaction_id) == ("new", "m-1", "t-1")
    assert microsoft.payload == {
        "subject": "Lunch",
        "transactionId": "t-1",
        "singleValueExtendedProperties": [{"id": MARKER_ID, "value": "m-1"}],
    }


def test_finding_by_marker_uses_the_documented_filter() -> None:
    microsoft = Microsoft({"value": [item("a")]})
    assert [event.id for event in microsoft.calendar.find_by_marker("o'clock")] == ["a"]
    assert microsoft.query["$filter"] == [
        f"singleValueExtendedProperties/Any(ep: ep/id eq '{MARKER_ID}' and ep/value eq 'o''clock')"
    ]


def test_update_goes_through_only_if_nothing_changed_since() -> None:
    microsoft = Microsoft(item("a"))
    microsoft.calendar.update("a", {Field.SUBJECT: "New"}, etag='W/"1"')
    assert (microsoft.asked[-1].method, microsoft.path) == ("PATCH", "/me/events/a")
    assert microsoft.headers["If-Match"] == 'W/"1"'
    assert microsoft.payload == {"subject": "New"}


def test_stale_update_is_a_conflict() -> None:
    microsoft = Microsoft(error("ErrorIrresolvableConflict"), status=412)
    with pytest.raises(Conflict):
        microsoft.calendar.update("a", {Field.SUBJECT: "New"}, etag='W/"1"')


def test_delete_has_no_body() -> None:
    microsoft = Microsoft(b"", b"", status=204)
    microsoft.calendar.delete("a", etag='W/"1"')
    assert (microsoft.asked[-1].method, microsoft.path) == ("DELETE", "/me/events/a")
    assert microsoft.asked[-1].body is None
    assert microsoft.headers["If-Match"] == 'W/"1"'
    microsoft.calendar.delete("a")
    assert "If-Match" not in microsoft.headers


def test_second_delete_finds_nothing() -> None:
    with pytest.raises(NotFound):
        Microsoft(error("ErrorItemNotFound"), status=404).calendar.delete("a")


@pytest.mark.parametrize(
    ("response", "verb"),
    [
        (Response.ACCEPTED, "accept"),
        (Response.TENTATIVELY_ACCEPTED, "tentativelyAccept"),
        (Response.DECLINED, "decline"),
    ],
)
def test_response_is_a_verb(response: Response, verb: str) -> None:
    microsoft = Microsoft(b"", b"", status=202)
    microsoft.calendar.respond("a", response, send_response=False)
    assert microsoft.path == f"/me/events/a/{verb}"
    assert microsoft.payload == {"sendResponse": False}
    microsoft.calendar.respond("a", response, comment="Gladly")
    assert microsoft.payload == {"sendResponse": True, "comment": "Gladly"}


def test_profile_may_have_no_mail() -> None:
    microsoft = Microsoft(
        {"id": "1", "displayName": "Alice", "mail": None, "userPrincipalName": "a@b.example"}
    )
    me = microsoft.calendar.me()
    assert (me.id, me.name, me.mail, me.principal_name) == ("1", "Alice", None, "a@b.example")


def test_answer_cut_off_leaves_the_outcome_open() -> None:
    with pytest.raises(TransientError) as caught:
        Microsoft(b'{"id": "a', status=201).calendar.create({}, transaction_id="t", marker="m")
    assert caught.value.outcome_unknown


def test_link_to_another_host_is_refused() -> None:
    def send(request: wire.Request) -> wire.Response:
        raise wire.ForeignLink("evil.example")

    with pytest.raises(Refused):
        Calendar(send).list_events("https://evil.example/")
