"""Two rows of one meeting become the older one, and nothing of the younger is lost."""

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.incoming import join
from leansoft.calendars.domain.incoming_new import Copy, create_incoming
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.sync.models import EventLink
from leansoft.sync.read.fold import learn_uid
from support.company import WHEN, required

UID = "040000008200E00074C5B7101A82E008"


@pytest.fixture
def ours(alice: User, bob: User) -> Event:
    """The organizer's own row, made first: Outlook has not told its iCalUId yet."""
    return row(alice, bob, organizer_user=alice, uid=None)


@pytest.fixture
def seen(alice: User, bob: User, ours: Event) -> Event:
    """The younger row, made from a colleague's copy."""
    return row(alice, bob, organizer_user=None, uid=UID)


def row(alice: User, bob: User, *, organizer_user: User | None, uid: str | None) -> Event:
    copy = Copy(
        user=organizer_user or bob,
        account=(organizer_user or bob).email,
        is_organizer=organizer_user is not None,
        organizer={"email": alice.email, "name": alice.name},
        ical_uid=uid,
        values={Field.WHEN: WHEN, Field.ATTENDEES: required(bob.email)},
        html="",
    )
    (event,) = create_incoming([copy])
    return event


def mailbox_of(user: User) -> Mailbox:
    return Mailbox.objects.create(
        user=user, account=user.email, object_id=user.email, status=Mailbox.Status.CONNECTED
    )


def link(user: User, event: Event, remote_id: str | None = None) -> EventLink:
    mailbox = Mailbox.objects.filter(user=user).first() or mailbox_of(user)
    return EventLink.objects.create(mailbox=mailbox, event=event, remote_id=remote_id)


def test_the_older_row_stays_and_knows_every_id(ours: Event, seen: Event) -> None:
    seen.ical_uids = [UID, "EARLIER"]
    seen.save()
    learn_uid(ours, UID)
    assert [(e.pk, e.ical_uids) for e in Event.objects.all()] == [(ours.pk, [UID, "EARLIER"])]


def test_links_of_both_rows_lead_to_the_older_one(
    alice: User, bob: User, ours: Event, seen: Event
) -> None:
    links = [link(alice, ours, "a"), link(bob, seen, "b")]
    learn_uid(ours, UID)
    assert list(ours.links.order_by("pk")) == links


def test_a_moved_link_is_planned_again(bob: User, ours: Event, seen: Event) -> None:
    moved = link(bob, seen, "b")
    EventLink.objects.update(planned_version=seen.version)
    learn_uid(ours, UID)
    moved.refresh_from_db()
    ours.refresh_from_db()
    assert moved.planned_version != ours.version


def test_own_fields_of_the_younger_row_fill_what_the_older_never_had(
    bob: User, ours: Event, seen: Event
) -> None:
    ours.participants.filter(user=bob).update(show_as="free")
    seen.participants.filter(user=bob).update(show_as="oof", categories=["Red"])
    learn_uid(ours, UID)
    person = ours.participants.get(user=bob)
    assert (person.show_as, person.categories) == ("free", ["Red"])


def test_somebody_known_to_the_younger_row_alone_takes_part(
    charlie: User, ours: Event, seen: Event
) -> None:
    join(seen, charlie, email=charlie.email)
    seen.participants.filter(user=charlie).update(categories=["Red"])
    learn_uid(ours, UID)
    assert ours.participants.get(user=charlie).categories == ["Red"]


def test_a_mailbox_with_both_keeps_the_link_that_outlook_confirmed(
    bob: User, ours: Event, seen: Event
) -> None:
    confirmed = link(bob, ours, "first")
    second = link(bob, seen, "second")
    EventLink.objects.update(remote={"here": True, "event": None})
    learn_uid(ours, UID)
    second.refresh_from_db()
    assert list(ours.links.all()) == [confirmed]
    assert (second.event, second.state, second.reason) == (None, "apart", "copy")


def test_a_mailbox_with_both_drops_the_link_that_never_reached_outlook(
    alice: User, ours: Event, seen: Event
) -> None:
    link(alice, ours)
    confirmed = link(alice, seen, "second")
    learn_uid(ours, UID)
    assert list(EventLink.objects.all()) == [confirmed]
    assert list(ours.links.all()) == [confirmed]


def test_the_organizers_own_older_row_stays_the_home(ours: Event, seen: Event) -> None:
    learn_uid(ours, UID)
    now = Event.objects.get()
    assert (now.locked, now.epoch) == (False, ours.epoch)


def test_meetings_of_two_organizers_stay_apart(alice: User, bob: User, ours: Event) -> None:
    row(bob, alice, organizer_user=bob, uid=UID)
    learn_uid(ours, UID)
    assert Event.objects.count() == 2


def test_learning_twice_changes_nothing(ours: Event, seen: Event) -> None:
    learn_uid(ours, UID)
    once = Event.objects.get()
    learn_uid(once, UID)
    again = Event.objects.get()
    assert (again.version, again.ical_uids) == (once.version, once.ical_uids)


def test_an_answer_without_an_id_teaches_nothing(ours: Event) -> None:
    learn_uid(ours, None)
    assert Event.objects.get().ical_uids == []


def test_the_older_row_stays_whichever_learns_the_id(ours: Event, seen: Event) -> None:
    ours.ical_uids = ["OTHER"]
    ours.save()
    learn_uid(seen, "OTHER")
    assert [(e.pk, e.ical_uids) for e in Event.objects.all()] == [(ours.pk, [UID, "OTHER"])]


def test_a_row_seen_first_through_a_colleague_is_unlocked_by_the_organizers_own(
    alice: User, bob: User
) -> None:
    older = row(alice, bob, organizer_user=None, uid=UID)
    younger = row(alice, bob, organizer_user=alice, uid=None)
    learn_uid(younger, UID)
    now = Event.objects.get()
    assert (now.pk, now.locked, now.epoch) == (older.pk, False, older.epoch + 1)


def test_a_link_whose_copy_is_gone_gives_way_to_the_one_that_is_there(
    bob: User, ours: Event, seen: Event
) -> None:
    old = link(bob, ours, "cancelled")
    EventLink.objects.filter(pk=old.pk).update(state="gone", remote={"here": False, "event": None})
    link(bob, seen, "invited again")
    learn_uid(ours, UID)
    kept = ours.links.get()
    assert (kept.remote_id, kept.state) == ("invited again", "live")


def invited_again(bob: User, ours: Event, seen: Event) -> None:
    """Bob's copy of an earlier life is gone, and Outlook shows another one."""
    old = link(bob, ours, "cancelled")
    EventLink.objects.filter(pk=old.pk).update(state="gone", remote={"here": False, "event": None})
    new = link(bob, seen, "invited again")
    EventLink.objects.filter(pk=new.pk).update(remote={"here": True, "event": None})


def test_own_fields_of_an_earlier_copy_yield_to_those_of_a_new_invitation(
    bob: User, ours: Event, seen: Event
) -> None:
    ours.participants.filter(user=bob).update(show_as="busy", removed_at=clock.now())
    seen.participants.filter(user=bob).update(show_as="tentative")
    invited_again(bob, ours, seen)
    learn_uid(ours, UID)
    person = ours.participants.get(user=bob)
    assert (person.show_as, person.removed_at) == ("tentative", None)


def test_an_answer_given_here_goes_to_the_new_invitation(
    bob: User, ours: Event, seen: Event
) -> None:
    ours.participants.filter(user=bob).update(response="accepted")
    invited_again(bob, ours, seen)
    learn_uid(ours, UID)
    assert ours.participants.get(user=bob).response == "accepted"
