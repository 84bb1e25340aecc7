"""What is gone stays gone, and what was taken back stays, whatever was open in between."""

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, delete_forever, unarchive_event
from leansoft.calendars.models import Event
from leansoft.calendars.queries import events_for
from leansoft.connections.calendar import open_calendar
from leansoft.graph.codec import RemoteEvent
from leansoft.graph.encoding import MARKER_ID
from leansoft.kit import clock
from leansoft.sync.models import EventLink
from leansoft.sync.preview.start import preview
from leansoft.sync.read.observe import observe
from support.company import Company, show
from support.undoing import take_back

ANA = "ana@elsewhere.org"


def test_removed_for_good_while_its_create_is_open_does_not_come_back(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sandbox.fault(method="POST", path="^/me/events$", when="after", drop=True)
    company.try_sync(alice)
    delete_forever(archive_event(event, by=alice, now=clock.now()), by=alice)
    company.sync(alice)
    company.sync(alice)
    assert (company.outlook(alice).events(), Event.objects.count()) == ([], 0)


def test_removed_for_good_before_its_create_arrived_mails_nobody(
    company: Company, alice: User
) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sandbox.fault(method="POST", path="^/me/events$", when="before", drop=True)
    company.try_sync(alice)
    delete_forever(archive_event(event, by=alice, now=clock.now()), by=alice)
    company.sync(alice)
    company.sync(alice)
    assert (company.outlook(alice).events(), company.sandbox.mails()) == ([], [])


def test_unarchived_while_its_deletion_is_open_stays(company: Company, alice: User) -> None:
    company.start(alice)
    event = company.create(alice, "Tea", ANA)
    company.sync(alice)
    archived = archive_event(event, by=alice, now=clock.now())
    company.sandbox.fault(method="DELETE", when="after", drop=True)
    company.try_sync(alice)
    unarchive_event(archived, by=alice)
    company.sync(alice)
    company.sync(alice)
    assert not Event.objects.get().is_archived
    assert company.outlook(alice).event("Tea")


def test_a_new_copy_seen_before_the_cancelled_one_takes_over(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    archived = archive_event(tea_with_bob, by=alice, now=clock.now())
    company.sync(alice)
    unarchive_event(archived, by=alice)
    company.sync(alice)
    calendar = open_calendar(company.mailbox(bob))
    for seen in sorted(calendar.list_events().events, key=is_cancelled):
        show(company.mailbox(bob), calendar, seen)
    company.sync(bob)
    company.edit(Event.objects.get(), bob, categories=["Red"])
    company.sync(bob)
    live = [e for e in company.outlook(bob).events() if not e["isCancelled"]]
    assert [e["categories"] for e in live] == [["Red"]]


def test_two_cancelled_copies_bring_nothing_back(
    company: Company, alice: User, bob: User, tea_with_bob: Event
) -> None:
    archived = archive_event(tea_with_bob, by=alice, now=clock.now())
    company.sync(alice)
    unarchive_event(archived, by=alice)
    # It stays here, and Outlook's copy is deleted again.
    take_back(company, company.sync(alice))
    company.sync(bob)
    copies = open_calendar(company.mailbox(bob)).list_events().events
    assert [seen.is_cancelled for seen in copies] == [True, True]
    observe(company.mailbox(bob), copies)
    assert company.sync(bob).actions.count() == 0
    assert events_for(bob).filter(participants__user=bob).count() == 1


def is_cancelled(seen: RemoteEvent) -> bool:
    return seen.is_cancelled


def test_a_second_copy_takes_over_when_the_first_is_deleted(company: Company, alice: User) -> None:
    company.start(alice)
    event = company.create(alice, "Tea")
    company.sync(alice)
    outlook = company.outlook(alice)
    mark = {"id": MARKER_ID, "value": f"{event.pk}:1"}
    outlook.create("Tea copy", singleValueExtendedProperties=[mark])
    company.sync(alice)
    outlook.delete("Tea")
    company.sync(alice)
    company.sync(alice)
    assert not Event.objects.get().is_archived
    company.edit(event, alice, location="Kitchen")
    company.sync(alice)
    (copy,) = outlook.events()
    assert copy["location"]["displayName"] == "Kitchen"


def test_both_copies_deleted_at_once_end_the_event(company: Company, alice: User) -> None:
    company.start(alice)
    event = company.create(alice, "Tea")
    company.sync(alice)
    outlook = company.outlook(alice)
    mark = {"id": MARKER_ID, "value": f"{event.pk}:1"}
    outlook.create("Tea copy", singleValueExtendedProperties=[mark])
    company.sync(alice)
    outlook.delete("Tea")
    outlook.delete("Tea copy")
    company.sync(alice)
    assert Event.objects.get().is_archived


def test_a_likely_twin_deleted_before_the_first_sync_archives_nothing(
    company: Company, alice: User
) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.create(alice, "Tea")
    company.outlook(alice).create("Tea")
    mailbox = company.connect(alice)
    preview(mailbox, existing="push", invitations="send")
    company.outlook(alice).delete("Tea")
    company.start(alice)
    assert not Event.objects.get().is_archived
    assert company.outlook(alice).event("Tea")


def test_an_old_state_shown_again_undoes_no_edit(company: Company, alice: User) -> None:
    company.start(alice)
    company.outlook(alice).create("Tea")
    company.sync(alice)
    calendar = open_calendar(company.mailbox(alice))
    old = calendar.get(EventLink.objects.get().remote_id or "")
    company.edit(Event.objects.get(), alice, subject="Coffee")
    company.sync(alice)
    company.sync(alice)
    show(company.mailbox(alice), calendar, old)
    company.sync(alice)
    assert Event.objects.get().subject == "Coffee"
    assert company.outlook(alice).event("Coffee")
