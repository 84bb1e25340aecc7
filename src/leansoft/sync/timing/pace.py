"""How often a mailbox is asked for changes, and how long it is left alone after trouble. Pure.

|                        | somebody looks | by day     | at night, or unseen for days |
|------------------------|----------------|------------|------------------------------|
| Microsoft tells        | 10 minutes     | 30 minutes | 2 hours                      |
| Microsoft does not     | 1 minute       | 5 minutes  | 30 minutes                   |

Whoever has the calendar open gets a round every few seconds besides: see `attention`.
"""

from datetime import datetime, timedelta
from random import Random

from leansoft.kit.zones import zone

LOOKING = timedelta(minutes=15)
LONG_UNSEEN = timedelta(days=3)
DAY_BEGINS, DAY_ENDS = 6, 22
"""Hours by the owner's clock."""
MOMENT = timedelta(seconds=10)
"""The poll looks once a minute: what is due a little earlier is not a whole minute late."""

FIRST_RETRY, LAST_RETRY = timedelta(seconds=8), timedelta(minutes=10)


def until_next_poll(
    *, now: datetime, looked_at: datetime | None, time_zone: str, told: bool
) -> timedelta:
    """As `pause_between_polls`, but for a poll that may come a little early."""
    pause = pause_between_polls(now=now, looked_at=looked_at, time_zone=time_zone, told=told)
    return pause - MOMENT


def pause_between_polls(
    *, now: datetime, looked_at: datetime | None, time_zone: str, told: bool
) -> timedelta:
    """`looked_at`: when the owner last had the calendar open; `told`: whether Microsoft tells."""
    unseen = now - looked_at if looked_at is not None else LONG_UNSEEN
    if unseen < LOOKING:
        return timedelta(minutes=10 if told else 1)
    if unseen < LONG_UNSEEN and DAY_BEGINS <= now.astimezone(zone(time_zone)).hour < DAY_ENDS:
        return timedelta(minutes=30 if told else 5)
    return timedelta(hours=2) if told else timedelta(minutes=30)


def back_off(*, failures: int, mailbox_id: int) -> timedelta:
    """After so many failures in a row (at least one) without a word on when to come back.

    Between half and the whole of a time that doubles, so that mailboxes do not return together.
    """
    doubled: int = 2 ** min(failures - 1, 16)
    longest = min(LAST_RETRY, FIRST_RETRY * doubled)
    return longest * Random(f"{mailbox_id}:{failures}").uniform(0.5, 1)
