"""How long changes take, measured from the change itself to its arrival on the other side."""

from datetime import timedelta

from django.test import Client

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event
from leansoft.calendars.models import Event
from leansoft.connections.models import Mailbox
from leansoft.kit import clock
from leansoft.sync.models import SyncAction
from leansoft.sync.show.delays import delays
from support.company import Company
from support.mondays import WEEKLY
from support.sides import ANA

SLACK = 5.0
"""Microsoft's clock shows whole seconds to whoever compares clocks."""


def start(company: Company, user: User) -> None:
    """Connects; long ago, because clocks are compared by the second."""
    company.start(user)
    Mailbox.objects.update(started_at=clock.now() - timedelta(hours=2))


def test_a_first_sync_is_not_measured(company: Company, alice: User) -> None:
    company.sandbox.add_account(alice.email, alice.name)
    company.outlook(alice).create("There")
    company.create(alice, "Here")
    company.start(alice)
    assert delays(company.mailbox(alice)) == {"outlook": None, "leansoft": None}


def test_changes_from_both_sides_are_measured(company: Company, alice: User) -> None:
    start(company, alice)
    company.outlook(alice).create("There")
    company.create(alice, "Here")
    company.sync(alice)
    for found in delays(company.mailbox(alice)).values():
        assert found is not None
        assert (found.count, found.worst < SLACK) == (1, True)


def test_a_change_that_waited_has_waited(company: Company, alice: User) -> None:
    start(company, alice)
    event = company.create(alice, "Tea")
    company.sync(alice)
    company.edit(event, alice, location="Room 1")
    hour_ago = (clock.now() - timedelta(hours=1)).isoformat()
    event.refresh_from_db()
    Event.objects.filter(pk=event.pk).update(edited_at={**event.edited_at, "location": hour_ago})
    company.sync(alice)
    found = delays(company.mailbox(alice))["leansoft"]
    assert found is not None
    assert (found.count, round(found.worst / 3600)) == (2, 1)
    assert found.median < found.worst


def test_clocks_that_differ_are_taken_into_account(company: Company, alice: User) -> None:
    company.sandbox.control("POST", "clock", {"advance": 600})
    start(company, alice)
    company.outlook(alice).create("There")
    company.create(alice, "Here")
    company.sync(alice)
    mailbox = company.mailbox(alice)
    assert round(mailbox.clock_skew_seconds / 60) == -10
    for found in delays(mailbox).values():
        assert found is not None
        assert found.worst < SLACK


def test_single_dates_and_deletions_are_measured_too(company: Company, alice: User) -> None:
    company.start(alice)
    company.create(alice, "Weekly", ANA, when=WEEKLY)
    single = company.create(alice, "Single")
    company.sync(alice)
    archive_event(single, by=alice, now=clock.now())
    company.sync(alice)
    row = SyncAction.objects.get(subject="Single", kind=SyncAction.Kind.DELETED)
    assert row.changed_at is not None
    assert timedelta() <= row.at - row.changed_at < timedelta(seconds=SLACK)


def test_the_page_shows_them(company: Company, client: Client, alice: User) -> None:
    start(company, alice)
    client.force_login(alice)
    assert "No change to measure yet" in client.get("/outlook/").content.decode()
    company.create(alice, "Here")
    company.sync(alice)
    page = client.get("/outlook/").content.decode()
    assert "To Outlook: less than a second" in page
    assert "From Outlook:" not in page
