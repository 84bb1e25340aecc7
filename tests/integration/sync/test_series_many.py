"""A series with more changed dates than anybody should have; many series that change at once."""

from datetime import timedelta
from typing import Any

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import overrides_of
from leansoft.kit import clock
from support.company import Company
from support.mondays import in_step

MANY = 120
SERIES = [f"Standup {number}" for number in range(20)]


def daily(count: int, *, since: str = "2030-03-04") -> dict[str, Any]:
    reach = {"type": "numbered", "startDate": since, "numberOfOccurrences": count}
    return {"pattern": {"type": "daily", "interval": 1}, "range": reach}


def test_many_changed_dates_come_in_together(company: Company, alice: User) -> None:
    company.start(alice)
    outlook = company.outlook(alice)
    outlook.create("Standup", recurrence=daily(MANY))
    window = "startDateTime=2030-03-01T00:00:00Z&endDateTime=2030-12-01T00:00:00Z&$top=500"
    there = outlook.ask("GET", f"/me/calendarView?{window}")["value"]
    for number, one in enumerate(there):
        change = {"subject": f"Number {number}"}
        if number % 10 == 9:
            outlook.ask("DELETE", f"/me/events/{one['id']}")
        else:
            outlook.ask("PATCH", f"/me/events/{one['id']}", change)
    run = company.sync(alice)
    event = Event.objects.get()
    assert (len(overrides_of(event)), len(event.excluded)) == (MANY - 12, 12)
    # One row for each date in the history, and for the series.
    assert run.actions.count() == MANY + 1
    in_step(company, alice)


def test_many_series_that_changed_cost_two_round_trips(company: Company, alice: User) -> None:
    company.start(alice)
    outlook = company.outlook(alice)
    # Only dates of the coming year are in the delta.
    soon = str((clock.now() + timedelta(days=1)).date())
    times = {
        edge: {"dateTime": f"{soon}T{hour}:00:00", "timeZone": "Europe/Paris"}
        for edge, hour in (("start", "09"), ("end", "10"))
    }
    for name in SERIES:
        outlook.create(name, recurrence=daily(40, since=soon), **times)
    company.sync(alice)
    for name in SERIES:
        outlook.update(name, subject=f"{name}, new")
    company.sandbox.control("DELETE", "requests")
    company.sync(alice)
    ledger = company.sandbox.control("GET", "requests")["value"]
    trips = [entry["path"] for entry in ledger if entry["batch_of"] is None]
    assert trips == ["/v1.0/me/calendarView/delta", "/v1.0/$batch"]
    assert {event.subject for event in Event.objects.all()} == {f"{n}, new" for n in SERIES}
