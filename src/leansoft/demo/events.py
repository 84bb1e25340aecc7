"""The demo company's events, laid around the day on which the demo is first run."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from leansoft.demo.people import COLLEAGUES, OUTSIDERS, ZONE
from leansoft.events.fields import Field, Value
from leansoft.events.slots import instant_text

NAMES = {person.key: (person.email, person.name) for person in COLLEAGUES} | {
    person.name.split()[0].lower(): (person.email, person.name) for person in OUTSIDERS
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """`week` and `weekday` count from this week's Monday; `at` is None for an all-day event."""

    week: int
    weekday: int
    at: str | None
    minutes: int = 60
    days: int = 1
    by: str
    subject: str
    to: str = ""
    more: dict[Field, Value] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    rrule: str = ""
    # Dates of the series, counted from its first one: one that takes place on another day of its
    # week, as (which, weekday, at), and one that does not take place.
    moved: tuple[int, int, str] | None = None
    deleted: int | None = None


def _text(place: str = "", text: str = "") -> dict[Field, Value]:
    return {Field.LOCATION: place, Field.BODY: text}


PRIVATE = {Field.SENSITIVITY: "private"}
TEAMS = {Field.ONLINE_MEETING: True}
LONG = (
    "Planning workshop for the harbour festival: stage plan, permits, suppliers, volunteers, and "
    "what we do when it rains"
)
AGENDA = "1. What changed since last week\n2. Open questions\n3. Who does what until Friday"

EVENTS = (
    Planned(week=-3, weekday=1, at="10:00", by="ada", subject="Kick-off harbour festival",
            to="ben chiara dev amélie", more=_text("Big room", AGENDA),
            answers={"ben": "accepted", "chiara": "accepted"}),
    Planned(week=-2, weekday=3, at="14:00", minutes=90, by="ben", subject="Budget review",
            to="ada", more=_text("Room Lighthouse"), answers={"ada": "accepted"}),
    Planned(week=-2, weekday=0, at=None, days=3, by="chiara", subject="Trade fair Hamburg",
            more={Field.SHOW_AS: "oof", Field.CATEGORIES: ["Travel"]}),
    Planned(week=-2, weekday=1, at="15:00", minutes=30, by="ada", subject="Coffee round",
            to="ben chiara dev", more={**_text("Kitchen"), Field.SHOW_AS: "free"},
            answers={"ben": "accepted", "dev": "tentatively_accepted"},
            rrule="FREQ=WEEKLY;BYDAY=TU", moved=(2, 2, "16:00"), deleted=3),
    Planned(week=-1, weekday=2, at="09:00", by="dev", subject="Interview: stage technician",
            to="ada wren", more=_text("Room Anchor"), answers={"ada": "accepted"}),
    Planned(week=-1, weekday=4, at="12:30", minutes=75, by="ada", subject="Lunch with Noor",
            to="noor", more=_text("Café Kajüte, Hafenstraße 12")),
    Planned(week=-1, weekday=1, at="16:00", minutes=30, by="chiara", subject="Poster drafts",
            to="marisol ben", more=TEAMS, answers={"ben": "tentatively_accepted"}),
    Planned(week=0, weekday=0, at="09:00", minutes=30, by="ada", subject="Week start",
            to="ben chiara dev", more=_text("Kitchen", AGENDA),
            answers={"ben": "accepted", "chiara": "accepted", "dev": "accepted"}),
    Planned(week=0, weekday=0, at="11:00", minutes=120, by="ben", subject=LONG,
            to="ada chiara dev bastian amélie", more=_text("Big room", AGENDA),
            answers={"ada": "accepted", "dev": "declined"}),
    Planned(week=0, weekday=0, at="11:30", minutes=60, by="ada", subject="Call the port office",
            more=_text(text="Ask for the berth plan.")),
    Planned(week=0, weekday=0, at="12:00", minutes=45, by="ada", subject="Dentist", more=PRIVATE),
    Planned(week=0, weekday=1, at="10:00", by="chiara", subject="港デザイン ブランド会議",
            to="山田 ada", more=_text("オンライン"), answers={"ada": "accepted"}),
    Planned(week=0, weekday=1, at="13:00", minutes=90, by="dev", subject="Sound check concept",
            to="ben", more=_text("Pier 3"), answers={"ben": "accepted"}),
    Planned(week=0, weekday=1, at="13:30", minutes=60, by="ben", subject="Supplier call",
            to="bastian ada", more=TEAMS, answers={"ada": "tentatively_accepted"}),
    Planned(week=0, weekday=2, at=None, by="ada", subject="Permit deadline",
            more={Field.SHOW_AS: "free", Field.IMPORTANCE: "high", Field.CATEGORIES: ["Deadline"]}),
    Planned(week=0, weekday=2, at="09:30", minutes=60, by="ada", subject="Contract with Tidewater",
            to="grace", more=_text("Tidewater, 4th floor")),
    Planned(week=0, weekday=2, at="15:00", minutes=30, by="ben", subject="1:1 Ada and Ben",
            to="ada", more=PRIVATE, answers={"ada": "accepted"}),
    Planned(week=0, weekday=3, at="10:00", minutes=45, by="ada", subject="Зустріч: квіти для сцени",
            to="ольга chiara", more=_text("Kontor"), answers={"chiara": "accepted"}),
    Planned(week=0, weekday=3, at="14:00", minutes=180, by="chiara", subject="Photos at the quay",
            to="marisol", more={**_text("Quay 7"), Field.CATEGORIES: ["Outside"]}),
    Planned(week=0, weekday=3, at="14:30", minutes=60, by="ada", subject="Newsletter, final",
            more={Field.SHOW_AS: "tentative"}),
    Planned(week=0, weekday=4, at="09:00", minutes=60, by="ada", subject="Friday review",
            to="ben chiara dev", more=TEAMS, answers={"dev": "accepted"}),
    Planned(week=0, weekday=4, at="16:30", minutes=90, by="dev", subject="Drinks on the pier",
            to="ada ben chiara pier", more={**_text("Pier 9"), Field.SHOW_AS: "free"},
            answers={"ada": "accepted"}),
    Planned(week=0, weekday=5, at="08:00", minutes=60, by="ada", subject="Run with Jonas",
            to="jonas", more={**_text("Lighthouse"), **PRIVATE}),
    Planned(week=1, weekday=0, at=None, days=5, by="dev", subject="Holiday",
            more={Field.SHOW_AS: "oof", Field.CATEGORIES: ["Travel"]}),
    Planned(week=1, weekday=1, at="09:30", minutes=60, by="ada", subject="Security briefing",
            to="bastian ben", more=_text("Big room"), answers={"ben": "accepted"}),
    Planned(week=1, weekday=2, at="11:00", minutes=60, by="ada",
            subject="رحلة الضيوف: الفندق والنقل", to="hassan", more=TEAMS),
    Planned(week=1, weekday=3, at="18:00", minutes=150, by="ben", subject="Volunteers’ evening",
            to="ada chiara", more=_text("Boathouse"), answers={"chiara": "accepted"}),
    Planned(week=2, weekday=0, at="10:00", minutes=120, by="ada", subject="Festival rehearsal",
            to="ben chiara dev amélie eleni", more=_text("Main stage", AGENDA)),
    Planned(week=2, weekday=4, at=None, days=3, by="ada", subject="Harbour festival",
            to="ben chiara dev", more={Field.IMPORTANCE: "high", Field.CATEGORIES: ["Outside"]}),
    Planned(week=3, weekday=1, at="10:00", minutes=60, by="chiara", subject="What we learned",
            to="ada ben dev", more=_text("Big room")),
    Planned(week=5, weekday=2, at="13:00", minutes=60, by="ada", subject="Plan for next year",
            to="ben eleni", more=TEAMS),
)  # fmt: skip


def values_of(planned: Planned, *, today: date) -> dict[Field, Value]:
    return {
        Field.SUBJECT: planned.subject,
        Field.WHEN: _when(planned, today),
        Field.ATTENDEES: [_person(key) for key in planned.to.split()],
        **planned.more,
    }


def _when(planned: Planned, today: date) -> Value:
    day = _day(planned.week, planned.weekday, today)
    if planned.at is None:
        end = day + timedelta(days=planned.days)
        return {"start": day.isoformat(), "end": end.isoformat(), "zone": None, "all_day": True}
    when = _timed(day, planned.at, planned.minutes)
    return {**when, "rrule": planned.rrule} if planned.rrule else when


def moved_date(planned: Planned, *, today: date) -> tuple[date, Value] | None:
    """The day of the slot that takes place elsewhere, and when it does."""
    if planned.moved is None:
        return None
    which, weekday, at = planned.moved
    there = _day(planned.week + which, weekday, today)
    slot = _day(planned.week + which, planned.weekday, today)
    return slot, _timed(there, at, planned.minutes)


def deleted_date(planned: Planned, *, today: date) -> date | None:
    """The day of the slot that does not take place."""
    if planned.deleted is None:
        return None
    return _day(planned.week + planned.deleted, planned.weekday, today)


def _day(week: int, weekday: int, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=week, days=weekday)


def _timed(day: date, at: str, minutes: int) -> dict[str, Any]:
    start = datetime.combine(day, time.fromisoformat(at), tzinfo=ZoneInfo(ZONE))
    return {
        "start": instant_text(start),
        "end": instant_text(start + timedelta(minutes=minutes)),
        "zone": ZONE,
        "all_day": False,
    }


def _person(key: str) -> dict[str, Any]:
    email, name = NAMES[key]
    return {"email": email, "name": name, "type": "required"}
