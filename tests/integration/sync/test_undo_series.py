"""Runs that wrote series are taken back: whole ones as any event, single dates by edits."""

from datetime import date
from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence
from leansoft.calendars.domain.series import split_series
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import overrides_of
from leansoft.calendars.queries import events_for
from leansoft.events.fields import AS_SERIES, Field, Value, Values
from leansoft.kit import clock
from leansoft.sync.undo.dates import FOLLOW
from support.company import WHEN, Company
from support.undoing import nothing_follows, reasons, take_back

ANA = "ana@elsewhere.org"
WEEKLY = {**WHEN, "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=5"}
DAILY = {**WHEN, "rrule": "FREQ=DAILY;COUNT=4"}


@pytest.fixture
def started(company: Company, alice: User) -> Company:
    company.start(alice)
    return company


def only() -> Event:
    return Event.objects.get()


def slots(company: Company, user: User) -> list[tuple[str, str]]:
    """Day and subject of each date that Outlook shows."""
    return sorted((one["start"]["dateTime"][:13], one["subject"]) for one in view(company, user))


def view(company: Company, user: User) -> list[dict[str, Any]]:
    window = "startDateTime=2030-03-01T00:00:00Z&endDateTime=2030-05-01T00:00:00Z&$top=100"
    found: list[dict[str, Any]] = company.outlook(user).ask("GET", f"/me/calendarView?{window}")[
        "value"
    ]
    return found


def test_a_series_created_in_outlook_is_deleted_there_and_made_again(
    started: Company, alice: User
) -> None:
    started.create(alice, "Tea", ANA, when=WEEKLY)
    run = started.sync(alice)
    there = slots(started, alice)
    undo = take_back(started, run)["run"]
    assert (slots(started, alice), only().rrule) == ([], WEEKLY["rrule"])
    nothing_follows(started, alice)
    take_back(started, undo)
    assert slots(started, alice) == there
    nothing_follows(started, alice)


def test_a_series_that_came_in_leaves_and_comes_back(started: Company, alice: User) -> None:
    pattern = {"type": "daily", "interval": 1}
    span = {"type": "numbered", "startDate": "2030-03-04", "numberOfOccurrences": 3}
    started.outlook(alice).create("Tea", recurrence={"pattern": pattern, "range": span})
    run = started.sync(alice)
    undo = take_back(started, run)["run"]
    assert (only().is_archived, len(slots(started, alice))) == (True, 3)
    nothing_follows(started, alice)
    take_back(started, undo)
    assert (only().is_archived, only().rrule) == (False, "FREQ=DAILY;COUNT=3")
    nothing_follows(started, alice)


def test_a_rule_goes_back_on_both_sides(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea", when=WEEKLY)
    started.sync(alice)
    before = slots(started, alice)
    started.edit(event, alice, when=DAILY, subject="Coffee")
    take_back(started, started.sync(alice))
    assert (only().rrule, only().subject) == (WEEKLY["rrule"], "Tea")
    assert slots(started, alice) == before
    nothing_follows(started, alice)


def test_a_series_goes_back_to_a_single_event(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea")
    started.sync(alice)
    started.edit(event, alice, when=DAILY)
    take_back(started, started.sync(alice))
    assert (only().rrule, len(slots(started, alice))) == ("", 1)
    nothing_follows(started, alice)


def test_what_changed_on_single_dates_goes_back_and_forth(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea", when=DAILY)
    started.sync(alice)
    before = slots(started, alice)
    change(event, alice, date(2030, 3, 5), {Field.SUBJECT: "Other", Field.SHOW_AS: "free"})
    change(event, alice, date(2030, 3, 6), {Field.WHEN: at(6, 14)})
    run = started.sync(alice)
    after = slots(started, alice)
    undo = take_back(started, run)["run"]
    assert (slots(started, alice), overrides_of(only())) == (before, {})
    nothing_follows(started, alice)
    take_back(started, undo)
    assert slots(started, alice) == after
    nothing_follows(started, alice)


def test_a_date_changed_in_outlook_goes_back(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea", when=DAILY)
    change(event, alice, date(2030, 3, 5), {Field.SUBJECT: "Mine"})
    started.sync(alice)
    before = slots(started, alice)
    rename(started, alice, "Mine", "Theirs")
    rename(started, alice, "Tea", "Also theirs")
    run = started.sync(alice)
    change(event, alice, date(2030, 3, 4), {Field.SUBJECT: "Later"})
    started.sync(alice)
    preview = take_back(started, run)
    assert reasons(preview) == ["On 4 March 2030: The subject was changed again since, and stays."]
    assert slots(started, alice) == [("2030-03-04T08", "Later"), *before[1:]]
    nothing_follows(started, alice)


def test_what_stood_on_dates_is_said_to_go_with_the_times(started: Company, alice: User) -> None:
    started.sandbox.control("PUT", "switches", {"series_change_drops_exceptions": "always"})
    event = started.create(alice, "Tea", when=DAILY)
    started.sync(alice)
    later = {"start": "2030-03-04T12:00:00Z", "end": "2030-03-04T13:00:00Z"}
    started.edit(event, alice, when={**DAILY, **later})
    run = started.sync(alice)
    change(only(), alice, date(2030, 3, 5), {Field.SUBJECT: "Other"})
    started.sync(alice)
    preview = take_back(started, run)
    lost = preview["run"].actions.get(occurrence=date(2030, 3, 5))
    assert (lost.before, lost.after) == ({"subject": "Other"}, {"subject": AS_SERIES})
    assert FOLLOW in reasons(preview)
    # Its own undo brings the times, and not the name.
    assert FOLLOW in reasons(take_back(started, preview["run"]))
    assert {subject for _, subject in slots(started, alice)} == {"Tea"}
    nothing_follows(started, alice)


def test_a_date_that_kept_its_name_is_as_the_series_again(started: Company, alice: User) -> None:
    started.sandbox.control("PUT", "switches", {"exceptions_follow_master": False})
    event = started.create(alice, "Tea", ANA, when=DAILY)
    change(event, alice, date(2030, 3, 5), {Field.WHEN: at(5, 14)})
    started.sync(alice)
    before = slots(started, alice)
    started.edit(only(), alice, subject="Coffee")
    run = started.sync(alice)
    after = slots(started, alice)
    assert after[1] == ("2030-03-05T14", "Tea")
    preview = take_back(started, run)
    assert lines_there(preview) == [("updated", None, [(ANA, True), (ANA, True)])]
    assert (slots(started, alice), reasons(preview)[1:]) == (before, [])
    # Outlook may keep this name by itself, so that there is nothing to write.
    preview = take_back(started, preview["run"])
    assert lines_there(preview) == [
        ("updated", None, [(ANA, True), (ANA, True)]),
        ("updated", "2030-03-05", [(ANA, False)]),
    ]
    assert slots(started, alice) == after
    nothing_follows(started, alice)


def lines_there(preview: dict[str, Any]) -> list[tuple[str, str | None, list[tuple[str, bool]]]]:
    """What would be written in Outlook: kind, date, and whether each mail is sure."""
    return [
        (line["kind"], line["date"], [(mail["to"], mail["certain"]) for mail in line["mails"]])
        for line in preview["actions"]
        if line["side"] == "outlook"
    ]


def change(event: Event, by: User, day: date, values: Values) -> None:
    edit_occurrence(event, day, by=by, values=values, now=clock.now())


def at(day: int, hour: int) -> Value:
    start, end = f"2030-03-{day:02}T{hour}:00:00Z", f"2030-03-{day:02}T{hour + 1}:00:00Z"
    return {"start": start, "end": end, "zone": "Europe/Paris", "all_day": False}


def rename(company: Company, user: User, old: str, new: str) -> None:
    """The first date of that name, in Outlook."""
    outlook = company.outlook(user)
    found = sorted(view(company, user), key=lambda one: str(one["start"]["dateTime"]))
    one = next(one for one in found if one["subject"] == old)
    outlook.ask("PATCH", f"/me/events/{one['id']}", {"subject": new})


def test_a_split_goes_back_to_one_series_and_is_made_again(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea", ANA, when=WEEKLY)
    started.sync(alice)
    before = slots(started, alice)
    values = {Field.SUBJECT: "Coffee"}
    split_series(event, date(2030, 3, 18), by=alice, values=values, now=clock.now())
    run = started.sync(alice)
    after = slots(started, alice)
    preview = take_back(started, run)
    assert slots(started, alice) == before
    assert on_the_calendar(alice) == [("Tea", WEEKLY["rrule"])]
    assert (
        "Its dates are in the series again from which it was split, so it goes to the archive."
        in reasons(preview)
    )
    nothing_follows(started, alice)
    take_back(started, preview["run"])
    assert slots(started, alice) == after
    assert [subject for subject, _ in on_the_calendar(alice)] == ["Coffee", "Tea"]
    nothing_follows(started, alice)


def test_what_was_cut_off_comes_back_as_it_was(started: Company, alice: User) -> None:
    event = started.create(alice, "Tea", when=WEEKLY)
    change(event, alice, date(2030, 3, 25), {Field.SUBJECT: "Last but one"})
    started.sync(alice)
    before = slots(started, alice)
    master = started.outlook(alice).event("Tea")
    reach = {**master["recurrence"]["range"], "type": "numbered", "numberOfOccurrences": 2}
    started.outlook(alice).update(
        "Tea", recurrence={"pattern": master["recurrence"]["pattern"], "range": reach}
    )
    preview = take_back(started, started.sync(alice))
    assert (slots(started, alice), reasons(preview)) == (before, [])
    nothing_follows(started, alice)


def test_a_date_is_not_doubled_where_the_old_pattern_comes_back(
    started: Company, alice: User
) -> None:
    event = started.create(alice, "Tea", when=DAILY)
    started.sync(alice)
    delete_occurrence(event, date(2030, 3, 5), by=alice, now=clock.now())
    started.outlook(alice).update("Tea", subject="Renamed")
    started.edit(event, alice, when={**DAILY, "rrule": "FREQ=DAILY;COUNT=6"})
    started.edit(event, alice, when=WEEKLY)
    preview = take_back(started, started.sync(alice))
    days = [day for day, _ in slots(started, alice)]
    assert len(days) == len(set(days)), reasons(preview)
    nothing_follows(started, alice)


def on_the_calendar(user: User) -> list[tuple[str, str]]:
    return sorted(events_for(user).values_list("subject", "rrule"))
