"""A series with more changed dates than anybody should have."""

from leansoft.accounts.models import User
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import overrides_of
from support.company import Company
from support.mondays import in_step

MANY = 120


def test_many_changed_dates_come_in_together(company: Company, alice: User) -> None:
    company.start(alice)
    outlook = company.outlook(alice)
    reach = {"type": "numbered", "startDate": "2030-03-04", "numberOfOccurrences": MANY}
    recurrence = {"pattern": {"type": "daily", "interval": 1}, "range": reach}
    outlook.create("Standup", recurrence=recurrence)
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
