"""Items as `$filter` and `$orderby` see them.

Looking at every event of a large mailbox is cheap as long as none has to be rendered: what is
asked for most is read from the model itself, and only the rest costs a rendering, once.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.expand import with_properties
from outlook_sandbox.mailbox.models.filter import HasPaths, value_at
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.render import UTC_HTML, render


class Row(HasPaths):
    """One item; paths lead to UTC values, whatever zone is preferred (event.md §2)."""

    def __init__(self, item: Item) -> None:
        self.item = item

    @cached_property
    def whole(self) -> Json:
        return with_properties(render(self.item, UTC_HTML), self.item)

    def at(self, path: str) -> Any:
        read = _READERS.get(path.casefold())
        return value_at(self.whole, path) if read is None else read(self.item)


def _bound(item: Item, which: int) -> datetime | None:
    """A single event keeps its start and end as seconds."""
    span = item.event.span
    return None if span is None else datetime.fromtimestamp(span[which], UTC)


def _content(name: str) -> Callable[[Item], Any]:
    return lambda item: item.content[name]


_READERS: dict[str, Callable[[Item], Any]] = {
    "start/datetime": lambda item: _bound(item, 0) or item.starts_at,
    "end/datetime": lambda item: _bound(item, 1) or item.ends_at,
    "createddatetime": lambda item: (item.override or item.event).created_at,
    "lastmodifieddatetime": lambda item: (item.override or item.event).modified_at,
    "type": lambda item: item.type,
    "icaluid": lambda item: item.ical_uid,
    "iscancelled": lambda item: item.is_cancelled,
    "organizer/emailaddress/address": lambda item: item.event.organizer.address,
} | {
    name.casefold(): _content(name)
    for name in (
        "subject",
        "isAllDay",
        "showAs",
        "sensitivity",
        "importance",
        "categories",
    )
}
"""Times as instants, everything else as it is shown."""
