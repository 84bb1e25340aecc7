"""The state of the sync as the person it belongs to sees it, in plain words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import has_date
from leansoft.calendars.models import Event
from leansoft.calendars.permissions import part_of
from leansoft.calendars.values import when_value
from leansoft.connections.models import Installation, Integration, Mailbox
from leansoft.events.fields import Field
from leansoft.kit.clock import now
from leansoft.sync.models import EventLink, SyncRun
from leansoft.sync.moved import in_doubt, sentence, who_confirms
from leansoft.sync.state.rules import awaited_cuts, shows_other_dates, why_inexpressible
from leansoft.sync.state.trees import is_here
from leansoft.sync.timing.subscriptions import is_told

State = Mailbox.Status

REGISTRATION_AT_FAULT = (
    "Microsoft does not let Leansoft in at the moment, so nobody's calendar is kept in sync."
)
"""For whoever cannot mend it."""

OTHER_DATES = (
    "Your copy in Outlook has not got the dates of {}'s series, so what you do on single dates "
    "here waits."
)
LEFT_BEHIND = (
    "It invited you to {} alone. That date is no more, but Outlook still shows your copy: delete "
    "it there when you know that it is over."
)
NAMELESS_ZONE = (
    "Outlook keeps this series in a time zone that has no name. It is shown by UTC's clock here, "
    "so its dates may be an hour off after the clocks change: Outlook has them right."
)


def outlook_status(user: User, *, to_administrator: bool = False) -> dict[str, Any]:
    """The contract's shape of `GET /outlook`, and `next_step`: what the person can do.

    `to_administrator`: somebody who can mend the registration asks how it is with this user.
    """
    present = Mailbox.objects.filter(user=user).exclude(status=State.DISCONNECTED)
    mailbox = present.select_related("subscription").first()
    integration = Integration.current()
    doubt = in_doubt()
    state, reason, next_step = _state(user, mailbox, integration, doubt)
    if state == "error" and integration.fault and to_administrator:
        reason = integration.fault
    return {
        "state": state,
        "account": mailbox.account if mailbox else None,
        "reason": reason,
        "last_sync_at": mailbox.last_sync_at if mailbox else None,
        "next_sync_at": mailbox.next_sync_at if mailbox else None,
        "notifications": mailbox is not None and is_told(mailbox, now()),
        "next_step": next_step,
        "choosing": mailbox is not None and mailbox.status == State.CHOOSING,
        "can_sign_in": not integration.fault,
        # Why everybody's sync waits for an administrator, whoever is connected.
        "doubt": sentence(doubt) if doubt else None,
        # What its owner ordered about the whole mailbox is being done.
        "ordered": mailbox is not None and mailbox.order is not None,
    }


def _state(
    user: User,
    mailbox: Mailbox | None,
    integration: Integration,
    doubt: Installation.Doubt | None,
) -> tuple[str, str | None, str]:
    if not integration.is_configured:
        return "not_configured", "Outlook is not set up yet.", _who_sets_up(user)
    if mailbox is None:
        return "not_connected", None, "Press Outlook and sign in at Microsoft."
    if doubt is not None:
        return "paused", sentence(doubt), who_confirms(user)
    if integration.fault:
        why = integration.fault if user.is_administrator else REGISTRATION_AT_FAULT
        return "error", why, _who_sets_up(user)
    match mailbox.status:
        case State.CHOOSING:
            return "connected", "The first sync waits for your choices.", "Choose how to start."
        case State.NEEDS_RECONNECT:
            return "needs_reconnect", mailbox.reason, "Sign in at Microsoft again."
        case State.PAUSED:
            return "paused", mailbox.reason, "Resume when you are ready."
        case State.ERROR:
            return "error", mailbox.reason, "Look at the Outlook page."
        case _:
            return _held(mailbox) or ("connected", _ordered(mailbox) or _trouble(mailbox), "")


def _ordered(mailbox: Mailbox) -> str | None:
    if mailbox.order is None:
        return None
    doing = "is starting over" if mailbox.order["next"] else "takes events out, then disconnects"
    return " ".join(part for part in (f"Leansoft {doing}.", _trouble(mailbox)) if part)


def _held(mailbox: Mailbox) -> tuple[str, str | None, str] | None:
    # The plan itself may be long, and nobody reads it here.
    waiting = SyncRun.objects.filter(mailbox=mailbox, state=SyncRun.State.WAITING)
    reasons = waiting.filter(held__isnull=False).values_list("held__reasons", flat=True).first()
    if reasons is None:
        return None
    return "waiting", " ".join(reasons), "Say on the Outlook page what to do."


def _who_sets_up(user: User) -> str:
    if user.is_administrator:
        return "Set it up under Settings → General Settings → Integrations."
    names = User.objects.filter(role=User.Role.ADMINISTRATOR, is_active=True)
    who = ", ".join(str(admin) for admin in names.order_by("name")[:3]) or "your administrator"
    return f"Ask {who} to look at the Outlook integration."


def _trouble(mailbox: Mailbox) -> str | None:
    """Why the last finished round failed, if it did; the next one is on its way."""
    ended = [SyncRun.State.DONE, SyncRun.State.FAILED]
    last = SyncRun.objects.filter(mailbox=mailbox, state__in=ended).order_by("-ended_at").first()
    return last.errors[-1] if last and last.state == SyncRun.State.FAILED and last.errors else None


def event_states(events: Iterable[Event], user: User) -> dict[UUID, dict[str, str | None]]:
    """For each event, how it stands in this user's Outlook. As many queries however many events."""
    events = list(events)
    mailbox = Mailbox.objects.filter(user=user).exclude(status=State.DISCONNECTED).first()
    if mailbox is None:
        return {event.pk: {"state": "not_connected", "reason": None} for event in events}
    # Last, and so counting, comes the link of a whole series.
    links = EventLink.objects.filter(mailbox=mailbox, event__in=events).order_by(
        F("date").desc(nulls_last=True)
    )
    by_event = {link.event_id: link for link in links}
    for event in events:
        if event.pk in by_event:
            by_event[event.pk].event = event
    reasons = {
        pk: _of_first_half(half) for pk, half in awaited_cuts(mailbox, by_event.values()).items()
    }
    reasons |= dict.fromkeys(held_links(mailbox), "It waits for your answer on the Outlook page.")
    on_its_way = what_changes_wait_for(mailbox)
    return {
        event.pk: _event_state(event, by_event.get(event.pk), user, reasons, on_its_way)
        for event in events
    }


def what_changes_wait_for(mailbox: Mailbox) -> str:
    """Why a change has not reached Outlook yet, where nothing but the way there keeps it."""
    match mailbox.status:
        case State.CHOOSING:
            return "It goes to Outlook once you have chosen how to start."
        case State.PAUSED:
            return "It goes to Outlook when you resume the sync."
        case State.NEEDS_RECONNECT:
            return "It goes to Outlook when you have signed in at Microsoft again."
        case State.ERROR:
            return "It waits until Outlook lets Leansoft in again: the Outlook page says more."
        case _ if Integration.current().fault:
            return "It waits until an administrator has mended the Outlook integration."
        case _:
            return "The change is on its way to Outlook."


def left_behind(mailbox: Mailbox) -> list[tuple[EventLink, str]]:
    """Copies of invitations to a single date that its series has no more, each with what to do.

    Outlook may tell its guest nothing of that, and nobody but them ends their copy. The links, not
    to be saved, are without the series: the guest has no part in it.
    """
    copies = EventLink.objects.filter(
        mailbox=mailbox,
        state=EventLink.State.LIVE,
        date__isnull=False,
        event__isnull=False,
        remote__here=True,
    )
    found = []
    for link in copies.select_related("event"):
        assert link.event is not None
        assert link.date is not None
        if not has_date(link.event, link.date):
            link.event = None
            found.append((link, LEFT_BEHIND.format(f"{link.date:%d %B %Y}".lstrip("0"))))
    return found


def held_links(mailbox: Mailbox) -> set[int]:
    """Keys of the links whose plans wait for their owner's word."""
    waiting = SyncRun.objects.filter(mailbox=mailbox, state=SyncRun.State.WAITING)
    held = waiting.filter(held__isnull=False).values_list("held__keys", flat=True)
    return {key for keys in held for key in keys}


def _of_first_half(half: EventLink) -> str:
    """What the second half of a series waits for, and what to do about it."""
    assert half.event is not None
    why = why_inexpressible(half.event) or (half.refusal or {}).get("why")
    if why is None:
        return "It goes to Outlook as soon as the dates before it end there."
    return (
        f"It goes to Outlook when the dates before it end there, and that cannot be: {why} "
        f"Change the rule of “{half.event}” before this series, or delete those dates."
    )


def _event_state(
    event: Event,
    link: EventLink | None,
    user: User,
    reasons: Mapping[int, str],
    on_its_way: str,
) -> dict[str, str | None]:
    if link is not None and link.pk in reasons:
        return {"state": "waiting", "reason": reasons[link.pk]}
    state, reason = _event_words(event, link, user, on_its_way)
    return {"state": state, "reason": reason}


def _event_words(
    event: Event, link: EventLink | None, user: User, on_its_way: str
) -> tuple[str, str | None]:
    if link is None:
        return _without_link(event, user)
    if link.state == EventLink.State.APART:
        return "not_in_outlook", EventLink.Apart(link.reason).label
    unknown_rule = why_inexpressible(event)
    organizes = event.organizer.user_id == user.pk
    if unknown_rule is not None and organizes and not _has_this_rule(link, event):
        older = " Outlook still shows the rule from before." if is_here(link) else ""
        return "not_in_outlook", f"{unknown_rule}{older}"
    if link.refusal is not None and link.planned_version == event.version:
        return "not_in_outlook" if link.remote is None else "waiting", link.refusal["why"]
    settled = link.planned_version == event.version and not link.remote_changed and not link.intent
    if not settled:
        return "waiting", on_its_way
    if link.refused_dates:
        return "waiting", refused_dates_in_words(link)
    if link.state == EventLink.State.GONE:
        return "not_in_outlook", "It is in the archive." if event.is_archived else None
    if not organizes and shows_other_dates(link, event):
        why = unknown_rule or "It goes on when Outlook brings your copy up to date."
        return "waiting", f"{OTHER_DATES.format(event.organizer)} {why}"
    return "synced", NAMELESS_ZONE if _is_by_unknown_clock(event) else None


def _is_by_unknown_clock(event: Event) -> bool:
    return event.is_series and not event.all_day and not event.time_zone


def _has_this_rule(link: EventLink, event: Event) -> bool:
    """Outlook may hold a series that it would not take from us: in a zone without a name."""
    agreed = (link.base or {}).get(str(Field.WHEN))
    return is_here(link) and agreed is not None and agreed["ours"] == when_value(event)


def refused_dates_in_words(link: EventLink) -> str:
    """Outlook has the series, but not all that was changed on single dates."""
    days = sorted(date.fromisoformat(day) for day in link.refused_dates)
    named = ", ".join(f"{day:%d %B %Y}".lstrip("0") for day in days[:3])
    more = f" and {len(days) - 3} more dates" if len(days) > 3 else ""
    why = link.refused_dates[days[0].isoformat()]["why"]
    return f"Outlook refuses the change of {named}{more}: {why}"


def _without_link(event: Event, user: User) -> tuple[str, str | None]:
    person = part_of(event, user)
    if person is None:
        return "not_in_outlook", "It is a colleague's event."
    if event.is_archived:
        return "not_in_outlook", "It is in the archive."
    unknown_rule = why_inexpressible(event)
    if person.is_organizer and unknown_rule is not None:
        return "not_in_outlook", unknown_rule
    if person.is_organizer:
        return "waiting", "It goes to Outlook with the next sync."
    return "not_in_outlook", f"It comes with {event.organizer}'s invitation from Outlook."
