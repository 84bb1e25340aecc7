"""What comes in from Outlook. Nobody's act here: nothing is stamped as edited.

The version rises all the same, so that an open form notices.
"""

from collections.abc import Mapping
from datetime import date, datetime

from leansoft.accounts.domain.users import find_user
from leansoft.accounts.models import User
from leansoft.calendars.domain.events import bump, lock
from leansoft.calendars.models import Channel, Event, Participant, PersonalOverride
from leansoft.calendars.overrides import follow_series
from leansoft.calendars.values import (
    forget_prefetched,
    write_attendees,
    write_personal,
    write_shared,
)
from leansoft.events.fields import PERSONAL, Field, Response, Value, Values

FROM_OUTLOOK = {Channel.OUTLOOK}


def accept_values(event: Event, person: Participant | None, values: Values) -> Event:
    """Takes Outlook's values: shared ones into the event, own ones into this person's part.

    A mark such as "private" on an attendee's copy is that person's own.
    """
    own = {field: value for field, value in values.items() if field in PERSONAL}
    shared = {field: value for field, value in values.items() if field not in PERSONAL}
    if person is not None and not person.is_organizer and Field.SENSITIVITY in shared:
        person.sensitivity = shared.pop(Field.SENSITIVITY)
        person.save(update_fields=["sensitivity"])
    if person is not None and own:
        write_personal(person, own)
        person.save()
        forget_prefetched(event)
    write_shared(event, shared)
    _write_people(event, shared)
    if person is not None and Field.ATTENDEES in shared:
        _keep(person)
    follow_series(event)
    return bump(event)


def _keep(person: Participant) -> None:
    """Whoever holds a copy takes part, whether its list names them or not."""
    if not Participant.objects.filter(pk=person.pk).exists():
        person.channel = Channel.GROUP
        person.save(force_insert=True)


def accept_html(event: Event, html: str) -> None:
    """Keeps the HTML whose text the description is, unless the event was changed meanwhile."""
    event.description_html = html
    Event.objects.filter(pk=event.pk, version=event.version).update(description_html=html)


def archive_incoming(event: Event, *, now: datetime) -> Event:
    """The organizer deleted it in Outlook."""
    event.archived_at = event.archived_at or now
    return bump(event)


def end_incoming(event: Event, person: Participant) -> Event:
    """It was cancelled, as the last copy that anybody can read says: this person's, who is off it
    already. That both went at one moment is how `has_ended_with_a_copy` knows."""
    event.archived_at = event.archived_at or person.removed_at
    return bump(event)


def has_ended_with_a_copy(event: Event) -> bool:
    if event.archived_at is None or not event.locked:
        return False
    return any(person.removed_at == event.archived_at for person in event.participants.all())


def go_on(event: Event) -> Event:
    """It had ended with the last copy here, but another one shows that it has not."""
    event = lock(event)
    event.archived_at = None
    return bump(event)


def restore_incoming(event: Event, person: Participant | None) -> Event:
    """Outlook still has it, with news: back from the archive, or back on the person's calendar."""
    if person is None or person.is_organizer:
        event.archived_at = None
    elif person.removed_at is not None:
        if has_ended_with_a_copy(event):
            event.archived_at = None
        person.removed_at = None
        person.save(update_fields=["removed_at"])
    return bump(event)


def put_away(event: Event, person: Participant, *, now: datetime) -> Event:
    """An order about the whole calendar takes it off this person's; they have not left it."""
    person.removed_at = person.put_away_at = now
    person.save(update_fields=["removed_at", "put_away_at"])
    return bump(event)


def readmit(event: Event, user: User, *, day: date | None = None) -> None:
    """Outlook puts this user on it again: that they had left it, or dates of it, is over. Whoever
    has declined meanwhile, and has not been heard yet, declines this very invitation.

    `day`: on this date of a series alone.
    """
    event = lock(event)
    if has_ended_with_a_copy(event):
        event.archived_at = None
    people = event.participants.filter(user=user, is_organizer=False)
    dates = PersonalOverride.objects.filter(participant__in=people, removed_at__isnull=False)
    if day is not None:
        dates = dates.filter(date=day)
    dates.update(removed_at=None)
    declined = {"response": Response.DECLINED, "edited_at__has_key": Field.RESPONSE}
    people.exclude(**declined).update(removed_at=None)
    bump(event)


def join(event: Event, user: User, *, email: str) -> Participant:
    """This user's part in the event.

    A mailbox may hold a copy that no list of attendees explains: it came through a group or was
    forwarded. Outlook's lists do not take such a person off again.
    """
    person = event.participants.filter(user=user).first()
    if person is None:
        person, _ = Participant.objects.update_or_create(
            event=event,
            email=email.casefold(),
            defaults={"user": user},
            create_defaults={"user": user, "name": user.name, "channel": Channel.GROUP},
        )
        forget_prefetched(event)
    return person


def change_organizer(
    event: Event, organizer: Mapping[str, str], *, copy_of: User, account: str, is_own: bool
) -> Event:
    """A copy in this user's Outlook names another organizer than we do; `is_own`: themselves.

    Whoever organized it attends, as far as Outlook's lists name them, and what they did to all of
    it is void: its content is Outlook's until the new organizer's own copy is read. Another account
    of the same person is like anybody outside.
    """
    event = lock(event)
    owner = copy_of if is_own else find_user(organizer["email"])
    owner = None if owner == copy_of and not is_own else owner
    before = event.organizer
    after = _part_of_organizer(event, organizer["email"], owner)
    if after != before:
        before.is_organizer, before.response = False, Response.NOT_RESPONDED
        before.save()
    after.is_organizer, after.is_guest, after.removed_at = True, False, None
    after.response, after.user = Response.ORGANIZER, owner
    after.email, after.name = organizer["email"], organizer["name"]
    after.save()
    people = event.participants.filter(is_organizer=False)
    if not is_own and not people.filter(user=copy_of).exists():
        people.filter(email=account.casefold()).update(user=copy_of)
    event.archived_at = None
    return lock_content(event)


def _part_of_organizer(event: Event, email: str, owner: User | None) -> Participant:
    people = list(event.participants.all())
    by_address = (person for person in people if person.email == email)
    by_user = (person for person in people if owner and person.user_id == owner.pk)
    return next(by_address, None) or next(by_user, None) or Participant(event=event)


def remove_incoming(event: Event, person: Participant, *, now: datetime) -> Event:
    """The attendee deleted or declined it in their own Outlook."""
    person.removed_at = person.removed_at or now
    person.save(update_fields=["removed_at"])
    return bump(event)


def lock_content(event: Event) -> Event:
    """The home of the content left: what a colleague's copy shows comes in from now on."""
    event.locked = True
    event.epoch += 1
    return bump(event)


def unlock_content(event: Event) -> Event:
    """The organizer's own mailbox is the home from now on; under another address the same person
    is like anybody outside."""
    owner = event.organizer.user
    if owner is not None:
        event.participants.filter(user=owner, is_organizer=False).update(user=None)
    event.locked = False
    event.epoch += 1
    return bump(event)


def silence(event: Event, emails: set[str]) -> None:
    """These people are only named from now on: Outlook never hears of them."""
    event.participants.filter(email__in=emails, is_organizer=False).update(channel=Channel.NONE)
    forget_prefetched(event)


def _write_people(event: Event, values: Values) -> None:
    if Field.ATTENDEES in values:
        write_attendees(event, values[Field.ATTENDEES], of=FROM_OUTLOOK)
    for email, response in values.get(Field.TALLY, {}).items():
        event.participants.filter(email=email.casefold(), is_organizer=False).update(
            response=response
        )
    if Field.PROPOSALS in values:
        _write_proposals(event, values[Field.PROPOSALS])
    forget_prefetched(event)


def _write_proposals(event: Event, proposals: Mapping[str, Value]) -> None:
    for person in event.participants.filter(is_organizer=False):
        proposed = proposals.get(person.email or "")
        if proposed != person.proposed:
            person.proposed = proposed
            person.save(update_fields=["proposed"])
