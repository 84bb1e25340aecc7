"""Whatever is done to some dates of a series, every other date stays as it was."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence
from leansoft.calendars.domain.errors import Invalid
from leansoft.calendars.domain.events import create_event, edit_event
from leansoft.calendars.domain.series import end_series, split_series
from leansoft.calendars.models import Event
from leansoft.calendars.occurrences import Occurrence, Stretch, event_on
from leansoft.calendars.permissions import part_of
from leansoft.calendars.queries import events_for, expanded, is_for
from leansoft.calendars.values import when_value
from leansoft.events.fields import Field, Value
from leansoft.events.slots import instant_text
from leansoft.kit.zones import zone

NOW = datetime(2026, 11, 1, tzinfo=UTC)
A_YEAR = Stretch(start=NOW, end=NOW + timedelta(days=500))

RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3;COUNT=9",
    "FREQ=DAILY;UNTIL=20270410T120000Z",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=7",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU;COUNT=8",
    "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=6",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=4",
    # Outlook knows neither of these.
    "FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=7",
    "FREQ=DAILY;BYMONTH=1,3;COUNT=20",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One date on one person's calendar."""

    subject: str
    starts_at: datetime
    ends_at: datetime
    show_as: str | None


Calendar = dict[date, Seen]
"""By the day of the original slot, in whichever series the date is by now."""


@st.composite
def whens(draw: st.DrawFn) -> Value:
    day = draw(st.dates(date(2026, 12, 1), date(2027, 4, 1)))
    rule = draw(st.sampled_from(RULES))
    name = draw(st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Tokyo", "UTC", None]))
    if name is None:
        end = day + timedelta(days=1)
        all_day = {"start": day.isoformat(), "end": end.isoformat(), "zone": None, "all_day": True}
        return {**all_day, "rrule": rule}
    clock = time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 15, 30])))
    starts_at = datetime.combine(day, clock, tzinfo=zone(name)).astimezone(UTC)
    ends_at = starts_at + timedelta(minutes=draw(st.integers(15, 600)))
    return {
        "start": instant_text(starts_at),
        "end": instant_text(ends_at),
        "zone": name,
        "all_day": False,
        "rrule": rule,
    }


def calendar_of(user: User) -> Calendar:
    found = expanded(events_for(user), A_YEAR, only=partial(is_for, user=user))
    return {one.day: _seen(one, user) for one in found if one.day is not None}


def _seen(one: Occurrence, user: User) -> Seen:
    part = part_of(one.event, user)
    return Seen(
        subject=one.event.subject,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        show_as=part.show_as if part else None,
    )


@dataclass(frozen=True)
class Team:
    """Alice organizes the series, Bob attends."""

    alice: User
    bob: User
    series: Event

    def calendars(self) -> tuple[Calendar, Calendar]:
        return calendar_of(self.alice), calendar_of(self.bob)

    def rename(self, day: date) -> None:
        values = {Field.SUBJECT: "Special"}
        edit_occurrence(self.series, day, by=self.alice, values=values, now=NOW)

    def move(self, day: date) -> None:
        there = when_value(event_on(Event.objects.get(), day))
        if there["all_day"]:
            return
        edges = {edge: datetime.fromisoformat(there[edge]) for edge in ("start", "end")}
        later = {edge: instant_text(at + timedelta(minutes=10)) for edge, at in edges.items()}
        # Its neighbour is in its way.
        with suppress(Invalid):
            values = {Field.WHEN: {**there, **later}}
            edit_occurrence(self.series, day, by=self.alice, values=values, now=NOW)

    def take_out(self, day: date) -> None:
        delete_occurrence(self.series, day, by=self.alice, now=NOW)

    def free(self, day: date) -> None:
        values = {Field.SHOW_AS: "free"}
        edit_occurrence(self.series, day, by=self.bob, values=values, now=NOW)

    def stay_away(self, day: date) -> None:
        delete_occurrence(self.series, day, by=self.bob, now=NOW)

    def rename_all(self, _: date) -> None:
        edit_event(self.series, by=self.alice, values={Field.SUBJECT: "New"}, now=NOW)

    def rename_following(self, day: date) -> None:
        values = {Field.SUBJECT: "New"}
        split_series(self.series, day, by=self.alice, values=values, now=NOW)

    def end(self, day: date) -> None:
        end_series(self.series, day, by=self.alice, now=NOW)


BEFORE = (Team.rename, Team.move, Team.take_out, Team.free, Team.stay_away)


def _renamed(seen: Seen) -> Seen:
    return replace(seen, subject="New") if seen.subject == "Series" else seen


EFFECTS: dict[Any, Callable[[date, date, Seen], Seen | None]] = {
    Team.rename: lambda on, day, seen: replace(seen, subject="Special") if day == on else seen,
    Team.take_out: lambda on, day, seen: None if day == on else seen,
    Team.rename_all: lambda _on, _day, seen: _renamed(seen),
    Team.rename_following: lambda on, day, seen: _renamed(seen) if day >= on else seen,
    Team.end: lambda on, day, seen: None if day >= on else seen,
}
"""What an act on a date does to each date."""


def after(act: Any, on: date, calendar: Calendar) -> Calendar:
    changed = {day: EFFECTS[act](on, day, seen) for day, seen in calendar.items()}
    return {day: seen for day, seen in changed.items() if seen is not None}


@given(
    when=whens(),
    before=st.lists(st.tuples(st.sampled_from(BEFORE), st.integers(0, 11)), max_size=5),
    at=st.integers(0, 11),
    act=st.sampled_from(list(EFFECTS)),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_dates_that_nobody_touched_stay_as_they_were(
    alice: User,
    bob: User,
    *,
    when: Value,
    before: list[tuple[Callable[[Team, date], None], int]],
    at: int,
    act: Callable[[Team, date], None],
) -> None:
    Event.objects.all().delete()
    attendee = {"email": bob.email, "name": bob.name, "type": "required"}
    values = {Field.SUBJECT: "Series", Field.WHEN: when, Field.ATTENDEES: [attendee]}
    team = Team(alice, bob, create_event(alice, values=values, now=NOW))
    for earlier, place in before:
        if days := sorted(calendar_of(bob)):
            earlier(team, days[place % len(days)])
    calendars = team.calendars()
    days = sorted(calendars[0])[:12]
    if not days:
        return
    day = days[at % len(days)]

    act(team, day)

    assert team.calendars() == tuple(after(act, day, calendar) for calendar in calendars)
