"""What the calendar shows: days, hours, and events side by side where they overlap."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from outlook_sandbox.mailbox.models.items import Item, instances
from outlook_sandbox.mailbox.models.mailbox import Mailbox
from outlook_sandbox.mailbox.models.times import wall_of
from outlook_sandbox.mailbox.models.zones import find_zone

USUAL_HOURS = (7, 20)
SHORTEST_MINUTES = 30
LIST_DAYS = 60


@dataclass
class Block:
    """One event as the page shows it on one day."""

    item: Item
    starts: datetime
    """Wall times in the page's zone."""
    ends: datetime
    from_minute: int = 0
    to_minute: int = 0
    """Of the day; a block is never lower than half an hour."""
    lane: int = 0
    lanes: int = 1

    def style(self, hours: range) -> str:
        """Position within the day's column, in per cent."""
        whole = len(hours) * 60
        top = 100 * (self.from_minute - hours.start * 60) / whole
        height = 100 * (self.to_minute - self.from_minute) / whole
        left, width = 100 * self.lane / self.lanes, 100 / self.lanes
        return f"top:{top:.3f}%; height:{height:.3f}%; left:{left:.2f}%; width:{width:.2f}%"

    @property
    def is_short(self) -> bool:
        return self.to_minute - self.from_minute < 45

    @property
    def title(self) -> str:
        return self.item.content["subject"] or "(No title)"

    @property
    def place(self) -> str:
        return "; ".join(p["displayName"] for p in self.item.content["locations"])

    @property
    def all_day(self) -> bool:
        return bool(self.item.content["isAllDay"])

    @property
    def classes(self) -> str:
        names = [f"shows-{self.item.content['showAs'].lower()}"]
        if self.item.is_cancelled:
            names.append("cancelled")
        if self.item.content["sensitivity"] == "private":
            names.append("private")
        return " ".join(names)

    @property
    def times(self) -> str:
        if self.all_day:
            return "All day"
        if self.starts.date() == self.ends.date():
            return f"{self.starts:%H:%M}–{self.ends:%H:%M}"
        return f"{self.starts:%d %b %H:%M} – {self.ends:%d %b %H:%M}"


@dataclass
class Day:
    on: date
    all_day: list[Block] = field(default_factory=list)
    timed: list[Block] = field(default_factory=list)

    @property
    def blocks(self) -> list[Block]:
        return self.all_day + self.timed


def zone_of(mailbox: Mailbox) -> ZoneInfo:
    return find_zone(mailbox.time_zone)


def week_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def build_days(mailbox: Mailbox, first: date, count: int) -> list[Day]:
    zone = zone_of(mailbox)
    last = first + timedelta(days=count)
    low = datetime.combine(first, datetime.min.time(), zone) - timedelta(days=1)
    high = datetime.combine(last, datetime.min.time(), zone) + timedelta(days=1)
    days = {first + timedelta(days=n): Day(first + timedelta(days=n)) for n in range(count)}
    for event in mailbox.events.values():
        for item in instances(event, low, high):
            _place(days, _block(item, zone))
    for day in days.values():
        day.all_day.sort(key=lambda block: block.title)
        day.timed.sort(key=lambda block: (block.starts, -block.ends.timestamp()))
        _lanes(day)
    return list(days.values())


def _block(item: Item, zone: ZoneInfo) -> Block:
    if item.content["isAllDay"]:
        return Block(item, wall_of(item.content["start"]), wall_of(item.content["end"]))
    starts, ends = (at.astimezone(zone) for at in (item.starts_at, item.ends_at))
    return Block(item, starts.replace(tzinfo=None), ends.replace(tzinfo=None))


def _place(days: dict[date, Day], block: Block) -> None:
    """On every day that it touches; what lasts a day or longer goes to the top."""
    day = block.starts.date()
    long = block.ends - block.starts >= timedelta(days=1)
    while day <= block.ends.date():
        begins = datetime.combine(day, datetime.min.time())
        ends_before = block.ends <= begins and block.starts < begins
        if day in days and not ends_before:
            part = Block(block.item, block.starts, block.ends)
            if long:
                days[day].all_day.append(part)
            else:
                _measure(part, begins)
                days[day].timed.append(part)
        day += timedelta(days=1)


def _measure(block: Block, begins: datetime) -> None:
    start = max(0, round((block.starts - begins).total_seconds() / 60))
    end = min(1440, round((block.ends - begins).total_seconds() / 60))
    block.from_minute = min(start, 1440 - SHORTEST_MINUTES)
    block.to_minute = max(end, block.from_minute + SHORTEST_MINUTES)


def shown_hours(days: list[Day]) -> range:
    """The usual hours, and more when something is planned outside of them."""
    blocks = [block for day in days for block in day.timed]
    first = min([USUAL_HOURS[0], *(block.from_minute // 60 for block in blocks)])
    last = max([USUAL_HOURS[1], *(-(-block.to_minute // 60) for block in blocks)])
    return range(first, last)


def _lanes(day: Day) -> None:
    """Overlapping events share the width."""
    group: list[Block] = []
    group_end = 0
    for block in day.timed:
        if block.from_minute >= group_end:
            _share(group)
            group = []
        taken = {b.lane for b in group if b.to_minute > block.from_minute}
        block.lane = next(n for n in range(len(group) + 1) if n not in taken)
        group.append(block)
        group_end = max(b.to_minute for b in group)
    _share(group)


def _share(group: list[Block]) -> None:
    lanes = max((block.lane for block in group), default=0) + 1
    for block in group:
        block.lanes = lanes
