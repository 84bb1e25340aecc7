"""Rules by example: in and out of text, compared, and in words."""

from datetime import date

import pytest

from leansoft.events.recurrence import (
    BadRule,
    Inexpressible,
    Rule,
    describe,
    rule_of,
    rule_text,
    same_rule,
)
from leansoft.events.rule_parts import parts_of
from support.series import ALL_DAY, BERLIN, in_berlin

WORKDAYS = ("MO", "TU", "WE", "TH", "FR")

EXPRESSIBLE = [
    ("FREQ=DAILY", Rule(frequency="daily"), "FREQ=DAILY"),
    ("FREQ=DAILY;INTERVAL=3", Rule(frequency="daily", interval=3), "FREQ=DAILY;INTERVAL=3"),
    ("FREQ=DAILY;COUNT=999", Rule(frequency="daily", count=999), "FREQ=DAILY;COUNT=999"),
    (
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
        Rule(frequency="weekly", days=WORKDAYS),
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    ),
    ("FREQ=WEEKLY", Rule(frequency="weekly", days=("TU",)), "FREQ=WEEKLY;BYDAY=TU"),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU",
        Rule(frequency="weekly", interval=2, days=("TU", "SU"), week_start="SU"),
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
    ),
    (
        "FREQ=WEEKLY;BYDAY=SU,TU,TU;WKST=SU",
        Rule(frequency="weekly", days=("TU", "SU")),
        "FREQ=WEEKLY;BYDAY=TU,SU",
    ),
    ("FREQ=MONTHLY", Rule(frequency="monthly", day=1), "FREQ=MONTHLY;BYMONTHDAY=1"),
    (
        "FREQ=MONTHLY;BYMONTHDAY=30",
        Rule(frequency="monthly", day=30),
        "FREQ=MONTHLY;BYMONTHDAY=30",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        Rule(frequency="monthly", day=31),
        "FREQ=MONTHLY;BYMONTHDAY=31",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        Rule(frequency="monthly", day=31),
        "FREQ=MONTHLY;BYMONTHDAY=31",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",
        Rule(frequency="monthly", day=30),
        "FREQ=MONTHLY;BYMONTHDAY=30",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=29,28;BYSETPOS=-1",
        Rule(frequency="monthly", day=29),
        "FREQ=MONTHLY;BYMONTHDAY=29",
    ),
    (
        "FREQ=MONTHLY;BYDAY=+2TU",
        Rule(frequency="monthly", days=("TU",), position=2),
        "FREQ=MONTHLY;BYDAY=2TU",
    ),
    (
        "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1",
        Rule(frequency="monthly", days=("FR",), position=-1),
        "FREQ=MONTHLY;BYDAY=-1FR",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=FR,MO,TU,WE,TH;BYSETPOS=1",
        Rule(frequency="monthly", interval=3, days=WORKDAYS, position=1),
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
    ),
    (
        "FREQ=YEARLY",
        Rule(frequency="yearly", day=1, month=12),
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1",
    ),
    (
        "FREQ=YEARLY;BYMONTH=3",
        Rule(frequency="yearly", day=1, month=3),
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1",
    ),
    (
        "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1",
        Rule(frequency="yearly", day=30, month=4),
        "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=30",
    ),
    (
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
        Rule(frequency="yearly", day=29, month=2),
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    ),
    (
        "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        Rule(frequency="yearly", days=("SU",), position=-1, month=10),
        "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    ),
    (
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SA,SU;BYSETPOS=4",
        Rule(frequency="yearly", interval=2, days=("SA", "SU"), position=4, month=1),
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SA,SU;BYSETPOS=4",
    ),
]


@pytest.mark.parametrize(("text", "rule", "canonical"), EXPRESSIBLE)
def test_rule_that_outlook_knows(text: str, rule: Rule, canonical: str) -> None:
    assert rule_of(in_berlin(text)) == rule
    assert rule_text(rule, BERLIN) == canonical


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FREQ=HOURLY", "Outlook cannot repeat every hour."),
        ("FREQ=MINUTELY;INTERVAL=90", "Outlook cannot repeat every minute."),
        ("FREQ=SECONDLY", "Outlook cannot repeat every second."),
        ("FREQ=DAILY;BYHOUR=9,15", "at the time of the first date"),
        ("FREQ=WEEKLY;BYMINUTE=30", "at the time of the first date"),
        ("FREQ=DAILY;COUNT=1000", "at most 999 times"),
        ("FREQ=DAILY;INTERVAL=1000", "no interval above 999"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", "every day by BYDAY"),
        ("FREQ=DAILY;BYMONTH=1", "every day by BYMONTH"),
        ("FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1", "every week by BYDAY and BYSETPOS"),
        ("FREQ=WEEKLY;BYMONTH=1,2", "every week by BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "one day of a month, not on several"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "from its end"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "every month by BYDAY and BYMONTHDAY"),
        ("FREQ=MONTHLY;BYDAY=MO", "one day of a month, not on several"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", "one day of a month, not on several"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,3", "one day of a month, not on several"),
        ("FREQ=MONTHLY;BYDAY=5MO", "first to the fourth and the last"),
        ("FREQ=MONTHLY;BYDAY=-2MO", "first to the fourth and the last"),
        ("FREQ=MONTHLY;BYMONTH=1;BYMONTHDAY=5", "every month by BYMONTH and BYMONTHDAY"),
        ("FREQ=YEARLY;BYMONTH=1,7", "several months of a year"),
        ("FREQ=YEARLY;BYMONTHDAY=15", "yearly only on a day of one month"),
        ("FREQ=YEARLY;BYDAY=20MO", "yearly only on a day of one month"),
        ("FREQ=YEARLY;BYWEEKNO=20", "yearly only on a day of one month"),
        ("FREQ=YEARLY;BYYEARDAY=100", "yearly only on a day of one month"),
        ("FREQ=YEARLY;BYMONTH=3;BYWEEKNO=10", "every year by BYMONTH and BYWEEKNO"),
    ],
)
def test_rule_that_outlook_does_not_know_says_why(text: str, reason: str) -> None:
    parts_of(text)
    with pytest.raises(Inexpressible) as caught:
        rule_of(in_berlin(text))
    assert reason in str(caught.value)
    assert str(caught.value).startswith("Outlook ")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "empty"),
        ("  ;", "empty"),
        ("weekly", "'WEEKLY' is no part"),
        ("INTERVAL=2", "FREQ is missing"),
        ("FREQ=", "FREQ= is unknown"),
        ("FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY is unknown"),
        ("FREQ=DAILY;FREQ=WEEKLY", "FREQ is given twice"),
        ("FREQ=DAILY;X-NAME=1", "'X-NAME=1' is no part"),
        ("RSCALE=CHINESE;FREQ=YEARLY", "'RSCALE=CHINESE' is no part"),
        ("FREQ=DAILY;;COUNT=2", "'' is no part"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL=-1"),
        ("FREQ=DAILY;INTERVAL=1.5", "INTERVAL=1.5"),
        ("FREQ=DAILY;COUNT=0", "COUNT=0"),
        ("FREQ=DAILY;COUNT=ten", "COUNT=TEN"),
        ("FREQ=DAILY;COUNT=²", "COUNT=²"),
        ("FREQ=DAILY;COUNT=" + "9" * 400, "COUNT=999"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20261231", "exclude each other"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL=TOMORROW"),
        ("FREQ=DAILY;UNTIL=20260231", "no date in the calendar"),
        ("FREQ=DAILY;UNTIL=20261231T250000Z", "no date in the calendar"),
        ("FREQ=DAILY;UNTIL=20261231Z", "UNTIL=20261231Z"),
        ("FREQ=DAILY;UNTIL=2026-12-31", "UNTIL=2026-12-31"),
        ("FREQ=WEEKLY;WKST=XX", "WKST=XX is unknown"),
        ("FREQ=WEEKLY;BYDAY=", "BYDAY="),
        ("FREQ=WEEKLY;BYDAY=MON", "BYDAY=MON"),
        ("FREQ=WEEKLY;BYDAY=MO,,TU", "BYDAY= is no day"),
        ("FREQ=WEEKLY;BYDAY=1MO", "numbered day"),
        ("FREQ=MONTHLY;BYDAY=0MO", "not within 1 to 53"),
        ("FREQ=MONTHLY;BYDAY=54MO", "not within 1 to 53"),
        ("FREQ=YEARLY;BYWEEKNO=10;BYDAY=1MO", "BYWEEKNO"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY=0 is not within 1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY=32"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=13 is not within 1 to 12"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH=-1"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY cannot go with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY cannot go with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO cannot go with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS picks"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR=24 is not within 0 to 23"),
    ],
)
def test_what_is_no_rule_is_named(text: str, wrong: str) -> None:
    with pytest.raises(BadRule) as caught:
        parts_of(text)
    assert wrong in str(caught.value)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20261208", "2026-12-08"),
        ("20261208T090000", "2026-12-08"),
        ("20261208T085959", "2026-12-07"),
        ("20261208T080000Z", "2026-12-08"),
        ("20261208T075959Z", "2026-12-07"),
        # Still the 8th in UTC, already the 9th in Berlin, and too early for its slot.
        ("20261208T233000Z", "2026-12-08"),
        ("99991231T235959Z", None),
        ("45000101", None),
    ],
)
def test_until_is_the_last_possible_day(until: str, last: str | None) -> None:
    rule = rule_of(in_berlin(f"FREQ=DAILY;UNTIL={until}"))
    assert rule.until == (date.fromisoformat(last) if last else None)


@pytest.mark.parametrize("until", ["20261208", "20261208T000000", "20261208T235959Z"])
def test_until_of_an_all_day_series_is_its_date(until: str) -> None:
    rule = rule_of({**ALL_DAY, "rrule": f"FREQ=DAILY;UNTIL={until}"})
    assert rule.until == date(2026, 12, 8)
    assert rule_text(rule, ALL_DAY) == "FREQ=DAILY;UNTIL=20261208"


def test_until_is_written_as_the_instant_of_that_days_slot() -> None:
    rule = Rule(frequency="daily", until=date(2027, 7, 1))
    assert rule_text(rule, BERLIN) == "FREQ=DAILY;UNTIL=20270701T070000Z"


def test_a_series_that_ends_before_it_begins_is_no_series() -> None:
    with pytest.raises(BadRule, match="ends before it begins"):
        rule_of(in_berlin("FREQ=DAILY;UNTIL=20261130"))


def test_a_rule_without_days_takes_the_day_that_the_clock_of_its_zone_shows() -> None:
    # 08:00 on Tuesday in Tokyo is Monday night in UTC.
    tokyo = in_berlin("FREQ=WEEKLY", start="2026-11-30T23:00:00Z", zone="Asia/Tokyo")
    assert rule_of(tokyo).days == ("TU",)
    assert rule_of({**tokyo, "zone": None}).days == ("MO",)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU;WKST=SU", True),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=31", True),
        ("FREQ=YEARLY;INTERVAL=2", "FREQ=MONTHLY;INTERVAL=24", True),
        ("FREQ=WEEKLY;UNTIL=20261208", "FREQ=WEEKLY;UNTIL=20261214T120000Z", True),
        ("FREQ=HOURLY;BYDAY=TU,MO", "BYDAY=MO,TU;FREQ=HOURLY;INTERVAL=1", True),
        ("FREQ=WEEKLY;UNTIL=20261208", "FREQ=WEEKLY;UNTIL=20261215", False),
        ("FREQ=WEEKLY;UNTIL=20261208", "FREQ=WEEKLY;COUNT=2", False),
        ("FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;COUNT=2", False),
        ("FREQ=DAILY", "FREQ=WEEKLY", False),
        ("FREQ=HOURLY", "FREQ=DAILY", False),
        ("FREQ=HOURLY;BYDAY=TU", "FREQ=HOURLY;BYDAY=WE", False),
        ("FREQ=DAILY;UNTIL=20261130", "FREQ=DAILY", False),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261203", "FREQ=WEEKLY;BYDAY=MO", False),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=9;UNTIL=20261203", "FREQ=MONTHLY", False),
    ],
)
def test_two_rules_are_the_same_when_outlook_stores_them_alike(
    one: str, other: str, alike: bool
) -> None:
    assert same_rule(in_berlin(one), in_berlin(other)) is alike
    assert same_rule(in_berlin(other), in_berlin(one)) is alike


def test_an_unknown_zone_is_taken_to_be_the_others() -> None:
    text = "FREQ=DAILY;UNTIL=20261208T003000Z"
    night = in_berlin(text, start="2026-12-01T00:30:00Z", end="2026-12-01T01:00:00Z")
    assert same_rule(night, {**night, "zone": None})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=DAILY", "Every day"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=1", "Every 3 days, once"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every weekday"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10",
            "Every 2 weeks on Monday and Friday, 10 times",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "Every week on Monday, Wednesday and Friday"),
        ("FREQ=MONTHLY;UNTIL=20270305", "Every month on day 1, until 5 March 2027"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "Every month on the last day"),
        ("FREQ=MONTHLY;BYDAY=2TU", "Every month on the second Tuesday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", "Every month on the first Monday or Tuesday"),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "Every 3 months on the last weekday",
        ),
        ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1", "Every month on the first weekend day"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=3", "Every month on the third day"),
        ("FREQ=YEARLY", "Every year on 1 December"),
        ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "Every year on the last Sunday of October"),
        ("FREQ=HOURLY;INTERVAL=2;COUNT=5", "Every 2 hours, 5 times"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,15;UNTIL=20270305",
            "Every month by a rule of its own, until 5 March 2027",
        ),
    ],
)
def test_a_rule_in_words(text: str, words: str) -> None:
    assert describe(in_berlin(text)) == words
