"""Four Mondays in March 2030: what tests of series stand on."""

from datetime import date
from typing import Any

from leansoft.accounts.models import User
from leansoft.events.fields import Value
from support.company import Company
from support.outlook import OutlookUser

MONDAYS = [date(2030, 3, day) for day in (4, 11, 18, 25)]
WEEKLY = {
    "start": "2030-03-04T08:00:00Z",
    "end": "2030-03-04T09:00:00Z",
    "zone": "Europe/Paris",
    "all_day": False,
    "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=4",
}
PATTERN = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
RANGE = {"type": "numbered", "startDate": "2030-03-04", "numberOfOccurrences": 4}


def moved(day: int, hour: int) -> Value:
    return {
        "start": f"2030-03-{day:02}T{hour:02}:00:00Z",
        "end": f"2030-03-{day:02}T{hour + 1:02}:00:00Z",
        "zone": "Europe/Paris",
        "all_day": False,
    }


def shown(outlook: OutlookUser) -> list[tuple[str, str]]:
    """What Outlook's calendar shows in that month: (start in UTC, subject)."""
    window = "startDateTime=2030-03-01T00:00:00Z&endDateTime=2030-04-30T00:00:00Z&$top=100"
    found = outlook.ask("GET", f"/me/calendarView?{window}")["value"]
    return sorted((one["start"]["dateTime"][:16], one["subject"]) for one in found)


def instance(outlook: OutlookUser, day: str) -> dict[str, Any]:
    window = "startDateTime=2030-03-01T00:00:00Z&endDateTime=2030-04-30T00:00:00Z&$top=100"
    found = outlook.ask("GET", f"/me/calendarView?{window}")["value"]
    (one,) = [one for one in found if (one.get("originalStart") or "").startswith(day)]
    return dict(one)


def in_step(company: Company, user: User) -> None:
    """A further round finds nothing to do."""
    run = company.sync(user)
    assert list(run.actions.values_list("kind", "subject", "occurrence")) == []
