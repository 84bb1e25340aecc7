"""The remote and base trees as a link keeps them: JSON in the row, values of the plan in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from leansoft.events.fields import PERSONAL, Field, Values
from leansoft.graph.codec import RemoteEvent
from leansoft.graph.series import SeriesDate
from leansoft.reconcile.snapshot import Pair, Remote
from leansoft.sync.models import EventLink
from leansoft.sync.state.dates import stored_dates

Base = dict[Field, Pair]


def remote_event(link: EventLink) -> RemoteEvent | None:
    """What Outlook last showed of this event, here or gone."""
    if link.remote is None or link.remote.get("event") is None:
        return None
    return msgspec.convert(link.remote["event"], RemoteEvent)


def is_here(link: EventLink) -> bool:
    return bool(link.remote and link.remote["here"])


def show(
    link: EventLink, seen: RemoteEvent, dates: Mapping[date, SeriesDate] | None = None
) -> bool:
    """Puts what Outlook shows into the remote tree; answers whether anything is new.

    A cancelled copy counts as gone. Our mark is shown only to whoever asks for it, and stays.
    `dates`: those of a series that was read whole; without it they stay as they were.
    """
    before = remote_event(link)
    if before is not None and is_here(link):
        seen = replace(seen, marker=seen.marker or before.marker)
    tree = {"here": not seen.is_cancelled, "event": msgspec.to_builtins(seen)}
    shown = stored_dates(dates) if dates is not None else (link.remote or {}).get("dates")
    if shown:
        tree["dates"] = shown
    if tree == link.remote:
        return False
    link.remote = tree
    return True


def show_gone(link: EventLink) -> bool:
    """Marks the remote tree as gone; what it last held stays readable."""
    before = link.remote or {"event": None}
    link.remote = {**before, "here": False}
    return link.remote != before


def remote_of(link: EventLink, projected: Iterable[Field]) -> Remote | None:
    """The remote tree as the plan sees it."""
    if link.remote is None:
        return None
    event = remote_event(link)
    if event is None:
        return Remote(here=False)
    wanted = set(projected)
    return Remote(
        here=is_here(link),
        values={field: value for field, value in event.values.items() if field in wanted},
        modified_at=event.modified_at,
        recipients=tuple(p["email"] for p in event.values.get(Field.ATTENDEES, [])),
    )


def base_of(link: EventLink) -> Base | None:
    """What both sides last agreed on.

    When the home of the content moved since, only the person's own fields still hold.
    """
    if link.base is None:
        return None
    base = {Field(name): Pair(**pair) for name, pair in link.base.items()}
    if link.event is not None and link.epoch < link.event.epoch:
        return {field: pair for field, pair in base.items() if field in PERSONAL}
    return base


def forget_void(link: EventLink) -> None:
    """Before anything is agreed on anew: what was agreed on before the home moved stays void."""
    if link.event is None:
        return
    if link.base is not None and link.epoch < link.event.epoch:
        link.base = {name: pair for name, pair in link.base.items() if Field(name) in PERSONAL}
    link.epoch = link.event.epoch


def agree(link: EventLink, fields: Iterable[Field], ours: Values, theirs: Values) -> None:
    """Both sides hold these now."""
    base: dict[str, Any] = dict(link.base or {})
    for field in fields:
        if field in ours and field in theirs:
            base[str(field)] = {"ours": ours[field], "theirs": theirs[field]}
    link.base = base
