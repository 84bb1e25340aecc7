"""Series: one rule on both sides, and each date that differs, both ways."""

from datetime import date

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import overrides_of
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.sync.models import EventLink
from support.company import Company
from support.mondays import MONDAYS, PATTERN, RANGE, WEEKLY, in_step, instance, moved, shown


@pytest.fixture
def series(company: Company, alice: User) -> Event:
    """Four Mondays, in step."""
    company.start(alice)
    event = company.create(alice, "Standup", when=WEEKLY)
    company.sync(alice)
    event.refresh_from_db()
    return event


def test_a_series_made_here_is_one_series_there(
    company: Company, alice: User, series: Event
) -> None:
    (master,) = company.outlook(alice).events()
    assert master["type"] == "seriesMaster"
    assert master["recurrence"]["pattern"]["type"] == "weekly"
    assert master["recurrence"]["range"]["numberOfOccurrences"] == 4
    # Summer time begins on 31 March: the fourth Monday is still at 8:00 UTC.
    assert shown(company.outlook(alice)) == [
        (f"2030-03-{day.day:02}T08:00", "Standup") for day in MONDAYS
    ]
    in_step(company, alice)


def test_a_series_made_there_comes_in_whole(company: Company, alice: User) -> None:
    company.start(alice)
    outlook = company.outlook(alice)
    outlook.create("Standup", recurrence={"pattern": PATTERN, "range": RANGE})
    outlook.ask("DELETE", f"/me/events/{instance(outlook, '2030-03-11')['id']}")
    outlook.ask("PATCH", f"/me/events/{instance(outlook, '2030-03-18')['id']}", {"subject": "Big"})
    company.sync(alice)
    event = Event.objects.get()
    assert event.rrule == "FREQ=WEEKLY;BYDAY=MO;COUNT=4"
    assert event.excluded == [date(2030, 3, 11)]
    assert overrides_of(event) == {date(2030, 3, 18): {Field.SUBJECT: "Big"}}
    in_step(company, alice)


def test_a_moved_date_goes_to_outlook_and_the_others_stay(
    company: Company, alice: User, series: Event
) -> None:
    values = {Field.WHEN: moved(12, 14), Field.SUBJECT: "Late"}
    edit_occurrence(series, MONDAYS[1], by=alice, values=values, now=clock.now())
    company.sync(alice)
    assert shown(company.outlook(alice)) == [
        ("2030-03-04T08:00", "Standup"),
        ("2030-03-12T14:00", "Late"),
        ("2030-03-18T08:00", "Standup"),
        ("2030-03-25T08:00", "Standup"),
    ]
    in_step(company, alice)


def test_a_date_moved_there_comes_in(company: Company, alice: User, series: Event) -> None:
    outlook = company.outlook(alice)
    change = {
        "start": {"dateTime": "2030-03-12T15:00:00", "timeZone": "Europe/Paris"},
        "end": {"dateTime": "2030-03-12T16:00:00", "timeZone": "Europe/Paris"},
    }
    outlook.ask("PATCH", f"/me/events/{instance(outlook, '2030-03-11')['id']}", change)
    company.sync(alice)
    series.refresh_from_db()
    assert overrides_of(series) == {MONDAYS[1]: {Field.WHEN: moved(12, 14)}}
    in_step(company, alice)


def test_a_date_taken_out_here_goes_there(company: Company, alice: User, series: Event) -> None:
    delete_occurrence(series, MONDAYS[2], by=alice, now=clock.now())
    company.sync(alice)
    assert [start for start, _ in shown(company.outlook(alice))] == [
        "2030-03-04T08:00",
        "2030-03-11T08:00",
        "2030-03-25T08:00",
    ]
    in_step(company, alice)


def test_a_new_name_for_the_series_and_one_for_a_date_never_conflict(
    company: Company, alice: User, series: Event
) -> None:
    outlook = company.outlook(alice)
    outlook.ask("PATCH", f"/me/events/{instance(outlook, '2030-03-11')['id']}", {"subject": "Big"})
    company.edit(series, alice, subject="Round")
    company.sync(alice)
    series.refresh_from_db()
    assert series.subject == "Round"
    assert overrides_of(series) == {MONDAYS[1]: {Field.SUBJECT: "Big"}}
    assert [name for _, name in shown(outlook)] == ["Round", "Big", "Round", "Round"]
    in_step(company, alice)


@pytest.mark.parametrize("drops", ["always", "pattern", "never"])
def test_a_new_time_drops_what_was_changed_on_dates(
    company: Company, alice: User, series: Event, drops: str
) -> None:
    company.sandbox.control("PUT", "switches", {"series_change_drops_exceptions": drops})
    values = {Field.SUBJECT: "Late"}
    edit_occurrence(series, MONDAYS[1], by=alice, values=values, now=clock.now())
    company.sync(alice)
    series.refresh_from_db()
    later = {**WEEKLY, "start": "2030-03-04T10:00:00Z", "end": "2030-03-04T11:00:00Z"}
    company.edit(series, alice, when=later)
    company.sync(alice)
    series.refresh_from_db()
    starts = [start for start, _ in shown(company.outlook(alice))]
    assert starts == [f"2030-03-{day.day:02}T10:00" for day in MONDAYS]
    kept = {MONDAYS[1]: {Field.SUBJECT: "Late"}} if drops != "always" else {}
    assert overrides_of(series) == kept
    in_step(company, alice)


def test_a_series_is_deleted_whole(company: Company, alice: User, series: Event) -> None:
    company.outlook(alice).delete("Standup")
    company.sync(alice)
    series.refresh_from_db()
    assert series.is_archived
    assert EventLink.objects.get().state == EventLink.State.GONE
    in_step(company, alice)
