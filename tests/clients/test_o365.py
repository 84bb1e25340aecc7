"""The `O365` library against the sandbox: sign-in by its account, calendar, subscriptions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msal
import pytest
from O365 import Account, MSGraphProtocol
from O365.calendar import EventResponse, EventType
from O365.utils.query import QueryBuilder
from O365.utils.token import MemoryTokenBackend
from requests.exceptions import HTTPError

from clients.microsoft import ANA, BOB, CLIENT_ID, REDIRECT, SECRET, ZONE, Microsoft
from clients.subscriber import Subscriber
from sandbox.ledger import covers

START = datetime(2030, 3, 4, 9, tzinfo=ZoneInfo(ZONE))
pytestmark = pytest.mark.filterwarnings("ignore:response_mode='form_post'")
SCOPES = ["User.Read", "Calendars.ReadWrite", "MailboxSettings.Read"]


def sign_in(microsoft: Microsoft, email: str = ANA) -> Any:
    """O365 has no setting for the hosts, so its protocol and its MSAL are given ours."""

    class Protocol(MSGraphProtocol):  # type: ignore[misc]  # O365 has no types
        _protocol_url = f"{microsoft.url}/"

    tokens = MemoryTokenBackend()
    account = Account(
        (CLIENT_ID, SECRET),
        protocol=Protocol(timezone=ZoneInfo(ZONE)),
        token_backend=tokens,
        requests_delay=0,
    )
    account.con._msal_client = msal.ConfidentialClientApplication(
        CLIENT_ID,
        client_credential=SECRET,
        authority=f"{microsoft.url}/common",
        instance_discovery=False,
        token_cache=tokens,
    )
    consent_url, flow = account.get_authorization_url(SCOPES, redirect_uri=REDIRECT)
    back = microsoft.visit(consent_url, email)
    assert account.request_token(f"{REDIRECT}?{urlencode(back)}", flow=flow)
    return account


@pytest.fixture
def account(microsoft: Microsoft) -> Any:
    return sign_in(microsoft)


@pytest.fixture
def calendar(account: Any) -> Any:
    return account.schedule().get_default_calendar()


def new_event(calendar: Any, subject: str, start: datetime = START) -> Any:
    event = calendar.new_event(subject)
    event.start, event.end = start, start + timedelta(hours=1)
    return event


def subjects(events: Any) -> list[str]:
    return [event.subject for event in events]


def test_signed_in_account_knows_who_it_is(account: Any) -> None:
    assert account.is_authenticated
    assert account.username == ANA
    assert account.get_current_user_data().mail == ANA


@covers("clients.o365")
def test_expired_token_is_refreshed_by_itself(microsoft: Microsoft, account: Any) -> None:
    con = account.con
    assert con.refresh_token()
    assert account.get_current_user_data().mail == ANA


@covers("clients.o365")
def test_event_is_created_read_changed_and_deleted(calendar: Any) -> None:
    event = new_event(calendar, "Budget")
    event.location, event.body, event.categories = "Room 4", "<p>Numbers</p>", ["Blue"]
    event.remind_before_minutes = 30
    assert event.save()

    found = calendar.get_event(event.object_id)
    assert (found.subject, found.start) == ("Budget", START)
    assert found.location["displayName"] == "Room 4"
    assert found.get_body_soup().body.text.strip() == "Numbers"
    assert (found.categories, found.remind_before_minutes) == (["Blue"], 30)
    assert found.ical_uid == event.ical_uid

    found.subject, found.start = "Budget 2", START + timedelta(hours=2)
    found.end = START + timedelta(hours=3)
    assert found.save()
    again = calendar.get_event(event.object_id)
    assert (again.subject, again.start) == ("Budget 2", START + timedelta(hours=2))

    assert again.delete()
    with pytest.raises(HTTPError, match="404"):
        calendar.get_event(event.object_id)


@covers("clients.o365")
def test_all_day_event_keeps_its_dates(calendar: Any) -> None:
    event = calendar.new_event("Fair")
    event.start, event.end = START, START + timedelta(days=1)
    event.is_all_day = True
    assert event.save()
    found = calendar.get_event(event.object_id)
    assert found.is_all_day
    assert (found.start.date(), found.end.date()) == (date(2030, 3, 4), date(2030, 3, 5))


@covers("clients.o365")
def test_series_has_instances_and_one_of_them_changes(calendar: Any) -> None:
    series = new_event(calendar, "Stand-up")
    series.recurrence.set_weekly(
        1, days_of_week=["monday"], first_day_of_week="monday", start=START.date(), occurrences=4
    )
    assert series.save()
    master = calendar.get_event(series.object_id)
    assert master.event_type == EventType.SeriesMaster
    assert master.recurrence.occurrences == 4

    window = (START - timedelta(days=1), START + timedelta(days=60))
    first, second, *_ = master.get_occurrences(*window, limit=50)
    second.subject = "Stand-up with Bob"
    assert second.save()
    assert first.delete()
    left = list(master.get_occurrences(*window, limit=50))
    assert subjects(left) == ["Stand-up with Bob", "Stand-up", "Stand-up"]
    assert [event.event_type for event in left] == [
        EventType.Exception,
        EventType.Occurrence,
        EventType.Occurrence,
    ]
    assert [event.start for event in left] == [START + timedelta(weeks=n) for n in (1, 2, 3)]


@covers("operations.skip")
def test_pages_are_followed(calendar: Any) -> None:
    for number in range(7):
        assert new_event(calendar, f"Event {number}", START + timedelta(days=number)).save()
    pages = calendar.get_events(
        limit=None, batch=3, include_recurring=False, order_by="start/dateTime"
    )
    assert subjects(pages) == [f"Event {number}" for number in range(7)]
    view = calendar.get_events(
        limit=6,
        batch=2,
        start_recurring=START - timedelta(days=1),
        end_recurring=START + timedelta(days=30),
        order_by="start/dateTime",
    )
    assert subjects(view) == [f"Event {number}" for number in range(6)]


@covers("operations.filter")
def test_query_finds_by_subject_and_start(account: Any, calendar: Any) -> None:
    for number in range(3):
        new_event(calendar, f"Event {number}", START + timedelta(days=number)).save()
    query = QueryBuilder(account.protocol)
    from_tuesday = query.greater_equal("start", START + timedelta(days=1))
    late = calendar.get_events(query=from_tuesday, include_recurring=False)
    assert sorted(subjects(late)) == ["Event 1", "Event 2"]
    named = query.startswith("subject", "Event 2")
    assert subjects(calendar.get_events(query=named, include_recurring=False)) == ["Event 2"]


@covers("operations.answer")
def test_invitation_is_answered_and_tallied(microsoft: Microsoft, calendar: Any) -> None:
    event = new_event(calendar, "Workshop")
    event.attendees.add(("Bob Brandt", BOB))
    assert event.save()
    bobs = sign_in(microsoft, BOB).schedule().get_default_calendar()
    (invitation,) = bobs.get_events(include_recurring=False)
    assert (invitation.organizer.address, invitation.ical_uid) == (ANA, event.ical_uid)
    assert invitation.accept_event("With pleasure", tentatively=True)
    (bob,) = calendar.get_event(event.object_id).attendees
    assert bob.response_status.status == EventResponse.TentativelyAccepted

    assert calendar.get_event(event.object_id).cancel_event("Another time")
    assert [kind for _, kind, _ in microsoft.sandbox.mails()] == [
        "invitation",
        "response",
        "cancellation",
    ]
    (cancelled,) = bobs.get_events(include_recurring=False)
    assert cancelled.subject == "Canceled: Workshop"


@covers("clients.o365")
def test_calendars_are_made_renamed_and_deleted(account: Any) -> None:
    schedule = account.schedule()
    made = schedule.new_calendar("Travel")
    event = new_event(made, "Flight")
    assert event.save()
    made.name = "Journeys"
    assert made.update()
    found = schedule.get_calendar(calendar_name="Journeys")
    assert subjects(found.get_events(include_recurring=False)) == ["Flight"]
    assert found.delete()
    assert [c.name for c in schedule.list_calendars()] == ["Calendar"]


@covers("operations.schedule-digits")
def test_availability_of_a_colleague(microsoft: Microsoft, account: Any) -> None:
    microsoft.sandbox.person(BOB).create(
        "Private matters",
        start={"dateTime": "2030-03-04T10:00:00", "timeZone": ZONE},
        end={"dateTime": "2030-03-04T11:00:00", "timeZone": ZONE},
    )
    (found,) = account.schedule().get_availability([BOB], START, START + timedelta(hours=3), 60)
    assert found["availabilityView"] == ["free", "busy", "free"]


@covers("clients.o365")
def test_subscription_is_made_notified_renewed_and_removed(
    account: Any, calendar: Any, subscriber: Subscriber
) -> None:
    subscriptions = account.subscriptions()
    made = subscriptions.create_subscription(
        subscriber.url,
        "me/events",
        ["created", "updated", "deleted"],
        expiration_minutes=60,
        client_state="between us",
    )
    assert subscriber.handshakes == 1
    event = new_event(calendar, "Budget")
    assert event.save()
    notification = subscriber.next()
    assert notification["subscriptionId"] == made["id"]
    assert notification["clientState"] == "between us"
    assert notification["resourceData"]["id"] == event.object_id

    later = datetime.now(UTC) + timedelta(days=3)
    renewed = subscriptions.renew_subscription(made["id"], expiration_datetime=later)
    assert renewed["expirationDateTime"] > made["expirationDateTime"]
    assert [s["id"] for s in subscriptions.list_subscriptions()] == [made["id"]]
    assert subscriptions.delete_subscription(made["id"])
    assert list(subscriptions.list_subscriptions()) == []


@covers("clients.o365")
def test_throttled_request_is_repeated_by_itself(microsoft: Microsoft, calendar: Any) -> None:
    microsoft.sandbox.fault(status=429, retry_after=1, method="GET", times=1)
    assert subjects(calendar.get_events(include_recurring=False)) == []
    answers = microsoft.sandbox.control("GET", "requests")["value"]
    assert [entry["status"] for entry in answers[-2:]] == [429, 200]
