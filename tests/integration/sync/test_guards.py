"""What a guard holds writes nothing until its owner answers; the rest goes on."""

import re
from typing import Any

import pytest
from django.test import Client

from leansoft.accounts.models import User
from leansoft.calendars.domain.events import archive_event, delete_forever
from leansoft.calendars.models import Event
from leansoft.kit import clock
from leansoft.sync.models import SyncRun
from leansoft.sync.preview.held import answer_each, approve, keys_of, reject
from leansoft.sync.run import execute
from leansoft.sync.show.report import run_report
from leansoft.sync.show.status import event_states, outlook_status
from support.api import Caller
from support.company import Company

MANY = 12


@pytest.fixture
def emptied(company: Company, alice: User) -> SyncRun:
    """The round that finds twelve of twelve events deleted in Outlook, and one new there."""
    company.start(alice)
    for number in range(MANY):
        company.create(alice, f"Event {number}")
    company.sync(alice)
    outlook = company.outlook(alice)
    for event in outlook.events():
        outlook.ask("DELETE", f"/me/events/{event['id']}")
    outlook.create("New")
    return company.sync(alice)


def waiting() -> SyncRun:
    return SyncRun.objects.get(state=SyncRun.State.WAITING)


def alive() -> int:
    return Event.objects.filter(archived_at__isnull=True).count()


def test_a_mass_deletion_waits_and_the_rest_goes_on(alice: User, emptied: SyncRun) -> None:
    assert alive() == MANY + 1
    assert (emptied.state, emptied.held_run) == (SyncRun.State.DONE, waiting())
    report = run_report(waiting())
    assert report["pulled"]["deleted"] == MANY
    assert report["reasons"]
    states = event_states(Event.objects.exclude(subject="New"), alice)
    assert {state["reason"] for state in states.values()} == {
        "It waits for your answer on the Outlook page."
    }
    assert outlook_status(alice)["state"] == "waiting"


def test_the_question_is_asked_once(company: Company, alice: User, emptied: SyncRun) -> None:
    first = waiting()
    company.sync(alice)
    assert waiting() == first


def test_an_approved_plan_is_carried_out(alice: User, emptied: SyncRun) -> None:
    run = waiting()
    assert approve(run)
    execute(run)
    assert run.state == SyncRun.State.DONE
    assert alive() == 1
    assert outlook_status(alice)["state"] == "connected"
    assert not approve(run)


def test_a_rejected_plan_leaves_both_sides_as_they_are(
    company: Company, alice: User, emptied: SyncRun
) -> None:
    assert reject(waiting())
    company.sync(alice)
    assert alive() == MANY + 1
    assert outlook_status(alice)["state"] == "connected"
    kept = Event.objects.exclude(subject="New")
    states = {state["state"] for state in event_states(kept, alice).values()}
    assert states == {"not_in_outlook"}


def test_a_plan_that_changed_meanwhile_waits_again(
    company: Company, alice: User, emptied: SyncRun
) -> None:
    run = waiting()
    event = Event.objects.get(subject="Event 3")
    company.edit(event, alice, subject="Saved")
    assert approve(run)
    execute(run)
    # What the edit saved goes on; the eleven others are another plan, and asked about anew.
    assert (run.state, run.held_run) == (SyncRun.State.DONE, waiting())
    assert alive() == MANY + 1


def test_mails_that_no_form_announced_wait(company: Company, alice: User) -> None:
    company.start(alice)
    people = [f"{n}@elsewhere.org" for n in range(26)]
    event = company.create(alice, "All hands", *people)
    run = company.try_sync(alice)
    assert run.state == SyncRun.State.WAITING
    assert company.sandbox.mails() == []
    assert len(run_report(run)["mails"]) == 26
    approve(run)
    execute(run)
    assert len(company.sandbox.mails()) == 26
    assert event_states([event], alice)[event.pk]["state"] == "synced"


def test_mails_that_a_form_announced_go_at_once(company: Company, alice: User) -> None:
    company.start(alice)
    people = [f"{n}@elsewhere.org" for n in range(26)]
    event = company.create(alice, "All hands", *people)
    Event.objects.filter(pk=event.pk).update(announced_version=event.version)
    company.sync(alice)
    assert len(company.sandbox.mails()) == 26


def test_a_calendar_that_is_emptied_by_and_by_needs_no_answer(
    company: Company, alice: User
) -> None:
    company.start(alice)
    for number in range(6):
        company.create(alice, f"Event {number}")
    company.sync(alice)
    outlook = company.outlook(alice)
    events: list[dict[str, Any]] = outlook.events()
    for event in events:
        outlook.ask("DELETE", f"/me/events/{event['id']}")
        company.sync(alice)
    assert alive() == 0


def answered(events: list[Event], *, reject_rest: bool) -> SyncRun:
    run = waiting()
    assert answer_each(run, keys_of(run, events=[e.pk for e in events]), reject_rest=reject_rest)
    execute(run)
    return run


def test_single_events_are_approved_and_the_others_wait_on(
    company: Company, alice: User, emptied: SyncRun
) -> None:
    # Three that are left would pass the guard if nobody had left them waiting.
    events = list(Event.objects.exclude(subject="New").order_by("subject"))
    run = answered(events[3:], reject_rest=False)
    assert (run.state, alive()) == (SyncRun.State.DONE, 4)
    for _ in range(2):
        report = run_report(waiting())
        assert report["reasons"] == ["You left 3 events waiting."]
        assert report["pulled"]["deleted"] == 3
        company.sync(alice)
        assert alive() == 4
    answered(events[:3], reject_rest=False)
    assert alive() == 1
    assert outlook_status(alice)["state"] == "connected"


def test_what_is_not_approved_can_stay_as_it_is(
    company: Company, alice: User, emptied: SyncRun
) -> None:
    events = list(Event.objects.exclude(subject="New").order_by("subject"))
    answered(events[3:], reject_rest=True)
    company.sync(alice)
    assert alive() == 4
    assert outlook_status(alice)["state"] == "connected"
    states = event_states(events[:3], alice).values()
    assert {state["state"] for state in states} == {"not_in_outlook"}


def test_a_part_that_changed_meanwhile_waits_again(
    company: Company, alice: User, emptied: SyncRun
) -> None:
    events = list(Event.objects.exclude(subject="New").order_by("subject"))
    run = waiting()
    assert answer_each(run, keys_of(run, events=[e.pk for e in events[:6]]), reject_rest=False)
    company.edit(events[0], alice, subject="Saved")
    execute(run)
    assert alive() == MANY + 1
    assert run_report(waiting())["pulled"]["deleted"] == MANY - 1


def test_events_that_do_not_wait_cannot_be_approved(alice: User, emptied: SyncRun) -> None:
    new = Event.objects.get(subject="New")
    with pytest.raises(LookupError):
        keys_of(waiting(), events=[new.pk])


def test_the_api_approves_the_events_that_are_named(alice: User, emptied: SyncRun) -> None:
    caller = Caller(alice)
    path = f"/outlook/runs/{waiting().pk}/approve"
    events = list(Event.objects.exclude(subject="New").order_by("subject"))
    new = Event.objects.get(subject="New")

    assert caller.post(path, {"events": []}).status_code == 422
    assert caller.post(path, {"events": [str(new.pk)]}).status_code == 409
    answer = caller.post(path, {"events": [str(event.pk) for event in events[:5]]})

    run = SyncRun.objects.get(pk=answer.json()["run"])
    execute(run)
    assert alive() == MANY + 1 - 5
    rest = caller.get(f"/outlook/runs/{waiting().pk}").json()
    assert (rest["state"], rest["pulled"]["deleted"]) == ("waiting", MANY - 5)


@pytest.fixture
def removed(company: Company, alice: User) -> SyncRun:
    """The round before which twelve of twelve events were removed here for good."""
    company.start(alice)
    for number in range(MANY):
        company.create(alice, f"Event {number}")
    company.sync(alice)
    for event in Event.objects.all():
        archive_event(event, by=alice, now=clock.now())
        delete_forever(event, by=alice)
    return company.try_sync(alice)


def test_the_api_answers_lines_whose_events_were_removed(
    company: Company, alice: User, removed: SyncRun
) -> None:
    caller, path = Caller(alice), f"/outlook/runs/{removed.pk}"
    run = caller.get(path).json()
    assert {line["event"] for line in run["actions"]} == {None}
    ids = [line["id"] for line in run["actions"]]
    assert len(set(ids)) == MANY

    assert caller.post(f"{path}/approve", {"lines": [0]}).status_code == 409
    rejected = caller.post(f"{path}/reject", {"lines": ids[:2]}).json()
    assert (rejected["state"], rejected["pushed"]["deleted"]) == ("waiting", MANY - 2)
    caller.post(f"{path}/approve", {"lines": ids[2:5]})
    execute(SyncRun.objects.get(pk=removed.pk))

    assert len(company.outlook(alice).events()) == MANY - 3
    rest = caller.get(f"/outlook/runs/{waiting().pk}").json()
    assert [line["id"] for line in rest["actions"]] == ids[5:]
    caller.post(f"/outlook/runs/{waiting().pk}/reject")
    company.sync(alice)
    assert len(company.outlook(alice).events()) == MANY - 3


def test_what_is_not_rejected_waits_on(company: Company, alice: User, emptied: SyncRun) -> None:
    events = list(Event.objects.exclude(subject="New").order_by("subject"))
    run = waiting()
    assert reject(run, keys_of(run, events=[event.pk for event in events[3:]]))
    for _ in range(2):
        assert run_report(waiting())["reasons"] == ["You left 3 events waiting."]
        company.sync(alice)
    assert alive() == MANY + 1
    answered(events[:3], reject_rest=False)
    assert alive() == MANY + 1 - 3


def test_the_page_asks_event_by_event(client: Client, alice: User, emptied: SyncRun) -> None:
    client.force_login(alice)
    run = waiting()
    page = client.get("/outlook/").content.decode()
    keys = re.findall(r'name="keys" value="(\d+)" checked', page)
    plan = re.findall(r'name="plan" value="(\w+)"', page)[0]
    assert len(keys) == MANY
    path = f"/outlook/runs/{run.pk}/approve"

    nothing = client.post(path, {"plan": plan}, follow=True).content.decode()
    assert "Nothing was ticked" in nothing
    client.post(path, {"plan": plan, "keys": keys[:4], "rest": "reject"})
    run.refresh_from_db()
    execute(run)

    assert alive() == MANY + 1 - 4
    assert not SyncRun.objects.filter(state=SyncRun.State.WAITING).exists()


def test_the_page_does_not_take_an_answer_to_another_plan(
    company: Company, client: Client, alice: User, emptied: SyncRun
) -> None:
    client.force_login(alice)
    run = waiting()
    assert run.held is not None
    seen = {"plan": run.held["fingerprint"], "keys": run.held["keys"]}
    company.edit(Event.objects.get(subject="Event 3"), alice, subject="Saved")
    company.sync(alice)

    page = client.post(f"/outlook/runs/{run.pk}/approve", seen, follow=True).content.decode()

    assert "The plan has changed meanwhile." in page
    run.refresh_from_db()
    assert (run.state, alive()) == (SyncRun.State.WAITING, MANY + 1)
