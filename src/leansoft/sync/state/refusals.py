"""What Outlook refused is remembered with both sides' state: tried again when either changes."""

from datetime import date
from typing import Any

from leansoft.events.fields import plain
from leansoft.graph.errors import Refused
from leansoft.reconcile.snapshot import DateTriple
from leansoft.sync.models import SyncAction
from leansoft.sync.state.load import Subject
from leansoft.sync.write import journal


def refuse(subject: Subject, refusal: Refused, day: date | None = None) -> None:
    """`day`: the refusal is about this date of a series; the others go on."""
    link = subject.link
    journal.conclude(link, SyncAction.Outcome.REFUSED, refusal.sentence)
    link.intent = None
    known = {"why": refusal.sentence, "code": refusal.code}
    if day is None:
        link.refusal = {**known, **_state(subject)}
    else:
        link.refused_dates = {
            **link.refused_dates,
            day.isoformat(): {**known, **_date_state(subject, day)},
        }
    link.save()


def is_refused(subject: Subject) -> bool:
    """Whether Outlook refused to take exactly this state before."""
    return _is_known(subject.link.refusal, _state(subject))


def is_date_refused(subject: Subject, day: date) -> bool:
    refusal = subject.link.refused_dates.get(day.isoformat())
    return refusal is not None and _is_known(refusal, _date_state(subject, day))


def refused_dates(subject: Subject) -> dict[str, Any]:
    """The refusals that still stand, by day."""
    dates = subject.triple.dates
    return {
        day: refusal
        for day, refusal in subject.link.refused_dates.items()
        if date.fromisoformat(day) in dates and is_date_refused(subject, date.fromisoformat(day))
    }


def _is_known(refusal: dict[str, Any] | None, state: dict[str, Any]) -> bool:
    return refusal is not None and all(refusal.get(k) == v for k, v in state.items())


def _state(subject: Subject) -> dict[str, Any]:
    local = subject.triple.local
    remote = subject.link.remote or {}
    return {
        "local": None if local is None else [str(local.presence), plain(local.values)],
        "remote": (remote.get("event") or {}).get("etag"),
    }


def _date_state(subject: Subject, day: date) -> dict[str, Any]:
    dated = subject.triple.dates.get(day, DateTriple())
    return {
        "local": [str(dated.local.presence), plain(dated.local.values)],
        "remote": [dated.remote.here, plain(dated.remote.values)],
    }
