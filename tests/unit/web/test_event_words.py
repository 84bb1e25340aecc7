"""Values of fields in words, for somebody in Paris who knows Ana."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leansoft.events.fields import AS_SERIES, Field
from leansoft.web.event_words import Speaker

SPEAKER = Speaker(zone=ZoneInfo("Europe/Paris"), names={"ana@elsewhere.org": "Ana Lund"})


def timed(start: str, end: str, **more: str) -> dict[str, Any]:
    return {"start": start, "end": end, "zone": "America/New_York", "all_day": False, **more}


def all_day(start: str, end: str) -> dict[str, Any]:
    return {"start": start, "end": end, "zone": None, "all_day": True}


def person(email: str | None, name: str = "", kind: str = "required") -> dict[str, Any]:
    return {"email": email, "name": name, "type": kind}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (Field.SUBJECT, "", "nothing"),
        (Field.SUBJECT, AS_SERIES, "as the series"),
        (
            Field.WHEN,
            timed("2030-03-04T22:30:00Z", "2030-03-04T22:45:00Z"),
            "Mon 4 Mar 2030, 23:30–23:45",
        ),
        (
            Field.WHEN,
            timed("2030-03-04T22:30:00Z", "2030-03-04T23:30:00Z"),
            "Mon 4 Mar 2030, 23:30 – Tue 5 Mar 2030, 00:30",
        ),
        (
            Field.WHEN,
            timed("2030-03-04T08:00:00Z", "2030-03-04T09:00:00Z", rrule="FREQ=WEEKLY;COUNT=3"),
            "Mon 4 Mar 2030, 09:00–10:00, every week on Monday, 3 times",
        ),
        (Field.WHEN, all_day("2030-03-04", "2030-03-05"), "Mon 4 Mar 2030"),
        (Field.WHEN, all_day("2030-03-04", "2030-03-07"), "Mon 4 Mar 2030 – Wed 6 Mar 2030"),
        (Field.BODY, "x" * 400, "x" * 300 + "…"),
        (Field.REMINDER, "off", "none"),
        (Field.REMINDER, 0, "at the start"),
        (Field.REMINDER, 90, "90 minutes before"),
        (Field.REMINDER, 60, "1 hour before"),
        (Field.REMINDER, 2880, "2 days before"),
        (Field.CATEGORIES, [], "none"),
        (Field.SHOW_AS, "working_elsewhere", "working elsewhere"),
        (Field.TALLY, {"ana@elsewhere.org": "tentatively_accepted"}, "Ana Lund: maybe"),
        (Field.ATTENDEES, [], "nobody"),
        (
            Field.ATTENDEES,
            [person("Ana@elsewhere.org"), person("bo@x.org", "Bo", "optional"), person(None, "Di")],
            "Ana Lund, Bo (optional), Di",
        ),
    ],
)
def test_a_value_is_said_in_words(field: Field, value: Any, words: str) -> None:
    assert SPEAKER.say(field, value) == words
