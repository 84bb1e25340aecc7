"""Many rows in one statement."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.models import Event, Participant
from leansoft.kit.rows import insert_rows, update_rows

NOON = datetime(2026, 11, 24, 12, 0, 0, 123_456, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def event(**values: Any) -> Event:
    edges = ("starts_at", "ends_at", "span_starts_at", "span_ends_at")
    return Event(**{**dict.fromkeys(edges, NOON), **values})


def test_rows_are_as_when_each_is_saved_alone(alice: User) -> None:
    made = event(
        subject="Ünïcode “quoted” \\ back",
        description='{"a": [1, 2]}\nline',
        excluded=[date(2026, 12, 1), date(2026, 12, 8)],
        ical_uids=["a,b", 'c"d', "{e}"],
        edited_at={"subject": "2026-11-24T12:00:00Z"},
        online_meeting_url=None,
    )
    person = Participant(
        event=made, user=alice, email=alice.email, is_organizer=True, reminder_on=False
    )
    guest = Participant(event=made, email="ana@elsewhere.org", categories=["Red"], proposed=None)
    insert_rows([made])
    insert_rows([person, guest])
    assert Event.objects.values().get() == {
        field.attname: getattr(made, field.attname) for field in Event._meta.concrete_fields
    }
    kept = [
        {field.attname: getattr(row, field.attname) for field in Participant._meta.concrete_fields}
        for row in (person, guest)
    ]
    assert list(Participant.objects.values()) == kept
    person.name = "Alice"
    person.save()
    assert Participant.objects.get(pk=person.pk).name == "Alice"


def test_each_row_takes_its_own_values_and_only_the_fields_named() -> None:
    rows = [event(subject=name) for name in ("one", "two", "three")]
    insert_rows(rows)
    for number, row in enumerate(rows[:2]):
        row.subject, row.version = f"not saved {number}", number + 7
        row.ical_uids, row.edited_at = [f"uid-{number}"], {"when": str(number)}
    update_rows(rows[:2], ["version", "ical_uids", "edited_at"])
    found = Event.objects.order_by("version").values_list(
        "subject", "version", "ical_uids", "edited_at"
    )
    assert list(found) == [
        ("three", 1, [], {}),
        ("one", 7, ["uid-0"], {"when": "0"}),
        ("two", 8, ["uid-1"], {"when": "1"}),
    ]


def test_nothing_to_write_asks_the_database_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_rows([])
        update_rows([], ["subject"])
