"""What people do to events. Alice organizes, Bob attends, Charlie is outside."""

from datetime import UTC, datetime
from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.errors import (
    Invalid,
    Locked,
    NotAllowed,
    NotArchived,
    StaleVersion,
)
from leansoft.calendars.domain.events import (
    archive_event,
    create_event,
    delete_forever,
    edit_event,
    respond,
    unarchive_event,
)
from leansoft.calendars.models import Channel, Event
from leansoft.calendars.permissions import sees_content
from leansoft.calendars.queries import events_for, overlapping
from leansoft.events.fields import Field, Response, Sensitivity, Values

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
WHEN = {
    "start": "2026-12-01T08:00:00Z",
    "end": "2026-12-01T09:00:00Z",
    "zone": "Europe/Paris",
    "all_day": False,
}


def person(email: str | None, name: str = "") -> dict[str, Any]:
    return {"email": email, "name": name, "type": "required"}


@pytest.fixture
def meeting(alice: User, bob: User) -> Event:
    people = [person("bob@example.com", "Bob"), person("ext@example.org", "Ext")]
    return create_event(alice, values=values(attendees=people), now=NOW)


def values(*, attendees: list[dict[str, Any]] | None = None, **other: Any) -> Values:
    given: dict[Field, Any] = {Field.WHEN: WHEN, Field.SUBJECT: "Tea"}
    if attendees is not None:
        given[Field.ATTENDEES] = attendees
    return {**given, **{Field(name): value for name, value in other.items()}}


def emails(event: Event) -> list[str | None]:
    return [p.email for p in event.attendees]


def test_create_recognises_colleagues_among_the_attendees(meeting: Event, bob: User) -> None:
    colleague, outsider = meeting.attendees
    assert (colleague.user, outsider.user) == (bob, None)
    assert {p.channel for p in meeting.attendees} == {Channel.OUTLOOK}


def test_create_keeps_a_person_without_an_address_from_outlook(alice: User) -> None:
    event = create_event(alice, values=values(attendees=[person(None, "Zoë")]), now=NOW)
    assert [p.channel for p in event.attendees] == [Channel.NONE]


def test_create_takes_the_organizers_default_reminder(alice: User) -> None:
    event = create_event(alice, values=values(), now=NOW)
    assert (event.organizer.reminder_on, event.organizer.reminder_minutes) == (True, 15)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"when": {**WHEN, "end": "2026-12-01T07:59:00Z"}}, "end"),
        (
            {"when": {"start": "2026-12-01", "end": "2026-12-01", "zone": None, "all_day": True}},
            "end",
        ),
        ({"subject": "x" * 256}, "subject"),
    ],
)
def test_create_refuses_what_cannot_be(alice: User, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        create_event(alice, values=values(**change), now=NOW)
    assert refusal.value.field == field
    assert not Event.objects.exists()


def test_edit_changes_only_what_differs(meeting: Event, alice: User) -> None:
    edited = edit_event(meeting, by=alice, values=values(subject="Coffee"), now=NOW)
    assert (edited.subject, edited.version) == ("Coffee", 2)
    again = edit_event(edited, by=alice, values=values(subject="Coffee"), now=NOW)
    assert again.version == 2


def test_edit_keeps_the_answer_of_those_who_stay(meeting: Event, alice: User, bob: User) -> None:
    respond(meeting, by=bob, response=Response.ACCEPTED, now=NOW)
    people = [person("bob@example.com"), person("new@example.org")]
    edited = edit_event(meeting, by=alice, values={Field.ATTENDEES: people}, now=NOW)
    assert emails(edited) == ["bob@example.com", "new@example.org"]
    assert edited.attendees[0].response == Response.ACCEPTED


def test_attendee_may_change_only_their_own_fields(meeting: Event, bob: User) -> None:
    edited = edit_event(meeting, by=bob, values={Field.SHOW_AS: "free"}, now=NOW)
    assert edited.attendees[0].show_as == "free"
    with pytest.raises(NotAllowed):
        edit_event(meeting, by=bob, values={Field.SUBJECT: "Mine"}, now=NOW)


def test_outsider_may_change_nothing(meeting: Event, charlie: User) -> None:
    for act in (edit_event,):
        with pytest.raises(NotAllowed):
            act(meeting, by=charlie, values={Field.SHOW_AS: "free"}, now=NOW)
    with pytest.raises(NotAllowed):
        archive_event(meeting, by=charlie, now=NOW)


def test_edit_of_an_old_version_is_refused(meeting: Event, alice: User) -> None:
    edit_event(meeting, by=alice, values={Field.SUBJECT: "Coffee"}, now=NOW, version=1)
    with pytest.raises(StaleVersion):
        edit_event(meeting, by=alice, values={Field.SUBJECT: "Cocoa"}, now=NOW, version=1)


def test_locked_content_is_refused_and_own_fields_are_not(meeting: Event, alice: User) -> None:
    Event.objects.update(locked=True)
    with pytest.raises(Locked):
        edit_event(meeting, by=alice, values={Field.SUBJECT: "Coffee"}, now=NOW)
    assert edit_event(meeting, by=alice, values={Field.SHOW_AS: "free"}, now=NOW).version == 2


def test_archive_by_the_organizer_takes_it_off_every_calendar(
    meeting: Event, alice: User, bob: User
) -> None:
    archive_event(meeting, by=alice, now=NOW)
    assert list(events_for(alice)) == list(events_for(bob)) == []
    assert list(events_for(alice, archived=True)) == [meeting]


def test_archive_by_an_attendee_takes_off_only_them(meeting: Event, alice: User, bob: User) -> None:
    archive_event(meeting, by=bob, now=NOW)
    assert list(events_for(alice)) == [meeting]
    assert list(events_for(bob)) == []


def test_unarchive_begins_a_new_life(meeting: Event, alice: User) -> None:
    archived = archive_event(meeting, by=alice, now=NOW)
    back = unarchive_event(archived, by=alice)
    assert (back.archived_at, back.incarnation) == (None, 2)


def test_only_an_archived_event_is_removed_for_good(meeting: Event, alice: User) -> None:
    with pytest.raises(NotArchived):
        delete_forever(meeting, by=alice)
    delete_forever(archive_event(meeting, by=alice, now=NOW), by=alice)
    assert not Event.objects.exists()


def test_declining_takes_the_event_off_the_persons_calendar(meeting: Event, bob: User) -> None:
    respond(meeting, by=bob, response=Response.DECLINED, now=NOW)
    assert list(events_for(bob)) == []


def test_the_organizer_has_nothing_to_answer(meeting: Event, alice: User) -> None:
    with pytest.raises(NotAllowed):
        respond(meeting, by=alice, response=Response.ACCEPTED, now=NOW)


def test_outsiders_see_no_content_unless_it_is_shared(
    meeting: Event, alice: User, bob: User, charlie: User
) -> None:
    assert [sees_content(meeting, user) for user in (alice, bob, charlie)] == [True, True, False]
    User.objects.filter(pk=alice.pk).update(sharing=User.Sharing.DETAILS)
    assert sees_content(Event.objects.get(), charlie)


def test_private_content_is_never_shared(meeting: Event, alice: User, admin: User) -> None:
    User.objects.filter(pk=alice.pk).update(sharing=User.Sharing.DETAILS)
    Event.objects.update(sensitivity=Sensitivity.PRIVATE)
    assert not sees_content(Event.objects.get(), admin)


def test_overlapping_takes_what_touches_the_time(meeting: Event, alice: User) -> None:
    def found(start: int, end: int) -> bool:
        day = datetime(2026, 12, 1, tzinfo=UTC)
        first, last = day.replace(hour=start), day.replace(hour=end)
        return overlapping(events_for(alice), start=first, end=last).exists()

    assert [found(6, 8), found(8, 9), found(7, 23), found(9, 10)] == [False, True, True, False]
