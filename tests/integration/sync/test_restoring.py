"""Values of single dates that lost a conflict come back, and whom Outlook mails about them."""

from datetime import date, timedelta

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence
from leansoft.calendars.models import Event, Override, PersonalOverride
from leansoft.calendars.occurrences import event_on
from leansoft.calendars.overrides import overrides_of
from leansoft.events.fields import AS_SERIES, Field, Value
from leansoft.kit import clock
from leansoft.sync.models import SyncAction, SyncRun
from leansoft.sync.run import execute
from leansoft.sync.undo.lost import hindrance, mails_of_restoring, restore_lost
from support.company import Company, required
from support.mondays import MONDAYS, WEEKLY, in_step, instance, shown

ANA, CHI = "ana@elsewhere.org", "chi@elsewhere.org"
DAY = MONDAYS[1]


@pytest.fixture
def series(company: Company, alice: User) -> Event:
    """Alice's four Mondays with two people, of whom one alone comes on the second."""
    company.start(alice)
    event = company.create(alice, "Standup", ANA, CHI, when=WEEKLY)
    for day in MONDAYS[1:3]:
        edit(event, alice, day, Field.LOCATION, "Room 2")
    edit(event, alice, DAY, Field.ATTENDEES, required(CHI))
    company.sync(alice)
    event.refresh_from_db()
    return event


def edit(event: Event, by: User, day: date, field: Field, value: Value) -> None:
    edit_occurrence(event, day, by=by, values={field: value}, now=clock.now())


def overrule(company: Company, alice: User, **theirs: Value) -> SyncAction:
    """What was changed on the date here is older than what somebody changes in Outlook."""
    earlier = (clock.now() - timedelta(hours=1)).isoformat()
    for rows in (Override, PersonalOverride):
        for row in rows.objects.filter(date=DAY):
            row.edited_at = dict.fromkeys(row.edited_at, earlier)
            row.save()
    outlook = company.outlook(alice)
    outlook.ask("PATCH", f"/me/events/{instance(outlook, '2030-03-11')['id']}", theirs)
    company.sync(alice)
    return SyncAction.objects.exclude(lost={}).get()


def restore(company: Company, alice: User, action: SyncAction, field: Field) -> None:
    """Does it, and proves the forecast."""
    assert hindrance(action, field, by=alice) is None
    foreseen = mails_of_restoring(action, field, by=alice)
    before = len(company.sandbox.mails())
    restore_lost(action, field, by=alice, now=clock.now())
    execute(SyncRun.objects.get(state=SyncRun.State.QUEUED))
    sent = sorted((to, kind) for to, kind, _ in company.sandbox.mails()[before:])
    assert sorted((m["to"], m["kind"]) for m in foreseen if m["certain"]) == sent
    assert hindrance(action, field, by=alice) == "It holds this value now."
    in_step(company, alice)


def test_restoring_on_one_date_mails_those_of_that_date_once(
    company: Company, alice: User, series: Event
) -> None:
    edit(series, alice, DAY, Field.SUBJECT, "Ours")
    action = overrule(company, alice, subject="Theirs")
    assert [m["to"] for m in mails_of_restoring(action, Field.SUBJECT, by=alice)] == [CHI]
    restore(company, alice, action, Field.SUBJECT)
    assert event_on(series, DAY).subject == "Ours"
    assert dict(shown(company.outlook(alice)))["2030-03-11T08:00"] == "Ours"


def test_a_lost_as_the_series_comes_back(company: Company, alice: User, series: Event) -> None:
    edit(series, alice, DAY, Field.LOCATION, "")
    action = overrule(company, alice, location={"displayName": "Room 3"})
    assert action.lost == {"location": AS_SERIES}
    restore(company, alice, action, Field.LOCATION)
    series = Event.objects.get()
    assert Field.LOCATION not in overrides_of(series)[DAY]


def test_people_of_one_date_come_back(company: Company, alice: User, series: Event) -> None:
    action = SyncAction.objects.create(
        run=company.sync(alice),
        event=series,
        occurrence=DAY,
        side="leansoft",
        kind="updated",
        lost={"attendees": required(ANA)},
    )
    assert {
        (m["to"], m["kind"]) for m in mails_of_restoring(action, Field.ATTENDEES, by=alice)
    } == {
        (ANA, "invitation"),
        (CHI, "cancellation"),
    }
    restore(company, alice, action, Field.ATTENDEES)
    assert [p.email for p in event_on(Event.objects.get(), DAY).attendees] == [ANA]


def test_nothing_comes_back_on_a_date_that_is_no_more(
    company: Company, alice: User, series: Event
) -> None:
    edit(series, alice, DAY, Field.SUBJECT, "Ours")
    action = overrule(company, alice, subject="Theirs")
    delete_occurrence(series, DAY, by=alice, now=clock.now())
    action.refresh_from_db()
    why = hindrance(action, Field.SUBJECT, by=alice)
    assert why == "The series no longer has this date."
