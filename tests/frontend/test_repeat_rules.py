"""The event form reads and writes repeat rules as the server means them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice, product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leansoft.calendars.domain.when import moved
from leansoft.events.recurrence import BadRule, dates, same_rule, settle_start, slot
from leansoft.events.rule_parts import with_range
from leansoft.events.slots import instant_text

FRONTEND = Path(__file__).parents[2] / "frontend"
SHOWN = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=WE;BYSETPOS=1",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=2",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=4TH",
]
STARTS = [
    ("2026-03-01T00:30", "Europe/Berlin"),
    ("2028-02-29T23:00", "America/New_York"),
    ("2027-10-31T09:00", "Asia/Tokyo"),
    ("2026-12-31", "UTC"),
]
ENDS = ["", ";COUNT=7", ";UNTIL=20281231", ";UNTIL=20290301T003000Z"]
LEFT_AS_TEXT = [
    "FREQ=HOURLY",
    "FREQ=DAILY;BYDAY=MO",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTHDAY=17",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYMONTH=1,7",
]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The form's modules as JavaScript."""
    folder = tmp_path_factory.mktemp("form")
    for name in ("rule", "rule-dates"):
        source = f"src/calendar/series/{name}.ts"
        node("node_modules/.bin/rolldown", source, "--file", f"{folder}/{name}.js", cwd=FRONTEND)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def node(*arguments: str, **options: Any) -> str:
    path = os.pathsep.join([os.environ["PATH"], str(Path(sys.prefix) / "node-bin")])
    program = shutil.which("node", path=path)
    assert program, "There is no Node.js: `make test` installs one."
    done = subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def read_by_the_form(modules: Path, cases: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    script = Path(__file__).with_name("rules.mjs")
    found: list[dict[str, Any] | None] = json.loads(
        node(str(script), str(modules), input=json.dumps(cases))
    )
    return found


def when_of(rrule: str, start: str, zone: str) -> dict[str, Any]:
    if len(start) == len("2026-12-01"):
        end = (date.fromisoformat(start) + timedelta(days=1)).isoformat()
        return {"start": start, "end": end, "zone": None, "all_day": True, "rrule": rrule}
    moment = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    text = instant_text(moment)
    return {"start": text, "end": text, "zone": zone, "all_day": False, "rrule": rrule}


def shown_dates(when: dict[str, Any]) -> list[str]:
    return [day.isoformat() for day in islice(dates(when), 30)]


def cases() -> Iterator[tuple[dict[str, Any], dict[str, Any], list[str]]]:
    """What the form is told, the server's value, and its dates."""
    for rule, (start, zone), end in product(SHOWN, STARTS, ENDS):
        when = when_of(rule + end, start, zone)
        try:
            settle_start(when)
        except BadRule:  # over before it begins
            continue
        expected = shown_dates(when)
        all_day = when["all_day"]
        told = {"start": start, "time_zone": zone, "all_day": all_day, "last": expected[-1]}
        yield {**told, "rrule": rule + end}, when, expected


def test_the_form_means_what_the_server_means(modules: Path) -> None:
    told, whens, expected = zip(*cases(), strict=True)

    found = read_by_the_form(modules, list(told))

    for case, when, days, read in zip(told, whens, expected, found, strict=True):
        assert read is not None, case
        assert shown_dates({**when, "rrule": read["rrule"]}) == days, (case, read)
        assert (read["first"], read["before"]) == (days[0], len(days) - 1), case


def test_the_form_leaves_other_rules_as_they_are(modules: Path) -> None:
    told = {"start": "2026-12-01T09:00", "time_zone": "UTC", "all_day": False, "last": "2026-12-01"}

    found = read_by_the_form(modules, [{**told, "rrule": rule} for rule in LEFT_AS_TEXT])

    assert found == [None] * len(LEFT_AS_TEXT)


MOVES = [
    ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", "2026-02-28", -1),
    ("FREQ=MONTHLY;BYMONTHDAY=31;UNTIL=20260630", "2026-01-31", "2026-02-28", 1),
    ("FREQ=MONTHLY;BYMONTHDAY=15;COUNT=5", "2026-01-15", "2026-02-15", 15),
    ("FREQ=MONTHLY;BYMONTHDAY=15;UNTIL=20260615", "2026-01-15", "2026-02-15", 15),
    ("FREQ=MONTHLY;BYDAY=1TU", "2026-12-01", "2027-01-05", -1),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU;COUNT=4", "2026-12-08", "2027-02-09", 2),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29", "2029-02-28", -1),
    ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;COUNT=3", "2026-12-31", "2027-12-31", 1),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-11-02", "2026-11-20", 3),
    ("FREQ=DAILY;INTERVAL=3;COUNT=9", "2026-11-02", "2026-11-05", -2),
]


@pytest.mark.parametrize(("rrule", "first", "day", "days"), MOVES)
def test_a_series_that_moves_says_the_same_in_the_form_and_after_it(
    modules: Path, rrule: str, first: str, day: str, days: int
) -> None:
    series = settle_start(when_of(rrule, first, "UTC"))
    source = slot(series, date.fromisoformat(day))
    to = {
        edge: (date.fromisoformat(source[edge]) + timedelta(days)).isoformat()
        for edge in ("start", "end")
    }
    told = {"start": day, "time_zone": "UTC", "all_day": True, "last": day}
    (read,) = read_by_the_form(modules, [{**told, "rrule": rrule, "moved": to["start"]}])
    assert read is not None

    after = moved(series, slot=source, to={**source, **to})

    pattern = {**after, "rrule": with_range(after["rrule"], "")}
    assert same_rule(pattern, {**pattern, "rrule": with_range(read["followed"], "")}), after
    assert to["start"] in shown_dates(after)
    assert len(shown_dates(after)) == len(shown_dates(series))
    assert shown_dates(after).index(to["start"]) == shown_dates(series).index(day)
