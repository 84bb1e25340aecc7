"""Instants and wall times on the wire (event.md §2)."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.exceptions import invalid_parameter, property_validation
from outlook_sandbox.mailbox.models.zones import find_zone

FIRST_YEAR, LAST_YEAR = 1601, 4500
"""What Exchange can store (a FILETIME begins in 1601; Outlook ends with 4500)."""
NO_TIME = "0001-01-01T00:00:00Z"
_WALL = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def read_wall(text: str) -> datetime:
    """A dateTime without its zone. Aware if it carries an offset; raises ValueError."""
    match = _WALL.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    micro = int((match[7] or "").ljust(7, "0")[:6])
    wall = datetime(year, month, day, hour, minute, second, micro)  # noqa: DTZ001 (a wall time)
    return wall if match[8] is None else wall.replace(tzinfo=_offset(match[8]))


def _offset(text: str) -> Any:
    return datetime.fromisoformat("2000-01-01T00:00:00" + text.upper()).tzinfo


def write_wall(wall: datetime) -> str:
    """Always seven fractional digits."""
    return wall.replace(tzinfo=None).isoformat(timespec="microseconds") + "0"


def write_instant(instant: datetime | None) -> str:
    """UTC with `Z` and the trailing zeros of the fraction trimmed; None is "no time"."""
    if instant is None:
        return NO_TIME
    text = instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return text.rstrip("0").rstrip(".") + "Z"


@lru_cache(maxsize=65536)
def to_utc(wall: str, zone: str) -> datetime:
    return read_wall(wall).replace(tzinfo=find_zone(zone)).astimezone(UTC)


def moment(wall: datetime, zone: str) -> Json:
    return {"dateTime": write_wall(wall), "timeZone": zone}


def wall_of(value: Json) -> datetime:
    return read_wall(value["dateTime"])


def shown_in(value: Json, zone: str, *, floating: bool) -> Json:
    """A stored dateTimeTimeZone as a response shows it; all-day values keep their dates."""
    if floating:
        return {"dateTime": value["dateTime"], "timeZone": zone}
    if value["timeZone"] == zone:
        return dict(value)
    instant = to_utc(value["dateTime"], value["timeZone"])
    return moment(instant if zone == "UTC" else instant.astimezone(find_zone(zone)), zone)


def instant_of(value: Json, *, floating: bool) -> datetime:
    """All-day events are windowed as UTC midnight to midnight (event.md §3)."""
    return to_utc(value["dateTime"], "UTC" if floating else value["timeZone"])


def read_window(text: str | None, name: str) -> datetime:
    """A window's bound: an offset is honoured, none means UTC (operations.md §6)."""
    if not text:
        raise invalid_parameter(
            "This request requires a time window specified by the query string parameters "
            "StartDateTime and EndDateTime."
        )
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        text += "T00:00:00"
    try:
        wall = read_wall(text.replace(" ", "+"))
    except ValueError:
        raise invalid_parameter(f"The value '{text}' of parameter '{name}' is invalid.") from None
    wall = wall.replace(tzinfo=wall.tzinfo or UTC)
    if not FIRST_YEAR < wall.year < LAST_YEAR:
        # Nothing lies beyond these years, so the window ends there.
        return datetime(FIRST_YEAR if wall.year <= FIRST_YEAR else LAST_YEAR, 6, 1, tzinfo=UTC)
    return wall.astimezone(UTC)


def read_date(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise property_validation() from None


def day_of(value: Json) -> date:
    return wall_of(value).date()


def combine(day: date, like: datetime) -> datetime:
    return datetime.combine(day, like.time())


ONE_DAY = timedelta(days=1)
