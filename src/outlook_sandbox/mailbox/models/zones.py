"""Time zone names: Windows and IANA, and the ones that are refused (event.md §2)."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from tzlocal.windows_tz import tz_win, win_tz

from outlook_sandbox.mailbox.exceptions import unsupported_zone

# Observed to be rejected although they are IANA names (event.md §2).
REFUSED = frozenset({"EST", "MST", "HST", "Factory", "localtime", "posixrules"})
CUSTOM_ZONE = "tzone://Microsoft/Custom"
_FOLDED_WINDOWS = {name.casefold(): iana for name, iana in win_tz.items()}


@lru_cache(maxsize=1)
def iana_names() -> dict[str, str]:
    names = available_timezones() - REFUSED
    return {name.casefold(): name for name in names if not name.startswith(("posix/", "right/"))}


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo:
    """Raises TimeZoneNotSupportedException for a name that Outlook does not know."""
    folded = name.strip().casefold()
    if folded in ("utc", "tzone://microsoft/utc"):
        return ZoneInfo("UTC")
    if folded in _FOLDED_WINDOWS:
        return ZoneInfo(_FOLDED_WINDOWS[folded])
    if folded in iana_names():
        return ZoneInfo(iana_names()[folded])
    raise unsupported_zone(name)


def same_zone(one: str, other: str) -> bool:
    """Whether two names, of either vocabulary, mean the same zone."""
    return _canonical(one) == _canonical(other)


def _canonical(name: str) -> str:
    key = find_zone(name).key
    return tz_win.get(key, key)


def windows_names() -> list[str]:
    return sorted(["UTC", *win_tz])
