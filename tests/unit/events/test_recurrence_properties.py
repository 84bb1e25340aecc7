"""What holds for every series that Outlook can express."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from leansoft.events.recurrence import (
    cut_before,
    dates,
    describe,
    rest_from,
    rule_of,
    rule_text,
    same_rule,
    settle_start,
    slot,
    slots,
    span,
    yields,
)
from leansoft.events.rules import END_OF_TIME
from leansoft.events.slots import first_day, moment, wall
from support.series import series

places = st.integers(0, 30)


def first_dates(when: Any, number: int = 40, **bounds: date) -> list[date]:
    return list(islice(dates(when, **bounds), number))


@given(series())
def test_a_rule_survives_its_text(when: Any) -> None:
    rule = rule_of(when)
    assert rule_text(rule, when) == when["rrule"]
    assert rule_of({**when, "rrule": rule_text(rule, when)}) == rule


@given(series())
def test_spaces_and_case_say_nothing(when: Any) -> None:
    spaced = when["rrule"].lower().replace(";", " ;\n ")
    other = {**when, "rrule": f" rrule: {spaced} "}
    assert rule_of(other) == rule_of(when)
    assert same_rule(when, other)
    assert describe(other) == describe(when)


@given(series(last_day=28))
def test_dates_are_those_of_dateutil(when: Any) -> None:
    """Where RFC 5545 and Outlook agree: on no day that a month may lack."""
    walked = rrulestr(when["rrule"].partition(";UNTIL")[0], dtstart=wall(when, "start"))
    until = rule_of(when).until or END_OF_TIME - timedelta(1)
    wanted = [moment.date() for moment in islice(walked, 20) if moment.date() <= until]
    assert first_dates(when, 20) == wanted


@given(series())
def test_dates_begin_at_the_start_go_on_and_end_with_the_rule(when: Any) -> None:
    rule, found = rule_of(when), first_dates(when, 1000)
    assert found[0] == first_day(when)
    assert all(one < other for one, other in pairwise(found))
    if rule.until is not None:
        assert found[-1] <= rule.until
    if rule.count is not None and found[-1].year < 3500:
        assert len(found) == rule.count


@given(series(), places, st.integers(-1, 1), st.integers(0, 2000))
def test_a_jump_finds_what_a_walk_does(when: Any, place: int, off: int, length: int) -> None:
    known = first_dates(when)
    after = known[min(place, len(known) - 1)] + timedelta(off)
    before = after + timedelta(length)
    assert first_dates(when, 5, after=after) == [day for day in known if day >= after][:5]
    assert (
        first_dates(when, 5, after=after, before=before)
        == [day for day in known if after <= day < before][:5]
    )
    assert yields(when, after) == (after in known)


@given(series(), places, st.integers(-1, 1))
def test_a_split_leaves_every_date_on_one_side(when: Any, place: int, off: int) -> None:
    known = first_dates(when)
    day = known[min(place, len(known) - 1)] + timedelta(off)
    assume(day <= known[-1])
    head, tail = cut_before(when, day), rest_from(when, day)
    kept = [] if head is None else list(dates(head))
    assert kept == [one for one in known if one < day]
    assert (kept + first_dates(tail))[:40] == known
    assert rule_of(tail).until == rule_of(when).until
    assert slot(tail, first_day(tail)) == slot(when, first_day(tail))


@given(series())
def test_a_series_cut_after_its_end_stays_as_it_is(when: Any) -> None:
    last = span(when)[1]
    assume(last is not None)
    assert last is not None
    assert cut_before(when, last.date() + timedelta(2)) == when


@given(series(), places)
def test_every_slot_shows_the_same_time_on_the_clock(when: Any, place: int) -> None:
    known = first_dates(when)
    day = known[min(place, len(known) - 1)]
    found = slot(when, day)
    shift = datetime.combine(day, datetime.min.time()) - datetime.combine(
        first_day(when), datetime.min.time()
    )
    assert found.keys() == {"start", "end", "zone", "all_day"}
    assert (found["zone"], found["all_day"]) == (when["zone"], when["all_day"])
    wanted = [wall(when, edge) + shift for edge in ("start", "end")]
    # What the clock skips or shows twice is a case of its own.
    assume(all(_is_plain(moment, when["zone"]) for moment in wanted))
    assert [wall(found, edge) for edge in ("start", "end")] == wanted


def _is_plain(moment: datetime, zone: str | None) -> bool:
    """Whether the clock shows this time exactly once."""
    first, second = (moment.replace(tzinfo=ZoneInfo(zone or "UTC"), fold=n) for n in (0, 1))
    return first.utcoffset() == second.utcoffset()


@given(series(), places, st.integers(0, 400))
def test_slots_are_the_same_one_by_one_and_in_a_row(when: Any, place: int, length: int) -> None:
    found = first_dates(when)
    after = found[min(place, len(found) - 1)]
    bounds = {"after": after, "before": after + timedelta(length)}
    alone = ((day, slot(when, day)) for day in dates(when, **bounds))
    expected = [(day, *(moment(one[edge]) for edge in ("start", "end"))) for day, one in alone]
    assert list(slots(when, **bounds)) == expected


@given(series())
def test_the_span_holds_every_slot(when: Any) -> None:
    starts_at, ends_at = span(when)
    rule = rule_of(when)
    assert (ends_at is None) == (rule.count is None and rule.until is None)
    slots = [slot(when, day) for day in first_dates(when, 100)]
    assert min(_instant(one["start"]) for one in slots) == starts_at
    if ends_at is not None:
        assert max(_instant(one["end"]) for one in slots) <= ends_at
        last = next(iter(list(dates(when))[-1:]))
        assert _instant(slot(when, last)["end"]) == ends_at


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@given(series())
def test_a_settled_series_stays(when: Any) -> None:
    assert settle_start(when) == when
