"""An administrator gives a meeting another organizer: its copies name somebody else than before."""

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import edit_occurrence
from leansoft.calendars.domain.errors import Locked, NotAllowed
from leansoft.calendars.models import Event
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.sync.control import disconnect
from leansoft.sync.models import SyncAction
from leansoft.sync.show.status import event_states
from support.company import Company
from support.handover import give_copy, hand_over, take_away
from support.mondays import MONDAYS, WEEKLY, shown
from support.outlook import people
from support.sides import ANA, OLGA, here, in_step, new_mails, there


@pytest.fixture
def meeting(company: Company, alice: User, bob: User) -> Event:
    """Alice's, with Bob and somebody outside, in step; each has colours of their own."""
    company.sandbox.add_account(ANA)
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Tea", bob.email, ANA)
    in_step(company, alice, bob)
    company.edit(event, alice, categories=["Red"])
    company.edit(event, bob, categories=["Blue"])
    in_step(company, alice, bob)
    return Event.objects.get()


def roles() -> tuple[str | None, set[str | None]]:
    """(organizer, attendees) of the only event."""
    event = Event.objects.get()
    return event.organizer.email, {person.email for person in event.attendees}


def colours(company: Company, user: User) -> list[str]:
    found: list[str] = company.outlook(user).events()[0]["categories"]
    return found


@pytest.mark.parametrize("old_first", [True, False])
def test_an_attendee_organizes_from_now_on(
    company: Company, alice: User, bob: User, meeting: Event, *, old_first: bool
) -> None:
    before = company.sandbox.mails()
    hand_over(company.sandbox, "Tea", bob.email)
    in_step(company, *((alice, bob) if old_first else (bob, alice)))
    assert roles() == (bob.email, {alice.email, ANA})
    assert new_mails(company, before) == []
    assert (colours(company, alice), colours(company, bob)) == (["Red"], ["Blue"])
    with pytest.raises(NotAllowed):
        company.edit(meeting, alice, subject="Coffee")

    company.edit(meeting, bob, subject="Coffee", show_as="oof")
    in_step(company, bob, alice)
    assert (there(company, alice), there(company, bob)) == (["Coffee"], ["Coffee"])
    states = [event_states(Event.objects.all(), user)[meeting.pk]["state"] for user in (alice, bob)]
    assert states == ["synced", "synced"]
    assert {kind for _, kind, _ in new_mails(company, before)} == {"update"}
    causes = SyncAction.objects.filter(cause__contains="organizes it").values_list("cause")
    assert [cause for (cause,) in causes] == [
        f"Changed in Outlook: {bob.email} organizes it, no longer {alice.name}"
    ]


@pytest.mark.parametrize("old_first", [True, False])
@pytest.mark.parametrize("inside", [True, False])
def test_whoever_organized_it_has_left(
    company: Company, alice: User, bob: User, meeting: Event, *, old_first: bool, inside: bool
) -> None:
    before = company.sandbox.mails()
    hand_over(company.sandbox, "Tea", bob.email if inside else ANA)
    take_away(company.sandbox, "Tea", alice.email)
    in_step(company, *((alice, bob) if old_first else (bob, alice)))
    event = Event.objects.get()
    assert (event.organizer.email, event.is_archived) == (bob.email if inside else ANA, False)
    assert (here(bob), there(company, bob), event.locked) == (["Tea"], ["Tea"], not inside)
    assert new_mails(company, before) == []


def test_from_one_person_outside_to_another(company: Company, alice: User, bob: User) -> None:
    for email in (ANA, OLGA):
        company.sandbox.add_account(email)
    company.start(bob)
    company.sandbox.person(OLGA).create("Tea", attendees=people(bob.email))
    company.sync(bob)
    assert roles() == (OLGA, {bob.email})
    hand_over(company.sandbox, "Tea", ANA)
    company.sync(bob)
    assert roles() == (ANA, {OLGA, bob.email})
    event = Event.objects.get()
    assert (event.locked, here(bob)) == (True, ["Tea"])
    company.edit(event, bob, categories=["Blue"])
    company.sync(bob)
    assert colours(company, bob) == ["Blue"]


def test_a_colleague_outside_outlook_is_named_and_takes_it_when_they_connect(
    company: Company, alice: User, bob: User
) -> None:
    for email in (OLGA, alice.email):
        company.sandbox.add_account(email)
    company.start(bob)
    company.sandbox.person(OLGA).create("Tea", attendees=people(bob.email, alice.email))
    company.sync(bob)
    hand_over(company.sandbox, "Tea", alice.email)
    company.sync(bob)
    event = Event.objects.get()
    assert (event.organizer.user, event.locked) == (alice, True)
    with pytest.raises(Locked):
        company.edit(event, alice, subject="Coffee")
    company.start(alice)
    company.edit(Event.objects.get(), alice, subject="Coffee")
    in_step(company, alice, bob)
    assert there(company, bob) == ["Coffee"]


@pytest.mark.parametrize("new_first", [True, False])
def test_somebody_who_was_not_on_it(
    company: Company, alice: User, bob: User, charlie: User, meeting: Event, *, new_first: bool
) -> None:
    """Their copy may be read before it is known here that it is the same meeting."""
    company.start(charlie)
    before = company.sandbox.mails()
    give_copy(company.sandbox, "Tea", charlie.email)
    hand_over(company.sandbox, "Tea", charlie.email)
    in_step(company, *((charlie, bob, alice) if new_first else (bob, alice, charlie)))
    event = Event.objects.get()
    assert (event.organizer.user, event.locked) == (charlie, False)
    assert here(alice) == here(bob) == here(charlie) == ["Tea"]
    company.edit(event, charlie, subject="Coffee")
    in_step(company, charlie, alice, bob)
    assert there(company, alice) == there(company, bob) == there(company, charlie) == ["Coffee"]
    assert {kind for _, kind, _ in new_mails(company, before)} == {"update"}


def test_a_copy_is_not_believed_against_the_organizers_own(
    company: Company, alice: User, bob: User, meeting: Event
) -> None:
    hand_over(company.sandbox, "Tea", ANA, told={bob.email})
    in_step(company, bob, alice)
    assert roles() == (alice.email, {bob.email, ANA})
    disconnect(company.mailbox(alice))
    company.edit(Event.objects.get(), bob, categories=["Green"])
    company.sync(bob)
    assert roles() == (ANA, {alice.email, bob.email})


def test_a_series_keeps_its_dates(company: Company, alice: User, bob: User) -> None:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Standup", bob.email, when=WEEKLY)
    in_step(company, alice, bob)
    values = {Field.SUBJECT: "Big"}
    edit_occurrence(event, MONDAYS[2], by=alice, values=values, now=clock.now())
    in_step(company, alice, bob)
    names = [name for _, name in shown(company.outlook(bob))]
    before = company.sandbox.mails()
    hand_over(company.sandbox, "Standup", bob.email)
    in_step(company, alice, bob)
    assert new_mails(company, before) == []
    assert Event.objects.get().overrides.get().values == {"subject": "Big"}
    values = {Field.SUBJECT: "Bigger"}
    edit_occurrence(event, MONDAYS[3], by=bob, values=values, now=clock.now())
    in_step(company, bob, alice)
    assert [name for _, name in shown(company.outlook(alice))] == [*names[:3], "Bigger"]
