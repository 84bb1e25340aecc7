"""Zones by both names, and the names that are no zone."""

from zoneinfo import available_timezones

import pytest
from tzlocal.windows_tz import win_tz

from leansoft.kit.zones import to_iana, to_windows, windows_class, zone


@pytest.mark.parametrize("name", sorted(win_tz))
def test_every_windows_zone_has_rules(name: str) -> None:
    iana = to_iana(name)
    assert iana is not None
    assert zone(iana)
    assert windows_class(iana) == name


@pytest.mark.parametrize(
    "name", ["tzone://Microsoft/Custom", "Customized Time Zone", "Kamchatka Standard Time", ""]
)
def test_a_name_that_is_no_zone_stays_unknown(name: str) -> None:
    assert to_iana(name) is None


def test_old_spellings_become_new_ones() -> None:
    assert to_iana("India Standard Time") == "Asia/Kolkata"
    assert to_iana("tzone://Microsoft/Utc") == "UTC"
    assert windows_class("Asia/Calcutta") == windows_class("Asia/Kolkata")


def test_zones_that_outlook_tells_apart_are_different() -> None:
    assert windows_class("Europe/Paris") == windows_class("Europe/Brussels")
    assert windows_class("Europe/Paris") != windows_class("Europe/Berlin")


def test_few_zones_have_no_windows_name() -> None:
    unnamed = {name for name in available_timezones() if to_windows(name) is None}
    assert not unnamed & {"Europe/Berlin", "America/New_York", "Asia/Tokyo", "GMT", "UTC"}
