"""A database that was restored from a backup, copied or moved: paused until somebody confirms."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, respond, unarchive_event
from leansoft.calendars.models import Event
from leansoft.calendars.queries import events_for
from leansoft.connections.models import Installation
from leansoft.events.fields import Response
from leansoft.kit import clock
from leansoft.sync.models import SyncRun
from leansoft.sync.moved import SILENT_FOR, look_around
from leansoft.sync.show.status import outlook_status
from leansoft.sync.tasks import confirm_database, poll_mailboxes, sync_event_later
from support.backup import Rows, back_up, restore
from support.company import Company
from support.jobs import forget_jobs
from support.outlook import people

pytestmark = pytest.mark.django_db(transaction=True)

ANA = "ana@elsewhere.org"
Doubt = Installation.Doubt


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    forget_jobs()
    return tmp_path


@pytest.fixture
def backup(company: Company, alice: User, bob: User) -> Rows:
    """Taken while both calendars are in step, but for "Waiting", which nobody has synced yet."""
    company.sandbox.add_account(ANA, "Ana")
    company.start(alice)
    company.start(bob)
    for subject in ("Edited here", "Edited there", "Deleted here", "Deleted there", "Twice"):
        company.create(alice, subject, ANA)
    for subject in ("Answered here", "Answered there"):
        company.create(alice, subject, bob.email)
    company.create(alice, "Quiet")
    in_step(company, alice, bob)
    company.create(alice, "Waiting", ANA)
    return back_up()


def in_step(company: Company, *people: User) -> None:
    for _ in range(2):
        for user in people:
            company.sync(user)


def life_goes_on(company: Company, alice: User, bob: User) -> None:
    """What happens between the backup and the day on which it is restored."""
    outlook = company.outlook(alice)
    company.edit(company.event(alice, "Edited here"), alice, subject="Edited here, later")
    outlook.update("Edited there", subject="Edited there, later")
    archive_event(company.event(alice, "Deleted here"), by=alice, now=clock.now())
    outlook.delete("Deleted there")
    company.create(alice, "New here", ANA)
    outlook.create("New there", attendees=people(ANA))
    answered = company.event(bob, "Answered here")
    respond(answered, by=bob, response=Response.ACCEPTED, comment="Yes", now=clock.now())
    company.outlook(bob).respond("Answered there", "decline")
    brought_back = company.event(alice, "Twice")
    archive_event(brought_back, by=alice, now=clock.now())
    company.sync(alice)
    unarchive_event(brought_back, by=alice)
    in_step(company, alice, bob)


def subjects(user: User) -> list[str]:
    mine = events_for(user).filter(participants__user=user, participants__removed_at=None)
    return sorted(mine.distinct().values_list("subject", flat=True))


def subjects_there(company: Company, user: User) -> list[str]:
    return sorted(event["subject"] for event in company.outlook(user).events())


def writes(company: Company) -> list[tuple[str, str]]:
    return [entry for entry in company.sandbox.requests() if entry[0] != "GET"]


def test_only_what_leansoft_alone_held_is_gone(
    company: Company, alice: User, bob: User, backup: Rows
) -> None:
    life_goes_on(company, alice, bob)
    before, mails = [subjects(user) for user in (alice, bob)], company.sandbox.mails()
    there = [subjects_there(company, user) for user in (alice, bob)]
    restore(backup)
    company.try_sync(alice)

    assert confirm_database()
    in_step(company, alice, bob)

    assert [subjects(user) for user in (alice, bob)] == before
    assert [subjects_there(company, user) for user in (alice, bob)] == there
    assert company.sandbox.mails() == mails
    answers = company.event(alice, "Answered here").participants
    assert answers.get(user=bob).response == Response.ACCEPTED


def test_the_second_sync_after_a_restore_writes_nothing(
    company: Company, alice: User, bob: User, backup: Rows
) -> None:
    life_goes_on(company, alice, bob)
    restore(backup)
    company.try_sync(alice)
    confirm_database()
    in_step(company, alice, bob)
    company.sandbox.control("DELETE", "requests")

    runs = [company.sync(user) for user in (alice, bob)]

    assert writes(company) == []
    assert [run.actions.count() for run in runs] == [0, 0]


def test_nothing_is_written_until_somebody_confirms(
    company: Company, alice: User, backup: Rows
) -> None:
    company.sync(alice)
    restore(backup)
    company.create(alice, "After the restore", ANA)
    company.sandbox.control("DELETE", "requests")

    run = company.try_sync(alice)
    poll_mailboxes(0)

    assert run.state == SyncRun.State.FAILED
    assert run.errors == [
        "The database is older than what was seen of it: it was restored. The sync is paused until "
        "an administrator confirms."
    ]
    assert company.sandbox.requests() == []
    assert not SyncRun.objects.filter(state=SyncRun.State.QUEUED).exists()
    assert sync_event_later(company.event(alice, "After the restore"), by=alice) == []
    status = outlook_status(alice)
    assert (status["state"], status["reason"]) == ("paused", run.errors[0])


def test_an_event_brought_back_after_the_restore_is_created_anew(
    company: Company, alice: User, bob: User, backup: Rows
) -> None:
    """Its name was used up in Outlook since the backup, by an event that was lost there."""
    life_goes_on(company, alice, bob)
    company.outlook(alice).delete("Twice")
    restore(backup)
    company.try_sync(alice)
    confirm_database()
    in_step(company, alice)
    assert "Twice" not in subjects(alice)

    unarchive_event(Event.objects.get(subject="Twice"), by=alice)
    in_step(company, alice)

    assert subjects_there(company, alice).count("Twice") == 1
    assert subjects(alice).count("Twice") == 1


def test_edits_made_between_restore_and_confirmation_go_to_outlook(
    company: Company, alice: User, backup: Rows
) -> None:
    company.sync(alice)
    restore(backup)
    company.try_sync(alice)
    company.edit(company.event(alice, "Quiet"), alice, subject="Loud")
    confirm_database()
    company.sync(alice)
    assert "Loud" in subjects_there(company, alice)


def test_a_confirmed_database_is_not_asked_about_again(
    company: Company, alice: User, backup: Rows
) -> None:
    company.sync(alice)
    restore(backup)
    company.try_sync(alice)
    assert confirm_database()
    assert not confirm_database()
    assert look_around(clock.now()) is None
    assert company.sync(alice).state == SyncRun.State.DONE


def test_a_backup_of_the_same_moment_goes_unasked(company: Company, alice: User) -> None:
    company.start(alice)
    restore(back_up())
    assert company.sync(alice).state == SyncRun.State.DONE


def at(settings: Settings, address: str) -> Callable[[], Installation.Doubt | None]:
    def look() -> Installation.Doubt | None:
        settings.BASE_URL, settings.BASE_URL_GIVEN = address, True
        return look_around(clock.now())

    return look


def test_another_address_is_asked_about(settings: Settings) -> None:
    first, second = at(settings, "https://one.example"), at(settings, "https://two.example")
    assert first() is None
    assert first() is None
    assert second() == Doubt.MOVED
    assert first() == Doubt.MOVED
    confirm_database()
    assert second() is None
    assert first() == Doubt.MOVED


def test_another_port_of_the_same_machine_is_no_move(settings: Settings) -> None:
    at(settings, "http://localhost:8000")()
    assert at(settings, "http://127.0.0.1:9000")() is None
    assert at(settings, "https://one.example")() == Doubt.MOVED


def test_a_program_that_was_told_no_address_asks_nothing(settings: Settings) -> None:
    at(settings, "https://one.example")()
    settings.BASE_URL, settings.BASE_URL_GIVEN = "http://localhost:8000", False
    assert look_around(clock.now()) is None


def test_another_server_joins_a_database_in_use(settings: Settings, tmp_path: Path) -> None:
    look_around(clock.now())
    settings.DATA_DIR = tmp_path / "another"
    assert look_around(clock.now() + SILENT_FOR / 2) is None


def test_a_database_that_was_brought_here_is_asked_about(
    settings: Settings, tmp_path: Path
) -> None:
    look_around(clock.now())
    settings.DATA_DIR = tmp_path / "another"
    assert look_around(clock.now() + SILENT_FOR * 2) == Doubt.UNKNOWN


def test_a_folder_that_cannot_be_written_stops_nothing(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.DATA_DIR = tmp_path / "file"
    assert look_around(clock.now()) is None
    assert look_around(clock.now()) is None
