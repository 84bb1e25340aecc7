"""Single dates of a series through lost answers, races and refusals: once, and the others go on."""

from typing import Any

import pytest

from leansoft.accounts.models import User
from leansoft.calendars.domain.dates import delete_occurrence, edit_occurrence, respond_on
from leansoft.calendars.models import Event
from leansoft.calendars.overrides import overrides_of
from leansoft.events.fields import Field, Response
from leansoft.kit import clock
from leansoft.sync.models import SyncRun
from leansoft.sync.show.status import event_states
from support.company import Company
from support.mondays import MONDAYS, WEEKLY, in_step, instance, shown

ANA = "ana@elsewhere.org"
LOST: list[dict[str, Any]] = [
    {"when": "after", "drop": True},
    {"when": "before", "drop": True},
    {"when": "after", "status": 504, "code": "UnknownError"},
    {"when": "before", "status": 503, "code": "ServiceUnavailable"},
]


@pytest.fixture
def series(company: Company, alice: User, bob: User) -> Event:
    company.start(alice)
    company.start(bob)
    event = company.create(alice, "Standup", bob.email, ANA, when=WEEKLY)
    company.sync(alice)
    company.sync(bob)
    event.refresh_from_db()
    return event


def told(company: Company) -> list[tuple[str, str]]:
    return sorted((to, kind) for to, kind, _ in company.sandbox.mails()[2:])


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_changed_date_is_mailed_once(
    company: Company, alice: User, bob: User, series: Event, fault: dict[str, Any]
) -> None:
    values = {Field.SUBJECT: "Big"}
    edit_occurrence(series, MONDAYS[1], by=alice, values=values, now=clock.now())
    company.sandbox.fault(method="PATCH", **fault)
    assert company.try_sync(alice).state == SyncRun.State.FAILED
    company.sync(alice)
    assert told(company) == [(ANA, "update"), (bob.email, "update")]
    assert [name for _, name in shown(company.outlook(alice))].count("Big") == 1
    in_step(company, alice)


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_date_taken_out_is_cancelled_once(
    company: Company, alice: User, bob: User, series: Event, fault: dict[str, Any]
) -> None:
    delete_occurrence(series, MONDAYS[1], by=alice, now=clock.now())
    company.sandbox.fault(method="DELETE", **fault)
    assert company.try_sync(alice).state == SyncRun.State.FAILED
    company.sync(alice)
    assert told(company) == [(ANA, "cancellation"), (bob.email, "cancellation")]
    assert len(shown(company.outlook(alice))) == 3
    in_step(company, alice)


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_an_answer_for_a_date_is_given_once(
    company: Company, alice: User, bob: User, series: Event, fault: dict[str, Any]
) -> None:
    respond_on(series, MONDAYS[1], by=bob, response=Response.ACCEPTED, now=clock.now())
    company.sandbox.fault(method="POST", path="accept$", **fault)
    assert company.try_sync(bob).state == SyncRun.State.FAILED
    company.sync(bob)
    assert told(company) == [(alice.email, "response")]
    in_step(company, bob)


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_series_is_created_once(company: Company, alice: User, fault: dict[str, Any]) -> None:
    company.start(alice)
    event = company.create(alice, "Standup", ANA, when=WEEKLY)
    delete_occurrence(event, MONDAYS[1], by=alice, now=clock.now())
    company.sandbox.fault(method="POST", path="^/me/events$", **fault)
    assert company.try_sync(alice).state == SyncRun.State.FAILED
    company.sync(alice)
    assert len(company.outlook(alice).events()) == 1
    assert company.sandbox.mails() == [(ANA, "invitation", "Standup")]
    in_step(company, alice)


@pytest.mark.parametrize("differs", [True, False])
def test_a_date_changed_in_outlook_meanwhile_is_not_overwritten(
    company: Company, alice: User, series: Event, *, differs: bool
) -> None:
    outlook = company.outlook(alice)
    if differs:
        values = {Field.SUBJECT: "Small"}
        edit_occurrence(series, MONDAYS[1], by=alice, values=values, now=clock.now())
        company.sync(alice)
    company.pull(alice)
    values = {Field.LOCATION: "Kitchen"}
    edit_occurrence(series, MONDAYS[1], by=alice, values=values, now=clock.now())
    outlook.ask("PATCH", f"/me/events/{instance(outlook, '2030-03-11')['id']}", {"subject": "Big"})
    company.settle(alice)
    company.sync(alice)
    series.refresh_from_db()
    here = overrides_of(series)[MONDAYS[1]]
    assert (here[Field.SUBJECT], here[Field.LOCATION]) == ("Big", "Kitchen")
    there = instance(outlook, "2030-03-11")
    assert (there["subject"], there["location"]["displayName"]) == ("Big", "Kitchen")
    in_step(company, alice)


def test_a_date_that_differs_is_written_without_asking_for_it(
    company: Company, alice: User, series: Event
) -> None:
    requests = []
    for name in ("Big", "Bigger"):
        series.refresh_from_db()
        values = {Field.SUBJECT: name}
        edit_occurrence(series, MONDAYS[1], by=alice, values=values, now=clock.now())
        company.sandbox.control("DELETE", "requests")
        company.settle(alice)
        requests.append([method for method, _ in company.sandbox.requests()])
    # The date if need be, the write, and the whole series again.
    assert requests == [["GET", "PATCH", "GET"], ["PATCH", "GET"]]
    in_step(company, alice)


def test_a_refused_date_says_so_and_the_others_go_on(
    company: Company, alice: User, series: Event
) -> None:
    for day, name in ((MONDAYS[1], "Big"), (MONDAYS[2], "Small")):
        edit_occurrence(series, day, by=alice, values={Field.SUBJECT: name}, now=clock.now())
    company.sandbox.fault(
        method="PATCH", when="before", status=400, code="ErrorOccurrenceCrossingBoundary"
    )
    company.sync(alice)
    assert [name for _, name in shown(company.outlook(alice))] == [
        "Standup", "Standup", "Small", "Standup",
    ]  # fmt: skip
    series.refresh_from_db()
    state = event_states([series], alice)[series.pk]
    assert state["state"] == "waiting"
    assert "11 March 2030" in str(state["reason"])
    assert company.sync(alice).actions.count() == 0
    # Another change of that date is tried again.
    values = {Field.SUBJECT: "Bigger"}
    series.refresh_from_db()
    edit_occurrence(series, MONDAYS[1], by=alice, values=values, now=clock.now())
    company.sync(alice)
    assert [name for _, name in shown(company.outlook(alice))][1] == "Bigger"
    series.refresh_from_db()
    assert event_states([series], alice)[series.pk]["state"] == "synced"
