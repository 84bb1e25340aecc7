"""What the colleagues' Outlook calendars hold before anybody connects them."""

from dataclasses import dataclass
from datetime import date, timedelta

from leansoft.demo.people import DOMAIN, ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """`week` and `weekday` count from this week's Monday; `at` is None for an all-day event."""

    week: int
    weekday: int
    at: str | None = None
    until: str = ""
    days: int = 1
    of: str
    title: str
    more: tuple[tuple[str, str], ...] = ()


NOTED = (
    Noted(week=0, weekday=3, at="11:00", until="11:45", of="ada", title="Rent of the boathouse",
          more=(("location", "Town hall, room 210"), ("description", "Bring the old contract."))),
    Noted(week=1, weekday=2, at="18:00", until="19:30", of="ada", title="Parents’ evening",
          more=(("private", "on"), ("location", "School"))),
    Noted(week=1, weekday=4, at="19:00", until="21:00", of="ada", title="Dinner with Client & Co",
          more=(("attendees", "noor@client.example"), ("location", "Restaurant Fischmarkt"))),
    Noted(week=3, weekday=0, days=5, of="ada", title="On leave", more=(("show_as", "oof"),)),
    Noted(week=0, weekday=0, at="15:00", until="15:15", of="ada", title="Coffee round",
          more=(("repeat", "weekly"),)),
    Noted(week=0, weekday=2, at="11:00", until="12:00", of="ben", title="Harbour master’s visit",
          more=(("attendees", f"ada@{DOMAIN}"), ("location", "Pier 1"))),
    Noted(week=1, weekday=3, at="08:30", until="09:00", of="ben", title="Bicycle to the workshop"),
    Noted(week=0, weekday=4, at="10:00", until="11:00", of="chiara", title="Printing house"),
)  # fmt: skip


def form_of(noted: Noted, *, today: date) -> dict[str, str]:
    """The fields of Outlook's event form; its last day is inclusive."""
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(weeks=noted.week, days=noted.weekday)
    last = day + timedelta(days=noted.days - 1)
    form = {
        "title": noted.title,
        "start_date": day.isoformat(),
        "end_date": last.isoformat(),
        "zone": ZONE,
        **dict(noted.more),
    }
    if noted.at is None:
        return {**form, "all_day": "on"}
    return {**form, "start_time": noted.at, "end_time": noted.until}
