"""calendarView/delta (delta.md).

Theory of operation. The mailbox keeps one log of changes; every item has one position in it, that
of its latest change. A round tells what changed after position `base` and up to `upto`, page by
page; `at` is how far it has come. A token carries these three numbers and the window, so nothing
is stored, an old link can be repeated, and what changes while a round is running has a position
beyond `upto` and comes with the next round. A series has the position of its master, so it is
never split across pages.
"""

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.exceptions import bad_request, sync_state_not_found
from outlook_sandbox.mailbox.models.event import Event
from outlook_sandbox.mailbox.models.items import Item, instances
from outlook_sandbox.mailbox.models.mailbox import Mailbox, occurrence_id
from outlook_sandbox.mailbox.models.render import render, render_stub
from outlook_sandbox.mailbox.models.times import read_date
from outlook_sandbox.mailbox.prefer import Preferences

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox

REPLAYED = 5


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The content of a token."""

    mailbox: str
    calendar: str
    low: datetime
    high: datetime
    generation: int
    base: int
    upto: int
    at: int
    """Equal to `upto` in a deltaLink's token: the round is over."""
    pages: int = 0
    first: bool = False
    """A round that began without a token tells no removals, however empty the mailbox was."""

    def token(self) -> str:
        packed = msgspec.msgpack.encode(self)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


class Page(msgspec.Struct):
    items: list[Json]
    cursor: Cursor
    done: bool


def read_token(mailbox: Mailbox, text: str) -> Cursor:
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        cursor = msgspec.msgpack.decode(packed, type=Cursor)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise bad_request("Badly formed token.") from None
    if cursor.mailbox != mailbox.account_id:
        raise bad_request("Badly formed token.")
    if cursor.generation != mailbox.delta_generation or cursor.upto > mailbox.seq:
        raise sync_state_not_found()
    return cursor


def first_cursor(
    sandbox: "Sandbox", mailbox: Mailbox, calendar: str, low: datetime, high: datetime
) -> Cursor:
    return Cursor(
        mailbox=mailbox.account_id,
        calendar=calendar,
        low=low,
        high=high,
        generation=mailbox.delta_generation,
        base=0,
        upto=_latest(sandbox, mailbox),
        at=0,
        first=True,
    )


def next_round(sandbox: "Sandbox", mailbox: Mailbox, cursor: Cursor) -> Cursor:
    """The round that a deltaLink opens."""
    base = cursor.upto
    if sandbox.switches.delta_replays:
        base = max(0, base - REPLAYED)
    upto = max(cursor.upto, _latest(sandbox, mailbox))
    return msgspec.structs.replace(cursor, base=base, upto=upto, at=base, pages=0, first=False)


def _latest(sandbox: "Sandbox", mailbox: Mailbox) -> int:
    """How far the log can be told: changes may appear late."""
    lag = sandbox.switches.delta_lag_seconds
    if not lag:
        return mailbox.seq
    horizon = sandbox.now() - timedelta(seconds=lag)
    latest = 0
    for seq, item_id in mailbox.changes_after(0):
        event = mailbox.events.get(item_id)
        when = event.modified_at if event else mailbox.tombstones[item_id].at
        if when > horizon:
            break
        latest = seq
    return latest


def read_page(sandbox: "Sandbox", mailbox: Mailbox, cursor: Cursor, prefer: Preferences) -> Page:
    switches = sandbox.switches
    if switches.delta_empty_pages and cursor.pages == 0:
        return Page([], msgspec.structs.replace(cursor, pages=1), done=False)
    size = prefer.page_size or switches.delta_page_size
    items: list[Json] = []
    at, done = cursor.at, True
    for seq, item_id in mailbox.changes_after(cursor.at):
        if seq > cursor.upto:
            break
        if len(items) >= size:
            done = False
            break
        items += _told(sandbox, mailbox, item_id, cursor, prefer)
        at = seq
    if switches.delta_duplicates and items:
        items = [*items, items[0]]
    if switches.delta_shuffle:
        items = sandbox.random.shuffled(items)
    at = cursor.upto if done else at
    return Page(items, msgspec.structs.replace(cursor, at=at, pages=cursor.pages + 1), done)


def _told(
    sandbox: "Sandbox", mailbox: Mailbox, item_id: str, cursor: Cursor, prefer: Preferences
) -> list[Json]:
    """What delta says of one log entry."""
    first_round = cursor.first and not sandbox.switches.delta_removed_in_first_round
    event = mailbox.events.get(item_id)
    if event is None:
        stone = mailbox.tombstones[item_id]
        if first_round or stone.calendar_id != cursor.calendar:
            return []
        shown = stone.immutable_id if prefer.immutable_ids else item_id
        ids = [shown]
        if sandbox.switches.delta_series_tombstones == "all":
            ids += [occurrence_id(shown, read_date(day)) for day in stone.days]
        return [removed(one) for one in ids]
    if event.calendar_id != cursor.calendar:
        return []
    found = instances(event, cursor.low, cursor.high)
    if found:
        return list(_shown(sandbox, event, found, prefer))
    if first_round or not sandbox.switches.delta_removed_outside_window:
        return []
    # Changed outside the window: told as removed, even if it was never seen (delta.md §4).
    return [removed(event.immutable_id if prefer.immutable_ids else event.id)]


def _shown(
    sandbox: "Sandbox", event: Event, found: list[Item], prefer: Preferences
) -> Iterator[Json]:
    switches = sandbox.switches
    if event.is_series and switches.delta_masters:
        yield _full(Item(event), prefer)
    for item in found:
        if item.type == "occurrence" and switches.delta_stubs:
            yield render_stub(item, prefer)
        else:
            yield _full(item, prefer)
    if event.is_series and switches.delta_removed_for_deleted_occurrence:
        own = event.immutable_id if prefer.immutable_ids else event.id
        for day in event.deleted_dates:
            yield removed(occurrence_id(own, read_date(day)))


def _full(item: Item, prefer: Preferences) -> Json:
    return {"@odata.type": "#microsoft.graph.event", **render(item, prefer)}


def removed(item_id: str) -> Json:
    return {
        "@odata.type": "#microsoft.graph.event",
        "id": item_id,
        "@removed": {"reason": "deleted"},
    }
