"""Windows and IANA names of time zones.

The map is CLDR's, as tzlocal carries it. Its gaps and old spellings are listed in windows-zones.md
of the facts about Graph: names it misses are added here, and Outlook's names for "no zone" are
unknown on purpose.
"""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from tzlocal.windows_tz import tz_win, win_tz

MISSING = {
    "GMT": "UTC",
    "Etc/UTC": "UTC",
    "Etc/GMT": "UTC",
    "EST5EDT": "Eastern Standard Time",
    "CST6CDT": "Central Standard Time",
    "MST7MDT": "Mountain Standard Time",
    "PST8PDT": "Pacific Standard Time",
}

RENAMED = {
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "Europe/Kiev": "Europe/Kyiv",
    "Etc/UTC": "UTC",
    "Etc/GMT": "UTC",
}


@cache
def _known() -> set[str]:
    # Read from the disk: not for every name. The names themselves come from anywhere.
    return available_timezones()


def is_iana(name: str) -> bool:
    return name in _known()


def to_iana(name: str) -> str | None:
    """The IANA zone for a name that Outlook uses, or None when it names no zone that we know."""
    if name in {"UTC", "tzone://Microsoft/Utc"}:
        return "UTC"
    found = win_tz.get(name) or (name if is_iana(name) else None)
    return RENAMED.get(found, found) if found else None


def to_windows(name: str) -> str | None:
    """The Windows name of an IANA zone, or None when Windows has none."""
    return MISSING.get(name) or tz_win.get(name)


def windows_class(name: str) -> str:
    """Zones that Windows calls by one name belong to one class; others are a class of their own."""
    return to_windows(name) or name


def zone(name: str) -> ZoneInfo:
    """The rules of an IANA zone. Raises `ZoneInfoNotFoundError` for an unknown name."""
    return ZoneInfo(name)
