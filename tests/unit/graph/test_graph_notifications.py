"""What Microsoft posts to the webhook, and the verbs of subscriptions."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from contract.examples import load
from leansoft.graph import wire
from leansoft.graph.errors import Conflict, GraphError, NotFound, Refused, TransientError
from leansoft.graph.notifications import (
    Lifecycle,
    Notification,
    read_notifications,
    validation_token,
)
from leansoft.graph.subscriptions import RemoteSubscription, Subscriptions

HERE = "https://calendar.example/outlook/notifications"
UNTIL = datetime(2026, 12, 1, 9, tzinfo=UTC)
ITEM = {"subscriptionId": "s1", "clientState": "secret", "changeType": "updated"}


def posted(*items: Any) -> bytes:
    return json.dumps({"value": items}).encode()


def change(**facts: Any) -> Notification:
    return Notification(**{"subscription_id": "s1", "client_state": "secret", **facts})


def test_handshake_token_is_decoded() -> None:
    query = "a=b&validationToken=Validation%3a+Testing%20%3Cb%3E+%2B1"
    assert validation_token(query) == "Validation: Testing <b> +1"


@pytest.mark.parametrize("query", ["", "a=b", "validationtoken=x"])
def test_other_posts_are_no_handshake(query: str) -> None:
    assert validation_token(query) is None


def test_empty_token_is_a_handshake() -> None:
    assert validation_token("validationToken=") == ""


def test_change_is_read() -> None:
    body = json.dumps(load("notification.event-basic")["request"]["body"]).encode()
    assert read_notifications(body) == [
        change(
            subscription_id="c6126aa3-0ed8-412f-a988-71e6cee627c4",
            client_state="secretClientState",
        )
    ]


def test_lifecycle_event_is_read() -> None:
    body = json.dumps(load("notification.lifecycle-2024")["request"]["body"]).encode()
    (found,) = read_notifications(body)
    assert found.lifecycle is Lifecycle.MISSED


def test_one_post_mixes_kinds() -> None:
    body = posted(ITEM, {**ITEM, "lifecycleEvent": "subscriptionRemoved"})
    assert read_notifications(body) == [
        change(),
        change(lifecycle=Lifecycle.SUBSCRIPTION_REMOVED),
    ]


@pytest.mark.parametrize(
    "item",
    [
        {},
        {**ITEM, "clientState": None},
        {**ITEM, "subscriptionId": 7},
        {**ITEM, "subscriptionId": "s\x001"},
        {**ITEM, "clientState": "sécret"},
        {**ITEM, "lifecycleEvent": "somethingNew"},
        {**ITEM, "lifecycleEvent": {}},
    ],
)
def test_items_that_say_nothing_are_left_out(item: dict[str, Any]) -> None:
    assert read_notifications(posted(item, ITEM))[-1:] == [change()]
    assert len(read_notifications(posted(item, ITEM))) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"\xff", b"{}", b'{"value": {}}', b'{"value": [1]}', b'"\\ud800"', b"[" * 5000],
)
def test_malformed_posts_are_unreadable(body: bytes) -> None:
    with pytest.raises(wire.Unreadable):
        read_notifications(body)


class Microsoft:
    """Answers with what it was given, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self._answers = list(answers)
        self.asked: list[wire.Request] = []

    def send(self, request: wire.Request) -> wire.Response:
        self.asked.append(request)
        status, body = self._answers.pop(0)
        return wire.Response(status=status, body=json.dumps(body).encode())

    @property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self.send)

    @property
    def payload(self) -> Any:
        return json.loads(self.asked[-1].body or b"null")


def answer(name: str) -> tuple[int, Any]:
    found = load(name)["response"]
    return found["status"], found.get("body")


def test_create_asks_for_everything_at_one_address() -> None:
    microsoft = Microsoft(answer("subscription.create-response-2022"))

    made = microsoft.subscriptions.create(url=HERE, client_state="secret", expires_at=UNTIL)

    assert microsoft.payload == {
        "changeType": "created,updated,deleted",
        "resource": "me/events",
        "notificationUrl": HERE,
        "lifecycleNotificationUrl": HERE,
        "clientState": "secret",
        "expirationDateTime": "2026-12-01T09:00:00Z",
    }
    assert microsoft.asked[-1].headers["Prefer"] == 'IdType="ImmutableId"'
    assert made == RemoteSubscription(
        id="5522bd62-7c96-4530-85b0-00b916f6151a",
        url="https://webhook.azurewebsites.net/api/send/myNotifyClient",
        expires_at=datetime(2022, 1, 1, 21, 42, 18, 225776, tzinfo=UTC),
    )


def test_renewal_moves_the_end_only() -> None:
    microsoft = Microsoft(answer("subscription-update.01"))

    renewed = microsoft.subscriptions.renew("a/b", expires_at=UNTIL)

    request = microsoft.asked[-1]
    assert (request.method, request.url) == ("PATCH", "/subscriptions/a%2Fb")
    assert microsoft.payload == {"expirationDateTime": "2026-12-01T09:00:00Z"}
    assert renewed.expires_at == datetime(2016, 11, 22, 18, 23, 45, 935691, tzinfo=UTC)


def test_list_follows_the_links() -> None:
    status, page = answer("subscription-list.02")
    link = "https://graph.microsoft.com/v1.0/subscriptions?$skiptoken=x"
    microsoft = Microsoft((status, {**page, "@odata.nextLink": link}), (status, page))

    found = microsoft.subscriptions.list_own()

    assert [request.url for request in microsoft.asked] == ["/subscriptions", link]
    assert [one.id for one in found] == [page["value"][0]["id"]] * 2


def test_delete() -> None:
    microsoft = Microsoft(answer("subscription-delete.02"))
    microsoft.subscriptions.delete("s1")
    assert (microsoft.asked[-1].method, microsoft.asked[-1].url) == ("DELETE", "/subscriptions/s1")


@pytest.mark.parametrize(
    ("example", "error"),
    [
        ("subscription.400-expiration", Refused),
        ("subscription.400-validation", Refused),
        ("subscription.409-duplicate", Conflict),
    ],
)
def test_refused_creates(example: str, error: type[GraphError]) -> None:
    with pytest.raises(error):
        Microsoft(answer(example)).subscriptions.create(
            url=HERE, client_state="secret", expires_at=UNTIL
        )


@pytest.mark.parametrize("code", ["ResourceNotFound", "ExtensionError", "ErrorItemNotFound"])
def test_missing_subscription_is_not_a_missing_mailbox(code: str) -> None:
    gone = (404, {"error": {"code": code, "message": "The object was not found."}})
    with pytest.raises(NotFound):
        Microsoft(gone).subscriptions.renew("s1", expires_at=UNTIL)
    with pytest.raises(NotFound):
        Microsoft(gone).subscriptions.delete("s1")


def test_other_faults_of_a_renewal_stay_what_they_are() -> None:
    busy = (503, {"error": {"code": "ServiceUnavailable", "message": ""}})
    with pytest.raises(TransientError):
        Microsoft(busy).subscriptions.renew("s1", expires_at=UNTIL)


def test_answer_without_an_end_is_not_taken() -> None:
    with pytest.raises(TransientError):
        Microsoft((201, {"id": "s1"})).subscriptions.create(
            url=HERE, client_state="secret", expires_at=UNTIL
        )
