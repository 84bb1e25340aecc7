"""What counts as the same, and what does not."""

from typing import Any

import pytest

from leansoft.events.fields import Field
from leansoft.events.normalise import own_text, quiet_block, same, same_with_quiet_block

PARIS = {
    "start": "2026-12-01T08:00:00Z",
    "end": "2026-12-01T09:00:00Z",
    "zone": "Europe/Paris",
    "all_day": False,
}
WEEKLY = {**PARIS, "rrule": "FREQ=WEEKLY"}
DAY = {"start": "2026-12-01", "end": "2026-12-02", "zone": None, "all_day": True}
ANA = {"email": "ana@example.org", "name": "Ana", "type": "required"}

EIGHT = {"start": "2026-12-01T08:00:00Z", "end": "2026-12-01T09:00:00Z"}

EQUAL: list[tuple[Field, Any, Any]] = [
    (Field.SUBJECT, " Tea  time ", "Tea time"),
    (Field.BODY, "One\n\n\nTwo  words", "One\nTwo words\n"),
    (Field.BODY, "Nbsp\u00a0here", "Nbsp here"),
    (Field.BODY, "Agenda", "Agenda\n\n" + quiet_block(["Ana"])),
    (Field.WHEN, PARIS, {**PARIS, "start": "2026-12-01T09:00:00.4+01:00"}),
    (Field.WHEN, PARIS, {**PARIS, "zone": None}),
    (Field.WHEN, PARIS, {**PARIS, "zone": "Europe/Brussels"}),
    (Field.WHEN, WEEKLY, {**WEEKLY, "rrule": "FREQ=WEEKLY;BYDAY=TU;WKST=SU"}),
    (Field.WHEN, WEEKLY, {**WEEKLY, "zone": "Europe/Brussels", "rrule": "FREQ=WEEKLY;BYDAY=TU"}),
    (Field.ATTENDEES, [ANA], [{**ANA, "email": "ANA@Example.org", "name": "A."}]),
    (Field.CATEGORIES, ["Red", "blue"], ["BLUE", "red"]),
    (Field.RESPONSE, "none", "not_responded"),
    (Field.TALLY, {"a@x.org": "none"}, {"A@x.org": "not_responded"}),
    (Field.PROPOSALS, {"a@x.org": EIGHT}, {"A@x.org": {**EIGHT, "end": "2026-12-01T10:00+01:00"}}),
]

DIFFERENT: list[tuple[Field, Any, Any]] = [
    (Field.SUBJECT, "Tea", "tea"),
    (Field.BODY, "One\nTwo", "One Two"),
    (Field.WHEN, PARIS, {**PARIS, "end": "2026-12-01T09:00:01Z"}),
    (Field.WHEN, PARIS, {**PARIS, "zone": "America/New_York"}),
    (Field.WHEN, DAY, {**DAY, "end": "2026-12-03"}),
    (Field.WHEN, PARIS, DAY),
    (Field.WHEN, WEEKLY, PARIS),
    (Field.WHEN, WEEKLY, {**WEEKLY, "rrule": "FREQ=WEEKLY;COUNT=9"}),
    (Field.WHEN, WEEKLY, {**WEEKLY, "start": "2026-12-01T08:30:00Z"}),
    (Field.WHEN, WEEKLY, {**WEEKLY, "zone": "America/New_York"}),
    (Field.ATTENDEES, [ANA], [{**ANA, "type": "optional"}]),
    (Field.ATTENDEES, [ANA], []),
    (Field.PROPOSALS, {"a@x.org": EIGHT}, {"a@x.org": {**EIGHT, "end": "2026-12-01T10:00Z"}}),
    (Field.PROPOSALS, {"a@x.org": EIGHT}, {}),
    (Field.REMINDER, 15, "off"),
    (Field.SUBJECT, None, ""),
]


@pytest.mark.parametrize(("field", "one", "other"), EQUAL)
def test_spelling_does_not_count(field: Field, one: Any, other: Any) -> None:
    assert same(field, one, other)
    assert same(field, other, one)


@pytest.mark.parametrize(("field", "one", "other"), DIFFERENT)
def test_meaning_counts(field: Field, one: Any, other: Any) -> None:
    assert not same(field, one, other)
    assert not same(field, other, one)


def test_quiet_names_count_within_one_side() -> None:
    with_ana = "Agenda\n\n" + quiet_block(["Ana"])
    assert same(Field.BODY, "Agenda", with_ana)
    assert not same_with_quiet_block(Field.BODY, "Agenda", with_ana)


def test_own_text_is_what_the_person_wrote() -> None:
    assert own_text("Agenda\n\n" + quiet_block(["Ana", "Bo"])) == "Agenda"
