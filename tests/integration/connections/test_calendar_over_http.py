"""The verbs of `Calendar` against the sandbox: what a mailbox does with what we send."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integration.connections.microsoft import Connect
from leansoft.accounts.models import User
from leansoft.connections.calendar import open_calendar
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field, Response, Value
from leansoft.events.normalise import quiet_block, same
from leansoft.graph.calendar import Calendar
from leansoft.graph.codec import Kind
from leansoft.graph.errors import (
    Conflict,
    DuplicateTransaction,
    MailboxUnavailable,
    NotFound,
    Refused,
    ResyncRequired,
    TransientError,
)
from support.outlook import Sandbox

pytestmark = pytest.mark.django_db

ALICE, BOB = "alice@contoso.example", "bob@contoso.example"
START, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC)
TIMED = {
    "start": "2026-12-01T08:00:00Z",
    "end": "2026-12-01T09:30:00Z",
    "zone": "Europe/Paris",
    "all_day": False,
}
ALL_DAY = {"start": "2026-12-24", "end": "2026-12-27", "zone": None, "all_day": True}
VALUES: dict[Field, Value] = {
    Field.SUBJECT: "Plan <the> year & more",
    Field.BODY: f"First line\n\n  * second, indented\nThird\n{quiet_block(['Ann', 'Ben'])}",
    Field.LOCATION: "Room 1",
    Field.WHEN: TIMED,
    Field.IMPORTANCE: "high",
    Field.SENSITIVITY: "private",
    Field.ATTENDEES: [{"email": BOB, "name": "Bob", "type": "optional"}],
    Field.SHOW_AS: "working_elsewhere",
    Field.REMINDER: "off",
    Field.CATEGORIES: ["Blue category", "Home"],
}


@pytest.fixture
def mailbox(connect: Connect, alice: User) -> Mailbox:
    return connect(alice, ALICE)


@pytest.fixture
def calendar(mailbox: Mailbox) -> Calendar:
    return open_calendar(mailbox)


def create(calendar: Calendar, name: str = "t-1", **changes: Any) -> Any:
    values = {**VALUES, **{Field(field): value for field, value in changes.items()}}
    return calendar.create(values, transaction_id=name, marker=f"m-{name}")


def differing(values: dict[Field, Value], seen: dict[Field, Value]) -> set[Field]:
    return {field for field, value in values.items() if not same(field, seen[field], value)}


@pytest.mark.parametrize("when", [TIMED, ALL_DAY])
def test_created_event_reads_back_as_it_was_sent(calendar: Calendar, when: Value) -> None:
    made = create(calendar, when=when)
    seen = calendar.get(made.id)
    assert differing({**VALUES, Field.WHEN: when}, seen.values) == set()
    assert differing({**VALUES, Field.WHEN: when}, made.values) == set()
    assert (seen.kind, seen.complete, seen.is_organizer) == (Kind.SINGLE, True, True)
    assert (seen.transaction_id, seen.marker) == ("t-1", "m-t-1")
    assert seen.organizer["email"] == ALICE
    assert (made.id, made.etag, made.ical_uid) == (seen.id, seen.etag, seen.ical_uid)


def test_repeated_create_makes_one_event(calendar: Calendar) -> None:
    first = create(calendar)
    try:
        again = create(calendar).id
    except DuplicateTransaction as duplicate:
        again = duplicate.existing_id
    assert again == first.id
    assert len(calendar.list_events().events) == 1


def test_transaction_of_another_event_names_it(calendar: Calendar) -> None:
    first = create(calendar)
    with pytest.raises(DuplicateTransaction) as caught:
        create(calendar, subject="Something else")
    # The id may come in the other format; the event it names has the one that we asked for.
    assert calendar.get(caught.value.existing_id or "").id == first.id


def test_event_is_found_by_its_marker(calendar: Calendar) -> None:
    made = create(calendar)
    create(calendar, "t-2")
    assert [event.id for event in calendar.find_by_marker("m-t-1")] == [made.id]
    assert calendar.find_by_marker("m-t-3") == []


def test_listing_has_every_event_with_its_marker(calendar: Calendar) -> None:
    made = {create(calendar, f"t-{n}", attendees=[]).id: f"m-t-{n}" for n in range(3)}
    events = calendar.list_events().events
    assert {event.id: event.marker for event in events} == made
    assert all(event.complete for event in events)


def test_update_changes_only_what_it_names(calendar: Calendar) -> None:
    made = create(calendar)
    later = {**TIMED, "end": "2026-12-01T10:00:00Z"}
    changed = calendar.update(made.id, {Field.WHEN: later}, etag=made.etag)
    assert differing({**VALUES, Field.WHEN: later}, changed.values) == set()
    assert changed.etag != made.etag


def test_update_of_a_changed_event_is_a_conflict(calendar: Calendar) -> None:
    made = create(calendar)
    calendar.update(made.id, {Field.SUBJECT: "Newer"}, etag=made.etag)
    with pytest.raises(Conflict):
        calendar.update(made.id, {Field.SUBJECT: "Older"}, etag=made.etag)
    with pytest.raises(Conflict):
        calendar.delete(made.id, etag=made.etag)


def test_new_body_keeps_the_way_to_join(calendar: Calendar) -> None:
    made = calendar.get(create(calendar, online_meeting=True).id)
    url = made.values[Field.ONLINE_MEETING_URL]
    assert url.startswith("https://teams.microsoft.com/")
    assert same(Field.BODY, made.values[Field.BODY], VALUES[Field.BODY])
    changed = calendar.update(
        made.id, {Field.BODY: "New\ntext"}, etag=made.etag, html_base=made.html
    )
    assert changed.values[Field.BODY] == "New\ntext"
    assert changed.values[Field.ONLINE_MEETING_URL] == url
    assert changed.html
    assert url.split("?")[0] in changed.html


def test_changes_arrive_after_the_first_round(calendar: Calendar) -> None:
    kept, deleted = create(calendar), create(calendar, "t-2")
    first = calendar.delta(start=START, end=END)
    while first.delta_link is None:
        first = calendar.delta(first.next_link, start=START, end=END)
    calendar.update(kept.id, {Field.SUBJECT: "New"}, etag=kept.etag)
    calendar.delete(deleted.id)
    second = calendar.delta(first.delta_link, start=START, end=END)
    assert [event.id for event in second.changed] == [kept.id]
    assert second.changed[0].values[Field.SUBJECT] == "New"
    assert second.removed == [deleted.id]


def test_expired_cursor_asks_for_a_full_round(calendar: Calendar, microsoft: Sandbox) -> None:
    link = calendar.delta(start=START, end=END).delta_link
    microsoft.fault(kind="expire_delta_tokens", email=ALICE)
    with pytest.raises(ResyncRequired):
        calendar.delta(link, start=START, end=END)


def test_deleted_event_is_not_found(calendar: Calendar) -> None:
    made = create(calendar)
    calendar.delete(made.id, etag=made.etag)
    with pytest.raises(NotFound):
        calendar.get(made.id)
    with pytest.raises(NotFound):
        calendar.delete(made.id)


def test_attendee_answers_on_their_own_copy(
    calendar: Calendar, connect: Connect, bob: User
) -> None:
    theirs = open_calendar(connect(bob, BOB))
    made = create(calendar)
    [copy] = theirs.list_events().events
    assert (copy.is_organizer, copy.ical_uid) == (False, made.ical_uid)
    assert copy.organizer["email"] == ALICE
    assert copy.marker is None
    theirs.respond(copy.id, Response.ACCEPTED, comment="Gladly")
    assert theirs.get(copy.id).values[Field.RESPONSE] == "accepted"
    assert calendar.get(made.id).values[Field.TALLY] == {BOB: "accepted"}
    theirs.respond(copy.id, Response.DECLINED, send_response=False)
    with pytest.raises(NotFound):
        theirs.get(copy.id)
    assert calendar.get(made.id).values[Field.TALLY] == {BOB: "accepted"}


def test_organizer_has_nothing_to_answer(calendar: Calendar) -> None:
    made = create(calendar)
    with pytest.raises(Refused):
        calendar.respond(made.id, Response.ACCEPTED)


def test_throttled_mailbox_says_how_long(calendar: Calendar, microsoft: Sandbox) -> None:
    microsoft.fault(path="/me/events", status=429, code="ApplicationThrottled", retry_after=7)
    with pytest.raises(TransientError) as caught:
        calendar.list_events()
    assert (caught.value.retry_after, caught.value.outcome_unknown) == (7, False)


def test_lost_answer_leaves_the_outcome_open(calendar: Calendar, microsoft: Sandbox) -> None:
    microsoft.fault(method="POST", path="/me/events$", when="after", drop=True)
    with pytest.raises(TransientError) as caught:
        create(calendar)
    assert caught.value.outcome_unknown
    assert [event.marker for event in calendar.find_by_marker("m-t-1")] == ["m-t-1"]


def test_account_without_a_mailbox_is_no_calendar(calendar: Calendar, microsoft: Sandbox) -> None:
    microsoft.add_account(ALICE, mailbox=False)
    with pytest.raises(MailboxUnavailable):
        calendar.list_events()
