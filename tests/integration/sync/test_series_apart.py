"""Series through a disconnect, a new start and a restored backup: dates that differ stay, nothing
is doubled, and nobody is mailed without cause."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import overrides_of
from leansoft.events.fields import Field
from leansoft.kit import clock
from leansoft.sync.control import disconnect, start_over
from leansoft.sync.leave.orders import Next
from leansoft.sync.leave.removal import Existing
from leansoft.sync.models import SyncRun
from leansoft.sync.moved import look_around
from leansoft.sync.run import execute
from leansoft.sync.tasks import confirm_database
from support.backup import back_up, restore
from support.company import Company
from support.jobs import forget_jobs
from support.mondays import MONDAYS, WEEKLY, in_step, instance, shown
from support.sides import ANA

SHOWN = [
    ("2030-03-04T08:00", "Standup"),
    ("2030-03-11T08:00", "Renamed here"),
    ("2030-03-25T08:00", "Renamed there"),
]


@pytest.fixture
def series(company: Company, alice: User) -> Event:
    """Four Mondays with Ana: one renamed here, one renamed there, one taken out."""
    company.sandbox.add_account(ANA, "Ana")
    company.start(alice)
    event = company.create(alice, "Standup", ANA, when=WEEKLY)
    company.sync(alice)
    rename_here(event, MONDAYS[1], "Renamed here", alice)
    event.refresh_from_db()
    delete_occurrence(event, MONDAYS[2], by=alice, now=clock.now())
    company.sync(alice)
    rename_there(company, alice, "2030-03-25", "Renamed there")
    company.sync(alice)
    assert shown(company.outlook(alice)) == SHOWN
    return again(event)


def rename_here(event: Event, day: date, subject: str, user: User) -> None:
    values = {Field.SUBJECT: subject}
    edit_occurrence(again(event), day, by=user, values=values, now=clock.now())


def rename_there(company: Company, user: User, day: str, subject: str) -> None:
    outlook = company.outlook(user)
    outlook.ask("PATCH", f"/me/events/{instance(outlook, day)['id']}", {"subject": subject})


def again(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


def dates_here(event: Event) -> tuple[dict[date, object], list[date]]:
    found = again(event)
    return {
        day: values[Field.SUBJECT] for day, values in overrides_of(found).items()
    }, found.excluded


def start_again(company: Company, user: User, following: Next) -> SyncRun:
    mailbox = company.mailbox(user)
    run = start_over(mailbox, existing=Existing.LEAVE, following=following)
    execute(run)
    assert run.state == SyncRun.State.DONE, run.errors
    return run


def test_a_new_start_finds_the_series_with_all_its_dates(
    company: Company, alice: User, series: Event
) -> None:
    before, mails = dates_here(series), company.sandbox.mails()
    start_again(company, alice, Next.ALL)
    in_step(company, alice)
    assert (dates_here(series), shown(company.outlook(alice))) == (before, SHOWN)
    assert Event.objects.count() == 1
    assert company.sandbox.mails() == mails


def test_a_series_that_is_kept_apart_is_changed_on_neither_side(
    company: Company, alice: User, series: Event
) -> None:
    start_again(company, alice, Next.NEW)
    mails = company.sandbox.mails()
    rename_here(series, MONDAYS[0], "Only here", alice)
    in_step(company, alice)
    assert shown(company.outlook(alice)) == SHOWN
    assert company.sandbox.mails() == mails


def test_dates_changed_while_apart_come_together(
    company: Company, alice: User, series: Event
) -> None:
    disconnect(company.mailbox(alice))
    rename_here(series, MONDAYS[0], "First, later", alice)
    rename_there(company, alice, "2030-03-11", "Second, later")
    company.start(alice)
    in_step(company, alice)
    assert shown(company.outlook(alice)) == [
        ("2030-03-04T08:00", "First, later"),
        ("2030-03-11T08:00", "Second, later"),
        ("2030-03-25T08:00", "Renamed there"),
    ]
    assert dates_here(series)[0] == {
        MONDAYS[0]: "First, later",
        MONDAYS[1]: "Second, later",
        MONDAYS[3]: "Renamed there",
    }


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_takes_the_dates_of_since_from_outlook(
    company: Company, alice: User, series: Event, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    forget_jobs()
    look_around(clock.now())
    backup = back_up()
    rename_here(series, MONDAYS[0], "First, later", alice)
    delete_occurrence(again(series), MONDAYS[1], by=alice, now=clock.now())
    company.sync(alice)
    before, mails = dates_here(series), company.sandbox.mails()
    restore(backup)
    company.try_sync(alice)
    assert confirm_database()
    company.sync(alice)
    in_step(company, alice)
    assert dates_here(series) == before
    assert company.sandbox.mails() == mails
