"""The example rules of RFC 5545, section 3.8.5.3, with the dates that it gives for them.

What Outlook knows comes back from Graph's pattern with the same dates; the rest is declined with a
reason and has the same dates here.
"""

from datetime import date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leansoft.events.recurrence import Inexpressible, dates, rule_of, rule_text
from leansoft.graph.recurrence import recurrence_to_graph, rrule_from_graph

# The rule, and its first days as month/day from 1997 on; a year in front holds for those after it.
KNOWN = [
    ("FREQ=DAILY;COUNT=10", "9/2 9/3 9/4 9/5 9/6 9/7 9/8 9/9 9/10 9/11 end"),
    ("FREQ=DAILY;UNTIL=19971224T000000Z", "9/2 9/3 9/4 9/5"),
    ("FREQ=DAILY;INTERVAL=2", "9/2 9/4 9/6 9/8"),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", "9/2 9/12 9/22 10/2 10/12 end"),
    ("FREQ=WEEKLY;COUNT=10", "9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4 end"),
    (
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        "9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4 11/11 11/18 11/25 12/2 12/9 12/16 "
        "12/23 end",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "9/2 9/16 9/30 10/14 10/28 11/11 11/25 12/9 12/23 1998/1/6 1/20",
    ),
    (
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2 end",
    ),
    (
        "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        "9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2 end",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "9/1 9/3 9/5 9/15 9/17 9/19 9/29 10/1 10/3 10/13 10/15 10/17 10/27 10/29 10/31 11/10 "
        "11/12 11/14 11/24 11/26 11/28 12/8 12/10 12/12 12/22 end",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "9/2 9/4 9/16 9/18 9/30 10/2 10/14 10/16 end",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "9/5 10/3 11/7 12/5 1998/1/2 2/6 3/6 4/3 5/1 6/5 end",
    ),
    ("FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "9/5 10/3 11/7 12/5 end"),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "9/4 10/7 11/6 end"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "8/5 8/10 8/19 8/24 end"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "8/5 8/17 8/19 8/31 end"),
]

UNKNOWN = [
    (
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "1998/1/1 1/2 1/3",
    ),
    ("FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", "1998/1/1 1/2 1/3"),
    (
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "9/7 9/28 11/2 11/30 1998/1/4 1/25 3/1 3/29 5/3 5/31 end",
    ),
    ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "9/22 10/20 11/17 12/22 1998/1/19 2/16 end"),
    ("FREQ=MONTHLY;BYMONTHDAY=-3", "9/28 10/29 11/28 12/29 1998/1/29 2/26"),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "9/2 9/15 10/2 10/15 11/2 11/15 12/2 12/15 1998/1/2 1/15 end",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "9/30 10/1 10/31 11/1 11/30 12/1 12/31 1998/1/1 1/31 2/1 end",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "9/10 9/11 9/12 9/13 9/14 9/15 1999/3/10 3/11 3/12 3/13 end",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "9/2 9/9 9/16 9/23 9/30 11/4 11/11 11/18 11/25 1998/1/6 1/13 1/20 1/27",
    ),
    (
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "6/10 7/10 1998/6/10 7/10 1999/6/10 7/10 2000/6/10 7/10 2001/6/10 7/10 end",
    ),
    (
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "3/10 1999/1/10 2/10 3/10 2001/1/10 2/10 3/10 2003/1/10 2/10 3/10 end",
    ),
    (
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1/1 4/10 7/19 2000/1/1 4/9 7/18 2003/1/1 4/10 7/19 2006/1/1 end",
    ),
    ("FREQ=YEARLY;BYDAY=20MO", "5/19 1998/5/18 1999/5/17"),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "5/12 1998/5/11 1999/5/17"),
    ("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "3/13 3/20 3/27 1998/3/5 3/12 3/19 3/26"),
    ("FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "6/5 6/12 6/19 6/26 7/3 7/10"),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998/2/13 3/13 11/13 1999/8/13 2000/10/13"),
    (
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "9/13 10/11 11/8 12/13 1998/1/10 2/7 3/7 4/11 5/9 6/13",
    ),
    (
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996/11/5 2000/11/7 2004/11/2",
    ),
    (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "9/29 10/30 11/27 12/30 1998/1/29 2/26 3/30",
    ),
    ("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", "9/2 end"),
    ("FREQ=MINUTELY;INTERVAL=15;COUNT=6", "9/2 end"),
    ("FREQ=MINUTELY;INTERVAL=90;COUNT=4", "9/2 end"),
    ("FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40", "9/2 9/3 9/4"),
    ("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16", "9/2 9/3 9/4"),
    ("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007/1/15 1/30 2/15 3/15 3/30 end"),
]


def days_of(text: str) -> list[date]:
    year, found = 1997, []
    for part in text.removesuffix(" end").split():
        *years, month, day = map(int, part.split("/"))
        year = years[0] if years else year
        found.append(date(year, month, day))
    return found


def when(rule: str, start: date) -> dict[str, Any]:
    nine = datetime(start.year, start.month, start.day, 9, tzinfo=ZoneInfo("America/New_York"))
    instant = nine.astimezone(ZoneInfo("UTC")).isoformat().replace("+00:00", "Z")
    return {
        "start": instant,
        "end": instant,
        "zone": "America/New_York",
        "all_day": False,
        "rrule": rule,
    }


@pytest.mark.parametrize(("rule", "listed"), KNOWN + UNKNOWN)
def test_rule_has_the_dates_of_the_rfc(rule: str, listed: str) -> None:
    wanted = days_of(listed)
    found = list(islice(dates(when(rule, wanted[0])), len(wanted) + 1))
    assert found[: len(wanted)] == wanted
    assert (len(found) == len(wanted)) == listed.endswith(" end")


@pytest.mark.parametrize(("rule", "listed"), KNOWN)
def test_rule_that_outlook_knows_comes_back_from_it(rule: str, listed: str) -> None:
    before = when(rule, days_of(listed)[0])
    after = {**before, "rrule": rrule_from_graph(recurrence_to_graph(before), before)}
    assert after["rrule"] == rule_text(rule_of(before), before)
    assert list(islice(dates(after), 40)) == list(islice(dates(before), 40))


@pytest.mark.parametrize(("rule", "listed"), UNKNOWN)
def test_rule_that_outlook_does_not_know_is_declined(rule: str, listed: str) -> None:
    with pytest.raises(Inexpressible, match=r"^Outlook .*\.$"):
        recurrence_to_graph(when(rule, days_of(listed)[0]))
