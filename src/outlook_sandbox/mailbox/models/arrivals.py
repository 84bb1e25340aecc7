"""What mail does to the calendar of the mailbox where it arrives (operations.md §4)."""

import copy
from datetime import date
from typing import TYPE_CHECKING

from outlook_sandbox.http import Json
from outlook_sandbox.mailbox.models.event import (
    DEFAULTS,
    OWN_FIELDS,
    Attendee,
    Event,
    Override,
    Person,
)
from outlook_sandbox.mailbox.models.items import Item
from outlook_sandbox.mailbox.models.letters import CANCELED
from outlook_sandbox.mailbox.models.mailbox import Mailbox, new_event_id, new_immutable_id
from outlook_sandbox.mailbox.models.meetings import Delivery

if TYPE_CHECKING:  # the sandbox imports this package
    from outlook_sandbox.sandbox import Sandbox


def deliver_due(sandbox: "Sandbox") -> bool:
    """Delivers what is due, in the order of sending; whether anything was."""
    now = sandbox.now()
    due = [d for d in sandbox.state.deliveries if d.due_at <= now]
    if not due:
        return False
    sandbox.state.deliveries = [d for d in sandbox.state.deliveries if d.due_at > now]
    for delivery in due:
        _deliver(sandbox, delivery)
    return True


def _deliver(sandbox: "Sandbox", delivery: Delivery) -> None:
    account = sandbox.directory.account_by_email(delivery.recipient)
    mailbox = sandbox.state.mailboxes.get(account.id) if account else None
    if account is None or mailbox is None or not account.mailbox:
        return  # somebody outside: the mail itself is all there is
    if delivery.kind == "response":
        _tally(sandbox, mailbox, delivery)
    elif delivery.kind == "cancel":
        _cancel_copy(sandbox, mailbox, delivery)
    else:
        person = Person(address=account.email, name=account.name)
        _take_request(sandbox, mailbox, person, delivery)


def _copy_of(mailbox: Mailbox, delivery: Delivery, *, organizer: bool) -> Event | None:
    """This mailbox's own event for a meeting: same uid, same organizer."""
    key = delivery.snapshot.organizer.key
    found = [
        event
        for event in mailbox.copies_of(delivery.snapshot.uid)
        if event.organizer.key == key and event.is_organizer is organizer
    ]
    whole = next((event for event in found if event.single_of is None), None)
    single = next((event for event in found if event.single_of == delivery.day), None)
    return single if whole is None and delivery.day is not None else whole


def _take_request(sandbox: "Sandbox", mailbox: Mailbox, person: Person, delivery: Delivery) -> None:
    present = _copy_of(mailbox, delivery, organizer=False)
    if delivery.day is not None and (present is None or present.single_of is None):
        _take_occurrence(sandbox, mailbox, person, delivery, present)
    elif present is None:
        if delivery.update and not sandbox.switches.updates_restore_copies:
            return
        _new_copy(sandbox, mailbox, person, delivery)
    else:
        _update_copy(sandbox, mailbox, person, present, delivery)


def _shared(item: Item) -> Json:
    """The content that travels: everything but the organizer's own fields."""
    content = {k: copy.deepcopy(v) for k, v in item.content.items() if k not in OWN_FIELDS}
    return DEFAULTS | content | {"showAs": "tentative"}


def _people(sandbox: "Sandbox", item: Item, person: Person) -> list[Attendee]:
    """The list as an attendee sees it: no answers, and nobody else if they are hidden."""
    everybody = [Attendee(address=a.address, name=a.name, type=a.type) for a in item.attendees]
    if item.content["hideAttendees"]:
        return [a for a in everybody if a.key == person.key]
    organizer = item.event.organizer
    if sandbox.switches.attendee_copy_lists_organizer:
        others = [a for a in everybody if a.key != organizer.key]
        return [Attendee(address=organizer.address, name=organizer.name), *others]
    return everybody


def _new_copy(sandbox: "Sandbox", mailbox: Mailbox, person: Person, delivery: Delivery) -> None:
    source = delivery.snapshot
    for single in mailbox.copies_of(source.uid):
        # The series takes the place of occurrences that came one by one.
        if single.single_of is not None and not single.is_organizer:
            mailbox.remove(sandbox, single)
    now = sandbox.now()
    event = Event(
        id=new_event_id(sandbox),
        immutable_id=new_immutable_id(sandbox),
        calendar_id=mailbox.default_calendar.id,
        uid=source.uid,
        content=_shared(Item(source)),
        created_at=now,
        modified_at=now,
        organizer=source.organizer,
        is_organizer=False,
        attendees=_people(sandbox, Item(source), person),
        response="notResponded",
        stored_zones=source.stored_zones,
        single_of=source.single_of,
        overrides=_overrides(sandbox, source, person),
        deleted_dates=sorted({*source.deleted_dates, *_without(source, person)}),
        online_meeting=copy.deepcopy(source.online_meeting),
    )
    mailbox.insert(sandbox, event)


def _overrides(sandbox: "Sandbox", source: Event, person: Person) -> dict[str, Override]:
    """The organizer's exceptions, as far as this person is invited to them."""
    return {
        day: _shared_override(sandbox, source, day, person)
        for day, override in source.overrides.items()
        if override.attendees is None or any(a.key == person.key for a in override.attendees)
    }


def _without(source: Event, person: Person) -> list[str]:
    """Dates to which this person is not invited, although they are to the series."""
    return [
        day
        for day, override in source.overrides.items()
        if override.attendees is not None and all(a.key != person.key for a in override.attendees)
    ]


def _shared_override(sandbox: "Sandbox", source: Event, day: str, person: Person) -> Override:
    override = source.overrides[day]
    item = Item(source, date.fromisoformat(day))
    content = {k: copy.deepcopy(v) for k, v in override.content.items() if k not in OWN_FIELDS}
    own_people = override.attendees is not None or "hideAttendees" in content
    now = sandbox.now()
    return Override(
        content=content,
        created_at=now,
        modified_at=now,
        attendees=_people(sandbox, item, person) if own_people else None,
    )


def _update_copy(
    sandbox: "Sandbox", mailbox: Mailbox, person: Person, event: Event, delivery: Delivery
) -> None:
    source = delivery.snapshot
    if delivery.day is not None and source.single_of is None:
        item = Item(source, date.fromisoformat(delivery.day))
    else:
        item = Item(source)
    own = {name: event.content[name] for name in OWN_FIELDS}
    event.content = _shared(item) | own
    event.attendees = _people(sandbox, item, person)
    event.online_meeting = copy.deepcopy(source.online_meeting)
    event.stored_zones = source.stored_zones
    asks_again = delivery.asks_again and sandbox.switches.time_change_resets_responses
    asks_again = asks_again or event.is_cancelled  # invited anew
    event.is_cancelled = False
    if item.day is None:
        kept = event.overrides
        event.overrides = _overrides(sandbox, source, person)
        # A new time begins afresh; otherwise answers and deletions of single dates stay.
        own_days = [] if asks_again or not event.is_series else event.deleted_dates
        for day, override in event.overrides.items():
            if day in kept and not asks_again:
                _keep_own(override, kept[day])
        gone = {*source.deleted_dates, *_without(source, person), *own_days}
        event.deleted_dates = sorted(gone)
        event.overrides = {d: o for d, o in event.overrides.items() if d not in gone}
    if asks_again:
        event.response, event.responded_at = "notResponded", None
        event.content["showAs"] = "tentative"
    mailbox.touch(sandbox, event)


def _keep_own(override: Override, before: Override) -> None:
    own = {name: v for name, v in before.content.items() if name in OWN_FIELDS}
    override.content |= own
    override.created_at = before.created_at
    override.response, override.responded_at = before.response, before.responded_at


def _take_occurrence(
    sandbox: "Sandbox",
    mailbox: Mailbox,
    person: Person,
    delivery: Delivery,
    series: Event | None,
) -> None:
    """An invitation to, or an update of, one date."""
    assert delivery.day is not None
    if series is None:
        _new_single(sandbox, mailbox, person, delivery)
        return
    day = delivery.day
    before = series.overrides.get(day)
    override = (
        _shared_override(sandbox, delivery.snapshot, day, person)
        if day in delivery.snapshot.overrides
        else Override(content={}, created_at=sandbox.now(), modified_at=sandbox.now())
    )
    if before is not None:
        _keep_own(override, before)
    if delivery.asks_again and sandbox.switches.time_change_resets_responses:
        override.response, override.responded_at = "notResponded", None
        override.content["showAs"] = "tentative"
    series.overrides[day] = override
    if day in series.deleted_dates:
        series.deleted_dates.remove(day)
    mailbox.touch(sandbox, series)


def _new_single(sandbox: "Sandbox", mailbox: Mailbox, person: Person, delivery: Delivery) -> None:
    """One date of a series that this person is otherwise not invited to."""
    assert delivery.day is not None
    item = Item(delivery.snapshot, date.fromisoformat(delivery.day))
    now = sandbox.now()
    event = Event(
        id=new_event_id(sandbox),
        immutable_id=new_immutable_id(sandbox),
        calendar_id=mailbox.default_calendar.id,
        uid=delivery.snapshot.uid,
        content=_shared(item),
        created_at=now,
        modified_at=now,
        organizer=delivery.snapshot.organizer,
        is_organizer=False,
        attendees=_people(sandbox, item, person),
        response="notResponded",
        stored_zones=delivery.snapshot.stored_zones,
        single_of=delivery.day,
        online_meeting=copy.deepcopy(delivery.snapshot.online_meeting),
    )
    mailbox.insert(sandbox, event)


def _cancel_copy(sandbox: "Sandbox", mailbox: Mailbox, delivery: Delivery) -> None:
    """The copy stays, marked; it goes when its owner removes it (operations.md §4)."""
    event = _copy_of(mailbox, delivery, organizer=False)
    if event is None:
        return
    mark: Json = {}
    if sandbox.switches.cancelled_copy_shows_free:
        mark["showAs"] = "free"
    if delivery.day is None or event.single_of is not None:
        event.is_cancelled = True
        event.content |= mark | {"subject": CANCELED + event.content["subject"]}
    elif delivery.day in event.deleted_dates:
        return
    else:
        _cancel_occurrence(sandbox, event, delivery.day, mark)
    mailbox.touch(sandbox, event)


def _cancel_occurrence(sandbox: "Sandbox", event: Event, day: str, mark: Json) -> None:
    now = sandbox.now()
    override = event.overrides.setdefault(
        day, Override(content={}, created_at=now, modified_at=now)
    )
    subject: str = override.content.get("subject") or event.content["subject"]
    override.is_cancelled = True
    override.content |= mark | {"subject": CANCELED + subject}


def _tally(sandbox: "Sandbox", mailbox: Mailbox, delivery: Delivery) -> None:
    """A response arrives at the organizer."""
    event = _copy_of(mailbox, delivery, organizer=True)
    if event is None or delivery.response is None:
        return
    counts = mailbox.calendars[event.calendar_id].is_default
    if not counts and not sandbox.switches.secondary_calendars_tally:
        return
    if delivery.day is None:
        lists = [event.attendees, *(o.attendees for o in event.overrides.values() if o.attendees)]
    elif delivery.day in event.deleted_dates:
        return
    else:
        lists = [occurrence_list(sandbox, event, delivery.day)]
    for attendee in (a for people in lists for a in people):
        if attendee.key == delivery.sender.key:
            attendee.response = delivery.response
            attendee.responded_at = delivery.sent_at
            attendee.proposed = delivery.proposed
    mailbox.touch(sandbox, event)


def occurrence_list(sandbox: "Sandbox", event: Event, day: str) -> list[Attendee]:
    """The tally of one date: a list of its own from now on."""
    now = sandbox.now()
    override = event.overrides.setdefault(
        day, Override(content={}, created_at=now, modified_at=now)
    )
    if override.attendees is None:
        override.attendees = copy.deepcopy(event.attendees)
    return override.attendees
