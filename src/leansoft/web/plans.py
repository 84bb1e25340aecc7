"""A plan for people: by event, what would be written where, and by person, which mails and why."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import Any

from leansoft.calendars.models import Event
from leansoft.sync.models import SyncAction
from leansoft.web.names import names_of

Line = dict[str, Any]
Kind, Side = SyncAction.Kind, SyncAction.Side

TITLES = (
    ("to Outlook", "The {n} event{s} to Outlook"),
    ("to Leansoft", "The {n} event{s} to Leansoft"),
    ("both", "The {n} event{s} found on both sides: linked, not doubled"),
)
WORDS = {
    Kind.CREATED: "new",
    Kind.UPDATED: "changed",
    Kind.DELETED: "deleted",
    Kind.ADOPTED: "linked",
    Kind.PARTED: "no longer linked",
}


def dated(lines: Iterable[Line], zone: tzinfo) -> list[Line]:
    """With the day `on` which each line's event starts, as the reader's calendar shows it."""
    lines = list(lines)
    asked = {line["event"] for line in lines if line["event"] and not line.get("when")}
    found = Event.objects.filter(pk__in=asked).values_list("pk", "starts_at", "all_day")
    known = {str(pk): _day(starts_at, zone, all_day=all_day) for pk, starts_at, all_day in found}
    return [{**line, "on": _starts_on(line, zone) or known.get(line["event"])} for line in lines]


def _starts_on(line: Line, zone: tzinfo) -> date | None:
    when = line.get("when")
    if not when:
        return None
    return _day(datetime.fromisoformat(when["start"]), zone, all_day=when["all_day"])


def _day(start: datetime, zone: tzinfo, *, all_day: bool) -> date:
    return start.date() if all_day else start.astimezone(zone).date()


def fold(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines in folds, by where they are written."""
    names = names_of(mail for line in lines for mail in line["mails"])
    folds = []
    for name, title in TITLES:
        found = [line for line in lines if _fold_of(line) == name]
        count = events_in(found)
        shown = title.format(n=count, s="" if count == 1 else "s")
        if found:
            folds.append({"title": shown, "lines": [shown_line(line, names) for line in found]})
    return folds


def events_in(lines: Sequence[Line]) -> int:
    """Of how many events the lines tell; one that is new here has no name yet."""
    named = {line["event"] for line in lines if line["event"]}
    return len(named) + sum(line["event"] is None and line["date"] is None for line in lines)


def shown_line(line: Line, names: dict[str, str]) -> dict[str, Any]:
    day = date.fromisoformat(line["date"]) if line.get("date") else None
    where = "in Outlook" if line["side"] == Side.OUTLOOK else "in Leansoft"
    word = WORDS[Kind(line["kind"])]
    told = dict.fromkeys(mail["to"] for mail in line["mails"])
    return {
        "subject": line["subject"],
        "day": day,
        "on": line.get("on"),
        "words": word if line["kind"] in {Kind.ADOPTED, Kind.PARTED} else f"{word} {where}",
        "told": ", ".join(names.get(to, to) for to in told),
    }


def people_of(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Everybody who would be mailed, by name: which mails, about what, and why."""
    lines = list(lines)
    names = names_of(mail for line in lines for mail in line["mails"])
    told = [(mail, line) for line in lines for mail in line["mails"]]
    told.sort(key=lambda one: (names.get(one[0]["to"], one[0]["to"]).casefold(), one[0]["to"]))
    return [
        {
            "email": email,
            "name": names.get(email, ""),
            "mails": [_mail(mail, line) for mail, line in found],
        }
        for email, found in groupby(told, key=lambda one: one[0]["to"])
    ]


def by_event(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """What a guard holds: one entry for each event that can be answered alone."""
    lines = list(lines)
    names = names_of(mail for line in lines for mail in line["mails"])
    return [
        {"key": key, "subject": found[0]["subject"], "lines": [shown_line(x, names) for x in found]}
        for key, group in groupby(lines, key=lambda line: line["key"])
        if (found := list(group))
    ]


def _fold_of(line: Line) -> str:
    if line["kind"] == Kind.ADOPTED:
        return "both"
    return "to Outlook" if line["side"] == Side.OUTLOOK else "to Leansoft"


def _mail(mail: dict[str, Any], line: Line) -> dict[str, Any]:
    day = date.fromisoformat(line["date"]) if line.get("date") else None
    return {
        "kind": mail["kind"] if mail["certain"] else f"perhaps {mail['kind']}",
        "subject": line["subject"],
        "day": day,
        "why": line["cause"],
    }
