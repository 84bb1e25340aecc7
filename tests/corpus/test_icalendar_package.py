"""The rules in the calendars that the icalendar package tests itself with.

They come from many programs, broken ones too. Each is either kept, back from text and from Graph
with the same dates, or declined with a sentence that says why. They are read where the package is
installed.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import islice
from typing import Any

import pytest
from dateutil.rrule import rrulestr

from leansoft.events.recurrence import (
    BadRule,
    Inexpressible,
    dates,
    describe,
    rule_of,
    rule_text,
    settle_start,
)
from leansoft.events.rule_parts import parts_of
from leansoft.graph.recurrence import recurrence_to_graph, rrule_from_graph

RULE = re.compile(r"^RRULE[^:]*:(.+)$", re.MULTILINE | re.IGNORECASE)
START = re.compile(r"^DTSTART[^:]*:(\d{8})(T\d{6})?", re.MULTILINE | re.IGNORECASE)
WRITTEN = re.compile(r"FREQ=[A-Z]+(?:;[A-Z]+=[A-Z0-9,+-]+)*")


def found_rules() -> dict[str, str]:
    """Each rule with the first start that it has anywhere, as a wall time."""
    rules: dict[str, str] = {}
    for text in _texts(files("icalendar") / "tests"):
        for component in re.split(r"^(?:BEGIN|END):", text, flags=re.MULTILINE):
            start = START.search(component)
            for rule in RULE.findall(component):
                rules.setdefault(rule.strip(), _moment(start))
        for rule in WRITTEN.findall(text):
            rules.setdefault(rule, _moment(None))
    return rules


def _texts(folder: Traversable) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _texts(entry)
        elif entry.name.endswith((".ics", ".py")):
            text = entry.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
            yield re.sub(r"\n[ \t]", "", text) if entry.name.endswith(".ics") else text


def _moment(start: re.Match[str] | None) -> str:
    if start is None:
        return "1990-01-01T09:00:00Z"
    return datetime.fromisoformat(start[1] + (start[2] or "T000000")).isoformat() + "Z"


RULES = found_rules()

BROKEN = re.compile(
    r"RSCALE|SKIP|BYEASTER|BYOTHER|BYWEEKDAY"  # of other standards, or of none
    r"|INVALID|BYMONTH=13|BYDAY=-SU|BYDAY=MO,$|%n"  # no rules: the package tests its errors too
)


def when_of(rule: str) -> dict[str, Any]:
    start = RULES[rule]
    when = {"start": start, "end": start, "zone": "UTC", "all_day": False, "rrule": rule}
    return dict(settle_start(when))


def test_the_package_brings_its_calendars() -> None:
    assert len(RULES) > 100


@pytest.mark.parametrize("rule", [rule for rule in RULES if BROKEN.search(rule)])
def test_broken_rule_is_refused_with_a_reason(rule: str) -> None:
    with pytest.raises(BadRule, match=r" .*\.$"):
        parts_of(rule)


@pytest.mark.parametrize("rule", [rule for rule in RULES if not BROKEN.search(rule)])
def test_rule_is_kept_with_its_dates(rule: str) -> None:
    before = when_of(rule)
    wanted = list(islice(dates(before), 10))
    after, reason = through_graph(before)
    assert (after is None) == reason.startswith("Outlook ")
    if after is not None:
        assert after["rrule"] == rule_text(rule_of(before), before)
        assert list(islice(dates(after), 10)) == wanted
    assert describe(before).startswith("Every ")
    assert wanted == as_dateutil_reads_it(before)


def through_graph(when: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """The series as it comes back, or why it is declined."""
    try:
        return {**when, "rrule": rrule_from_graph(recurrence_to_graph(when), when)}, ""
    except Inexpressible as declined:
        return None, str(declined)


def as_dateutil_reads_it(when: dict[str, Any]) -> list[date]:
    """One date a day; no rule here names a day that a month may lack."""
    text = re.sub(r"\s", "", when["rrule"])
    start = datetime.fromisoformat(when["start"]).replace(tzinfo=None)
    found = rrulestr(text, dtstart=start, ignoretz=True)
    days = dict.fromkeys(moment.date() for moment in islice(found, 100))
    return list(days)[:10]
