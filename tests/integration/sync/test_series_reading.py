"""Series are read whole, whatever pages show of them: far zones, days, changes between pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import overrides_of
from leansoft.connections.calendar import open_calendar
from leansoft.events.fields import Field, Value
from leansoft.graph.calendar import Calendar, DeltaPage, Page
from leansoft.graph.codec import Kind
from leansoft.kit import clock
from leansoft.sync.models import EventLink
from leansoft.sync.read.pull import pull
from leansoft.sync.state.trees import remote_event
from support.company import Company
from support.dates import again, edit_date, take_out
from support.mondays import MONDAYS, WEEKLY, in_step, instance, moved, shown
from support.outlook import OutlookUser

ZONES = {
    "Pacific/Auckland": ("2030-03-03T19:00:00Z", date(2030, 3, 4)),
    "Pacific/Kiritimati": ("2030-03-03T11:00:00Z", date(2030, 3, 4)),
    "Pacific/Honolulu": ("2030-03-05T06:00:00Z", date(2030, 3, 4)),
    # Half past midnight, while summer time begins.
    "Europe/London": ("2030-03-28T00:30:00Z", date(2030, 3, 28)),
}
ODDITIES = [
    {
        "delta_masters": masters,
        "delta_stubs": stubs,
        "delta_removed_for_deleted_occurrence": removed,
        "delta_series_tombstones": "all",
    }
    for masters, stubs, removed in product([True, False], repeat=3)
]


def an_hour(start: str, zone: str, rule: str) -> Value:
    end = (datetime.fromisoformat(start) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"start": start, "end": end, "zone": zone, "all_day": False, "rrule": rule}


def view(outlook: OutlookUser, start: str, end: str) -> list[dict[str, Any]]:
    window = f"startDateTime={start}T00:00:00Z&endDateTime={end}T00:00:00Z&$top=100"
    found = outlook.ask("GET", f"/me/calendarView?{window}")["value"]
    return sorted(found, key=lambda one: str(one["start"]["dateTime"]))


@pytest.mark.parametrize("zone", ZONES)
def test_dates_keep_their_names_in_zones_far_from_utc(
    company: Company, alice: User, zone: str
) -> None:
    start, first = ZONES[zone]
    company.start(alice)
    when = an_hour(start, zone, "FREQ=DAILY;COUNT=8")
    event = company.create(alice, "Standup", when=when)
    company.sync(alice)
    days = [first + timedelta(days=n) for n in range(8)]
    take_out(event, days[2], alice)
    company.sync(alice)
    outlook = company.outlook(alice)
    there = view(outlook, "2030-03-01", "2030-04-30")
    assert len(there) == 7
    outlook.ask("DELETE", f"/me/events/{there[4]['id']}")
    outlook.ask("PATCH", f"/me/events/{there[6]['id']}", {"subject": "Last"})
    edit_date(event, days[0], alice, subject="First")
    company.sync(alice)
    assert again(event).excluded == [days[2], days[5]]
    assert overrides_of(again(event)) == {
        days[0]: {Field.SUBJECT: "First"},
        days[7]: {Field.SUBJECT: "Last"},
    }
    in_step(company, alice)


def test_days_of_an_all_day_series_are_days(company: Company, alice: User) -> None:
    company.start(alice)
    rule = "FREQ=WEEKLY;BYDAY=MO;UNTIL=20300325"
    when = {"start": "2030-03-04", "end": "2030-03-05", "zone": None, "all_day": True}
    event = company.create(alice, "Off", when={**when, "rrule": rule})
    company.sync(alice)
    take_out(event, MONDAYS[1], alice)
    two_days = {**when, "start": "2030-03-19", "end": "2030-03-21"}
    edit_date(event, MONDAYS[2], alice, when=two_days)
    company.sync(alice)
    outlook = company.outlook(alice)
    starts = [start for start, _ in shown(outlook)]
    assert starts == ["2030-03-04T00:00", "2030-03-19T00:00", "2030-03-25T00:00"]
    outlook.ask("DELETE", f"/me/events/{instance(outlook, '2030-03-25')['id']}")
    company.sync(alice)
    assert again(event).excluded == [MONDAYS[1], MONDAYS[3]]
    in_step(company, alice)


def test_a_date_that_was_moved_far_is_found_again(company: Company, alice: User) -> None:
    company.start(alice)
    event = company.create(alice, "Standup", when=WEEKLY)
    company.sync(alice)
    edit_date(event, MONDAYS[1], alice, when=moved(15, 14))
    company.sync(alice)
    edit_date(event, MONDAYS[1], alice, subject="Big")
    company.sync(alice)
    assert ("2030-03-15T14:00", "Big") in shown(company.outlook(alice))
    in_step(company, alice)


@pytest.mark.parametrize("oddities", ODDITIES, ids=str)
def test_a_date_taken_out_in_outlook_is_noticed_however_delta_tells(
    company: Company, alice: User, oddities: dict[str, Any]
) -> None:
    company.sandbox.control("PUT", "switches", oddities)
    company.start(alice)
    first = (clock.now() + timedelta(days=7)).date()
    when = an_hour(f"{first}T08:00:00Z", "UTC", "FREQ=DAILY;COUNT=3")
    event = company.create(alice, "Standup", when=when)
    company.sync(alice)
    outlook, second = company.outlook(alice), first + timedelta(days=1)
    (there,) = view(outlook, str(second), str(second + timedelta(days=1)))
    outlook.ask("DELETE", f"/me/events/{there['id']}")
    company.sync(alice)
    assert again(event).excluded == [second]
    in_step(company, alice)


def test_a_series_that_changes_between_two_pages_is_read_after_the_last(
    company: Company, alice: User
) -> None:
    company.start(alice)
    first = (clock.now() + timedelta(days=7)).date()
    when = an_hour(f"{first}T08:00:00Z", "UTC", "FREQ=DAILY;COUNT=3")
    company.create(alice, "Standup", when=when)
    company.sync(alice)
    outlook, mailbox = company.outlook(alice), company.mailbox(alice)
    outlook.update("Standup", subject="Round")
    calendar = open_calendar(mailbox)
    between = TwoPages(calendar, lambda: outlook.update("Round", subject="Assembly"))
    pull(mailbox, between, now=clock.now(), report=lambda *_: None)
    company.sync(alice)
    assert Event.objects.get().subject == "Assembly"
    in_step(company, alice)


class TwoPages(Calendar):
    """What is new comes on two pages; something happens before the second."""

    def __init__(self, calendar: Calendar, happens: Callable[[], None]) -> None:
        super().__init__(calendar._send)
        self._happens = happens
        self._pages = 0

    def delta(self, link: str | None = None, *, start: datetime, end: datetime) -> DeltaPage:
        self._pages += 1
        if self._pages == 2:
            self._happens()
        page = super().delta(link, start=start, end=end)
        if self._pages > 1:
            return page
        return replace(page, next_link=page.delta_link, delta_link=None)


def test_what_fell_between_two_pages_of_the_list_is_asked_for(
    company: Company, alice: User
) -> None:
    mailbox, outlook = company.connect(alice), company.outlook(alice)
    first = (clock.now() + timedelta(days=7)).date()
    hour = {edge: {"dateTime": f"{first}T09:00:00", "timeZone": "UTC"} for edge in ("start", "end")}
    daily = {
        "pattern": {"type": "daily", "interval": 1},
        "range": {"type": "numbered", "startDate": str(first), "numberOfOccurrences": 3},
    }
    outlook.create("Lunch", **hour)
    outlook.create("Standup", **hour, recurrence=daily)
    calendar = Gaps(open_calendar(mailbox))
    pull(mailbox, calendar, now=clock.now(), report=lambda *_: None)
    seen = [remote_event(link) for link in EventLink.objects.filter(mailbox=mailbox)]
    names = {one.values[Field.SUBJECT]: one.kind for one in seen if one is not None}
    assert names == {"Lunch": Kind.SINGLE, "Standup": Kind.MASTER}


class Gaps(Calendar):
    """Its list shows nothing of what there is."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__(calendar._send)

    def list_events(self, next_link: str | None = None) -> Page:
        return replace(super().list_events(next_link), events=[])
