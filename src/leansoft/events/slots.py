"""The clock time of a series: from its first slot to the slot of any other day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from leansoft.events.fields import Value
from leansoft.kit.zones import zone


def zone_of(when: Value) -> tzinfo:
    """Where the series' days begin and end; a series of unknown zone lives in UTC."""
    return zone(when["zone"]) if when["zone"] else UTC


def moment(text: str) -> datetime:
    """An edge of a slot as an instant; days of all-day series begin in UTC."""
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def instant_text(moment: datetime) -> str:
    """As values hold it: in UTC, with `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def wall(when: Value, edge: str) -> datetime:
    """What the clock shows at the first slot's start or end, to the second; midnight for an
    all-day series."""
    if when["all_day"]:
        return datetime.combine(date.fromisoformat(when[edge]), time.min)
    return moment(when[edge]).astimezone(zone_of(when)).replace(tzinfo=None, microsecond=0)


def first_day(when: Value) -> date:
    return wall(when, "start").date()


def instant(when: Value, clock: datetime) -> datetime:
    """A wall time of the series. One that the clock skips moves forward by the gap."""
    return clock.replace(tzinfo=zone_of(when)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The first slot by the clock of its series: read once, for any number of slots."""

    start: datetime
    end: datetime
    zone: tzinfo
    first: tuple[datetime, datetime]

    @classmethod
    def of(cls, when: Value) -> "Clock":
        zone = UTC if when["all_day"] else zone_of(when)
        first = moment(when["start"]), moment(when["end"])
        return cls(wall(when, "start"), wall(when, "end"), zone, first)

    def instants(self, start: datetime) -> tuple[datetime, datetime]:
        """The slot that starts at this wall time; it ends where the clock shows what it does at the
        end of the first slot, so that an hour gained or lost on the way does not move the end."""
        if start == self.start:
            # As it is: the clock may show this time twice.
            return self.first
        end = start + (self.end - self.start)
        starts_at, ends_at = (
            edge.replace(tzinfo=self.zone).astimezone(UTC) for edge in (start, end)
        )
        if ends_at < starts_at:
            # The start moved past its end, or lies in the hour that comes twice.
            ends_at = starts_at + max(end - start, timedelta())
        return starts_at, ends_at


def slot_at(when: Value, start: datetime) -> Value:
    """The slot that starts at this wall time, as a value."""
    clock = Clock.of(when)
    if start == clock.start:
        return {name: value for name, value in when.items() if name != "rrule"}
    edges = clock.instants(start)
    if when["all_day"]:
        return _value(when, *(edge.date().isoformat() for edge in edges))
    return _value(when, *map(instant_text, edges))


def _value(when: Value, start: str, end: str) -> dict[str, Any]:
    return {"start": start, "end": end, "zone": when["zone"], "all_day": when["all_day"]}
