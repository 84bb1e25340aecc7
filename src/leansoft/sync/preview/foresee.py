"""What an order about the whole mailbox would do, event by event and mail by mail, before it is
given. Made by the code that carries it out, in a transaction that is taken back."""

from datetime import datetime
from functools import partial
from typing import Any

from leansoft.connections.calendar import open_calendar
from leansoft.connections.models import Mailbox
from leansoft.kit import clock
from leansoft.sync.leave.orders import Next, Order, forget, forgotten_links
from leansoft.sync.leave.removal import Existing, finish, removal_of, shared_links
from leansoft.sync.models import EventLink, SyncAction
from leansoft.sync.preview.rehearse import foresee, planned
from leansoft.sync.read.observe import join_row
from leansoft.sync.read.pull import pull
from leansoft.sync.run import mailbox_lock
from leansoft.sync.show.report import plan_report
from leansoft.sync.state.load import load
from leansoft.sync.state.trees import is_here, remote_event
from leansoft.sync.write import journal


def foresee_disconnect(mailbox: Mailbox, *, existing: Existing) -> dict[str, Any]:
    """In the shape of a run. Raises the errors of `leansoft.graph.errors`."""
    if existing is Existing.LEAVE:
        # Nothing happens, so that nobody has to be asked, not even an Outlook out of reach.
        return plan_report([])
    return _foresee(mailbox, Order(existing=existing))


def foresee_reset(mailbox: Mailbox, *, existing: Existing, following: Next) -> dict[str, Any]:
    """The reset, and the sync that follows it. As `foresee_disconnect`."""
    return _foresee(mailbox, Order(existing=existing, next=following))


def _foresee(mailbox: Mailbox, order: Order) -> dict[str, Any]:
    with mailbox_lock(mailbox):
        pull(mailbox, open_calendar(mailbox), now=clock.now(), report=lambda *_: None)
        rows = foresee(partial(_play, mailbox, order, clock.now()))
    mailbox.refresh_from_db()
    return plan_report(rows)


def _play(mailbox: Mailbox, order: Order, now: datetime) -> list[SyncAction]:
    rows: list[SyncAction | None] = []
    still_there: list[EventLink] = []
    keys = shared_links(mailbox) if order.existing is not Existing.LEAVE else []
    for key in keys:
        subject = load(mailbox, key)
        removal = removal_of(subject, order.rule)
        rows += [journal.row_for(subject, action) for action in removal.actions]
        if removal.actions:
            still_there += [_sight(subject.link)] if removal.there is None else []
            finish(subject, removal, now=now)
    if order.next is not None:
        still_there += [_sight(link) for link in forgotten_links(mailbox) if is_here(link)]
        forget(mailbox, order.next, now=now)
        mailbox.refresh_from_db()
        for link in still_there:
            _see_again(mailbox, link)
        rows += planned(mailbox, now=now)
    return [row for row in rows if row is not None]


def _sight(link: EventLink) -> EventLink:
    """What the next reading of Outlook would make of this event, if it knew nothing of it."""
    unreadable = link.reason == EventLink.Apart.UNREADABLE
    return EventLink(
        mailbox=link.mailbox,
        remote_id=link.remote_id,
        remote=link.remote,
        remote_changed=True,
        state=EventLink.State.APART if unreadable else EventLink.State.LIVE,
        reason=link.reason if unreadable else "",
    )


def _see_again(mailbox: Mailbox, link: EventLink) -> None:
    link.save()
    seen = remote_event(link)
    if seen is not None and link.state == EventLink.State.LIVE:
        join_row(mailbox, link, seen)
