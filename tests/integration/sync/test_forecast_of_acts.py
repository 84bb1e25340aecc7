"""What the form says of each act is what Outlook then sends."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence
from leansoft.calendars.domain.events import archive_event, unarchive_event
from leansoft.calendars.models import Event
from leansoft.calendars.occurrences import event_on
from leansoft.events.fields import Field, Value
from leansoft.kit import clock
from leansoft.sync.preview.forecast import forecast_act
from support.company import Company, required
from support.mondays import MONDAYS, WEEKLY, in_step, moved

ANA, CHI, DAN = "ana@elsewhere.org", "chi@elsewhere.org", "dan@elsewhere.org"


def now() -> datetime:
    return clock.now()


def with_changed_dates(event: Event, alice: User) -> None:
    edit(event, alice, 1, {Field.SUBJECT: "Big one"})
    edit(event, alice, 2, {Field.WHEN: moved(19, 14)})


def with_a_free_date(event: Event, alice: User) -> None:
    edit(event, alice, 1, {Field.SHOW_AS: "free"})


def with_guests(event: Event, alice: User) -> None:
    edit(event, alice, 1, {Field.ATTENDEES: required(ANA, DAN)})
    edit(event, alice, 2, {Field.ATTENDEES: []})


def with_all(event: Event, alice: User) -> None:
    with_changed_dates(event, alice)
    edit(event, alice, 2, {Field.ATTENDEES: required(CHI, DAN)})
    delete_occurrence(event, MONDAYS[3], by=alice, now=now())


def edit(event: Event, by: User, monday: int, values: dict[Field, Value]) -> None:
    edit_occurrence(event, MONDAYS[monday], by=by, values=values, now=now())


KINDS = [with_changed_dates, with_a_free_date, with_guests, with_all]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def series(company: Company, alice: User, request: pytest.FixtureRequest) -> Event:
    """In step, with what is particular about it."""
    company.start(alice)
    event = company.create(alice, "Standup", ANA, CHI, when=WEEKLY)
    company.sync(alice)
    request.param(event, alice)
    company.sync(alice)
    event.refresh_from_db()
    return event


def foretold(
    company: Company, alice: User, event: Event, act: str, do: Callable[[], object], **values: Value
) -> None:
    given = {Field(name): value for name, value in values.items()}
    foreseen = forecast_act(act, event, given, by=alice)
    before = len(company.sandbox.mails())
    do()
    company.sync(alice)
    sent = Counter((to, kind) for to, kind, _ in company.sandbox.mails()[before:])
    will = Counter((m["to"], m["kind"]) for m in foreseen if m["certain"])
    may = Counter((m["to"], m["kind"]) for m in foreseen)
    assert will - sent == Counter(), "foreseen, and not sent"
    assert sent - may == Counter(), "sent, and not foreseen"
    in_step(company, alice)


def test_archiving_and_unarchiving(company: Company, alice: User, series: Event) -> None:
    foretold(company, alice, series, "archive", lambda: archive_event(series, by=alice, now=now()))
    series = Event.objects.get()
    foretold(company, alice, series, "unarchive", lambda: unarchive_event(series, by=alice))


def test_a_change_of_the_series(company: Company, alice: User, series: Event) -> None:
    foretold(
        company, alice, series, "edit",
        lambda: company.edit(series, alice, location="Room 9"), location="Room 9",
    )  # fmt: skip


def test_other_people_on_the_series(company: Company, alice: User, series: Event) -> None:
    people = required(ANA, DAN)
    foretold(
        company, alice, series, "edit",
        lambda: company.edit(series, alice, attendees=people), attendees=people,
    )  # fmt: skip


def test_a_new_rule(company: Company, alice: User, series: Event) -> None:
    when = {**WEEKLY, "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=3"}
    foretold(
        company, alice, series, "edit",
        lambda: company.edit(series, alice, when=when), when=when,
    )  # fmt: skip


def test_other_people_on_one_date(company: Company, alice: User, series: Event) -> None:
    people = required(ANA, "eve@elsewhere.org")
    foretold(
        company, alice, event_on(series, MONDAYS[1]), "edit",
        lambda: edit(series, alice, 1, {Field.ATTENDEES: people}), attendees=people,
    )  # fmt: skip


def test_a_date_less(company: Company, alice: User, series: Event) -> None:
    foretold(
        company, alice, event_on(series, MONDAYS[1]), "delete",
        lambda: delete_occurrence(series, MONDAYS[1], by=alice, now=now()),
    )  # fmt: skip
