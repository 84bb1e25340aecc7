"""Events that Outlook holds and that no row knows yet: they come in, many at a time.

As with everything that comes in, nothing is stamped as edited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leansoft.accounts.domain.users import find_users
from leansoft.accounts.models import User
from leansoft.calendars.models import Channel, Event, Participant
from leansoft.calendars.values import (
    new_attendee,
    person_key,
    remember,
    write_personal,
    write_shared,
)
from leansoft.events.fields import Field, Response, Value, Values
from leansoft.kit.rows import insert_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An event as one user's Outlook shows it. `organizer` is `{"email", "name"}`.

    Where the copy is not the organizer's own, the content is locked: the organizer's Outlook
    decides, and no mailbox of theirs is connected.
    """

    user: User
    account: str
    is_organizer: bool
    organizer: Mapping[str, str]
    ical_uid: str | None
    values: Values
    html: str


Users = Mapping[str, User]


def create_incoming(copies: Sequence[Copy]) -> list[Event]:
    """A row for each of these copies, with everybody on it; they are in memory too."""
    users = find_users(email for copy in copies for email in _addresses(copy))
    events = [_event(copy) for copy in copies]
    people = [_people(*of, users) for of in zip(copies, events, strict=True)]
    insert_rows(events)
    insert_rows(person for some in people for person in some)
    for event, on_it in zip(events, people, strict=True):
        remember(event, participants=on_it)
        if event.is_series:
            for row in (event, *on_it):
                remember(row, overrides=[])
    return events


def _addresses(copy: Copy) -> list[str]:
    invited = copy.values.get(Field.ATTENDEES, [])
    return [copy.organizer["email"], *(person["email"] for person in invited)]


def _event(copy: Copy) -> Event:
    event = Event(locked=not copy.is_organizer, ical_uids=[copy.ical_uid] if copy.ical_uid else [])
    shared = dict(copy.values)
    if not copy.is_organizer:
        # A mark such as "private" on an attendee's copy is that person's own.
        shared.pop(Field.SENSITIVITY, None)
    write_shared(event, shared)
    if Field.BODY in copy.values:
        event.description_html = copy.html
    return event


def _people(copy: Copy, event: Event, users: Users) -> list[Participant]:
    organizer = _organizer(copy, event, users)
    people = {person_key(copy.organizer): organizer}
    for invited in copy.values.get(Field.ATTENDEES, []):
        people.setdefault(person_key(invited), _attendee(copy, event, invited, users))
    own = _own(copy, list(people.values()))
    for person in people.values():
        if person.user_id == copy.user.pk and person is not own:
            # Another account of the same person is like anybody outside.
            person.user = None
    if own is None:
        # It came through a group or was forwarded: no list of attendees names this person.
        own = Participant(
            event=event,
            email=copy.account.casefold(),
            name=copy.user.name,
            channel=Channel.GROUP,
        )
        people[(copy.account.casefold(), "")] = own
    own.user = copy.user
    write_personal(own, copy.values)
    if not own.is_organizer and Field.SENSITIVITY in copy.values:
        own.sensitivity = copy.values[Field.SENSITIVITY]
    return list(people.values())


def _organizer(copy: Copy, event: Event, users: Users) -> Participant:
    email = copy.organizer["email"].casefold()
    return Participant(
        event=event,
        user=copy.user if copy.is_organizer else users.get(email),
        email=email,
        name=copy.organizer["name"],
        is_organizer=True,
        response=Response.ORGANIZER,
    )


def _attendee(copy: Copy, event: Event, invited: Value, users: Users) -> Participant:
    email = invited["email"]
    person = new_attendee(event, invited)
    person.user = users.get(email)
    person.type = invited["type"]
    person.response = copy.values.get(Field.TALLY, {}).get(email, person.response)
    person.proposed = copy.values.get(Field.PROPOSALS, {}).get(email)
    return person


def _own(copy: Copy, people: Sequence[Participant]) -> Participant | None:
    """This user's part, as the copy shows it: by the mailbox's address, else by any of theirs."""
    mine = [person for person in people if person.is_organizer == copy.is_organizer]
    by_address = (person for person in mine if person.email == copy.account.casefold())
    by_user = (person for person in mine if person.user_id == copy.user.pk)
    return next(by_address, None) or next(by_user, None)
