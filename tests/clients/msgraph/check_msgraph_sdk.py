"""Microsoft's Python SDK (`msgraph-sdk`) against the sandbox."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection
from msgraph.generated.models.attendee import Attendee
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.day_of_week import DayOfWeek
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.location import Location
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.recurrence_range import RecurrenceRange
from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType
from msgraph.generated.models.response_type import ResponseType
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import (
    DeltaRequestBuilder,
)
from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder
from msgraph.generated.users.item.events.item.accept.accept_post_request_body import (
    AcceptPostRequestBody,
)
from msgraph.generated.users.item.events.item.event_item_request_builder import (
    EventItemRequestBuilder,
)
from msgraph.generated.users.item.events.item.instances.instances_request_builder import (
    InstancesRequestBuilder,
)
from msgraph_core.requests.batch_request_builder import BatchRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.page_iterator import PageIterator

from clients.microsoft import ANA, BOB, ZONE, Microsoft
from clients.msgraph.graph_user import GraphUser
from clients.subscriber import Subscriber

FROM, UNTIL = "2030-03-01T00:00:00Z", "2030-05-01T00:00:00Z"


@pytest.fixture
def ana(microsoft: Microsoft) -> Iterator[GraphUser]:
    user = GraphUser(microsoft)
    yield user
    user.close()


def at(day: int, hour: int) -> DateTimeTimeZone:
    return DateTimeTimeZone(date_time=f"2030-03-{day:02}T{hour:02}:00:00", time_zone=ZONE)


def event(subject: str, day: int = 4, **more: Any) -> Event:
    return Event(subject=subject, start=at(day, 9), end=at(day, 10), **more)


def create(user: GraphUser, value: Event) -> Event:
    made = user.wait(user.me.events.post(value))
    assert made is not None
    return made


def by_id(user: GraphUser, value: Event) -> EventItemRequestBuilder:
    assert value.id
    return user.me.events.by_event_id(value.id)


def weekly(subject: str) -> Event:
    pattern = RecurrencePattern(
        type=RecurrencePatternType.Weekly, interval=1, days_of_week=[DayOfWeek.Monday]
    )
    limits = RecurrenceRange(
        type=RecurrenceRangeType.Numbered, start_date=date(2030, 3, 4), number_of_occurrences=4
    )
    return event(subject, recurrence=PatternedRecurrence(pattern=pattern, range=limits))


def instances(user: GraphUser, series: Event) -> list[Event]:
    query = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(
        start_date_time=FROM, end_date_time=UNTIL
    )
    page = user.wait(
        by_id(user, series).instances.get(RequestConfiguration(query_parameters=query))
    )
    assert page is not None
    return page.value or []


def iterate(user: GraphUser, page: Any) -> list[Event]:
    found: list[Event] = []

    def keep(item: Event) -> bool:
        found.append(item)
        return True

    user.wait(PageIterator(page, user.adapter).iterate(keep))
    return found


def test_profile_names_the_person(ana: GraphUser) -> None:
    me = ana.wait(ana.me.get())
    assert me is not None
    assert (me.mail, me.display_name) == (ANA, "Ana Alves")


def test_expired_code_is_an_authentication_error(microsoft: Microsoft) -> None:
    user = GraphUser(microsoft)
    microsoft.sandbox.control("POST", "clock", {"advance": 601})
    with pytest.raises(ClientAuthenticationError, match="AADSTS70008"):
        user.wait(user.me.get())
    user.close()


def test_event_is_created_read_changed_and_deleted(ana: GraphUser) -> None:
    made = create(ana, event("Budget", location=Location(display_name="Room 4")))
    headers = HeadersCollection()
    headers.add("Prefer", f'outlook.timezone="{ZONE}"')
    found = ana.wait(by_id(ana, made).get(RequestConfiguration(headers=headers)))
    assert found is not None
    assert (found.subject, found.location.display_name) == ("Budget", "Room 4")
    assert found.start.date_time == "2030-03-04T09:00:00.0000000"
    assert found.type == EventType.SingleInstance

    changed = ana.wait(by_id(ana, made).patch(Event(subject="Budget 2")))
    assert changed is not None
    assert (changed.subject, changed.i_cal_u_id) == ("Budget 2", made.i_cal_u_id)
    ana.wait(by_id(ana, made).delete())
    with pytest.raises(ODataError) as failure:
        ana.wait(by_id(ana, made).get())
    assert (failure.value.response_status_code, failure.value.error.code) == (
        404,
        "ErrorItemNotFound",
    )


def test_series_has_instances_and_one_of_them_changes(ana: GraphUser) -> None:
    series = create(ana, weekly("Stand-up"))
    assert series.recurrence.range.number_of_occurrences == 4
    first, second, *_ = instances(ana, series)
    ana.wait(by_id(ana, second).patch(Event(subject="Stand-up with Bob")))
    ana.wait(by_id(ana, first).delete())
    left = instances(ana, series)
    assert [e.subject for e in left] == ["Stand-up with Bob", "Stand-up", "Stand-up"]
    assert [e.type for e in left] == [
        EventType.Exception,
        EventType.Occurrence,
        EventType.Occurrence,
    ]
    assert left[0].original_start == datetime(2030, 3, 11, 8, tzinfo=UTC)


def test_page_iterator_sees_every_event_once(ana: GraphUser) -> None:
    for number in range(7):
        create(ana, event(f"Event {number}", 4 + number))
    query = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters(
        top=3, orderby=["start/dateTime"]
    )
    page = ana.wait(ana.me.events.get(RequestConfiguration(query_parameters=query)))
    assert [e.subject for e in iterate(ana, page)] == [f"Event {n}" for n in range(7)]


def test_delta_tells_what_changed_since(ana: GraphUser) -> None:
    for number in range(12):
        create(ana, event(f"Event {number}", 4 + number))
    query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(
        start_date_time=FROM, end_date_time=UNTIL
    )
    delta = ana.me.calendar_view.delta
    page = ana.wait(delta.get(RequestConfiguration(query_parameters=query)))
    assert page is not None
    first = list(page.value or [])
    while page.odata_next_link:
        page = ana.wait(delta.with_url(page.odata_next_link).get())
        first += page.value
    assert len(first) == 12

    gone, changed = first[:2]
    ana.wait(by_id(ana, gone).delete())
    ana.wait(by_id(ana, changed).patch(Event(subject="Changed")))
    page = ana.wait(delta.with_url(page.odata_delta_link).get())
    assert {e.id: e.subject for e in page.value} == {gone.id: None, changed.id: "Changed"}
    (removed,) = [e for e in page.value if e.id == gone.id]
    assert removed.additional_data["@removed"] == {"reason": "deleted"}
    page = ana.wait(delta.with_url(page.odata_delta_link).get())
    assert page.value == []


def test_invitation_is_accepted_and_tallied(microsoft: Microsoft, ana: GraphUser) -> None:
    invited = Attendee(email_address=EmailAddress(address=BOB, name="Bob Brandt"))
    made = create(ana, event("Workshop", attendees=[invited]))
    bob = GraphUser(microsoft, BOB)
    page = bob.wait(bob.me.events.get())
    (copy,) = page.value
    assert (copy.is_organizer, copy.i_cal_u_id) == (False, made.i_cal_u_id)
    answer = AcceptPostRequestBody(comment="With pleasure", send_response=True)
    bob.wait(by_id(bob, copy).accept.post(answer))
    bob.close()
    found = ana.wait(by_id(ana, made).get())
    (attendee,) = found.attendees
    assert attendee.status.response == ResponseType.Accepted


def batch_item(user: GraphUser, information: Any, name: str) -> BatchRequestItem:
    """The SDK itself writes absolute URLs, which the service refuses."""
    item = BatchRequestItem(information, name)
    item.url = item.url.removeprefix(user.adapter.base_url)
    return item


def test_batch_answers_each_request(ana: GraphUser) -> None:
    made, gone = create(ana, event("Old")), create(ana, event("Gone"))
    ana.wait(by_id(ana, gone).delete())
    content = BatchRequestContent()
    renaming = by_id(ana, made).to_patch_request_information(Event(subject="Renamed"))
    reading = by_id(ana, gone).to_get_request_information()
    content.add_request("rename", batch_item(ana, renaming, "rename"))
    content.add_request("read", batch_item(ana, reading, "read"))
    answer = ana.wait(BatchRequestBuilder(ana.adapter).post(content))
    assert answer.get_response_status_codes() == {"rename": 200, "read": 404}
    # The SDK drops an item's body when it is an object, so the event itself is asked.
    found = ana.wait(by_id(ana, made).get())
    assert found.subject == "Renamed"


def test_subscription_is_made_notified_renewed_and_removed(
    ana: GraphUser, subscriber: Subscriber
) -> None:
    now = datetime.now(UTC)
    wanted = Subscription(
        change_type="created,updated,deleted",
        resource="me/events",
        notification_url=subscriber.url,
        client_state="between us",
        expiration_date_time=now + timedelta(hours=1),
    )
    made = ana.wait(ana.client.subscriptions.post(wanted))
    assert subscriber.handshakes == 1
    created = create(ana, event("Budget"))
    notification = subscriber.next()
    assert notification["clientState"] == "between us"
    assert notification["resourceData"]["id"] == created.id

    own = ana.client.subscriptions.by_subscription_id(made.id)
    later = Subscription(expiration_date_time=now + timedelta(days=3))
    renewed = ana.wait(own.patch(later))
    assert renewed.expiration_date_time > made.expiration_date_time
    ana.wait(own.delete())
    assert ana.wait(ana.client.subscriptions.get()).value == []


def test_throttled_request_is_repeated_by_itself(microsoft: Microsoft, ana: GraphUser) -> None:
    microsoft.sandbox.fault(status=429, retry_after=1, method="GET", times=1)
    assert ana.wait(ana.me.events.get()).value == []
    answers = microsoft.sandbox.control("GET", "requests")["value"]
    assert [entry["status"] for entry in answers[-2:]] == [429, 200]
