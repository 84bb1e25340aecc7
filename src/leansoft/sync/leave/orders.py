"""What an owner may order about the whole mailbox: start over, or leave.

An order is written on the mailbox, and whatever round comes next carries it out, before anything
else: a crash, an outage or a new sign-in in the middle only delays it. It ends with the links
forgotten and the mailbox as new, or with the mailbox disconnected.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet

from leansoft.calendars.domain import events
from leansoft.calendars.domain.incoming import lock_content
from leansoft.calendars.models import Event, Participant
from leansoft.connections.domain import connect
from leansoft.connections.models import Mailbox, Subscription
from leansoft.graph.calendar import Calendar
from leansoft.reconcile.actions import Cause
from leansoft.sync.going_on import check_going_on
from leansoft.sync.leave.removal import Existing, Rule, end_half_done, remove, shared_links
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.moved import settle_doubt
from leansoft.sync.preview import choices
from leansoft.sync.preview.previewed import forget_preview
from leansoft.sync.state.homes import leave_homes
from leansoft.sync.timing import subscriptions

Report = Callable[[str, int, int], None]


class Next(StrEnum):
    """What is synced after a new start."""

    NEW = "new"
    """Only events made from now on, on either side."""
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`next` is None for leaving."""

    existing: Existing
    next: Next | None = None

    @classmethod
    def of(cls, mailbox: Mailbox) -> "Order | None":
        held: dict[str, Any] | None = mailbox.order
        if held is None:
            return None
        following = Next(held["next"]) if held["next"] else None
        return cls(existing=Existing(held["existing"]), next=following)

    @property
    def leaves(self) -> bool:
        return self.next is None

    @property
    def rule(self) -> Rule:
        cause = Cause.DISCONNECTED if self.leaves else Cause.STARTED_OVER
        return Rule(existing=self.existing, cause=cause, strangers=self.leaves)

    def written(self) -> dict[str, str | None]:
        return {"existing": self.existing, "next": self.next}


def carry_out(
    run: SyncRun, calendar: Calendar, *, clock: Callable[[], datetime], report: Report
) -> None:
    """Does what the owner ordered. Outlook has just been read.

    Raises `Stopped`, and the errors of `leansoft.graph.errors`.
    """
    mailbox = run.mailbox
    order = Order.of(mailbox)
    assert order is not None
    keys = shared_links(mailbox) if order.existing is not Existing.LEAVE else []
    for done, key in enumerate(keys):
        report("Taking events out", done, len(keys))
        check_going_on(mailbox)
        remove(run, calendar, key, order.rule, now=clock())
    check_going_on(mailbox)
    if order.next is None:
        disconnect(mailbox)
    else:
        forget(mailbox, order.next, now=clock())
    mailbox.refresh_from_db()


def disconnect(mailbox: Mailbox) -> None:
    """Forgets the tokens; what both calendars hold stays as it is.

    Links stay, so that a return finds its own events again. Where the content of a meeting lived
    in this mailbox, it stays as it is until another home is found.
    """
    token = subscriptions.token_to_leave_with(mailbox)
    end_half_done(mailbox)
    connect.disconnect(mailbox)
    subscriptions.leave(mailbox, token)
    leave_homes(mailbox)


@transaction.atomic
def disown() -> bool:
    """This database is a copy: it lets go of every mailbox, and of nothing at Microsoft, where all
    belongs to the original. False when there is no doubt about it."""
    if not settle_doubt():
        return False
    Subscription.objects.all().delete()
    for mailbox in Mailbox.objects.exclude(status=Mailbox.Status.DISCONNECTED).order_by("pk"):
        end_half_done(mailbox)
        connect.disconnect(mailbox)
        leave_homes(mailbox)
    return True


@transaction.atomic
def forget(mailbox: Mailbox, following: Next, *, now: datetime) -> None:
    """Nothing was ever agreed on, and the next round is the first one.

    An event that one side has given up already is no part of it: that goes its way, and is not
    brought back because it was forgotten.
    """
    _leave_as_witness(mailbox)
    forgotten_links(mailbox).delete()
    forget_preview(mailbox)
    waiting = SyncRun.objects.filter(mailbox=mailbox, state=SyncRun.State.WAITING)
    waiting.update(state=SyncRun.State.DONE, ended_at=now)
    existing = choices.Existing.NEW_ONLY if following is Next.NEW else choices.Existing.PUSH
    Mailbox.objects.filter(pk=mailbox.pk).update(
        order=None,
        existing=existing,
        started_at=now,
        delta_link="",
        window_end_at=None,
        listed_at=None,
        last_sync_at=None,
        next_sync_at=None,
    )


def forgotten_links(mailbox: Mailbox) -> QuerySet[EventLink]:
    removed = Participant.objects.filter(
        event=OuterRef("event"), user=mailbox.user, removed_at__isnull=False
    )
    given_up = Q(remote__here=False) | Q(event__isnull=True)
    given_up |= Q(event__archived_at__isnull=False) | Q(Exists(removed))
    links = EventLink.objects.filter(mailbox=mailbox).exclude(state=EventLink.State.GONE)
    # No reading of the calendar finds these again: they would be created anew.
    links = links.exclude(reason=EventLink.Apart.ELSEWHERE)
    return links.exclude(given_up, state=EventLink.State.LIVE, base__isnull=False)


def _leave_as_witness(mailbox: Mailbox) -> None:
    """What came in through this mailbox was agreed on with nobody any more."""
    locked = Event.objects.filter(
        links__mailbox=mailbox, links__state=EventLink.State.LIVE, locked=True
    )
    for event in locked.distinct():
        lock_content(events.lock(event))
